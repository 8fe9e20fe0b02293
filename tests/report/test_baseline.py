"""What a baseline covers: a Finding as it was, and never a second one."""

from dataclasses import replace
from datetime import date

from scanner.model.finding import Finding
from scanner.model.verdict import Verdict
from scanner.report import Gate, Report
from scanner.report.baseline import Coverage, Entry, beside, coverage, entry_of
from scanner.report.compare import Before, compare, units
from tests.exemptions.findings import exemption
from tests.report.test_compare import names, one, whole

DAY = date(2026, 11, 21)


def entries(*findings: Finding) -> list[Entry]:
    return [entry_of(unit, DAY) for unit in units(findings)]


def covered(known: list[Finding], *now: Finding) -> Coverage:
    return coverage(entries(*known), whole(*now))


def test_what_is_as_it_was_is_known() -> None:
    found = covered([one("a", "x")], one("a", "x"))
    assert len(found.known) == 1
    assert (found.others, found.lapsed, found.stale) == ((), (), ())


def test_an_entry_goes_with_what_is_moved() -> None:
    ((unit, entry),) = covered([one("a", "x")], one("b", "x")).known
    assert unit.finding.resource.endswith("/b")
    assert entry.resource.endswith("/a")


def test_an_entry_lapses_where_the_resource_changes() -> None:
    found = covered([one("a", "x")], one("a", "y"))
    assert found.known == ()
    assert [entry.content for entry in found.lapsed] == ["x"]
    assert found.stale == ()


def test_an_entry_is_over_where_nothing_is_found() -> None:
    assert len(covered([one("a", "x")]).stale) == 1
    assert len(covered([one("a", "x")], one("a", "x", exemption=exemption())).stale) == 1


def test_an_entry_covers_no_second_violation() -> None:
    found = covered([one("a", "x")], one("0", "x"), one("a", "x"))
    assert [unit.finding.resource[-1] for unit in found.others] == ["0"]


def test_what_was_unknown_does_not_cover_what_fails() -> None:
    assert covered([one("a", "x", verdict=Verdict.UNKNOWN)], one("a", "x")).known == ()
    assert len(covered([one("a", "x")], one("a", "x", verdict=Verdict.UNKNOWN)).known) == 1


def test_an_entry_covers_only_the_rule_it_names() -> None:
    (entry,) = entries(one("a", "x"))
    found = coverage([entry._replace(rule="ISO-999")], whole(one("a", "x")))
    assert (found.known, len(found.others)) == ((), 1)


def test_an_entry_of_a_protected_rule_covers_nothing() -> None:
    known = entries(one("a", "x"))
    found = coverage(known, whole(one("a", "x")), lambda rule: rule == known[0].rule)
    assert (found.known, found.lapsed, found.stale) == ((), (), ())
    assert found.refused == tuple(known)
    assert found.protected == found.others != ()


def blocking(report: Report) -> list[str]:
    return names(replace(report, gate=Gate(new_only=True)).blocking())


def test_others_block_and_known_ones_do_not() -> None:
    report = whole(one("a", "x"), one("b", "y"), one("c", "z", exemption=exemption()))
    found = beside(report, coverage(entries(one("a", "x")), report), "baseline.yaml")
    assert found.comparison is not None
    assert found.comparison.name == "baseline.yaml"
    assert names(found.comparison.introduced) == ["b"]
    assert names(found.comparison.unchanged) == ["a", "c"]
    assert blocking(found) == ["b"]


def test_beside_a_base_both_know() -> None:
    report = whole(one("a", "x"), one("b", "y"), one("c", "z"))
    report = replace(report, comparison=compare(Before.of(whole(one("a", "x"))), report, "main"))
    found = beside(report, coverage(entries(one("b", "y")), report), "baseline.yaml")
    assert found.comparison is not None
    assert found.comparison.name == "main and baseline.yaml"
    assert names(found.comparison.introduced) == ["c"]
    assert sorted(names(found.comparison.unchanged)) == ["a", "b"]
    assert blocking(found) == ["c"]
