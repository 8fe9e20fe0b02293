"""Proves Rules by the cases in their folders: ``bulkhead rules test``.

A Rule that has no failing case that fires and no passing case that passes cannot ship. Each case file states, in
comments, the message, the line and the fingerprint of every Finding it must give; beyond that the attributes that a
Rule says it ``reads`` are put to the test: an Unknown there makes the verdict unknown, and nothing outside them
matters.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

from scanner.engine.judge import Judge, Judgement
from scanner.engine.programs import Context
from scanner.engine.projection import Projection, read_paths
from scanner.engine.selection import ALWAYS, Selection, select
from scanner.engine.workers import Workshop
from scanner.errors import BulkheadError
from scanner.estate import Estate, load_estate
from scanner.inventory import Inventory
from scanner.model.finding import Finding
from scanner.model.path import Path, expand, format_path
from scanner.model.resource import Resource
from scanner.model.rule import Rule
from scanner.model.types import ESTATE, is_azure, is_terraform
from scanner.model.unknown import Unknown
from scanner.model.verdict import Verdict, verdict_of_code
from scanner.packs.loader import Pack
from scanner.report import Report
from scanner.scan import Options, scan
from scanner.sources.repository import RepositorySource

DEFAULT_CLUSTER = "aks-prd-weu-01"
"""Cluster a case is for when its first line does not say ``# cluster: NAME``."""

CLOCK = datetime(2026, 11, 21, 6, tzinfo=UTC)
"""The instant at which every case is judged."""

_EXPECTATION = re.compile(
    r"^\s*(?:#|//) (?P<verdict>fail|unknown)(?: (?P<fingerprint>[0-9a-f]{12}))?: (?P<message>.*\S)\s*$"
)
_KINDS = {
    "terraform": (".tf",),
    "bicep": (".bicep",),
    "arm": (".arm.json",),
    "live": (".live.json",),
    "estate": (".estate.yaml",),
    "manifests": (".yaml", ".json"),
}
"""Kind of source → the ends of the names of its cases; the first kind that fits counts."""
_SLASHES = (".bicep", ".arm.json", ".live.json")
"""Cases whose comments begin with two slashes."""
_OF_AZURE = ("terraform", "bicep", "arm", "live")
"""Kinds of source that Azure resources come from."""
_CLUSTER = re.compile(r"\A(?:#|//) cluster: (\S+)")
_COMMENT_LINE = re.compile(rb"^[ \t]*//[^\n]*$", re.MULTILINE)


class Stated(NamedTuple):
    """A Finding, as a case states it or as a run found it."""

    line: int
    verdict: str
    message: str
    fingerprint: str
    """Its first 12 hexadecimal digits."""


class Fault(NamedTuple):
    """One thing that is wrong with one Rule or case."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class Proof:
    """Outcome of all cases of one Rule."""

    rule: Rule
    cases: int
    faults: tuple[Fault, ...]


def prove(
    packs: Sequence[Pack], *, update: bool = False, only: Iterable[str] = (), rego_engine: str = "auto"
) -> Iterator[Proof]:
    """Yield a Proof for every Rule of ``packs``; ``update`` first writes what was found into the cases.

    ``rego_engine`` is as in :class:`scanner.scan.Options`: the same cases must hold on every engine.
    """
    wanted = frozenset(only)
    estate = load_estate(os.path.join(os.path.dirname(__file__), "proof_estate.yaml"))
    for pack in packs:
        for rule in pack.rules:
            if not wanted or rule.id in wanted:
                yield _Prover(pack, rule, estate, update, rego_engine).prove()


def case_files(rule: Rule) -> tuple[str, ...]:
    """Return the absolute paths of the cases of ``rule``, sorted."""
    folder = os.path.join(rule.folder, "cases")
    if not os.path.isdir(folder):
        return ()
    names = sorted(entry.name for entry in os.scandir(folder) if _kind_of(entry.name))
    return tuple(os.path.join(folder, name) for name in names)


def _kind_of(name: str) -> str:
    """Return the kind of source that a file is a case of; empty where it is none."""
    if name == "estate.yaml":
        return ""
    return next((kind for kind, ends in _KINDS.items() if name.endswith(ends)), "")


def _point(rule: Rule) -> str:
    """Return the enforcement point that ``rule`` is proven at: the gate, if it runs there."""
    return "gate" if "gate" in rule.points and "live" not in rule.needs else rule.points[-1]


def _kinds_needed(rule: Rule, files: Iterable[str]) -> tuple[str, ...]:
    """Return the kinds of source that what ``rule`` applies to can come from, of which ``files`` are cases.

    What needs live resources is asked of nothing else; of Kubernetes the live shape has to be proven once it is begun.
    """
    if "live" in rule.needs:
        return ("live",)
    kinds: dict[str, None] = {}
    if any(_kind_of(os.path.basename(file)) == "live" for file in files):
        kinds["live"] = None
    for type_ in rule.applies_to:
        kinds.update(dict.fromkeys(_kinds_of(type_)))
    return tuple(kinds)


def _kinds_of(type_: str) -> tuple[str, ...]:
    """Return the kinds of source that Resources of a type can come from."""
    if is_azure(type_):
        return _OF_AZURE
    if is_terraform(type_):
        return ("terraform",)
    return ("estate",) if type_ == ESTATE else ("manifests",)


@contextmanager
def _alone(file: str) -> Iterator[str]:
    """Give a folder that holds nothing but a copy of ``file``: what stands beside a case is no part of it."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="bulkhead-case-") as folder:
        _copy(file, folder)
        yield folder


def _copy(file: str, folder: str) -> None:
    """Copy a case; the live shape is strict JSON, which has no comments, so their lines are emptied."""
    name = os.path.basename(file)
    with open(file, "rb") as case, open(os.path.join(folder, name), "wb") as copy:
        text = case.read()
        copy.write(_COMMENT_LINE.sub(b"", text) if _kind_of(name) == "live" else text)


def stated(text: str) -> tuple[Stated, ...]:
    """Return the expectations in the text of a case; each stands above the line where the Finding is to be."""
    found: list[Stated] = []
    waiting: list[re.Match[str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        match = _EXPECTATION.match(line)
        if match is not None:
            waiting.append(match)
        elif waiting and line.strip() and not line.lstrip().startswith(("#", "//")):
            found.extend(Stated(number, m["verdict"], m["message"], m["fingerprint"] or "") for m in waiting)
            waiting = []
    return tuple(found)


class _Prover:
    """Runs the cases of one Rule."""

    def __init__(self, pack: Pack, rule: Rule, estate: Estate, update: bool, rego_engine: str) -> None:
        self._pack = pack
        self._rule = rule
        own = os.path.join(rule.folder, "cases", "estate.yaml")
        self._estate = load_estate(own) if os.path.isfile(own) else estate
        self._update = update
        self._rego_engine = rego_engine
        self._faults: list[Fault] = []
        self._read: set[Path] = set()
        self._weighed: set[Path] = set()

    def prove(self) -> Proof:
        files = case_files(self._rule)
        manifest = os.path.join(self._rule.folder, "rule.md")
        names = [os.path.basename(file) for file in files]
        for source in _kinds_needed(self._rule, files):
            for verdict in ("fail", "pass"):
                if not any(name.startswith(f"{verdict}.") and _kind_of(name) == source for name in names):
                    wanted = f"{verdict}{_KINDS[source][0]}"
                    self._faults.append(Fault(manifest, 1, f"there is no case '{wanted}' in {self._rule.folder}/cases"))
        for file in files:
            try:
                self._case(file)
            except BulkheadError as error:
                self._faults.append(Fault(file, 1, str(error)))
        if files:
            unseen = [path for path in self._rule.looks_at if path not in self._read]
            for path in unseen:
                text = format_path(path)
                self._faults.append(Fault(manifest, 1, f"no case has a value at '{text}', which the rule reads"))
            for path in self._rule.weighs:
                if path in self._read and path not in self._weighed:
                    text = format_path(path)
                    told = f"the rule does not weigh '{text}': in no case does an Unknown there give 'unknown'"
                    self._faults.append(Fault(manifest, 1, told))
        return Proof(self._rule, len(files), tuple(self._faults))

    def _case(self, file: str) -> None:
        with open(file, encoding="utf-8") as stream:
            text = stream.read()
        cluster = _CLUSTER.match(text)
        with _alone(file) as folder:
            name = os.path.basename(file)
            source = RepositorySource(
                [name],
                base=folder,
                default_cluster=cluster[1] if cluster else DEFAULT_CLUSTER,
                estate=name if _kind_of(name) == "estate" else "",
            )
            report = self._scan(source)
            found = tuple(_stated(finding) for finding in report.findings)
            if self._update:
                text = _restate(text, found, "//" if name.endswith(_SLASHES) else "#")
                with open(file, "w", encoding="utf-8") as stream:
                    stream.write(text)
                _copy(file, folder)
                report = self._scan(source)
                found = tuple(_stated(finding) for finding in report.findings)
            self._compare(file, stated(text), found)
            self._check_verdicts(file, report)
            self._check_reads(file, source)

    def _scan(self, source: RepositorySource) -> Report:
        return scan(
            [source],
            [self._pack],
            [self._rule],
            self._estate,
            options=Options(
                point=_point(self._rule), jobs=1, rego_engine=self._rego_engine, today=CLOCK.date(), now=CLOCK
            ),
        )

    def _compare(self, file: str, wanted: tuple[Stated, ...], found: tuple[Stated, ...]) -> None:
        left = list(found)
        for one in wanted:
            match = next((other for other in left if _agree(one, other)), None)
            if match is not None:
                left.remove(match)
                continue
            near = next((other for other in left if other.line == one.line), None)
            but = f"; found there: {near.verdict} {near.fingerprint}: {near.message}" if near else ""
            self._fault(file, one.line, f"stated but not found: {one.verdict} {one.fingerprint}: {one.message}{but}")
        for other in left:
            self._fault(file, other.line, f"found but not stated: {other.verdict} {other.fingerprint}: {other.message}")

    def _check_verdicts(self, file: str, report: Report) -> None:
        """The name of a case says what it must give at least once: fail, pass, unknown or skip."""
        kind = os.path.basename(file).split(".")[0]
        verdicts = {verdict.value for judged in report.judged for _, verdict in judged.verdicts()}
        verdicts |= {finding.verdict.value for finding in report.findings}  # a resource may fail and be unknown too
        if kind not in {verdict.value for verdict in Verdict}:
            self._fault(file, 1, "the name of a case begins with fail, pass, unknown or skip")
        elif kind not in verdicts:
            self._fault(file, 1, f"no resource gets the verdict '{kind}'; there are {sorted(verdicts)}")
        if kind == "pass" and verdicts - {"pass", "skip"}:
            self._fault(file, 1, f"a pass case must give nothing but pass and skip; there are {sorted(verdicts)}")
        for entry in report.incomplete():
            self._fault(file, entry.line or 1, entry.reason)

    def _check_reads(self, file: str, source: RepositorySource) -> None:
        resources = [resource for page in source.pages() for resource in page.read().resources]
        trial = _Trial(self._pack, self._rule, resources, self._estate, self._rego_engine)
        try:
            for resource in trial.subjects():
                self._check_projection(file, trial, resource)
                for pattern in self._rule.looks_at:
                    self._check_unknown(file, trial, resource, pattern)
            for type_ in sorted(self._rule.looks_up.keys() - self._rule.looks_for):
                if any(resource.type == type_ for resource in resources):
                    self._check_absence(file, trial, resources, type_)
        finally:
            trial.close()

    def _check_absence(self, file: str, whole: "_Trial", resources: list[Resource], type_: str) -> None:
        """A type without which a Resource fails is one that the Rule looks for, and has to be named as such."""
        passing = [one for one in whole.subjects() if whole.verdict(one) is Verdict.PASS]
        for resource in passing:
            left = [one for one in resources if one.type != type_ or one.key == resource.key]
            trial = _Trial(self._pack, self._rule, left, self._estate, self._rego_engine)
            try:
                if trial.verdict(resource) is Verdict.FAIL:
                    self._fault(file, 1, f"{resource.title}: it fails without {type_}; name that in 'looks_for'")
            finally:
                trial.close()

    def _check_projection(self, file: str, trial: "_Trial", resource: Resource) -> None:
        whole, reduced = trial.judge(resource), trial.judge(trial.reduce(resource))
        if (whole.codes, _messages(whole)) != (reduced.codes, _messages(reduced)):
            self._fault(file, 1, f"{resource.title}: attributes outside 'reads' change the verdict; declare them")

    def _check_unknown(self, file: str, trial: "_Trial", resource: Resource, pattern: Path) -> None:
        for attribute in read_paths((pattern,), resource.type):
            for path in expand(resource.attributes, attribute):
                self._read.add(pattern)
                changed = replace(
                    resource,
                    attributes=_with(resource.attributes, path, Unknown("it was replaced by the test")),
                    unknowns=(path,),
                )
                judgement = trial.judge(changed)
                if any(fault.verdict is Verdict.UNKNOWN for _, fault in judgement.faults):
                    self._weighed.add(pattern)
                elif pattern not in self._rule.weighs or judgement.failures:
                    verdict = verdict_of_code(judgement.codes[0]).value
                    self._fault(file, 1, f"{resource.title}: Unknown at {format_path(path)} gives '{verdict}'")

    def _fault(self, file: str, line: int, message: str) -> None:
        self._faults.append(Fault(file, line, message))


class _Trial:
    """One Rule, ready to be asked about variants of the Resources of one case."""

    def __init__(self, pack: Pack, rule: Rule, resources: list[Resource], estate: Estate, rego_engine: str) -> None:
        self._rule = rule
        self._selection: Selection = select([rule], point=_point(rule), estate=True)
        self._inventory = Inventory(resources).resolved(estate)
        context = Context(self._inventory, estate, CLOCK)
        self._programs = Workshop(self._selection, (pack,), rego_engine, data=context.data()).programs()
        self._judge = Judge(self._programs, context)

    def subjects(self) -> Iterator[Resource]:
        """Yield the Resources that the Rule applies to and has an answer for."""
        for resource in self._inventory:
            asked = self._selection.of(resource.type)
            is_asked = (asked.local or asked.wide) and not resource.unknowns
            if is_asked and self.verdict(resource) in (Verdict.PASS, Verdict.FAIL):
                yield resource

    def verdict(self, resource: Resource) -> Verdict:
        """Return what the Rule says of ``resource``."""
        return verdict_of_code(self.judge(resource).codes[0])

    def judge(self, resource: Resource) -> Judgement:
        return self._judge.judge((self._rule,), resource)

    def reduce(self, resource: Resource) -> Resource:
        """Return ``resource`` with nothing but its identity and what the Rule reads."""
        return Projection(resource.type, (*ALWAYS, *self._rule.looks_at)).apply(resource)

    def close(self) -> None:
        self._programs.close()


def _messages(judgement: Judgement) -> list[tuple[str, Path]]:
    return sorted((fault.message, fault.at) for _, fault in judgement.faults)


def _stated(finding: Finding) -> Stated:
    region = finding.location.region
    return Stated(region.line if region else 1, finding.verdict.value, finding.message, finding.fingerprint[:12])


def _agree(wanted: Stated, found: Stated) -> bool:
    """Whether a run found what a case states; a case that is not finished may leave the fingerprint out."""
    return wanted[:3] == found[:3] and wanted.fingerprint in ("", found.fingerprint)


def _restate(text: str, found: Iterable[Stated], mark: str = "#") -> str:
    """Return ``text`` with its expectations replaced by what was found; ``mark`` begins a comment."""
    by_line: dict[int, list[Stated]] = {}
    for one in found:
        by_line.setdefault(one.line, []).append(one)
    lines: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        if _EXPECTATION.match(line):
            continue
        indent = line[: len(line) - len(line.lstrip())]
        lines.extend(
            f"{indent}{mark} {one.verdict} {one.fingerprint}: {one.message}" for one in by_line.get(number, ())
        )
        lines.append(line)
    return "\n".join(lines) + "\n"


def _with(value: Any, path: Path, new: Any) -> Any:
    """Return ``value`` with ``new`` at ``path``; only the containers on the way are copied."""
    if not path:
        return new
    step, rest = path[0], path[1:]
    copy: Any = dict(value) if isinstance(value, Mapping) else list(value)
    copy[step] = _with(value[step], rest, new)
    return copy
