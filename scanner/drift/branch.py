"""What a branch changes, held against what is live: where it meets drift, and which drift applying it would undo.

The base is taken to be what was applied. What the branch itself changes is no drift; what nobody on it touches is not
its business.
"""

from collections.abc import Iterable
from dataclasses import replace

from scanner.drift.compare import changes
from scanner.drift.matching import Declarations, identity, is_comparable
from scanner.drift.model import Change, Drift, DriftClass, Standing
from scanner.drift.standing import settled
from scanner.model.resource import Resource
from scanner.model.unknown import Unknown
from scanner.views.azure_ids import is_known

_NO_PAGE = "the base"
"""No page of the branch is called so."""
_MEETING = {Standing.BOTH: Standing.MEETS, Standing.BY_HAND: Standing.UNDONE}


class Branch:
    """The declarations of the base, by what is declared now."""

    def __init__(self, base: Iterable[Resource]) -> None:
        """Take what the base declares."""
        resources = [resource for resource in base if is_comparable(resource)]
        self._declarations = Declarations(resources)
        self._by_address = {one.key: one for one in resources}
        self._resources = resources
        self._removed: frozenset[int] = frozenset()
        self.elsewhere = 0
        """How many drifted Resources the branch does not touch."""

    def removed(self, declared: Iterable[Resource]) -> tuple[Resource, ...]:
        """Return what the base declares and ``declared``, the branch, no longer does, as far as it is known which.

        They are to be compared with what is live too. No line of them is told: their files may be gone.
        """
        now = Declarations(one for one in declared if is_comparable(one))
        found = tuple(
            replace(one, origin=replace(one.origin, page=_NO_PAGE, locate=None))
            for one in self._resources
            if is_known(identity(one)) and not now.certain(one) and not now.possible(one)
        )
        self._removed = frozenset(map(id, found))
        return found

    def meets(self, drift: Drift) -> Drift | None:
        """Return what of ``drift`` the branch meets; None where that is nothing."""
        if drift.declared is None:
            return None
        if id(drift.declared) in self._removed:
            return _each(drift, Standing.REMOVED) if drift.class_ is DriftClass.CHANGED else None
        before = self._before(drift.declared)
        if before is None:  # the branch adds it
            return None if drift.live is None else _each(drift, Standing.THERE)
        if not _touched(drift.declared, before):
            self.elsewhere += drift.class_ in (DriftClass.CHANGED, DriftClass.MISSING)
            return None
        if drift.class_ is DriftClass.MISSING:
            return replace(drift, standing=Standing.MEETS)
        if drift.class_ is not DriftClass.CHANGED or drift.live is None:
            return drift if drift.class_ is DriftClass.UNREADABLE else None
        kept = tuple(
            replace(change, standing=_MEETING[change.standing])
            for change in settled(drift.declared, before, drift.changes)
            if change.standing in _MEETING
        )
        return replace(drift, changes=kept) if kept else None

    def _before(self, declared: Resource) -> Resource | None:
        found = self._declarations.certain(declared)
        return found[0] if found else self._by_address.get(declared.key)


def _touched(declared: Resource, before: Resource) -> bool:
    """Whether the branch changes it: something said otherwise, said for the first time, or said no longer."""
    different = (*changes(declared, before), *changes(before, declared))
    return any(_is_said(change) for change in different)


def _is_said(change: Change) -> bool:
    """Whether both sides are known: what is known by neither is the same."""
    known = not isinstance(change.declared, Unknown) and not isinstance(change.live, Unknown)
    return known and change.class_ is not DriftClass.UNREADABLE


def _each(drift: Drift, standing: Standing) -> Drift:
    changes_ = tuple(replace(change, standing=standing) for change in drift.changes)
    return replace(drift, changes=changes_, standing=standing)
