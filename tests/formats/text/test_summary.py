from typing import Any

import pytest

from scanner.formats.text.paint import Paint
from scanner.formats.text.summary import Summary, outcome
from scanner.model.ledger import LedgerEntry, State
from scanner.model.severity import Severity
from scanner.model.tenancy import Standing, Tenancy
from scanner.model.verdict import Verdict
from scanner.report import Gate, Report
from tests.formats.builder import at, finding, judged, report, rule

HIGH = rule("ISO-029", "t", Severity.HIGH)
LOW = rule("ISO-001", "t", Severity.LOW)
JUDGED = (judged("Pod a/b", "a.yaml", {"ISO-029": Verdict.PASS}),)
BROKEN = LedgerEntry("b.yaml", State.UNPARSED, "no YAML", incomplete=True)
FAULT = LedgerEntry("a.yaml", State.PARTIAL, "rule ISO-029 raised", incomplete=True, rule="ISO-029")


def run(*findings: Any, **changes: Any) -> Report:
    return report([HIGH, LOW], findings, judged=changes.pop("judged", JUDGED), **changes)


def fail(about: Any = HIGH, **changes: Any) -> Any:
    return finding(about, "Pod a/b", "m", at("a.yaml", 1), **changes)


@pytest.mark.parametrize(
    ("about", "verdict", "step"),
    [
        (run(fail(LOW), fail()), "GATE FAILED: 2 blocking findings (1 high, 1 low)", "Next: bulkhead explain ISO-029"),
        (
            run(fail(), ledger=(BROKEN, FAULT)),
            "GATE FAILED: 1 blocking finding (1 high); the run is also incomplete: 1 input could not be read in full, "
            "1 rule could not be evaluated on every resource",
            "Next: bulkhead explain ISO-029",
        ),
        (
            run(ledger=(BROKEN,)),
            "INCOMPLETE: 1 input could not be read in full",
            "Next: mend or exclude what is listed above, or accept it: --incomplete=warn",
        ),
        (
            run(ledger=(BROKEN,), gate=Gate(incomplete="warn")),
            "GATE PASSED: no blocking findings (1 input could not be read in full)",
            "",
        ),
        (run(), "GATE PASSED: no blocking findings", ""),
        (
            run(fail(LOW), fail(verdict=Verdict.UNKNOWN), gate=Gate(fail_on=Severity.HIGH)),
            "GATE PASSED: no blocking findings (1 finding below high, 1 verdict unknown)",
            "Next: --unknown=fail makes unknown verdicts block",
        ),
        (
            run(fail(verdict=Verdict.UNKNOWN), gate=Gate(unknown="fail")),
            "GATE FAILED: 1 blocking finding (1 high)",
            "Next: bulkhead explain ISO-029",
        ),
        (
            run(judged=()),
            "GATE PASSED: there was no resource to judge",
            "Next: name the files or folders to scan: bulkhead scan PATH",
        ),
    ],
)
def test_the_outcome_and_the_next_step(about: Report, verdict: str, step: str) -> None:
    assert outcome(about, about.counts())[1:] == (verdict, step)


def summary(about: Report, width: int) -> list[str]:
    return list(Summary(about, Paint(False), width).lines())


def of_tenant(number: int) -> Any:
    tenancy = Tenancy(Standing.TENANT, f"t{number:02}", f"tenant-{number:02}")
    return [fail(tenancy=tenancy, tag=f"{number}-{n}") for n in range(number)]


def test_many_tenants_are_the_worst_ones_and_a_sum() -> None:
    lines = summary(run(*(one for number in range(1, 13) for one in of_tenant(number)), fail()), 100)

    assert [line[-16:] for line in lines[3:12]] == [
        "   tenant-12  12",
        "   tenant-11  11",
        "   tenant-10  10",
        "   tenant-09   9",
        "   tenant-08   8",
        "   tenant-07   7",
        "   tenant-06   6",
        "   tenant-05   5",
        "   5 more     11",
    ]


def test_tables_stand_below_each_other_where_they_do_not_fit_side_by_side() -> None:
    lines = summary(run(fail(), fail(LOW)), 40)

    assert lines[2:15] == [
        "  severity",
        "  critical  –",
        "  high      1",
        "  medium    –",
        "  low       1",
        "",
        "  concern",
        "  tenant isolation  2",
        "",
        "  tenant",
        "  no tenant  2",
        "",
        "  inputs     1 scanned",
    ]


def test_without_findings_there_are_no_tables() -> None:
    assert summary(run(), 100)[:3] == ["Summary", "", "  inputs     1 scanned"]
