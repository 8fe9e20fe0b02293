"""Pages, the retained Inventory and the two halves of a run, over a Source made in memory."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from scanner.engine.findings import Locator
from scanner.model.exemption import Exemption
from scanner.model.ledger import LedgerEntry, State
from scanner.model.location import Origin, Region
from scanner.model.resource import Resource
from scanner.model.verdict import Verdict
from scanner.report import Gate, Report
from scanner.scan import Options, scan
from scanner.sources.interface import Page, PageContent, Source
from tests.packs.test_loader import write_pack

TODAY = date(2026, 11, 21)
CODE = """
def check(resource):
    if resource.value("spec", "bad"):
        yield resource.fail("bad is true; false is required", "spec.bad")
"""
LOOKING = """
def check(resource, inventory):
    for other in inventory.of_type("core/Pod", resource.cluster):
        if other.key != resource.key and other.value("spec", "bad"):
            yield resource.fail("another one is bad", "spec", related=[(other, ("spec", "bad"), "this one")])
"""


@dataclass(frozen=True, slots=True)
class MemoryPage(Page):
    file: str
    resources: tuple[Resource, ...] = ()
    entries: tuple[LedgerEntry, ...] = ()
    exemptions: tuple[Exemption, ...] = field(default=())
    beside: tuple[Resource, ...] = ()

    @property
    def name(self) -> str:
        return self.file

    def read(self) -> PageContent:
        return PageContent(self.resources, self.entries, self.exemptions, beside=self.beside)

    def locator(self) -> Locator:
        return lambda origin, path: Region(len(path), 1, len(path), 2)


class MemorySource(Source):
    kind = "memory"

    def __init__(self, *pages: MemoryPage) -> None:
        self._pages = pages

    def pages(self) -> Iterator[Page]:
        yield from self._pages


def pod(name: str, bad: bool, file: str) -> Resource:
    attributes = {"metadata": {"name": name, "labels": {"app": name}}, "spec": {"bad": bad, "hostname": "x"}}
    return Resource(f"c/core/Pod/shop/{name}", "core/Pod", attributes, Origin("memory", file), "c", "shop", name)


def page(name: str, bad: bool = False) -> MemoryPage:
    file = f"{name}.yaml"
    return MemoryPage(file, (pod(name, bad, file),), (LedgerEntry(file, State.SCANNED, resources=1),))


def run(tmp_path: object, code: str, *pages: MemoryPage, front: str = "", **options: object) -> Report:
    from pathlib import Path as FilePath

    from scanner.packs.loader import load_packs

    assert isinstance(tmp_path, FilePath)
    folder = write_pack(tmp_path / "packs", code=code)
    manifest = folder / "one" / "rule.md"
    text = manifest.read_text().replace("  - views.containers[*].securityContext.privileged", "  - spec.bad")
    manifest.write_text(text.replace("points:", f"{front}points:"))
    packs = load_packs([str(folder)])
    return scan([MemorySource(*pages)], packs, packs[0].rules, options=Options(today=TODAY, jobs=1, **options))  # type: ignore[arg-type]


LOOKS_UP = "needs: [inventory]\nlooks_up: {core/Pod: [spec.bad]}\n"


def test_every_resource_gets_its_verdict_and_the_faulty_one_a_finding(tmp_path: object) -> None:
    report = run(tmp_path, CODE, page("a"), page("b", bad=True))
    verdicts = {judged.key: [verdict for _, verdict in judged.verdicts()] for judged in report.judged}
    assert verdicts == {"c/core/Pod/shop/a": [Verdict.PASS], "c/core/Pod/shop/b": [Verdict.FAIL]}
    (finding,) = report.findings
    assert (finding.rule, finding.message) == ("ACME-001", "bad is true; false is required")
    assert finding.location.region == Region(2, 1, 2, 2)
    assert report.exit_code() == 1


def test_a_wide_rule_sees_the_others_and_points_at_them(tmp_path: object) -> None:
    report = run(tmp_path, LOOKING, page("a"), page("b", bad=True), front=LOOKS_UP)
    (finding,) = report.findings
    assert finding.resource == "c/core/Pod/shop/a"
    assert finding.related[0].resource == "c/core/Pod/shop/b"
    assert finding.related[0].location.file == "b.yaml"
    assert {verdict for judged in report.judged for _, verdict in judged.verdicts()} == {Verdict.PASS, Verdict.FAIL}


def test_what_stands_beside_is_looked_up_and_not_judged(tmp_path: object) -> None:
    asked = MemoryPage("a.yaml", (pod("a", False, "a.yaml"),), beside=(pod("b", True, "b.yaml"),))
    report = run(tmp_path, LOOKING, asked, front=LOOKS_UP)
    assert [judged.key for judged in report.judged] == ["c/core/Pod/shop/a"]
    (finding,) = report.findings
    assert (finding.resource, finding.related[0].resource) == ("c/core/Pod/shop/a", "c/core/Pod/shop/b")
    assert finding.related[0].location.file == "b.yaml"


def test_a_check_that_raises_makes_the_run_incomplete_and_is_told_once(tmp_path: object) -> None:
    report = run(tmp_path, "def check(resource):\n    raise KeyError('x')\n    yield\n", page("a"), page("b"))
    assert [finding.verdict for finding in report.findings] == [Verdict.ERROR]
    (entry,) = report.incomplete()
    assert entry.reason == (
        "rule ACME-001 could not be evaluated on 2 resources: the rule raised KeyError at rule.py:2"
    )
    assert entry.rule == "ACME-001"
    assert report.exit_code() == 3
    junk = run(tmp_path, "def check(resource):\n    yield 1\n", page("a"), gate=Gate(incomplete="warn"))
    assert junk.findings[0].message == "check must yield what resource.fail(), unknown() and skip() return"
    assert junk.exit_code() == 0


def test_one_object_in_two_files_gives_two_fingerprints(tmp_path: object) -> None:
    twice = MemoryPage("z.yaml", (pod("b", True, "z.yaml"),))
    alone = run(tmp_path, CODE, page("b", bad=True)).findings[0].fingerprint
    both = [finding.fingerprint for finding in run(tmp_path, CODE, page("b", bad=True), twice).findings]
    assert both[0] == alone, "the first one keeps its identity"
    assert len(set(both)) == 2


def test_moving_an_object_to_another_file_changes_no_fingerprint(tmp_path: object) -> None:
    moved = MemoryPage("elsewhere.yaml", (pod("b", True, "elsewhere.yaml"),))
    here, there = run(tmp_path, CODE, page("b", bad=True)), run(tmp_path, CODE, moved)
    assert here.findings[0].fingerprint == there.findings[0].fingerprint


def test_an_inline_exemption_covers_its_path_and_is_reported_as_used(tmp_path: object) -> None:
    exemption = Exemption(
        "inline:b.yaml:1", ("ACME-*",), "because", "inline", "b.yaml", 1, resource="c/core/Pod/shop/b", path=("spec",)
    )
    source = page("b", bad=True)
    report = run(tmp_path, CODE, MemoryPage(source.file, source.resources, source.entries, (exemption,)))
    assert report.findings[0].exemption == exemption
    assert report.exemptions_used == (exemption,)
    assert report.exit_code() == 0
    assert report.counts().exempted == 1


def test_the_ledger_of_all_pages_is_in_the_report(tmp_path: object) -> None:
    broken = MemoryPage("x.yaml", (), (LedgerEntry("x.yaml", State.UNPARSED, "a tab", 3, 1, incomplete=True),))
    report = run(tmp_path, CODE, page("a"), broken)
    assert [entry.input for entry in report.ledger] == ["a.yaml", "x.yaml"]
    assert report.exit_code() == 3
