"""How two Resources are compared: with the API server's own word where that is asked for, else by tables."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scanner.drift import Change, changes
from scanner.drift.predicted import field_manager, predicted_changes
from scanner.model.ledger import LedgerEntry
from scanner.model.resource import Resource
from scanner.model.types import is_azure
from scanner.points.drift.live import dry_runs

if TYPE_CHECKING:
    from scanner.sources.cluster.dry_run import DryRuns


class ByDryRun:
    """Compares pairs; what a cluster could not be asked is compared by tables, and told."""

    def __init__(self, flags: Mapping[str, Any]) -> None:
        """Take the flags of the command. Raises UsageError where there is no cluster to ask."""
        self._asked: Mapping[str, DryRuns] = dry_runs(flags["against"]) if flags.get("dry_run_apply") else {}

    def changes(self, declared: Resource, live: Resource) -> tuple[Change, ...]:
        """See :func:`scanner.drift.changes`."""
        asked = self._asked.get(live.cluster) if not is_azure(live.type) else None
        if asked is None:
            return changes(declared, live)
        predicted = asked.predict(declared, live, field_manager(live))
        if predicted is None:
            return changes(declared, live)
        return predicted_changes(declared, predicted.applied, replace(live, attributes=predicted.live))

    def entries(self) -> Iterator[LedgerEntry]:
        """Yield what became of the dry runs."""
        for one in self._asked.values():
            yield from one.entries()
