from datetime import date
from typing import Any

import pytest

from scanner.model.exemption import Exemption
from scanner.model.finding import Finding
from scanner.model.ledger import LedgerEntry, State
from scanner.model.severity import Severity
from scanner.model.verdict import Verdict
from scanner.report import Gate, Report
from tests.formats.builder import DUNMORE, KESTREL, at, finding, judged, report, rule

HIGH = rule("ISO-001", "high", Severity.HIGH)
LOW = rule("SUP-001", "low", Severity.LOW, pack="rego/supply_chain")
EXEMPTION = Exemption("e", ("*",), "r", "file", "e.yaml", 1, expires=date(2027, 1, 1))
BROKEN = LedgerEntry("b.yaml", State.UNPARSED, "no YAML", incomplete=True)


def one(about: Any = HIGH, **changes: Any) -> Finding:
    return finding(about, "Pod a/b", "m", at("f.yaml", 1), **changes)


def test_counts_count_exempted_findings_apart() -> None:
    counts = report(
        [HIGH, LOW],
        [
            one(tenancy=DUNMORE),
            one(LOW, tenancy=DUNMORE),
            one(LOW, tag="2", tenancy=KESTREL),
            one(LOW, tag="3"),
            one(LOW, tag="4", exemption=EXEMPTION),
            one(verdict=Verdict.UNKNOWN, tag="5"),
            one(verdict=Verdict.UNKNOWN, tag="6", exemption=EXEMPTION),
            one(verdict=Verdict.ERROR, tag="7"),
        ],
        judged=(
            judged("Pod a/b", "f.yaml", {"ISO-001": Verdict.FAIL, "SUP-001": Verdict.FAIL}),
            judged("Pod a/c", "f.yaml", {"ISO-001": Verdict.PASS, "SUP-001": Verdict.UNKNOWN}),
        ),
        ledger=(BROKEN, LedgerEntry("f.yaml", State.SCANNED), LedgerEntry("g.yaml", State.SCANNED)),
    ).counts()

    assert counts.resources == 2
    assert (counts.findings, counts.unknown, counts.errors, counts.exempted) == (4, 1, 1, 2)
    assert counts.by_verdict == {Verdict.FAIL: 2, Verdict.PASS: 1, Verdict.UNKNOWN: 1}
    assert counts.by_severity == {Severity.HIGH: 1, Severity.LOW: 3}
    assert counts.by_rule == {"ISO-001": 1, "SUP-001": 3}
    assert counts.by_concern == {"tenant_isolation": 1, "supply_chain": 3}
    assert counts.by_tenant == {"t04": 2, "t11": 1, "-": 1}
    assert counts.ledger == {State.UNPARSED: 1, State.SCANNED: 2}


def test_tallies_tell_what_each_rule_said() -> None:
    tallies = report(
        [LOW, HIGH, rule("ZZZ-001", "asked of nobody")],
        [one(LOW, exemption=EXEMPTION)],
        judged=(
            *(judged(f"Pod a/{i}", "f.yaml", {"ISO-001": Verdict.PASS, "SUP-001": Verdict.FAIL}) for i in range(3)),
            judged("Pod a/x", "f.yaml", {"ISO-001": Verdict.SKIP, "SUP-001": Verdict.FAIL}),
            judged("Service a/x", "f.yaml", {"ISO-001": Verdict.PASS}),
        ),
    ).tallies()

    assert list(tallies) == ["ISO-001", "SUP-001", "ZZZ-001"]
    assert tallies["ISO-001"].verdicts == {Verdict.PASS: 4, Verdict.SKIP: 1}
    assert tallies["SUP-001"].verdicts == {Verdict.FAIL: 4}
    assert tallies["SUP-001"].exempted == 1
    assert tallies["ZZZ-001"].verdicts == {}


@pytest.mark.parametrize(
    ("changes", "gate", "blocks"),
    [
        ({}, Gate(), True),
        ({}, Gate(fail_on=Severity.HIGH), True),
        ({}, Gate(fail_on=Severity.CRITICAL), False),
        ({"exemption": EXEMPTION}, Gate(), False),
        ({"verdict": Verdict.UNKNOWN}, Gate(), False),
        ({"verdict": Verdict.UNKNOWN}, Gate(unknown="fail"), True),
        ({"verdict": Verdict.UNKNOWN}, Gate(unknown="fail", fail_on=Severity.CRITICAL), False),
        ({"verdict": Verdict.UNKNOWN, "exemption": EXEMPTION}, Gate(unknown="fail"), False),
        ({"verdict": Verdict.ERROR}, Gate(unknown="fail"), False),
    ],
)
def test_what_blocks(changes: dict[str, Any], gate: Gate, blocks: bool) -> None:
    about = report([HIGH], [one(**changes)], gate=gate)

    assert bool(about.blocking()) is blocks
    assert about.exit_code() == (1 if blocks else 0)


@pytest.mark.parametrize(
    ("about", "exit_code"),
    [
        (report([HIGH], [one()], ledger=(BROKEN,)), 1),
        (report([HIGH], ledger=(BROKEN,)), 3),
        (report([HIGH], ledger=(BROKEN,), gate=Gate(incomplete="warn")), 0),
        (report([HIGH], ledger=(BROKEN._replace(incomplete=False),)), 0),
        (report([HIGH]), 0),
    ],
)
def test_blocking_findings_win_over_an_incomplete_run(about: Report, exit_code: int) -> None:
    assert about.exit_code() == exit_code
