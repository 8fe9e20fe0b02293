"""The third side: what was applied last. It tells what is not applied yet from what somebody changed afterwards.

What was applied is a state of Terraform, the commit that a GitOps tool synced, or what the tool left on the object: the
annotation that kubectl keeps for itself, else the fields that ``managedFields`` say are its own. Each Change of
declared against live is held against what was applied:

    declared ≠ applied = live     not yet applied
    declared = applied ≠ live     applied, and changed by hand
    declared ≠ applied ≠ live     both
    declared = live ≠ applied     no drift: what was recorded is out of date
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from scanner.drift.cause import Cause, last_write
from scanner.drift.compare import agree, changes
from scanner.drift.facts import facts_of
from scanner.drift.matching import identity
from scanner.drift.model import ABSENT, Change, Drift, DriftClass, Standing
from scanner.drift.predicted import in_declaration
from scanner.drift.synced import Synced
from scanner.model.resource import Resource
from scanner.model.types import is_azure
from scanner.views.azure_ids import may_be_same

_HANDS = "kubectl"
"""Begins the names of clients that people use."""
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_SECRET = "core/Secret"  # noqa: S105 - the name of a type


class Applied:
    """What was applied last, found by what is declared."""

    def __init__(self, recorded: Iterable[Resource]) -> None:
        """Take the Resources of states; those of clusters say themselves what was applied."""
        self._by_id: dict[str, Resource] = {}
        self._by_address: defaultdict[tuple[str, str], list[Resource]] = defaultdict(list)
        for resource in recorded:
            self._by_id.setdefault(identity(resource), resource)
            self._by_address[resource.type, resource.origin.address].append(resource)
        self._covered: set[str] = set()
        self._synced = Synced()
        self.outdated = 0
        """How many attributes live is as declared in, and what was recorded is not."""

    def of(self, declared: Resource) -> Resource | None:
        """Return what was applied of ``declared``: by its id, else by its address where that leaves one."""
        found = self._by_id.get(identity(declared))
        if found is None and declared.origin.address:
            alike = self._by_address.get((declared.type, declared.origin.address), ())
            mine = [one for one in alike if not identity(declared) or may_be_same(identity(declared), identity(one))]
            found = mine[0] if len(mine) == 1 else None
        return found

    def follow(self, synced: Synced) -> None:
        """Take what GitOps tools applied to clusters."""
        self._synced = synced

    def early(self, declared: Resource, live: Resource, found: Iterable[Change]) -> Iterator[Change]:
        """Yield what is live as it is declared now, though something else was synced; ``found`` is what is not.

        The commit that was synced is what counts: what it says is what the Change has for declared.
        """
        applied = self._synced.of(live)
        if applied is None or applied.attributes == declared.attributes:
            return
        there = {change.path for change in found}
        for change in changes(applied, live):
            path = in_declaration(declared, applied.attributes, change.path)
            if change.class_ is DriftClass.CHANGED and path not in there:
                yield replace(change, path=path, standing=Standing.EARLY)

    def cover(self, declared: Iterable[Resource]) -> None:
        """Take note of which of the ``declared`` roots are recorded here: what a root lacks was not applied yet."""
        self._covered.update(_root(one) for one in declared if self._by_id and self.of(one) is not None)

    def identified(self, declared: Resource) -> Resource:
        """Return ``declared`` with the id it was given when it was applied, where the declaration does not know it."""
        key = identity(declared)
        if not self._by_id or not is_azure(declared.type) or (key and "{" not in key):
            return declared
        applied = self.of(declared)
        if applied is None or not identity(applied):
            return declared
        return replace(declared, attributes={**declared.attributes, "id": applied.attributes["id"]})

    def settle(self, drift: Drift) -> Drift:
        """Return ``drift`` with where each of its changes stands, as far as that is known."""
        if drift.class_ is DriftClass.UNMANAGED and drift.live is not None and identity(drift.live) in self._by_id:
            return replace(drift, standing=Standing.NOT_APPLIED)
        if drift.declared is None:
            synced = drift.live is not None and self._synced.of(drift.live) is not None
            return replace(drift, standing=Standing.NOT_APPLIED) if synced else drift
        if drift.class_ is DriftClass.MISSING and not is_azure(drift.declared.type):
            was_applied = self._synced.was_applied(drift.declared)
            standing = Standing.BY_HAND if was_applied else Standing.NOT_APPLIED
            return drift if was_applied is None else replace(drift, standing=standing)
        if drift.class_ is DriftClass.MISSING and is_azure(drift.declared.type):
            if self.of(drift.declared) is not None:
                return replace(drift, standing=Standing.BY_HAND)
            known = _root(drift.declared) in self._covered
            return replace(drift, standing=Standing.NOT_APPLIED) if known else drift
        if not drift.changes or drift.live is None:
            return drift
        return replace(drift, changes=tuple(self._settled(drift.declared, drift.live, drift.changes)))

    def compare(self, declared: Resource, live: Resource, found: tuple[Change, ...]) -> None:
        """Count what is live as declared and was recorded otherwise; ``found`` is what is not."""
        applied = self.of(declared) if self._by_id else None
        if applied is not None:
            there = {change.path for change in found}
            different = changes(declared, applied)
            self.outdated += sum(
                change.class_ is DriftClass.CHANGED and change.path not in there for change in different
            )

    def _settled(self, declared: Resource, live: Resource, found: tuple[Change, ...]) -> Iterator[Change]:
        applied = self.of(declared) if is_azure(declared.type) else self._synced.of(live) or last_applied(live)
        if applied is None:
            by_tool = None if is_azure(declared.type) else _by_field
            for change in found:
                yield replace(change, standing=by_tool(live, change)) if by_tool is not None else change
            return
        yield from settled(declared, applied, found)


def settled(declared: Resource, applied: Resource, found: Iterable[Change]) -> Iterator[Change]:
    """Yield ``found`` with where each stands, ``applied`` being what was applied of ``declared`` last."""
    undone = defaultdict(list)
    for change in changes(declared, applied):
        undone[change.path].append(change)
    for change in found:
        standing = change.standing or _standing(declared.type, change, undone[change.path])
        yield replace(change, standing=standing)


def last_applied(live: Resource) -> Resource | None:
    """Return what kubectl applied to an object last; None where it did not, or of Secrets."""
    annotations = live.value("metadata", "annotations")
    text = annotations.get(LAST_APPLIED) if isinstance(annotations, dict) else None
    if not isinstance(text, str) or live.type == _SECRET:
        return None
    try:
        attributes = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return replace(live, attributes=attributes) if isinstance(attributes, dict) else None


def _standing(type_: str, change: Change, undone: list[Change]) -> Standing | None:
    """Return where a change stands; ``undone`` is what is different, at its path, between declared and applied."""
    if change.class_ is not DriftClass.CHANGED or any(one.class_ is DriftClass.UNREADABLE for one in undone):
        return None
    alike = [one for one in undone if (one.declared is ABSENT) == (change.declared is ABSENT)]
    if not alike:
        return Standing.BY_HAND
    if any(_same(type_, one.live, change.live, change) for one in alike):
        return Standing.NOT_APPLIED
    return Standing.BY_HAND if change.declared is ABSENT else Standing.BOTH


def _same(type_: str, one: Any, other: Any, change: Change) -> bool:
    if one is ABSENT or other is ABSENT:
        return one is other
    return agree(type_, one, other, change.path)


def _by_field(live: Resource, change: Change) -> Standing | None:
    """Return where a change stands by who owns the field: the tool, somebody after it, or somebody before it."""
    if change.class_ is not DriftClass.CHANGED or not isinstance(change.cause, Cause) or change.live is ABSENT:
        return None  # what is gone has no owner, and who took it away is not said
    if not change.cause.exact:
        return None
    tools: Mapping[str, str] = facts_of(live.type).tools
    if change.cause.manager in tools:
        return Standing.NOT_APPLIED
    applied = last_write(live.attributes, tools)
    if not applied:
        return None
    if not change.cause.not_after:  # as it is where replicas were scaled: only the client tells
        return Standing.BY_HAND if change.cause.manager.startswith(_HANDS) else None
    return Standing.BY_HAND if change.cause.not_after >= applied else Standing.OTHERS


def _root(resource: Resource) -> str:
    return resource.origin.declared.partition(":")[0] if resource.origin.declared else resource.origin.page
