"""One set of objects, asked about at the three enforcement points: as files, as requests, as what a cluster holds.

Everything goes in through the flags of the commands, so that what each point makes of an estate, of exemptions and of
the clock is compared too.
"""

import json
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import chdir
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from scanner.audit.executors.interface import Result, Task
from scanner.audit.run import nobody
from scanner.audit.summary import digest_of
from scanner.model.finding import Finding
from scanner.model.resource import Resource
from scanner.model.types import is_azure, is_terraform
from scanner.model.unknown import Unknown
from scanner.model.verdict import verdict_of_code
from scanner.packs.loader import builtin_packs, unique_rules
from scanner.points.admission.dumped import dumped_context
from scanner.points.admission.request import read_request
from scanner.points.admission.reviewer import Reviewer
from scanner.points.admission.setup import setup_of
from scanner.points.audit import conduct
from scanner.points.gate import evaluate
from scanner.points.inputs import load_inputs, source_of
from scanner.points.request import Request
from scanner.report import Report
from tests.audit.estates import Inline, flags
from tests.points.admission.reviews import body, review

PACKS = builtin_packs()
RULES = tuple(rule for rule in unique_rules(PACKS).values() if "admission" in rule.points)
IDS = frozenset(rule.id for rule in RULES)
NOT_INLINE = "exemptions: {inline: forbid}\n"
"""Whoever writes an object must not be the one to exempt it, so admission knows no exemptions in comments."""
UNRESOLVED, TWICE = "a value is not known before it is rendered", "a cluster has one object of a name"


class Told(NamedTuple):
    """What one point says of one object."""

    verdicts: Mapping[str, str]
    findings: tuple[tuple[str, ...], ...]


Answers = Mapping[str, Told]
"""By key of the Resource."""


@dataclass
class World:
    """Files as the gate scans them, and the same as a cluster that holds what is in them."""

    scanned: Path
    """File or folder that the gate scans."""
    folder: Path
    """For what is written: the dump, the state of the audit."""
    cluster: str
    estate: Path
    exemptions: tuple[Path, ...] = ()
    clock: str = "2026-11-21T06:00:00Z"
    left_out: Counter[str] = field(default_factory=Counter)
    """Why objects are not compared → how many."""

    def differences(self) -> tuple[int, list[str]]:
        """Return how many verdicts were compared, and where the three points differ."""
        with chdir(self.folder):  # what is around the files has no say in what they are
            gate, admission, audit = self.gate(), self.admission(), self.audit()
        assert gate.keys() == admission.keys() == audit.keys() == set(self.compared)
        different = [
            f"{key}: the gate says {gate[key]}\n  {point} {told[key]}"
            for point, told in (("admission", admission), ("audit", audit))
            for key in gate
            if told[key] != gate[key]
        ]
        return sum(len(told.verdicts) for told in gate.values()), different

    def gate(self) -> Answers:
        """Ask about the files; where not all of them can be in a cluster, about files with what can."""
        dump = self.dump
        report = evaluate(self._request(dump if self.left_out else self._files))
        verdicts = {one.key: {rule: verdict.value for rule, verdict in one.verdicts()} for one in report.judged}
        return self._answers(verdicts, report.findings)

    def admission(self) -> Answers:
        """Send each object for review, beside all others."""
        setup, _ = setup_of(self._flags)
        reviewer = Reviewer(setup)
        try:
            reviewer.context, _ = dumped_context(self.dump, reviewer.selection, setup.estate, self.cluster)
            answers = {}
            for key, value in self.compared.items():
                decision = reviewer.decide(read_request(body(review(value))), 60.0)
                found = (*(one.finding for one in decision.decided), *decision.accepted)
                answers[key] = _told({rule: verdict.value for rule, verdict in decision.verdicts.items()}, found, key)
            return answers
        finally:
            reviewer.close()

    def audit(self) -> Answers:
        """Ask about what the cluster holds."""
        verdicts: dict[bytes, dict[str, str]] = {}
        with patch.object(conduct, "parse_executor", lambda text: _Choice(verdicts)):
            report = self._audited()
        by_key = {key: verdicts.get(digest_of(key), {}) for key in self.compared}
        return self._answers(by_key, report.findings)

    def _audited(self) -> Report:
        given = flags({self.cluster: Path(self.dump)}, self.folder / "work")
        return conduct.audit({**given, **self._flags, "only_scopes": (self.cluster,)}, nobody)

    @cached_property
    def compared(self) -> dict[str, Any]:
        """Key → the object as an API server has it, of all that can be in a cluster."""
        stored = [one for one in self._resources() if not is_azure(one.type) and not is_terraform(one.type)]
        times = Counter(one.key for one in stored)
        found = {}
        for one in stored:
            if times[one.key] > 1:
                self.left_out[TWICE] += 1
            elif one.unknowns and one.type != "core/Secret":
                self.left_out[UNRESOLVED] += 1
            else:
                found[one.key] = plain(one.attributes)
        return found

    @cached_property
    def dump(self) -> str:
        """Path of what ``kubectl get -o json`` would say of the cluster."""
        path = self.folder / "dump.json"
        listed = {"apiVersion": "v1", "kind": "List", "items": list(self.compared.values())}
        path.write_text(json.dumps(listed, default=str), "utf-8")
        return str(path)

    @cached_property
    def _files(self) -> str:
        copy = self.folder / "files" / self.scanned.name
        if self.scanned.is_dir():
            shutil.copytree(self.scanned, copy)
        else:
            copy.parent.mkdir()
            shutil.copy(self.scanned, copy)
        return str(copy)

    @cached_property
    def _flags(self) -> dict[str, Any]:
        config = self.folder / "bulkhead.yaml"
        config.write_text(NOT_INLINE, "utf-8")
        return {
            "config": str(config),
            "estate": str(self.estate),
            "exemptions": tuple(map(str, self.exemptions)),
            "today": self.clock,
            "cluster": self.cluster,
        }

    def _request(self, scanned: str) -> Request:
        return Request.of({**self._flags, "paths": (scanned,), "jobs": 1})

    def _resources(self) -> Iterator[Resource]:
        request = self._request(self._files)
        for page in source_of(request, load_inputs(request).estate).pages():
            yield from page.read().resources

    def _answers(self, verdicts: Mapping[str, Mapping[str, str]], findings: Iterable[Finding]) -> Answers:
        of_key: dict[str, list[Finding]] = {key: [] for key in self.compared}
        for found in findings:
            if found.resource in of_key and found.rule in IDS:
                of_key[found.resource].append(found)
        return {key: _told(verdicts[key], of_key[key], key) for key in self.compared}


def plain(value: Any) -> Any:
    """The object as the API server sends it: with the values of a Secret."""
    if isinstance(value, Unknown):
        return "Y2FuYXJ5"
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def _told(verdicts: Mapping[str, str], findings: Iterable[Finding], key: str) -> Told:
    # where the name is yet to be generated, the key and all made of it differ
    unnamed = ":generateName:" in key or "/generateName:" in key
    said = sorted(
        (
            one.rule,
            one.verdict.value,
            one.message,
            "" if unnamed else one.fingerprint,
            one.exemption.id if one.exemption else "",
            one.tenancy.tenant or "-",
        )
        for one in findings
    )
    return Told({rule: verdict for rule, verdict in sorted(verdicts.items()) if rule in IDS}, tuple(said))


class _Choice:
    """Chooses what answers in this process and keeps every verdict, which a report of an audit only counts."""

    def __init__(self, verdicts: dict[bytes, dict[str, str]]) -> None:
        self._verdicts = verdicts

    def open(self, craft: Any) -> "_Telling":
        return _Telling(craft, self._verdicts)


class _Telling(Inline):
    def __init__(self, craft: Any, verdicts: dict[bytes, dict[str, str]]) -> None:
        super().__init__(craft, -1)
        self._verdicts = verdicts

    def run(self, tasks: Iterable[Task[Any]]) -> Iterator[Result[Any]]:
        """See :meth:`Inline.run`."""
        for result in super().run(tasks):
            for summary in result.answers:
                for (rules, codes), digests in summary.groups.items():
                    told = {rule: verdict_of_code(code).value for rule, code in zip(rules, codes, strict=True)}
                    for digest in digests:
                        self._verdicts.setdefault(digest, {}).update(told)
            yield result
