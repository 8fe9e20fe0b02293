"""Whether a version is in a range, as charts write ranges: ``^1.2``, ``~1.2.3``, ``1.x``, ``>=1.0 <2.0 || 3.x``.

Source: the rules of ``github.com/Masterminds/semver``, which Helm uses. Pre-releases count like their release.
"""

import re
from typing import TypeAlias

_Version: TypeAlias = tuple[int, int, int]

_NUMBERS = re.compile(r"v?(\d+|[xX*])(?:\.(\d+|[xX*]))?(?:\.(\d+|[xX*]))?(?:[-+][\w.+-]*)?")
_PART = re.compile(rf"(?P<operator>=|==|!=|>=?|=>|<=?|=<|~>?|\^)?\s*(?P<version>{_NUMBERS.pattern})")
_HYPHEN = re.compile(r"\s+-\s+")


def matches(version: str, constraint: str) -> bool:
    """Return whether ``version`` satisfies ``constraint``; an empty one is satisfied by all."""
    found = _NUMBERS.fullmatch(version.strip())
    if found is None:
        return False
    if not constraint.strip():
        return True
    numbers = _low(found.group(1, 2, 3))
    return any(_all(numbers, part) for part in constraint.split("||"))


def _all(version: _Version, constraint: str) -> bool:
    between = _HYPHEN.split(constraint.strip())
    if len(between) == 2:
        constraint = f">={between[0]} <={between[1]}"
    parts = list(_PART.finditer(constraint))
    rest = _PART.sub("", constraint).replace(",", "").strip()
    return bool(parts) and not rest and all(_one(version, part) for part in parts)


def _one(version: _Version, part: re.Match[str]) -> bool:
    operator = part["operator"] or "="
    numbers = _NUMBERS.fullmatch(part["version"])
    assert numbers is not None
    written = numbers.group(1, 2, 3)
    low, fixed = _low(written), _fixed(written)
    next_ = _after(low, fixed)
    if operator in ("=", "=="):
        return low <= version < next_
    if operator == "!=":
        return not low <= version < next_
    if operator == ">":
        return version >= next_
    if operator in (">=", "=>"):
        return version >= low
    if operator == "<":
        return version < low
    if operator in ("<=", "=<"):
        return version < next_
    if operator in ("~", "~>"):
        return low <= version < _after(low, min(fixed, 2))
    significant = next((index for index in range(fixed) if low[index]), max(fixed - 1, 0))
    return low <= version < _after(low, significant + 1 if fixed else 0)


def _low(written: tuple[str | None, ...]) -> _Version:
    major, minor, patch = (int(part) if part and part.isdigit() else 0 for part in written)
    return major, minor, patch


def _fixed(written: tuple[str | None, ...]) -> int:
    """Return how many of the numbers are written."""
    return next((index for index, part in enumerate(written) if not (part and part.isdigit())), 3)


def _after(low: _Version, fixed: int) -> _Version:
    """Return the first version that differs in the first ``fixed`` numbers."""
    if fixed == 0:
        return (1 << 62, 0, 0)
    if fixed == 1:
        return (low[0] + 1, 0, 0)
    return (low[0], low[1] + 1, 0) if fixed == 2 else (low[0], low[1], low[2] + 1)
