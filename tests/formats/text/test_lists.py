from dataclasses import replace
from datetime import date
from typing import Any

from scanner.formats.text.lists import Lists
from scanner.formats.text.paint import Paint
from scanner.model.exemption import Exemption
from scanner.model.ledger import LedgerEntry, State
from scanner.model.verdict import Verdict
from scanner.report import Report
from tests.formats.builder import at, finding, report, rule

RULES = [rule(f"ISO-{number:03}", "t") for number in range(1, 8)]
EXEMPTION = Exemption("e-1", ("*",), "we know", "file", "e.yaml", 4, owner="platform", expires=date(2027, 1, 1))


def written(about: Report, **choices: Any) -> list[str]:
    chosen = {"width": 100, "verbose": False, **choices}
    return list(Lists(about, Paint(False), **chosen).lines())


def test_a_clean_report_has_no_lists() -> None:
    assert written(report(RULES, [finding(RULES[0], "Pod a/b", "m", at("a.yaml", 1))])) == []


def test_one_cause_of_many_unknown_verdicts_is_told_once() -> None:
    cause = "tenant is not known: the estate has no namespace 'tools'"
    findings = [
        finding(about, f"Pod tools/{name}", cause, at(f"{name}.yaml", 4, 3), verdict=Verdict.UNKNOWN)
        for about in RULES
        for name in "abcd"
    ]
    findings.append(finding(RULES[0], "Pod x/y", "image is not known", at("y.yaml", 1), verdict=Verdict.UNKNOWN))

    assert written(report(RULES, findings)) == [
        "Unknown · 29 verdicts could not be decided",
        "",
        "  tenant is not known: the estate has no namespace 'tools'",
        "    ISO-001, ISO-002, ISO-003 and 4 more on Pod tools/a, Pod tools/b and 2 more, a.yaml:4:3",
        "  image is not known",
        "    ISO-001 on Pod x/y, y.yaml:1:1",
        "",
    ]


def test_exempted_findings_are_told_by_exemption_with_its_terms() -> None:
    endless = replace(EXEMPTION, id="inline:a.yaml:3", source="inline", owner="", expires=None, file="a.yaml", line=3)
    findings = [
        finding(RULES[0], "Pod a/b", "m", at("a.yaml", 1), exemption=EXEMPTION),
        finding(RULES[0], "Pod a/c", "m", at("a.yaml", 2), exemption=EXEMPTION),
        finding(RULES[1], "Pod a/c", "m", at("a.yaml", 4), verdict=Verdict.UNKNOWN, exemption=endless),
    ]

    assert written(report(RULES, findings)) == [
        "Exempted · 3 findings accepted",
        "",
        "  e-1: we know",
        "    ISO-001 on Pod a/b, Pod a/c; platform, until 2027-01-01, e.yaml:4",
        "  in the file itself: we know",
        "    ISO-002 on Pod a/c; no expiry, a.yaml:3",
        "",
    ]


def test_a_long_list_is_cut_unless_all_is_wanted() -> None:
    entries = tuple(LedgerEntry(f"{n:02}.yaml", State.UNPARSED, "no YAML", incomplete=True) for n in range(25))
    about = report(RULES, ledger=entries)

    assert written(about)[-2] == "  … and 5 more; --report json=report.json has all"
    assert sum(line.startswith("  unparsed") for line in written(about)) == 20
    assert sum(line.startswith("  unparsed") for line in written(about, verbose=True)) == 25


def test_what_was_left_out_on_purpose_is_listed_on_demand() -> None:
    entries = (LedgerEntry("a", State.EXCLUDED, "by .gitignore"), LedgerEntry("b", State.UNSUPPORTED))
    about = report(RULES, ledger=entries)

    assert written(about) == []
    assert written(about, verbose=True) == [
        "Left out · 2 entries",
        "",
        "  excluded     a",
        "               by .gitignore",
        "  unsupported  b",
        "               unsupported",
        "",
    ]


def test_a_long_note_goes_below_its_place() -> None:
    notes = (LedgerEntry("e.yaml", State.PARTIAL, "short", 3, 4), LedgerEntry("e.yaml", State.PARTIAL, "long " * 18))

    assert written(report(RULES, notes=notes), width=60)[2:-1] == [
        "  e.yaml:3:4  short",
        "  e.yaml",
        "    long long long long long long long long long long long",
        "    long long long long long long long",
    ]
