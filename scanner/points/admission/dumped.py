"""The cluster's other objects from a dump: ``kubectl get … -o json``, or a folder of manifests."""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from scanner.engine.selection import Selection
from scanner.errors import UsageError
from scanner.inventory import NAMESPACE
from scanner.model.ledger import LedgerEntry
from scanner.model.resource import Resource
from scanner.points.admission.context import FixedContext, looked_up
from scanner.points.admission.live import LiveInventory
from scanner.sources.cluster.dump import ClusterDump

if TYPE_CHECKING:
    from scanner.estate import Estate


def dumped_context(
    path: str, selection: Selection, estate: "Estate | None", cluster: str
) -> tuple[FixedContext, tuple[LedgerEntry, ...]]:
    """Return what Rules look up in the dump at ``path``, and the ledger of what was read.

    What of it could not be read may be anything, so then nothing that is looked up can be trusted. Raises UsageError
    where there is no dump.
    """
    if not os.path.lexists(path):
        raise UsageError(f"cannot read inventory {path}: there is no such file or folder")
    dump = ClusterDump(cluster, path)
    entries: list[LedgerEntry] = []
    found: list[Resource] = []
    kept = _types(selection, estate)
    for page in dump.pages():
        content = page.read()
        entries += content.entries
        found += [resource for resource in content.resources if resource.type in kept]
    entries += dump.entries()
    return fixed_context(found, entries, selection, estate), tuple(entries)


def fixed_context(
    resources: Iterable[Resource], entries: Iterable[LedgerEntry], selection: Selection, estate: "Estate | None"
) -> FixedContext:
    """Return the context of what a cluster held at one moment, reduced to what is looked up of it.

    ``entries`` tell what could not be read; that may be anything, so then nothing that is looked up can be trusted.
    """
    types = _types(selection, estate)
    found = []
    for resource in resources:
        retained = selection.of(resource.type).retained
        if resource.type in types and retained is not None:
            found.append(retained.apply(resource))
    found.sort(key=lambda resource: resource.type != NAMESPACE)  # what says whose the others are comes first
    missing = next((f"{entry.input}: {entry.reason}" for entry in entries if entry.incomplete), "")
    return FixedContext(LiveInventory(found, estate), dict.fromkeys(sorted(types), missing) if missing else {})


def _types(selection: Selection, estate: "Estate | None") -> frozenset[str]:
    return frozenset(type_ for found in looked_up(selection, estate).values() for type_ in found)
