"""How Terraform's values look in Python, and what hides or replaces one.

null is None, bool is bool, string is str (in Unicode's composed form), number is int, Fraction or float
(:mod:`.numbers`), tuple is tuple, object is dict; collections carry the type of their elements. Knows nothing of
expressions, functions or files.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from scanner.model.unknown import Unknown

if TYPE_CHECKING:
    from scanner.sources.terraform.values.types import Type

Value: TypeAlias = Any
"""None, bool, str, int, Fraction, float, tuple, dict, ListValue, SetValue, MapValue, Unknown."""


class ValueFault(Exception):  # noqa: N818  # Terraform's refusal, seen by try() and can(), not an error of ours
    """Terraform rejects the operation; the message is a cause, without position and full stop."""


class ListValue(tuple[Value, ...]):
    """A list: members of one type, null or Unknown among them."""

    element: "Type"

    def __new__(cls, items: Iterable[Value], element: "Type") -> "ListValue":
        """Make a list of ``items`` that already are of type ``element``."""
        made = super().__new__(cls, items)
        made.element = element
        return made

    def __repr__(self) -> str:
        return f"list{super().__repr__()}"


class SetValue(tuple[Value, ...]):
    """A set: members of one type, each once, in Terraform's order; :func:`.order.make_set` makes one."""

    element: "Type"

    def __new__(cls, items: Iterable[Value], element: "Type") -> "SetValue":
        """Make a set of ``items`` that already are unique, in order and of type ``element``."""
        made = super().__new__(cls, items)
        made.element = element
        return made

    def __repr__(self) -> str:
        return f"set{super().__repr__()}"


class MapValue(dict[str, Value]):
    """A map: values of one type."""

    __slots__ = ("element",)

    def __init__(self, items: "Mapping[str, Value] | Iterable[tuple[str, Value]]", element: "Type") -> None:
        super().__init__(items)
        self.element = element

    def __repr__(self) -> str:
        return f"map({super().__repr__()})"


class Sensitive(Unknown):
    """A known value that must not be shown: an Unknown to everything but operators and functions.

    They take :attr:`value` out, compute, and hide the result again with :func:`hide`.
    """

    __slots__ = ("value",)

    value: Value

    def __init__(self, value: Value, origin: str = "") -> None:
        super().__init__("marked sensitive", origin)
        self.value = value


def hide(value: Value) -> Unknown:
    """Return ``value`` marked sensitive; what is hidden or unknown already stays as it is."""
    return value if isinstance(value, Unknown) else Sensitive(value)


def derive(cause: Unknown) -> Unknown:
    """Return what a computation with ``cause`` gives: as unknown, but no longer the thing at its origin."""
    if not cause.origin:
        return Unknown(cause.reason)  # never the same object: what is computed is another thing
    reason = cause.reason if cause.origin in cause.reason else f"{cause.origin} is {cause.reason}"
    return Unknown(reason)


_SCALARS = frozenset((str, int, bool, float, type(None)))


def first_unknown(value: Value) -> Unknown | None:
    """Return the first plain Unknown at any depth of ``value``, inside of hidden values too; None without one."""
    if type(value) in _SCALARS:
        return None
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, Sensitive):
            pending.append(item.value)
        elif isinstance(item, Unknown):
            return item
        elif isinstance(item, dict):
            pending.extend(reversed(item.values()))
        elif isinstance(item, tuple):
            pending.extend(reversed(item))
    return None


def reveal(value: Value) -> tuple[Value, bool]:
    """Return ``value`` without marks at any depth, and whether there was one."""
    kind = type(value)
    if kind in _SCALARS:
        return value, False
    if isinstance(value, Sensitive):
        return reveal(value.value)[0], True
    if isinstance(value, dict):
        pairs = {key: reveal(item) for key, item in value.items()}
        if not any(marked for _, marked in pairs.values()):
            return value, False
        shown = {key: item for key, (item, _) in pairs.items()}
        return (MapValue(shown, value.element) if isinstance(value, MapValue) else shown), True
    if isinstance(value, tuple):
        items = [reveal(item) for item in value]
        if not any(marked for _, marked in items):
            return value, False
        members = tuple(item for item, _ in items)
        return (kind(members, value.element) if isinstance(value, ListValue | SetValue) else members), True
    return value, False


def normal(text: str) -> str:
    """Return ``text`` in the composed form (NFC) that every Terraform string has."""
    if text.isascii():
        return text
    from unicodedata import normalize

    return normalize("NFC", text)


def plain(value: Value) -> Any:
    """Return ``value`` as JSON-shaped data: sequences as lists, fractions as floats, hidden values as Unknown."""
    kind = type(value)
    if kind in _SCALARS:
        return value
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if kind is Sensitive:
        return Unknown(value.reason, value.origin)
    return value if isinstance(value, Unknown) else float(value)
