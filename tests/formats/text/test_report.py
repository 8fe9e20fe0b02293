import re
from pathlib import Path
from typing import Any

import pytest

from scanner.formats.interface import Presentation
from scanner.formats.printable import display_width
from scanner.formats.text import TextFormat
from scanner.model.ledger import LedgerEntry, State
from scanner.model.location import Location
from scanner.model.severity import Severity
from scanner.model.verdict import Verdict
from scanner.report import Report
from tests.formats.builder import at, finding, report, rule
from tests.formats.hostile import hostile
from tests.formats.snapshots_of import assert_snapshot

ANSI = re.compile(r"\x1b\[[0-9;]*m")


def rendered(about: Report, **choices: Any) -> str:
    return "".join(TextFormat().render(about, Presentation(**choices)))


@pytest.mark.parametrize("width", [60, 100, 160])
def test_the_whole_output(full: Report, width: int) -> None:
    assert_snapshot(f"report-{width}.txt", rendered(full, width=width))


def test_the_whole_output_in_colour(full: Report) -> None:
    assert_snapshot("report-color.txt", rendered(full, color=True))


def test_the_whole_output_with_everything(full: Report) -> None:
    assert_snapshot("report-verbose.txt", rendered(full, verbose=True, include_passes=True))


@pytest.mark.parametrize("width", [60, 100, 160])
def test_colour_adds_nothing_but_colour(full: Report, width: int) -> None:
    choices = {"width": width, "verbose": True, "include_passes": True}

    assert ANSI.sub("", rendered(full, color=True, **choices)) == rendered(full, **choices)


@pytest.mark.parametrize("width", [60, 80, 100, 160, 200])
def test_no_line_is_wider_than_the_terminal(full: Report, width: int) -> None:
    too_wide = [line for line in rendered(full, width=width).splitlines() if display_width(line) > width]

    assert too_wide == []


def test_no_line_ends_in_blanks(full: Report) -> None:
    assert [line for line in rendered(full).splitlines() if line != line.rstrip()] == []


def test_a_run_without_findings_is_short() -> None:
    text = rendered(report([rule("ISO-001", "Something holds")], judged=()))

    assert_snapshot("passed-nothing.txt", text)


def test_an_incomplete_run() -> None:
    entries = (
        LedgerEntry("a.yaml", State.UNPARSED, "expected ':' after this key", 3, 7, incomplete=True),
        LedgerEntry("-", State.UNREACHABLE, "standard input is closed", incomplete=True),
    )
    assert_snapshot("incomplete.txt", rendered(report([], ledger=entries)))


def many(number: int) -> Report:
    severities = list(Severity)
    rules = [rule(f"TST-{i:03}", f"Rule number {i} holds", severities[i % 4]) for i in range(8)]
    findings = [
        finding(
            rules[i % 8],
            f"Deployment shop/web{i}",
            "it does not hold",
            at(f"deploy/file{i // 50:03}.yaml", i % 50 + 1),
        )
        for i in range(number)
    ]
    return report(rules, findings)


def test_of_many_findings_the_worst_are_shown_in_the_order_of_the_files() -> None:
    text = rendered(many(2_000))
    files = re.findall(r"^(deploy/\S+) ─", text, re.MULTILINE)

    assert len(re.findall(r"^  critical  TST", text, re.MULTILINE)) == 200
    assert not re.search(r"^  (high|medium|low)  +TST", text, re.MULTILINE)
    assert files == sorted(files)
    assert "1,800 more findings not shown · the 200 worst are\n" in text
    assert "--report json=report.json has all of them" in text
    assert "  250  TST-000  Rule number 0 holds\n" in text
    assert "GATE FAILED: 2,000 blocking findings (500 critical, 500 high, 500 medium, 500 low)\n" in text


def test_verbose_shows_all_of_them() -> None:
    text = rendered(many(300), verbose=True)

    assert len(re.findall(r"^  \w+ +TST-", text, re.MULTILINE)) == 300
    assert "not shown" not in text


HOSTILE = "\x1b[2J\x1b]0;title\x07\u202e\x9b1m\r\nGATE PASSED"


@pytest.mark.parametrize("verdict", [Verdict.FAIL, Verdict.UNKNOWN])
def test_nothing_from_an_input_commands_the_terminal_or_fakes_a_line(
    verdict: Verdict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "evil.yaml").write_text(f"name: {HOSTILE}\n", newline="")
    about = rule("ISO-001", HOSTILE, fix=HOSTILE)
    entry = LedgerEntry(HOSTILE, State.PARTIAL, HOSTILE, 1, incomplete=True)
    findings = [
        finding(about, f"Pod {HOSTILE}/{HOSTILE}", HOSTILE, at("evil.yaml", 1, 7, 60), verdict=verdict),
        finding(about, "Pod a/b", HOSTILE, Location(f"{HOSTILE}.yaml\udcff", ()), verdict=verdict, tag="2"),
    ]
    text = rendered(report([about], findings, ledger=(entry,), notes=(entry,)), verbose=True)

    assert "GATE PASSED" in text
    assert not any(line.startswith("GATE PASSED") and "no blocking" not in line for line in text.split("\n"))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", text)
    assert r"\x1b[2J" in text


def test_standard_input_has_a_name_and_no_lines() -> None:
    about = rule("ISO-001", "Something holds")
    text = rendered(report([about], [finding(about, "Pod a/b", "it does not", at("-", 3, 5))]))

    assert text.startswith("standard input ─")
    assert "  --> <stdin>:3:5\n  high      ISO-001  Something holds\n" in text


def test_hostile_text_commands_neither_terminal_nor_build_agent() -> None:
    text = "".join(TextFormat().render(hostile(), Presentation(verbose=True)))

    assert text.replace("\n", "").isprintable()
    assert "##vso[" not in text
    assert "##[" not in text
    assert not [line for line in text.splitlines() if line.strip().startswith(("::error", "::add-mask", "::stop-"))]
