"""Gathers what pages gave while they are judged, and joins it with what the wide Rules added."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from scanner.engine.identity import fingerprint
from scanner.engine.pages import PageVerdicts, RuleFailure
from scanner.engine.wide import WideVerdict, WideVerdicts
from scanner.inventory import NAMESPACE, Inventory, Resolver
from scanner.model.exemption import Exemption
from scanner.model.finding import Finding
from scanner.model.judged import Judged
from scanner.model.ledger import LedgerEntry, State
from scanner.model.location import Location, Origin
from scanner.model.resource import Resource
from scanner.model.rule import Rule
from scanner.model.tenancy import UNDECLARED, Standing, Tenancy
from scanner.model.types import CLUSTER_SCOPED, is_terraform
from scanner.model.verdict import Verdict
from scanner.report.inputs import merged, told

if TYPE_CHECKING:
    from scanner.estate import Estate

Place: TypeAlias = tuple[str, int, tuple[str | int, ...]]
"""File, document and base path: one Resource of one run."""


class Found(NamedTuple):
    """All Findings of a run, before Exemptions."""

    findings: list[Finding]
    labels_of: Callable[[str], Mapping[str, str]]
    """Labels of a Resource that has Findings, by key."""


class Collected:
    """What all pages gave. Consumes the stream once."""

    def __init__(self, stream: Iterable[PageVerdicts]) -> None:
        self.judged: list[Judged] = []
        self.entries: list[LedgerEntry] = []
        self.notes: list[LedgerEntry] = []
        self.exemptions: list[Exemption] = []
        self._findings: list[Finding] = []
        self._failures: list[RuleFailure] = []
        self._retained: list[Resource] = []
        self.beside: set[Origin] = set()
        self._labels: dict[str, Mapping[str, str]] = {}
        entries: list[tuple[LedgerEntry, ...]] = []
        for page in stream:
            self.judged.extend(page.judged)
            entries.append(page.entries)
            self.notes.extend(page.notes)
            self.exemptions.extend(page.exemptions)
            self._findings.extend(page.findings)
            self._failures.extend(page.failures)
            self._retained.extend((*page.retained, *page.beside))
            self.beside.update(resource.origin for resource in page.beside)
            self._labels.update(page.labels)
        self.entries.extend(merged(entries))
        self.notes = told(self.notes, self.exemptions)

    def inventory(self, estate: "Estate | None", expected: Iterable[LedgerEntry] = ()) -> Inventory:
        """Return the retained Resources, indexed, their tenancy resolved; every verdict learns its tenant too.

        ``expected`` is what Sources say of inputs that were no page.
        """
        inventory = Inventory(self._retained, (*self.entries, *expected))
        self._retained = []
        if estate is None:
            return inventory
        resolver = Resolver(estate, inventory)
        resolved = inventory.resolved_by(resolver)
        tenancies = {_place(resource.origin): resource.tenancy for resource in resolved}
        self.judged = [
            judged._replace(tenancy=tenancies.get(_place(judged.origin)) or unretained_tenancy(judged, resolver))
            for judged in self.judged
        ]
        return resolved

    def findings(self, wide: WideVerdicts, rules: Mapping[str, Rule]) -> Found:
        """Return all Findings with tenancy and final fingerprint, sorted; errors once per Rule and cause."""
        tenancies = {judged.key: judged.tenancy for judged in self.judged}
        repeated = _repeated(self.judged)
        failures = _first_failures((*self._failures, *wide.failures))
        findings = [
            _settled(finding, tenancies, repeated)
            for finding in (*self._findings, *wide.findings, *(error_finding(rules[f.rule], f) for f in failures))
        ]
        self._findings = []
        self.entries.extend(_failure_entry(failure, number) for failure, number in failures.items())
        labels = {**wide.labels, **self._labels}
        return Found(sorted(findings, key=_order), lambda key: labels.get(key, {}))

    def verdicts(self, wide: Iterable[WideVerdict]) -> Iterator[Judged]:
        """Yield what every Rule said of every Resource, sorted by place; local and wide verdicts joined."""
        added = {_place(verdict.resource.origin): verdict for verdict in wide}
        joined_ids: dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[str, ...]] = {}
        for judged in sorted(self.judged, key=lambda judged: _place_order(judged.origin)):
            verdict = added.get(_place(judged.origin))
            if verdict is None:
                yield judged
                continue
            ids = joined_ids.setdefault((judged.rules, verdict.rules), judged.rules + verdict.rules)
            yield judged._replace(
                rules=ids, codes=judged.codes + verdict.codes, reasons={**judged.reasons, **verdict.reasons}
            )


def _place(origin: Origin) -> Place:
    return (origin.file, origin.document, origin.base)


def _place_order(origin: Origin) -> tuple[str, int, str]:
    return (origin.file, origin.document, str(origin.base))


def unretained_tenancy(judged: Judged | Resource, resolver: Resolver) -> Tenancy:
    """Return the tenancy of a Resource that was not retained: its namespace's, or none."""
    if is_terraform(judged.type):
        return resolver.of_terraform(judged.key)
    if judged.namespace:
        return resolver.of_namespace(judged.cluster, judged.namespace)
    if judged.type == NAMESPACE:
        return resolver.of_namespace(judged.cluster, judged.name)
    if judged.type in CLUSTER_SCOPED:
        return Tenancy(Standing.CLUSTER, reason="it has no namespace")
    return resolver.of_namespace(judged.cluster, "default")


def _repeated(judged: Iterable[Judged]) -> frozenset[tuple[str, str]]:
    """Return (key, file) of Resources whose key an earlier file has already.

    Instances of a declaration are left out: a plan and its configuration speak of the same ones on purpose.
    """
    files: defaultdict[str, set[str]] = defaultdict(set)
    for one in judged:
        if not one.origin.declared:
            files[one.key].add(one.origin.file)
    return frozenset((key, file) for key, found in files.items() for file in found - {min(found)})


def _settled(finding: Finding, tenancies: Mapping[str, Tenancy], repeated: frozenset[tuple[str, str]]) -> Finding:
    tenancy = (
        tenancies.get(finding.resource, UNDECLARED)
        if finding.tenancy.standing is Standing.UNDECLARED
        else finding.tenancy
    )
    identity = finding.fingerprint
    if (finding.resource, finding.location.file) in repeated:
        # the same object declared in several files: the file is what tells the Findings apart
        # backslashreplace: a file name may hold bytes that are no UTF-8, which cannot be hashed as text
        file = finding.location.file.encode("utf-8", "backslashreplace").decode("utf-8")
        identity = fingerprint(finding.rule, f"{finding.resource}@{file}", finding.tag)
    if tenancy is finding.tenancy and identity is finding.fingerprint:
        return finding
    return replace(finding, tenancy=tenancy, fingerprint=identity)


def in_place(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return ``findings`` in the order of a Report: by file, line, Rule and tag."""
    return tuple(sorted(findings, key=_order))


def _order(finding: Finding) -> tuple[str, int, int, str, str]:
    region = finding.location.region
    line, column = (region.line, region.column) if region else (0, 0)
    return (finding.location.file, line, column, finding.rule, finding.tag)


def _first_failures(failures: Iterable[RuleFailure]) -> dict[RuleFailure, int]:
    """Return the first failure of each Rule and cause, and how many there were."""
    first: dict[tuple[str, str], RuleFailure] = {}
    numbers: defaultdict[tuple[str, str], int] = defaultdict(int)
    for failure in sorted(failures):
        first.setdefault((failure.rule, failure.reason), failure)
        numbers[(failure.rule, failure.reason)] += 1
    return {failure: numbers[cause] for cause, failure in first.items()}


def error_finding(rule: Rule, failure: RuleFailure) -> Finding:
    """Return the Finding that tells of a Rule that could not be evaluated."""
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        verdict=Verdict.ERROR,
        resource=failure.resource,
        type=failure.type,
        message=failure.reason,
        location=Location(failure.file, ()),
        tag="error",
        fingerprint=fingerprint(rule.id, failure.resource, "error"),
    )


def _failure_entry(failure: RuleFailure, number: int) -> LedgerEntry:
    objects = "1 resource" if number == 1 else f"{number} resources"
    return LedgerEntry(
        input=failure.file,
        state=State.PARTIAL,
        reason=f"rule {failure.rule} could not be evaluated on {objects}: {failure.reason}",
        incomplete=True,
        rule=failure.rule,
    )
