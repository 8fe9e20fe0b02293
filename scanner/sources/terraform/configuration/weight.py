"""How large a value is when everything it repeats is counted: it may refer to the same part a million times over.

Thirty locals, each a pair of the one before, are a few lines; written out they fill any memory. Ten thousand, each a
list of the one before, are deeper than anything that walks them.
"""

from typing import Any, Final

MAX_WEIGHT: Final = 500_000
"""Parts of the largest value that is kept."""
MAX_DEPTH: Final = 200
"""Levels of the deepest value that is kept."""


class Weights:
    """Weighs values; what several of them share is weighed once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Any, int, int]] = {}
        """By identity: the value, which keeps its identity its own, its parts and its depth."""

    def excess(self, value: Any) -> str:
        """Return why ``value`` is too large to be kept, empty where it is not."""
        if not isinstance(value, tuple | dict):
            return ""
        _, parts, depth = self._weigh(value)
        if parts > MAX_WEIGHT:
            return f"its value has more than {MAX_WEIGHT} parts"
        return f"its value is nested more than {MAX_DEPTH} levels deep" if depth > MAX_DEPTH else ""

    def _weigh(self, value: Any) -> tuple[Any, int, int]:
        known = self._known
        stack: list[tuple[Any, bool]] = [(value, False)]
        while stack:
            item, counted = stack.pop()
            if id(item) in known:
                continue
            parts = item.values() if isinstance(item, dict) else item
            below = [part for part in parts if isinstance(part, tuple | dict)]
            if not below:
                known[id(item)] = item, 1 + len(parts), 1
            elif counted:
                weighed = [known[id(part)] for part in below]
                size = 1 + len(parts) + sum(size for _, size, _ in weighed)
                known[id(item)] = item, size, 1 + max(depth for _, _, depth in weighed)
            else:
                stack.append((item, True))
                stack.extend((part, False) for part in below)
        return known[id(value)]
