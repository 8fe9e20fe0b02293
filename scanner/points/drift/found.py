"""What a comparison has found, as Findings, and as verdicts on what is declared."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from scanner.drift import Drift, DriftClass
from scanner.drift.effects import Effects
from scanner.drift.findings import RULES, Objection, objections
from scanner.drift.matching import is_comparable
from scanner.engine.findings import FindingMaker
from scanner.engine.identity import fingerprint
from scanner.engine.judge import Judge
from scanner.engine.programs import Context
from scanner.engine.selection import select
from scanner.engine.wide import Places
from scanner.engine.workers import Workshop
from scanner.inventory import Inventory, Resolver
from scanner.model.finding import Finding
from scanner.model.judged import Judged
from scanner.model.resource import Resource
from scanner.model.tenancy import UNDECLARED, Tenancy
from scanner.model.verdict import Verdict
from scanner.points.inputs import Inputs
from scanner.sources.interface import Page

if TYPE_CHECKING:
    from scanner.estate import Estate


def findings_of(
    drifts: Iterable[Drift], inputs: Inputs, pages: Iterable[Page], whose: "Whose", engine: str
) -> Iterator[Finding]:
    """Yield the Findings that ``drifts`` are, each with what it breaks or heals, at the line of its declaration."""
    selection = select(inputs.rules, point="audit", estate=False)
    programs = Workshop(selection, inputs.packs, engine).programs()
    try:
        effects = Effects(selection, Judge(programs, Context())).of
        found = list(_placed(objections(drifts, inputs.rules, effects), whose))
    finally:
        programs.close()
    places = Places({page.name: page for page in pages}, (one[:3] for one in found))
    maker = FindingMaker()
    for one in found:
        finding = replace(maker.make(*one[:3], places.place), difference=one.difference)
        yield finding if one.tag is None else _named(finding, one.tag)


def _named(finding: Finding, tag: str) -> Finding:
    """Return ``finding`` told apart by ``tag``, the lines of the declaration not to be shown."""
    identity_ = fingerprint(finding.rule, finding.resource, tag)
    return replace(finding, tag=tag, fingerprint=identity_, location=finding.location._replace(secret=True))


Whose: TypeAlias = "Callable[[Resource], Tenancy] | None"
"""Says whose a Resource is; None without an Estate."""


def whose_by(estate: "Estate | None", declared: Sequence[Resource], places: Sequence[Resource]) -> Whose:
    """Return what says whose a Resource is: by what is declared, and where that is silent by what is live."""
    if estate is None:
        return None
    said = {resource.key for resource in declared}
    return Resolver(estate, Inventory([*declared, *(one for one in places if one.key not in said)])).tenancy


def _placed(found: Iterable[Objection], whose: Whose) -> Iterator[Objection]:
    """Yield ``found`` with whose each Resource is, where an Estate says it."""
    for one in found:
        yield one if whose is None else one._replace(resource=one.resource.resolved(whose(one.resource)))


def judged_of(declared: Iterable[Resource], drifts: Iterable[Drift], whose: Whose) -> Iterator[Judged]:
    """Yield what became of each declared Resource: whether it is there, and whether it is as declared."""
    classes = {id(one.declared): one.class_ for one in drifts if one.declared is not None}
    for resource in declared:
        if is_comparable(resource):
            codes = bytes(verdict.code for verdict in _VERDICTS.get(classes.get(id(resource)), _AS_DECLARED))
            yield Judged(
                resource.key, resource.type, resource.origin, _ASKED, codes, {}, resource.cluster, resource.namespace,
                resource.name, UNDECLARED if whose is None else whose(resource),
            )  # fmt: skip


_ASKED = tuple(RULES[class_].id for class_ in (DriftClass.CHANGED, DriftClass.MISSING, DriftClass.UNREADABLE))
_AS_DECLARED = (Verdict.PASS, Verdict.PASS, Verdict.PASS)
_VERDICTS: Mapping[DriftClass | None, tuple[Verdict, Verdict, Verdict]] = {
    DriftClass.CHANGED: (Verdict.FAIL, Verdict.PASS, Verdict.PASS),
    DriftClass.MISSING: (Verdict.SKIP, Verdict.FAIL, Verdict.PASS),
    DriftClass.UNREADABLE: (Verdict.UNKNOWN, Verdict.UNKNOWN, Verdict.UNKNOWN),
}
"""What the Rules of :data:`_ASKED` say of a declared Resource, by what became of it."""
