"""``bulkhead webhook simulate``: a registration and a cluster, and what would come of enforcing."""

import os
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scanner.documents import read_yaml
from scanner.errors import UsageError
from scanner.model.ledger import LedgerEntry
from scanner.model.resource import Resource
from scanner.model.types import is_azure
from scanner.points.admission.context import looked_up
from scanner.points.admission.dumped import fixed_context
from scanner.points.admission.registration import Delivery, deliveries
from scanner.points.admission.reviewer import Reviewer, Setup
from scanner.points.admission.rollout.coverage import gaps
from scanner.points.admission.rollout.forecast import Foreseen, foresee
from scanner.points.admission.rollout.lockout import objections
from scanner.points.admission.rollout.registered import TYPE, Hook, hooks_in
from scanner.points.admission.setup import setup_of
from scanner.sources.cluster.dump import ClusterDump
from scanner.sources.interface import Source


class Simulation(NamedTuple):
    """What would come of enforcing."""

    hooks: tuple[Hook, ...]
    objections: tuple[tuple[str, str], ...]
    """(webhook, why it must not be registered)."""
    stopped: tuple[Delivery, ...]
    """What nobody could do while no replica answers."""
    gaps: tuple[Delivery, ...]
    """What rules are asked about and is not sent."""
    asked: int
    """Objects of the cluster that rules were asked about."""
    denied: tuple[Foreseen, ...]
    notes: tuple[LedgerEntry, ...]

    def exit_code(self) -> int:
        """1: something has to be done first; 3: the dump could not be read in full; 0: go ahead."""
        if self.objections or self.gaps or self.denied:
            return 1
        return 3 if self.notes else 0


def simulate(flags: Mapping[str, Any]) -> Simulation:
    """Return what ``flags`` ask for. Raises UsageError where there is neither a registration nor a cluster."""
    live = flags["context"] or flags["kubeconfig"] or flags["in_cluster"]
    if not flags["registration"] and not flags["inventory"] and not live:
        hint = "name a registration (--registration F), a cluster (--context C) or a dump of one (--inventory DUMP)"
        raise UsageError("cannot simulate nothing", hint=hint)
    if live and flags["inventory"]:
        raise UsageError("cannot read a cluster and a dump at once", hint="leave out --inventory")
    setup, _ = setup_of(flags)
    reviewer = Reviewer(setup)
    try:
        stored: tuple[Resource, ...] = ()
        notes: tuple[LedgerEntry, ...] = ()
        source = _live(flags, reviewer, setup) if live else _dump(flags["inventory"], setup.cluster)
        if source is not None:
            pages = [page.read() for page in source.pages()]
            stored = tuple(resource for page in pages for resource in page.resources)
            entries = (*(entry for page in pages for entry in page.entries), *source.entries())
            reviewer.context = fixed_context(stored, entries, reviewer.selection, setup.estate)
            notes = tuple(entry for entry in entries if entry.incomplete)
        values = list(_registered(flags["registration"])) if flags["registration"] else []
        values = values or [dict(one.attributes) for one in stored if one.type == TYPE]
        hooks = hooks_in(values)
        if flags["registration"] and not hooks:
            raise UsageError(f"cannot find a webhook of ours in {flags['registration']}")
        asked, denied = foresee(reviewer, stored)
        needed = deliveries(reviewer.selection)
        return Simulation(
            hooks,
            tuple((hook.name, why) for hook in hooks for why in objections(hook, flags["namespace"])),
            tuple(one for one in needed if any(hook.blocks and hook.matches(one) for hook in hooks)),
            tuple(gaps(reviewer.selection, hooks)) if hooks else (),
            asked,
            denied,
            notes,
        )
    finally:
        reviewer.close()


def _dump(path: str, cluster: str) -> Source | None:
    if not path:
        return None
    if not os.path.lexists(path):
        raise UsageError(f"cannot read inventory {path}: there is no such file or folder")
    return ClusterDump(cluster, path)


def _live(flags: Mapping[str, Any], reviewer: Reviewer, setup: Setup) -> Source:
    """Return the cluster: what Rules are asked about, what they look up, and registrations."""
    from scanner.sources.cluster.access import Access
    from scanner.sources.cluster.live import LiveCluster

    by_type = reviewer.selection.by_type
    types = {type_ for type_, asked in by_type.items() if (asked.local or asked.wide) and not is_azure(type_)}
    types.update(type_ for found in looked_up(reviewer.selection, setup.estate).values() for type_ in found)
    access = Access(flags["context"] or "", flags["kubeconfig"] or "", flags["in_cluster"])
    return LiveCluster(setup.cluster, access, {*types, TYPE})


def _registered(path: str) -> Iterator[dict[str, Any]]:
    try:
        with open(path, "rb") as stream:
            content = stream.read()
    except OSError as error:
        raise UsageError(f"cannot read registration {path}: {(error.strerror or str(error)).lower()}") from None
    read = read_yaml(content)
    if read.problems:
        problem = read.problems[0]
        raise UsageError(f"cannot read registration {path}:{problem.line}: {problem.reason}")
    for document in read.documents:
        value = document.value
        items = value.get("items", [value]) if isinstance(value, dict) else []
        yield from (one for one in items if isinstance(one, dict))
