"""A value that exists but that we do not know, as a type of its own: never ``None``, never absent."""

from collections.abc import Iterator
from typing import Any, Final

from scanner.model.path import Path


class Unknown:
    """A value that cannot be known from this Source.

    The engine looks for it at the paths a Rule ``reads``; rules never see one.
    """

    __slots__ = ("origin", "reason")
    __rego_absent__: Final = True  # the native engine leaves such values out of its input

    reason: str
    """Why, in a few words fit for a report: ``"var.tls has no value"``, ``"tag !vault is not resolved"``."""
    origin: str
    """Where the value would come from: an address, a tag, a file; may be empty."""

    def __init__(self, reason: str, origin: str = "") -> None:
        self.reason = reason
        self.origin = origin

    def __repr__(self) -> str:
        return f"Unknown({self.reason!r}, {self.origin!r})" if self.origin else f"Unknown({self.reason!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Unknown) and (self.reason, self.origin) == (other.reason, other.origin)

    def __hash__(self) -> int:
        return hash((Unknown, self.reason, self.origin))


def find_unknowns(value: Any) -> Iterator[Path]:
    """Yield the path of every Unknown in ``value``, in document order; iterative, so that depth is no danger."""
    pending: list[tuple[Path, Any]] = [((), value)]
    while pending:
        path, item = pending.pop()
        if isinstance(item, Unknown):
            yield path
        elif isinstance(item, dict):
            pending.extend(((*path, key), below) for key, below in reversed(item.items()))
        elif isinstance(item, list):
            pending.extend(((*path, index), item[index]) for index in reversed(range(len(item))))
