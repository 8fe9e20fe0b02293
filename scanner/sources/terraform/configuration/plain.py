"""Evaluated bodies as the JSON-shaped data of Instances."""

from collections.abc import Mapping
from typing import Any, Final

from scanner.model.unknown import Unknown
from scanner.sources.terraform.configuration.weight import Weights
from scanner.sources.terraform.evaluation import Blocks
from scanner.sources.terraform.values import plain

_SCALARS: Final = frozenset((str, int, bool, type(None)))


class Plain:
    """Makes bodies plain; what several attributes share (``tags = local.tags``) is made plain once and shared again."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._made: dict[int, tuple[Any, Any]] = {}
        """By identity: the value, which keeps its identity its own, and what it became."""

    def body(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the attributes and blocks of a body."""
        return {name: value if type(value) in _SCALARS else self.value(value) for name, value in values.items()}

    def value(self, value: Any) -> Any:
        """Return one value, or the blocks of one type; Unknown where it is too large to be written out.

        An Unknown stays the same object, by which others see that two attributes hold one value.
        """
        if isinstance(value, Unknown):
            return _bare(value)
        known = self._made.get(id(value))
        if known is not None:
            return known[1]
        made = self._make(value)
        self._made[id(value)] = (value, made)
        return made

    def _make(self, value: Any) -> Any:
        if type(value) is Blocks:
            return [self.body(block) if isinstance(block, dict) else self.value(block) for block in value]
        excess = self._weights.excess(value)
        return Unknown(excess) if excess else _plain(value)


def _plain(value: Any) -> Any:
    if type(value) in _SCALARS:
        return value
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return _bare(value) if isinstance(value, Unknown) else plain(value)


def _bare(value: Unknown) -> Unknown:
    """Return an Unknown that holds nothing: neither what is hidden nor what is known of a resource."""
    return value if type(value) is Unknown else Unknown(value.reason, value.origin)
