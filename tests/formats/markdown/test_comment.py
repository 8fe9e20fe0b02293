import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from scanner.formats.markdown.comment import COMMENT_CHARACTERS, MARK, SUMMARY_BYTES
from scanner.model.finding import Occurrence
from scanner.model.ledger import LedgerEntry, State
from scanner.model.severity import Severity
from scanner.report import Gate, Report
from tests.formats.builder import DUNMORE, KESTREL, at, finding, report, rule
from tests.formats.comparisons import compared, new_only
from tests.formats.hostile import hostile
from tests.formats.rendering import rendered
from tests.formats.snapshots_of import assert_snapshot

LINK = "https://github.com/acme/erp/blob/c0ffee/{file}#L{line}-L{end_line}"


class Tags(HTMLParser):
    """Collects the elements that a renderer of Markdown would let through as HTML."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.feed(re.sub(r"(`+).*?\1", "", text))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not attrs
        self.seen.add(tag)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_whole_output(full: Report) -> None:
    assert_snapshot("report.md", rendered("markdown", full, source_link=LINK))


def test_the_whole_output_of_a_comparison(full: Report) -> None:
    assert_snapshot("compared.md", rendered("markdown", new_only(full), comparison=compared(full)))


def test_the_whole_summary(full: Report) -> None:
    assert_snapshot("report.github-summary.md", rendered("github-summary", full, source_link=LINK))


def test_a_passing_gate(full: Report) -> None:
    text = rendered("markdown", report([]))

    assert text.splitlines()[:2] == [MARK, "## Bulkhead: gate passed"]
    assert "|" not in text


@pytest.mark.parametrize(
    ("name", "limit", "size"),
    [
        ("markdown", COMMENT_CHARACTERS, lambda text: len(text.encode("utf-16-le")) // 2),
        ("github-summary", SUMMARY_BYTES, lambda text: len(text.encode())),
    ],
)
def test_the_limit_of_the_service_holds_and_what_is_cut_is_counted(name: str, limit: int, size: object) -> None:
    bad = [rule(f"ISO-{n:03}", "bad 😀" * 40, list(Severity)[n % 4], fix="do it" * 99) for n in range(60)]
    findings = [
        finding(bad[n % 60], f"Deployment a/{'😀' * 60}{n}", f"{n} " + "😀|" * 300, at("a" * 300, n + 1))
        for n in range(4_000)
    ]
    ledger = tuple(LedgerEntry(f"{n}" * 90, State.UNPARSED, "😀" * 400, incomplete=True) for n in range(900))

    text = rendered(name, report(bad, findings, ledger=ledger), source_link=LINK)

    assert size(text) <= limit  # type: ignore[operator]
    rows = len(re.findall(r"^\| (?:critical|high|medium|low) \|", text, re.MULTILINE))
    left = re.search(r"and ([\d,]+) more findings? \(", text)
    assert left is not None
    assert rows + int(left[1].replace(",", "")) == 4_000
    assert text.count("| critical |") == rows  # the worst are what is left
    assert text.rstrip().endswith("</sub>")
    assert not Tags(text).open


def test_one_line_for_all_instances_of_a_declaration(full: Report) -> None:
    bad = rule("ISO-001", "bad", Severity.HIGH)
    occurrences = tuple(
        Occurrence(f"k{n}", f'module.t["{n}"].azurerm_x.y', "0" * 32, tenancy)
        for n, tenancy in enumerate((DUNMORE, KESTREL))
    )
    found = replace(
        finding(bad, "Deployment a/b", "no", at("main.tf", 1)), address=occurrences[0].address, occurrences=occurrences
    )

    text = rendered("markdown", report([bad], [found]))

    assert text.count("| high |") == 1
    assert r'**module.t\["0"\].azurerm_x.y and 1 more**' in text


def test_what_was_not_read_is_not_folded_where_the_run_is_incomplete(full: Report) -> None:
    text = rendered("markdown", full)

    assert "**2 inputs not read, or not in full**" in text
    calm = replace(full, ledger=(LedgerEntry("a", State.PARTIAL, "half of it"),))
    assert "<details><summary>1 input not read, or not in full</summary>" in rendered("markdown", calm)


def test_hostile_text_is_only_text() -> None:
    for name in ("markdown", "github-summary"):
        text = rendered(name, replace(hostile(), gate=Gate(unknown="fail")), source_link=LINK)
        tags = Tags(text.replace(MARK, ""))
        prose = re.sub(r"(`+).*?\1", "", text)
        words = re.sub(r"\]\(https://github\.com/acme/[^()\s]*\)", "]", prose).replace("&#8203;", "\u200b")

        assert tags.seen == {"details", "summary", "sub"}
        assert not tags.open
        assert not re.search(r"(?<!\\)!\[|(?<!\\)\]\((?!https://github\.com/acme/)", prose)
        assert not re.search(r"@\w|#\d|://evil|\bwww\.", words)
        assert {line[:2] for line in text.splitlines() if line} <= {
            "<!",
            "##",
            "**",
            "| ",
            "|-",
            "- ",
            "<d",
            "</",
            "<s",
            "… ",
        }
