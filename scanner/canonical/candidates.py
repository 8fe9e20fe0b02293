"""Which of many objects an id may mean that is not wholly known, without comparing all pairs."""

from collections.abc import Sequence

from scanner.views import azure_ids

_PER_OBJECT = 16
"""Comparisons that are made for each object; after them every object that has not been ruled out by name is meant."""


class Candidates:
    """The objects of one type."""

    def __init__(self, ids: Sequence[str], name_at: int = -1) -> None:
        """Take their ids; ``name_at`` is the segment that tells them apart best, counted from the end."""
        self._ids = ids
        self._name_at = name_at
        self._left = _PER_OBJECT * len(ids)
        self._by_name: dict[str, list[int]] = {}
        self._nameless: list[int] = []
        for index, id_ in enumerate(ids):
            name = self._name(id_)
            if "{" in name:
                self._nameless.append(index)
            else:
                self._by_name.setdefault(name, []).append(index)

    def all(self) -> Sequence[int]:
        """Return the positions of all objects."""
        return range(len(self._ids))

    def of(self, wanted: str) -> Sequence[int]:
        """Return the positions of the objects that ``wanted`` may turn out to be."""
        name = self._name(wanted)
        pool: Sequence[int] = self.all() if "{" in name else (*self._by_name.get(name, ()), *self._nameless)
        if len(pool) > self._left:
            return pool
        self._left -= len(pool)
        return [index for index in pool if azure_ids.may_be_same(wanted, self._ids[index])]

    def _name(self, id_: str) -> str:
        segments = azure_ids.split(id_.lower())
        return segments[self._name_at] if len(segments) >= -self._name_at else ""
