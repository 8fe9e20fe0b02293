"""The consistency rules: on the example of the design before and after its exemption ends, and one by one."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from scanner.estate import Estate, consistency, load_estate
from tests.estate.estates import EXAMPLE, estate, line_of

TODAY = date(2026, 11, 21)
AFTER = date(2027, 2, 1)


def found(*changes: tuple[str, str], today: date = TODAY) -> list[tuple[int, str, str]]:
    return [(one.rule, one.subject, one.message) for one in consistency(estate(*changes), today)]


def test_the_small_estate_is_consistent(small: Estate) -> None:
    assert consistency(small, TODAY) == ()


def test_the_example_before_and_after_its_exemption_ends() -> None:
    example = load_estate(str(EXAMPLE))
    conflicts = [
        (4, "t24 yarrowby", False),
        (5, "t24 yarrowby", False),
    ]
    last_day = date(2027, 1, 31)
    for today in (TODAY, last_day):
        assert [(one.rule, one.subject, one.warning) for one in consistency(example, today)] == conflicts
    assert [(one.rule, one.subject, one.warning) for one in consistency(example, AFTER)] == [
        (4, "t14 northam", False),
        *conflicts,
        (10, "exemption EX-2026-004", True),
        (11, "t08 hartwell", False),
        (11, "t14 northam", False),
    ]


def test_what_the_example_is_told() -> None:
    example = load_estate(str(EXAMPLE))
    assert [one.message for one in consistency(example, AFTER)] == [
        "residency uk: a geo-redundant copy of westeurope would replicate to northeurope, which is not among its "
        "allowed regions",
        "residency de: a geo-redundant copy of germanywestcentral would replicate to germanynorth, which is not among "
        "its allowed regions",
        "crossRegion: regions.drTarget names none for germanywestcentral",
        "it expired on 2027-01-31; renew or remove it",
        "allowed region westeurope is outside residency zone uk; that needs an exemption of GOV-001 that holds",
        "allowed region westeurope is outside residency zone uk; that needs an exemption of GOV-001 that holds",
    ]


def test_each_has_its_place(small: Estate) -> None:
    one = consistency(estate(("registry.example.net/erp/,", "registry.example.net/erp,")), TODAY)[0]
    assert (one.file, one.line, one.column) == ("estate.yaml", line_of("registry.example.net/erp/"), 6)


CASES = yaml.safe_load((Path(__file__).parent / "contradictions.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['rule']}-{case['subject']}")
def test_each_rule(case: dict[str, Any]) -> None:
    changes = [change for replaced in case["replace"] for change in replaced.items()]
    assert (case["rule"], case["subject"], case["message"]) in found(*changes)


def test_every_rule_has_a_case() -> None:
    assert {case["rule"] for case in CASES} == set(range(1, 14))


@pytest.mark.parametrize(
    "changes",
    [
        (("{production: {rpo: PT5M}}", "{production: {rpo: PT5M, minReplicas: 4, immutableLocked: true}}"),),
        (("{production: {rpo: PT5M}}", "{production: {quota: {requests.cpu: 23500m, requests.memory: 32Gi}}}"),),
        (("northeurope: westeurope, uksouth", "northeurope: null, uksouth"),),
        (("domains: ['*.cedar.example.net']", "domains: ['*.cedar.example.net', a.cedar.example.net]"),),
        (("isolation: nodepool, nodePool", "isolation: cluster, nodePool"),),
    ],
)
def test_what_is_consistent(changes: tuple[tuple[str, str], ...]) -> None:
    assert found(*changes) == []


def test_a_looser_override_with_an_exemption() -> None:
    changes = (
        ("{production: {rpo: PT5M}}", "{production: {rpo: PT1H}}"),
        ("scope: {tenant: [t02]}", "scope: {tenant: [t02, t03]}"),
    )
    assert found(*changes) == []
    assert (13, "t03 cedar") in [(rule, subject) for rule, subject, _ in found(*changes, today=AFTER)]


def test_an_exemption_that_lasts_too_long_accepts_nothing() -> None:
    rules = [rule for rule, _, _ in found(("approved: 2026-11-10", "approved: 2026-11-01"))]
    assert rules == [10, 11]
