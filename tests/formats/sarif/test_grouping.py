from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from scanner.formats.sarif.grouping import Group, grouped
from scanner.model.exemption import Exemption
from scanner.model.finding import Finding
from scanner.model.severity import Severity
from scanner.model.verdict import Verdict
from tests.formats.builder import at, finding, rule

CRITICAL = rule("A-001", "t", Severity.CRITICAL)
MEDIUM = rule("B-001", "t", Severity.MEDIUM)
LOW = rule("C-001", "t", Severity.LOW)
EXEMPTION = Exemption("e", ("*",), "r", "file", "e.yaml", 1)


def many(about: object, number: int, files: int, **changes: object) -> list[Finding]:
    return [
        finding(about, f"Pod a/b{i}", f"m{i}", at(f"f{i % files}.yaml", i + 1), tag=str(i), **changes)  # type: ignore[arg-type]
        for i in range(number)
    ]


def sizes(groups: list[Group]) -> Counter[tuple[str, str]]:
    return Counter((group.findings[0].rule, group.span) for group in groups)


def test_below_the_limit_every_finding_stays_alone() -> None:
    findings = [*many(LOW, 5, 2), *many(CRITICAL, 5, 2)]

    assert sizes(grouped(findings, 10)) == {("A-001", ""): 5, ("C-001", ""): 5}


def test_the_mildest_rule_is_put_together_first_by_file() -> None:
    findings = [*many(LOW, 50, 5), *many(MEDIUM, 20, 5), *many(CRITICAL, 20, 5)]

    assert sizes(grouped(findings, 60)) == {("A-001", ""): 20, ("B-001", ""): 20, ("C-001", "file"): 5}


def test_then_the_next_one_and_only_then_whole_rules() -> None:
    findings = [*many(LOW, 50, 5), *many(MEDIUM, 20, 5), *many(CRITICAL, 20, 20)]

    assert sizes(grouped(findings, 40)) == {("A-001", ""): 20, ("B-001", "file"): 5, ("C-001", "file"): 5}
    assert sizes(grouped(findings, 26)) == {("A-001", ""): 20, ("B-001", "file"): 5, ("C-001", "rule"): 1}
    assert sizes(grouped(findings, 3)) == {("A-001", "rule"): 1, ("B-001", "rule"): 1, ("C-001", "rule"): 1}


def test_exempted_and_unknown_ones_go_before_any_failure() -> None:
    findings = [
        *many(LOW, 10, 2),
        *many(CRITICAL, 10, 2, exemption=EXEMPTION),
        *many(MEDIUM, 10, 2, verdict=Verdict.UNKNOWN),
    ]

    assert sizes(grouped(findings, 22)) == {("A-001", "file"): 2, ("B-001", ""): 10, ("C-001", ""): 10}
    assert sizes(grouped(findings, 15)) == {("A-001", "file"): 2, ("B-001", "file"): 2, ("C-001", ""): 10}


def test_what_differs_in_verdict_or_exemption_is_never_one_result() -> None:
    findings = [
        *many(LOW, 5, 1),
        *many(LOW, 5, 1, exemption=EXEMPTION),
        *many(LOW, 5, 1, verdict=Verdict.UNKNOWN),
    ]

    assert len(grouped(findings, 1)) == 3


def test_open_failures_come_first_and_the_worst_of_them_at_the_top() -> None:
    findings = [
        *many(CRITICAL, 1, 1, exemption=EXEMPTION),
        *many(CRITICAL, 1, 1, verdict=Verdict.UNKNOWN),
        *many(LOW, 2, 2),
        *many(CRITICAL, 2, 2),
    ]
    order = [
        (group.findings[0].exemption is not None, group.findings[0].verdict.value, group.findings[0].rule)
        for group in grouped(findings, 100)
    ]

    assert order == [
        (False, "fail", "A-001"),
        (False, "fail", "A-001"),
        (False, "fail", "C-001"),
        (False, "fail", "C-001"),
        (False, "unknown", "A-001"),
        (True, "fail", "A-001"),
    ]


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 5), st.booleans()), max_size=60), st.integers(6, 80))
def test_no_finding_is_lost_and_the_limit_holds(kinds: list[tuple[int, int, bool]], limit: int) -> None:
    findings = [
        finding(
            (CRITICAL, MEDIUM, LOW)[which],
            f"Pod a/b{i}",
            "m",
            at(f"f{file}.yaml", i + 1),
            tag=str(i),
            exemption=EXEMPTION if exempted else None,
        )
        for i, (which, file, exempted) in enumerate(kinds)
    ]
    groups = grouped(findings, limit)

    assert len(groups) <= limit
    assert Counter(f.fingerprint for group in groups for f in group.findings) == Counter(
        f.fingerprint for f in findings
    )
    assert groups == grouped(reversed(findings), limit) or any(group.span for group in groups)
