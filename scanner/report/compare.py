"""What a change did: the Findings of one Report beside those of the one before it.

Findings are compared instance by instance: where one declaration stands for forty tenants, a forty-first that fails is
introduced and the forty are not. First by fingerprint; what is left over on both sides then by content, one to one, so
that a Resource that was only moved introduces nothing, and never hides a second one like it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from scanner.engine.identity import fingerprint
from scanner.model.finding import Finding, Occurrence
from scanner.model.judged import Judged
from scanner.model.verdict import Verdict, verdict_of_code
from scanner.report.occurrences import SEVERAL
from scanner.report.report import Comparison, Report

_RENDERED = ("helm", "kustomize")
_KNOWN = frozenset((Verdict.PASS, Verdict.FAIL))


class Unit(NamedTuple):
    """One Finding on one Resource."""

    finding: Finding
    """That it belongs to; it may speak of others too."""
    occurrence: Occurrence
    identity: str
    """Fingerprint of this one alone."""

    @property
    def accepted(self) -> bool:
        """Whether an Exemption covers it."""
        return self.finding.exemption is not None


@dataclass(frozen=True)
class Before:
    """What is kept of the Report that another is compared with."""

    findings: tuple[Finding, ...] = ()
    verdicts: Mapping[str, tuple[tuple[str, ...], bytes]] | None = None
    """Resource key → Rules and their codes; None where it is not known what passed."""
    unread: frozenset[str] = frozenset()
    """Inputs that could not be read."""
    roots: frozenset[str] = frozenset()
    """Folders that were judged as root modules."""
    rendered: frozenset[str] = frozenset()
    """``Chart.yaml`` and kustomization files of what was rendered for itself, and not as something declares it."""
    manifests: frozenset[str] = frozenset()
    """Files whose objects were judged as they stand there."""
    templates: frozenset[tuple[str, str]] = frozenset()
    """``Chart.yaml`` and template of every object that a chart has rendered."""

    @classmethod
    def of(cls, report: Report) -> "Before":
        """Return what is needed of ``report``; the rest of it can go."""
        verdicts = {judged.key: (judged.rules, judged.codes) for judged in report.judged}
        unread = frozenset(entry.input for entry in report.incomplete())
        origins = [judged.origin for judged in report.judged]
        rendered = {one.page for one in origins if one.kind in _RENDERED and "#" not in one.page}
        manifests = {one.file for one in origins if one.kind == "manifests"}
        templates = {(one.page.partition("#")[0], one.file) for one in origins if one.kind == "helm"}
        return cls(
            report.findings,
            verdicts,
            unread,
            frozenset(_roots(report)),
            frozenset(rendered),
            frozenset(manifests),
            frozenset(templates),
        )

    def demoted(self, after: Report) -> dict[str, str]:
        """Return folder → caller of the root modules that ``after`` judges only as they are called from elsewhere."""
        roots = set(_roots(after))
        found: dict[str, str] = {}
        for judged in after.judged:
            folder, caller = judged.origin.file.rpartition("/")[0].lower(), _root(judged)
            if caller is not None and folder in self.roots and folder not in roots:
                found.setdefault(folder, caller)
        return found

    def knew(self, rule: str, key: str) -> bool:
        """Whether ``rule`` passed or failed the Resource ``key``."""
        rules, codes = (self.verdicts or {}).get(key, ((), b""))
        return rule in rules and verdict_of_code(codes[rules.index(rule)]) in _KNOWN


def compare(before: Before, after: Report, name: str = "") -> Comparison:
    """Return what became of the Findings of ``before`` in ``after``; ``name`` says what that was."""
    pairs, vanished = matched(before.findings, after.findings)
    classes: defaultdict[str, list[Unit]] = defaultdict(list)
    for unit, old in pairs:
        classes[_class(unit, old, before)].append(unit)
    hidden = _hidden_in(after)
    gone = [unit for unit in vanished if not hidden(unit)]
    numbers = {id(finding): number for number, finding in enumerate(after.findings)}
    return Comparison(
        name=name,
        introduced=narrowed(classes["introduced"]),
        fixed=narrowed(gone),
        unchanged=narrowed(classes["unchanged"]),
        became_unknown=narrowed(classes["became_unknown"]),
        introducing=frozenset(numbers[id(unit.finding)] for unit in classes["introduced"]),
        losing=frozenset(numbers[id(unit.finding)] for unit in classes["became_unknown"]),
    )


def _roots(report: Report) -> Iterator[str]:
    return (root for judged in report.judged if (root := _root(judged)) is not None)


def _root(judged: Judged) -> str | None:
    """Return the folder of the root module that declares a Resource; None where no configuration does."""
    return judged.origin.declared.partition(":")[0] if judged.origin.declared else None


def units(findings: Iterable[Finding]) -> Iterator[Unit]:
    """Yield every Finding on every Resource it speaks of."""
    for finding in findings:
        if finding.occurrences:
            for occurrence in finding.occurrences:
                yield Unit(finding, occurrence, occurrence.fingerprint)
            continue
        # a Finding alone on a declaration goes by the declaration's fingerprint, which is not its own
        own = fingerprint(finding.rule, finding.resource, finding.tag) if finding.declared else finding.fingerprint
        yield Unit(finding, Occurrence(finding.resource, finding.address, own, finding.tenancy, finding.content), own)


def matched(before: Iterable[Finding], after: Iterable[Finding]) -> tuple[list[tuple[Unit, Unit | None]], list[Unit]]:
    """Return each Unit of ``after`` with its counterpart in ``before``, and the Units of ``before`` that have none."""
    olds, news = list(units(before)), list(units(after))
    found: dict[int, Unit] = {}
    for key in (_identity, _substance):
        left = [number for number in range(len(news)) if number not in found]
        found.update(_paired(news, left, olds, key))
        taken = {id(unit) for unit in found.values()}
        olds = [unit for unit in olds if id(unit) not in taken]
    return [(unit, found.get(number)) for number, unit in enumerate(news)], olds


def narrowed(found: Sequence[Unit]) -> tuple[Finding, ...]:
    """Return the Findings of ``found``, each with only those occurrences, in the order they come in."""
    groups: dict[int, list[Unit]] = {}
    for unit in found:
        groups.setdefault(id(unit.finding), []).append(unit)
    return tuple(_narrow(group[0].finding, [unit.occurrence for unit in group]) for group in groups.values())


def _narrow(finding: Finding, occurrences: Sequence[Occurrence]) -> Finding:
    if len(occurrences) == max(1, len(finding.occurrences)):
        return finding
    first = occurrences[0]
    same = all(occurrence.tenancy == first.tenancy for occurrence in occurrences)
    return replace(
        finding,
        resource=first.resource,
        address=first.address,
        content=first.content,
        tenancy=first.tenancy if same else SEVERAL,
        occurrences=tuple(occurrences) if len(occurrences) > 1 else (),
    )


def _paired(
    news: Sequence[Unit], left: Sequence[int], olds: Sequence[Unit], key: "Callable[[Unit], str]"
) -> dict[int, Unit]:
    """Return number of the new Unit → the old one with the same ``key``, one to one.

    Of several those come together that are alike in verdict and acceptance, else a second violation could take the
    place of an accepted one.
    """
    waiting: defaultdict[str, list[Unit]] = defaultdict(list)
    for old in olds:
        if key(old):
            waiting[key(old)].append(old)
    found: dict[int, Unit] = {}
    for alike in (True, False):
        for number in left:
            candidates = waiting.get(key(news[number])) if number not in found else None
            index = _first(candidates or (), news[number], alike)
            if candidates is not None and index is not None:
                found[number] = candidates.pop(index)
    return found


def _first(candidates: Sequence[Unit], unit: Unit, alike: bool) -> int | None:
    return next((n for n, old in enumerate(candidates) if not alike or _state(old) == _state(unit)), None)


def _state(unit: Unit) -> tuple[Verdict, bool]:
    return (unit.finding.verdict, unit.accepted)


def _identity(unit: Unit) -> str:
    return unit.identity


def _substance(unit: Unit) -> str:
    """Return the content; a Rule that could not be evaluated has none, and its cause stands for it."""
    finding = unit.finding
    if finding.verdict is Verdict.ERROR:
        return f"{finding.rule} {finding.type} {finding.message}"
    return unit.occurrence.content


def _class(unit: Unit, old: Unit | None, before: Before) -> str:
    verdict = unit.finding.verdict
    if old is None:
        known = verdict is Verdict.UNKNOWN and before.knew(unit.finding.rule, unit.occurrence.resource)
        return "became_unknown" if known else "introduced"
    if old.accepted and not unit.accepted:
        return "introduced"
    if verdict is old.finding.verdict:
        return "unchanged"
    return "became_unknown" if verdict is Verdict.UNKNOWN else "introduced"


def _hidden_in(after: Report) -> "Callable[[Unit], bool]":
    """Return what tells whether an old Finding is not fixed but out of sight: nothing is known of it any more."""
    unread = {entry.input for entry in after.incomplete()}
    unknown = {
        (unit.finding.rule, unit.occurrence.resource)
        for unit in units(after.findings)
        if unit.finding.verdict is not Verdict.FAIL
    }
    return lambda unit: unit.finding.location.file in unread or (unit.finding.rule, unit.occurrence.resource) in unknown
