"""Judges Sources page by page: what a page holds is read, judged, reduced, and dropped."""

from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

from scanner.engine.findings import FindingMaker
from scanner.engine.judge import Judge, Judgement
from scanner.engine.projection import Projection
from scanner.engine.selection import ALWAYS, ForType, Selection
from scanner.model.exemption import Exemption
from scanner.model.finding import Finding
from scanner.model.judged import Judged
from scanner.model.ledger import LedgerEntry
from scanner.model.resource import Resource
from scanner.model.rule import Rule
from scanner.model.tenancy import Tenancy
from scanner.model.types import CLUSTER_SCOPED
from scanner.model.verdict import Verdict
from scanner.sources.interface import Page

Place: TypeAlias = Callable[[Resource], Tenancy]
"""Says whose a Resource is."""


class RuleFailure(NamedTuple):
    """A Rule that could not be evaluated on one Resource."""

    rule: str
    reason: str
    resource: str
    type: str
    file: str


class PageVerdicts(NamedTuple):
    """What is left of a page once it has been judged."""

    judged: tuple[Judged, ...]
    findings: tuple[Finding, ...]
    failures: tuple[RuleFailure, ...]
    retained: tuple[Resource, ...]
    """Resources that wide Rules will look at, reduced to what is read of them."""
    labels: Mapping[str, Mapping[str, str]]
    """Resource key → labels, for the Resources with Findings: what exemptions may select by."""
    entries: tuple[LedgerEntry, ...]
    notes: tuple[LedgerEntry, ...]
    exemptions: tuple[Exemption, ...]
    beside: tuple[Resource, ...] = ()
    """Reduced like ``retained``; wide Rules may look them up and are not asked about them."""


def judge_page(
    page: Page, selection: Selection, judge: Judge, maker: FindingMaker, place: Place | None = None
) -> PageVerdicts:
    """Read ``page`` and ask the local Rules about its Resources; ``place`` says whose each is, if that is known yet."""
    content = page.read()
    locate = page.locator()
    judged: list[Judged] = []
    findings: list[Finding] = []
    failures: list[RuleFailure] = []
    retained: list[Resource] = []
    labels: dict[str, Mapping[str, str]] = {}
    for resource in content.resources:
        asked = selection.of(resource.type)
        if place is not None:
            resource = resource.resolved(place(resource))
        judgement = judge.judge(asked.local, resource) if asked.local else _NOTHING
        judged.append(_judged(resource, asked, judgement))
        if judgement.faults:
            labels[resource.key] = resource.labels
            findings.extend(maker.make(rule, resource, fault, locate) for rule, fault in judgement.faults)
        failures.extend(failure(resource, rule, reason) for rule, reason in judgement.failures)
        if asked.retained is not None:
            retained.append(asked.retained.apply(resource))
        elif judgement.faults and selection.resolves and resource.type in CLUSTER_SCOPED:
            retained.append(_WHOSE.apply(resource))
    beside = ((selection.of(resource.type).retained, resource) for resource in content.beside)
    return PageVerdicts(
        tuple(judged),
        tuple(findings),
        tuple(failures),
        tuple(retained),
        labels,
        content.entries,
        content.notes,
        content.exemptions,
        tuple(kept.apply(resource) for kept, resource in beside if kept is not None),
    )


def failure(resource: Resource, rule: Rule, reason: str) -> RuleFailure:
    """Return the RuleFailure of ``rule`` on ``resource``."""
    return RuleFailure(rule.id, reason, resource.key, resource.type, resource.origin.file)


_NOTHING = Judgement(b"", {}, (), ())
_WHOSE = Projection("", (*ALWAYS, ("spec", "claimRef", "namespace")))
"""What says whose a Resource without a namespace is, where nothing else of it is kept."""


def _judged(resource: Resource, asked: ForType, judgement: Judgement) -> Judged:
    """Return the stored form: verdicts of the local Rules, then ``skip`` for the Rules that this run withholds."""
    withheld = asked.withheld
    codes, reasons = judgement.codes, judgement.reasons
    if withheld:
        codes += bytes([Verdict.SKIP.code]) * len(withheld)
        reasons = {**withheld, **reasons} if reasons else withheld
    return Judged(
        resource.key,
        resource.type,
        resource.origin,
        asked.local_ids,
        codes,
        reasons,
        resource.cluster,
        resource.namespace,
        resource.name,
        resource.tenancy,
    )
