"""Drift as a stage of the audit: what is declared against the clusters and subscriptions that the run reads.

It comes after both phases, over what the Sources have then: with the clients that wrote each field, and of Azure with
all resources, which the Rules had no need of. Nothing of it is kept before the run is over, so a run that goes on
compares anew.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from scanner.audit.conclusion import Beside
from scanner.audit.run import Watch
from scanner.drift.findings import RULES
from scanner.model.resource import Resource
from scanner.points.audit.request import AuditRequest
from scanner.points.audit.scopes import AZURE, CLUSTER, Wanted, is_wanted, sources_of
from scanner.points.drift.comparison import Against, Compared, compare, without_evidence
from scanner.points.drift.live import Live
from scanner.points.drift.memory import memory_of
from scanner.points.inputs import Inputs

if TYPE_CHECKING:
    from scanner.estate import Estate
    from scanner.sources.azure.live import LiveAzure


def drift_of(
    asked: AuditRequest, estate: "Estate", inputs: Inputs, places: Sequence[Resource], watch: Watch
) -> Compared | None:
    """Return how what is declared differs from what is live; None where nothing is declared.

    ``places`` are the live Namespaces and resource groups. Raises BulkheadError.
    """
    declaration = asked.declaration
    if not declaration.paths:
        return None
    watch("drift", 0)
    evidence = (*asked.dumps.values(), *asked.exports, *declaration.states)
    with memory_of(asked.kept.store) as memory:
        against = Against(
            lambda declared: _live(asked, estate, declared),
            memory.events,
            lambda resource: is_wanted(asked, estate, resource),
            places,
        )
        return compare(without_evidence(declaration.request, evidence), declaration.flags, inputs, against)


def beside(found: Compared) -> Beside:
    """Return a comparison as what the rest of the Report is joined with.

    Both sides of a difference are told; lines of the declaration, which may hold more beside it, are not shown to all
    who read an audit.
    """
    return Beside(
        {rule.id: rule for rule in RULES.values()},
        tuple(replace(one, location=one.location._replace(secret=True)) for one in found.findings),
        found.judged,
        found.entries,
        found.notes,
        found.exemptions,
        found.timelines,
    )


def _live(asked: AuditRequest, estate: "Estate", declared: Sequence[Resource]) -> Live:
    """Return what the run reads, as a comparison with ``declared`` needs it."""
    wanted = Wanted.to_compare(frozenset(resource.type for resource in declared))
    named = tuple(sources_of(asked, estate, wanted))
    clusters = frozenset(one.name.removeprefix(CLUSTER) for one in named if one.name.startswith(CLUSTER))
    live_azure = tuple(cast("LiveAzure", one.source) for one in named if one.name == AZURE)
    azure = any(one.source.kind == AZURE for one in named)
    return Live(tuple(one.source for one in named), clusters, azure, live_azure)
