import re
from collections import Counter
from dataclasses import replace

import pytest

from scanner.formats.github import MOST, escaped, escaped_property
from scanner.model.ledger import LedgerEntry, State
from scanner.model.severity import Severity
from scanner.report import Gate, Report
from tests.formats.builder import at, finding, report, rule
from tests.formats.comparisons import compared, new_only
from tests.formats.hostile import hostile
from tests.formats.rendering import rendered
from tests.formats.snapshots_of import assert_snapshot

COMMAND = re.compile(r"::(?P<kind>error|warning|notice) (?P<properties>[^:\r\n]*)::(?P<message>[^\r\n]*)\n")
"""How the runner reads a line: properties end at the next two colons."""


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Return kind, properties and message of every line; each line must be a command as the runner reads it."""
    found = []
    for line in text.splitlines(keepends=True):
        match = COMMAND.fullmatch(line)
        assert match is not None, line
        properties = dict(one.split("=", 1) for one in match["properties"].split(","))
        for name, value in properties.items():
            properties[name] = unescaped(value.replace("%3A", ":").replace("%2C", ","))
        found.append((match["kind"], properties, unescaped(match["message"])))
    return found


def unescaped(text: str) -> str:
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


def test_the_whole_output(full: Report) -> None:
    assert_snapshot("report.github.txt", rendered("github", full))


def test_only_what_is_new_is_annotated(full: Report) -> None:
    found = commands(rendered("github", new_only(full), comparison=compared(full)))

    titles = [properties["title"].split(" ")[0] for _, properties, _ in found if "(" in properties["title"]]
    assert titles[-4:] == ["ISO-003", "ISO-012", "ISO-029", "SUP-004"]


def test_the_worst_come_first_and_what_is_left_out_is_counted() -> None:
    critical, high = rule("ISO-001", "bad", Severity.CRITICAL), rule("ISO-002", "bad too", Severity.HIGH)
    findings = [finding(high, f"Deployment a/h{n}", "no", at("a.yaml", n + 1)) for n in range(40)]
    findings += [finding(critical, f"Deployment a/c{n}", "no", at("b.yaml", n + 1)) for n in range(4)]

    found = commands(rendered("github", report([critical, high], findings)))

    numbers = Counter(kind for kind, _, _ in found)
    assert numbers == {"error": MOST, "notice": 1}
    assert [properties["title"][:7] for _, properties, _ in found[:5]] == ["ISO-001"] * 4 + ["ISO-002"]
    assert "34 more annotations left out" in found[-1][2]


def test_the_notice_of_what_is_left_out_is_among_the_ten() -> None:
    low = rule("ISO-001", "bad", Severity.LOW)
    findings = [finding(low, f"Deployment a/h{n}", "no", at("a.yaml", n + 1)) for n in range(11)]

    found = commands(rendered("github", report([low], findings)))

    assert len(found) == MOST
    assert "2 more annotations left out" in found[-1][2]


def test_inputs_that_were_not_read_leave_room_for_findings() -> None:
    bad = rule("ISO-001", "bad", Severity.HIGH)
    unread = tuple(LedgerEntry(f"u{n}.yaml", State.UNPARSED, "broken", incomplete=True) for n in range(30))

    found = commands(
        rendered("github", report([bad], [finding(bad, "Deployment a/b", "no", at("a.yaml", 1))], ledger=unread))
    )

    assert "ISO-001" in [properties["title"][:7] for _, properties, _ in found]


@pytest.mark.parametrize(("unknown", "kinds"), [("ignore", []), ("warn", ["notice"]), ("fail", ["error"])])
def test_unknown_verdicts_follow_the_gate(full: Report, unknown: str, kinds: list[str]) -> None:
    about = replace(full, gate=Gate(unknown=unknown))

    found = commands(rendered("github", about))

    assert [kind for kind, properties, _ in found if "(unknown)" in properties["title"]] == kinds


def test_columns_are_given_only_within_a_line(full: Report) -> None:
    by_lines = {
        properties["line"] == properties.get("endLine"): properties
        for _, properties, _ in commands(rendered("github", full))
        if "endLine" in properties
    }

    assert "col" in by_lines[True]
    assert "col" not in by_lines[False]


def test_hostile_text_stays_in_its_command() -> None:
    text = rendered("github", hostile())

    assert len(commands(text)) == len(text.split("\n")) - 1
    assert text.replace("\n", "").isprintable()
    assert "##[" not in text
    assert "##vso[" not in text


def test_escaping() -> None:
    assert escaped("50% a:b,c\r\nd") == "50%25 a:b,c%0D%0Ad"
    assert escaped_property("50% a:b,c\n") == "50%25 a%3Ab%2Cc%0A"


def test_nothing_to_say_is_no_output() -> None:
    assert rendered("github", report([])) == ""
