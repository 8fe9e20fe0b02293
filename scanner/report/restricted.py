"""A Report as one tenant may read it: what is its own, and nothing by which another could be known.

Left are its own Resources with their verdicts, its own Findings and the Exemptions on them, and the inputs that are its
alone. Names of others are taken out of what is left (:mod:`scanner.report.names`). Lines of files are not shown: beside
the line that matters there may be somebody else's. That something was not read is said in one sentence, since it may
have been the tenant's.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from scanner.model.exemption import Exemption
from scanner.model.finding import Difference, Finding, Related
from scanner.model.judged import Judged
from scanner.model.ledger import LedgerEntry, State
from scanner.model.location import Location, Origin
from scanner.model.moment import Moment
from scanner.model.verdict import Verdict
from scanner.report.compare import narrowed, units
from scanner.report.names import Names
from scanner.report.report import Comparison, Counted, Report

if TYPE_CHECKING:
    from scanner.estate import Estate

NOT_ALL_READ = LedgerEntry(
    "estate",
    State.PARTIAL,
    "something could not be read, and what could not be read may be of this tenant",
    incomplete=True,
)
"""What a tenant is told of everything that was not read and is not its own alone."""


def restricted(report: Report, tenant: str, estate: "Estate", names: Names | None = None) -> Report:
    """Return ``report`` as the tenant with the id ``tenant`` may read it.

    A Report that only counts its verdicts does not say which Resources there are: then ``names`` should know them all,
    else only those that some Finding speaks of are known as somebody else's.
    """
    if names is None:
        names = Names.of(estate, report.judged)
        names.add_findings(report.findings)
    return Restriction(tenant, names, report.judged).report(report)


def own_texts(names: Names) -> Callable[[str, str | None], str]:
    """Return what gives a text of a Finding as its tenant may read it, for the store; empty where there is none."""
    return lambda text, tenant: names.withheld(text, tenant) if tenant else ""


class Restriction:
    """Makes the parts of a Report one tenant's."""

    def __init__(self, tenant: str, names: Names, judged: Iterable[Judged]) -> None:
        self._tenant = tenant
        self._names = names
        self._keys: set[str] = set()
        owners: defaultdict[str, set[str | None]] = defaultdict(set)
        for one in judged:
            owners[one.origin.file].add(one.tenancy.tenant)
            if one.tenancy.tenant == tenant:
                self._keys.add(one.key)
        self._owners = owners

    def report(self, report: Report) -> Report:
        """Return the whole Report restricted."""
        self._keys.update(self._own_resources(report.findings))
        kept = self.findings(report.findings)
        findings = tuple(one for _, one in kept)
        accepted = {one.exemption.id: one.exemption for one in findings if one.exemption is not None}
        return replace(
            report,
            judged=tuple(self._judged(one) for one in report.judged if one.tenancy.tenant == self._tenant),
            findings=findings,
            ledger=self._ledger(report.ledger),
            notes=(),
            exemptions_used=tuple(accepted[id_] for id_ in sorted(accepted)),
            exemptions_expired=(),
            exemptions_unused=(),
            exemptions_unseen=(),
            gate=replace(report.gate, max_exemptions=None),
            counted=_counted(findings) if report.counted is not None else None,
            comparison=self._comparison(report.comparison, [number for number, _ in kept]),
            timelines=self._timelines(report.timelines),
        )

    def findings(self, findings: Sequence[Finding]) -> list[tuple[int, Finding]]:
        """Return the tenant's Findings with their numbers among ``findings``, each with its own occurrences only."""
        kept: list[tuple[int, Finding]] = []
        for number, finding in enumerate(findings):
            own = [unit for unit in units((finding,)) if unit.occurrence.tenancy.tenant == self._tenant]
            kept.extend((number, self._finding(one)) for one in narrowed(own))
        return kept

    def _finding(self, finding: Finding) -> Finding:
        return replace(
            finding,
            message=self._text(finding.message),
            tag=self._text(finding.tag),
            location=self._location(finding.location),
            related=tuple(map(self._related, filter(self._is_own, finding.related))),
            exemption=self._exemption(finding) if finding.exemption is not None else None,
            difference=Difference(*map(self._text, finding.difference)) if finding.difference is not None else None,
        )

    def _timelines(self, timelines: Mapping[str, Sequence[Moment]]) -> dict[str, tuple[Moment, ...]]:
        return {
            key: tuple(Moment(one.time, self._text(one.what)) for one in moments)
            for key, moments in timelines.items()
            if key in self._keys
        }

    def _own_resources(self, findings: Iterable[Finding]) -> Iterator[str]:
        for unit in units(findings):
            if unit.occurrence.tenancy.tenant == self._tenant:
                yield unit.occurrence.resource

    def _is_own(self, related: Related) -> bool:
        return not related.resource or related.resource in self._keys

    def _related(self, related: Related) -> Related:
        return replace(related, message=self._text(related.message), location=self._location(related.location))

    def _exemption(self, finding: Finding) -> Exemption:
        """Return what a tenant may know of an Exemption: it may cover others, and was written for the operator."""
        exemption = finding.exemption
        assert exemption is not None, "only exempted findings are asked about"
        return Exemption(
            id=self._text(exemption.id) if exemption.source == "file" else "inline",
            rules=(finding.rule,),
            reason=self._text(exemption.reason),
            source=exemption.source,
            file=self._text(exemption.file),
            line=0,
            owner=self._text(exemption.owner),
            ticket=self._text(exemption.ticket),
            approved_by=self._text(exemption.approved_by),
            expires=exemption.expires,
        )

    def _judged(self, judged: Judged) -> Judged:
        origin = judged.origin
        place = Origin(origin.kind, self._text(origin.file), address=origin.address, declared=origin.declared)
        reasons = {rule: self._text(reason) for rule, reason in judged.reasons.items()}
        return judged._replace(origin=place, reasons=reasons)

    def _location(self, location: Location) -> Location:
        alone = self._owners.get(location.file) == {self._tenant}
        path = self._names.withheld_path(location.path, self._tenant)
        return Location(self._text(location.file), path, location.region if alone else None, secret=True)

    def _ledger(self, entries: Iterable[LedgerEntry]) -> tuple[LedgerEntry, ...]:
        kept: list[LedgerEntry] = []
        hidden = False
        for entry in entries:
            # an entry about a document of a file is named after both
            owners = self._owners.get(entry.input) or self._owners.get(entry.input.partition("#")[0])
            if owners == {self._tenant}:
                kept.append(entry._replace(input=self._text(entry.input), reason=self._text(entry.reason)))
            elif entry.incomplete and (not owners or None in owners or self._tenant in owners):
                hidden = True
        return (*([NOT_ALL_READ] if hidden else []), *kept)

    def _comparison(self, comparison: Comparison | None, kept: Sequence[int]) -> Comparison | None:
        if comparison is None:
            return None
        parts = (comparison.introduced, comparison.fixed, comparison.unchanged, comparison.became_unknown)
        introduced, fixed, unchanged, became_unknown = (tuple(one for _, one in self.findings(part)) for part in parts)
        return replace(
            comparison,
            introduced=introduced,
            fixed=fixed,
            unchanged=unchanged,
            became_unknown=became_unknown,
            introducing=frozenset(new for new, old in enumerate(kept) if old in comparison.introducing),
            losing=frozenset(new for new, old in enumerate(kept) if old in comparison.losing),
        )

    def _text(self, text: str) -> str:
        return self._names.withheld(text, self._tenant)


def _counted(findings: Iterable[Finding]) -> Counted:
    """Return what is known of one tenant's verdicts where only the whole estate's were counted: those with Findings."""
    verdicts: defaultdict[str, Counter[Verdict]] = defaultdict(Counter)
    found = {(unit.finding.rule, unit.finding.verdict, unit.occurrence.resource) for unit in units(findings)}
    for rule, verdict, _ in found:
        verdicts[rule][verdict] += 1
    return Counted(len({resource for _, _, resource in found}), verdicts)
