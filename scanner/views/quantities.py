"""Kubernetes quantities as exact numbers: ``500m``, ``2``, ``8Gi``, ``1e3``, ``1.5Gi``.

Public for rules, which compare requests, limits and quotas with it. Source of grammar, rounding and caps: Kubernetes
API machinery, ``resource.Quantity`` (k8s.io/apimachinery/pkg/api/resource).
"""

import re
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from functools import lru_cache

_QUANTITY = re.compile(
    r"(?P<number>[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))"
    r"(?:(?P<suffix>[numkMGTPE]|[KMGTPE]i)|[eE](?P<exponent>[+-]?[0-9]+))?"
)
_LARGEST = Decimal(2**63 - 1)
_NANO = Decimal("1e-9")
_LENGTH = 64
"""Characters of the longest text that is read; the largest quantity has 19 digits."""
_CONTEXT = Context(prec=200)

_POWERS = {"n": -9, "u": -6, "m": -3, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_SUFFIXES = {name: Decimal(10) ** power for name, power in _POWERS.items()}
_SUFFIXES |= {f"{name}i": Decimal(2) ** (10 * power) for power, name in enumerate("KMGTPE", start=1)}


def parse_quantity(value: str | int | float) -> Decimal:
    """Return a quantity exactly, in units (cores, bytes, objects): ``500m`` is ``Decimal("0.5")``.

    As the API server does, fractions below one nano are rounded away from zero and magnitudes are capped at 2^63 - 1.
    Numbers as YAML has them are accepted. Raises ValueError naming the value for anything else.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(f"{value!r} is no Kubernetes quantity, such as 500m or 8Gi")  # noqa: TRY004 - one error class
    return _parse(value if isinstance(value, str) else repr(value))


@lru_cache(maxsize=1024)
def _parse(text: str) -> Decimal:
    match = _QUANTITY.fullmatch(text) if len(text) <= _LENGTH else None
    if match is None:
        raise ValueError(f"{text[:_LENGTH]!r} is no Kubernetes quantity, such as 500m or 8Gi")
    number = Decimal(match["number"])
    if match["exponent"] is not None:
        return _bounded(_shifted(number, int(match["exponent"])))
    factor = _SUFFIXES[match["suffix"]] if match["suffix"] else Decimal(1)
    return _bounded(_CONTEXT.multiply(number, factor))


def _shifted(number: Decimal, exponent: int) -> Decimal:
    """Multiply by a power of ten; an exponent no quantity can have is cut to one that caps or rounds just the same."""
    return _CONTEXT.scaleb(number, max(-100, min(100, exponent)))


def _bounded(number: Decimal) -> Decimal:
    if abs(number) >= _LARGEST:
        return _LARGEST.copy_sign(number)
    rounding = ROUND_FLOOR if number < 0 else ROUND_CEILING
    rounded = number.quantize(_NANO, rounding=rounding, context=_CONTEXT)
    whole = rounded.to_integral_value()
    return whole if whole == rounded else rounded.normalize(_CONTEXT)
