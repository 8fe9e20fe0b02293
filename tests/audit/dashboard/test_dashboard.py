"""The dashboard, the summary and the table: what they say, that they stand alone, and that a tenant's is its own."""

import csv
import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path

import pytest

pytest.importorskip("alembic", reason="the extra 'audit' is not installed")
if find_spec("pygal") is None:  # not imported here: it changes how everything else is imported
    pytest.skip("the extra 'audit' is not installed", allow_module_level=True)

from scanner.audit.dashboard import overview, page, summary, table
from scanner.audit.dashboard.charts import trend
from scanner.audit.store import Store, open_store
from scanner.model.verdict import Verdict
from tests.audit.store.runs import LOW, found, recorded, unread
from tests.cli.running import bulkhead
from tests.formats.builder import KESTREL, rule

CONTROLLED = rule("ISO-001", "No pod is privileged", controls={"cis-kubernetes": ("5.2.1",)})


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Three runs: something stays, something is mended, something is lost from sight, something is another's."""
    one = open_store(f"sqlite:///{tmp_path_factory.mktemp('dashboard') / 'audit.db'}")
    recorded(one, found("stays"), found("mended"), found("lost", cluster="test"))
    recorded(one, found("stays"), found("mended"), found("lost", cluster="test"), day=1)
    recorded(
        one,
        found("stays"),
        found("new", message="<script>alert(1)</script> =cmd()"),
        found("unclear", verdict=Verdict.UNKNOWN),
        found("theirs", tenancy=KESTREL, about=LOW, message="kestrel's own"),
        rules=(CONTROLLED, LOW),
        ledger=[unread("test", "503 <throttled>")],
        evidence={"ISO-001": "ab" * 32},
        day=2,
    )
    yield one
    one.close()


def text_of(html: str) -> str:
    """What a reader of the page sees, in one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", re.sub(r"<style>.*?</style>", "", html, flags=re.S)))


def test_the_page_says_what_is_new_and_what_was_not_seen(store: Store) -> None:
    told = text_of("".join(page(overview(store, 3))))
    assert "2 new findings 3 findings open, 1 finding fixed" not in told
    assert "2 new findings 3 findings open, 1 fixed since 2026-11-02T02:00:00Z" in told
    assert "Not seen, or not in full 1 entry unreachable test 503 &lt;throttled&gt;" in told
    assert "t04 1 1 1 1 – 1" in told, "new, fixed, still open, unknown, accepted, out of sight"
    assert "tenant_isolation" in told
    assert "cis-kubernetes 5.2.1 1 rule" in told
    assert "ab" * 32 in told
    assert "no control 1 rule" in told
    assert "since 2026-11-01" in told


class Tags(HTMLParser):
    """Collects the elements of a page, and checks that they close."""

    VOID = frozenset(("meta", "br", "link", "img", "input"))

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_stands_alone_and_runs_nothing(store: Store) -> None:
    html = "".join(page(overview(store, 3)))
    tags = Tags()
    tags.feed(html)
    assert tags.open == []
    assert not tags.seen & {"script", "link", "img", "iframe", "object", "image", "use"}
    assert not {name for name in tags.attributes if name.startswith("on")}
    assert not tags.attributes & {"src", "href", "style", "xlink:href"}
    assert "url(" not in html
    assert set(re.findall(r"https?://[^\"' ]+", html)) <= {"http://www.w3.org/2000/svg"}
    assert "&lt;script&gt;alert(1)" in html
    assert html.count("<svg ") == 4


def test_a_chart_has_every_number_and_nothing_of_its_library(store: Store) -> None:
    drawn = trend("Open", ["11-01", "11-02"], {"a": [1, 2], "b": [0, 4]})
    assert drawn.startswith(
        '<svg xmlns="http://www.w3.org/2000/svg" class="pygal-chart" viewBox="0 0 640 230" role="img"'
    )
    assert not re.search(r"<script|<style|<desc|<title|<!--|pygal\.org", drawn)
    assert len(re.findall(r'<path d="[^"]+" class="line reactive', drawn)) == 2
    assert set(re.findall(r"color-\d", drawn)) == {"color-0", "color-1"}
    assert re.findall(r">(\d\d-\d\d)</text>", drawn) == ["11-01", "11-02"]
    assert trend("Open", ["11-01"], {"a": [3]}) == trend("Open", ["11-01"], {"a": [3]})


def test_the_first_run_has_nothing_to_compare_with(store: Store) -> None:
    first = overview(store, 1)
    assert first.changes is None
    assert [len(first.part(name)) for name in ("introduced", "fixed", "still_open")] == [3, 0, 0]
    assert "3 new findings" in text_of("".join(page(first)))
    assert overview(store, 3, since=1).changes is not None


def test_a_first_run_that_found_nothing_has_a_page(tmp_path: Path) -> None:
    one = open_store(f"sqlite:///{tmp_path / 'audit.db'}")
    recorded(one)
    assert "Nothing new" in "".join(page(overview(one, 1)))
    one.close()


def test_the_summary_is_short_and_harmless(store: Store) -> None:
    told = "".join(summary(overview(store, 3)))
    assert told.startswith(
        "# Audit: 2 new findings\n\nestate erp, run 3 of 2026-11-03T02:00:00Z, since run 2 of 2026-11-02T02:00:00Z\n\n"
        "| new | fixed | still open | became unknown | accepted | out of sight |\n|---:|---:|---:|---:|---:|---:|\n"
        "| 2 | 1 | 1 | 1 | 0 | 1 |\n"
    )
    assert "<script" not in told
    assert "- unreachable test: 503 &lt;throttled&gt;\n" in told


def test_the_table_has_every_finding_once(store: Store) -> None:
    rows = list(csv.DictReader(io.StringIO("".join(table(overview(store, 3))))))
    assert {(row["resource"].rpartition("/")[2], row["change"]) for row in rows} == {
        ("stays", "still open"),
        ("new", "new"),
        ("theirs", "new"),
        ("mended", "fixed"),
        ("lost", "out of sight"),
        ("unclear", "became unknown"),
    }
    assert len(rows) == 6


def test_a_tenant_reads_nothing_of_others(store: Store) -> None:
    seen = overview(store, 3, tenant="t04")
    for render in (page, summary, table):
        told = "".join(render(seen))
        assert "shop/new" in told
        for theirs in ("kestrel", "t11", "theirs", "503", "SUP-001", "ab" * 32):
            assert theirs not in told


def test_reports_are_written_by_the_command_line(store: Store, tmp_path: Path) -> None:
    url = f"sqlite:///{store.name}"
    metrics = tmp_path / "bulkhead.prom"
    run = bulkhead(
        "runs", "report", "--store", url, "--report", f"html={tmp_path / 'a.html'}", "--report", "markdown=-",
        "--report", f"prometheus={metrics}",
    )  # fmt: skip
    assert (run.code, run.stderr) == (0, "")
    assert run.stdout == "".join(summary(overview(store, 3)))
    assert (tmp_path / "a.html").read_text("utf-8") == "".join(page(overview(store, 3)))
    assert 'bulkhead_audit_findings{severity="high"} 2\n' in metrics.read_text("utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "bulkhead.prom"], "no file is left beside"
    for arguments, message in (
        (("--report", "pdf=x"), "cannot write report 'pdf=x'"),
        (("--tenant", "t04", "--report", "prometheus=-"), "cannot write metrics for one tenant"),
    ):
        refused = bulkhead("runs", "report", "--store", url, *arguments)
        assert (refused.code, message in refused.stderr) == (2, True)
