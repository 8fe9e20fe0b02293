"""What a change did, from Findings made by hand."""

from dataclasses import replace
from typing import Any

import pytest

from scanner.engine.identity import fingerprint
from scanner.model.finding import Finding
from scanner.model.ledger import LedgerEntry, State
from scanner.model.verdict import Verdict
from scanner.report import Comparison, Gate, Report
from scanner.report.compare import Before, compare
from scanner.report.occurrences import together
from tests.exemptions.findings import exemption
from tests.formats.builder import at, finding, judged, report, rule
from tests.report.test_occurrences import instance

RULE = rule("ISO-001", "one")
TLS = rule("ENC-001", "two")


def one(name: str = "web", content: str = "", **changes: Any) -> Finding:
    key = f"c/core/Pod/shop/{name}"
    found = finding(RULE, "Pod shop/web", "m", at("a.yaml", 1))
    found = replace(found, resource=key, content=content, fingerprint=fingerprint("ISO-001", key, found.tag))
    return replace(found, **changes)


def whole(*findings: Finding, **changes: Any) -> Report:
    return report([RULE, TLS], list(findings), **changes)


def change(before: list[Finding], after: list[Finding], **changes: Any) -> Comparison:
    return compare(Before.of(whole(*before)), whole(*after, **changes), "main")


def names(findings: tuple[Finding, ...]) -> list[str]:
    return [found.resource.rpartition("/")[2] for found in findings]


def test_by_fingerprint() -> None:
    found = change([one("a"), one("b")], [one("b"), one("c")])
    assert (names(found.introduced), names(found.fixed), names(found.unchanged)) == (["c"], ["a"], ["b"])
    assert found.name == "main"


def test_what_only_moved_introduces_nothing() -> None:
    found = change([one("a", "x")], [one("b", "x")])
    assert (found.introduced, found.fixed, names(found.unchanged)) == ((), (), ["b"])


def test_a_second_one_of_the_same_content_is_introduced() -> None:
    found = change([one("a", "x")], [one("b", "x"), one("c", "x")])
    assert (names(found.introduced), names(found.unchanged), found.fixed) == (["c"], ["b"], ())


def test_what_keeps_its_fingerprint_is_not_taken_for_what_moved() -> None:
    found = change([one("a", "x")], [one("0", "x"), one("a", "x")])
    assert (names(found.introduced), names(found.unchanged)) == (["0"], ["a"])


def test_no_content_moves_nothing() -> None:
    assert names(change([one("a")], [one("b")]).introduced) == ["b"]


def test_a_rule_that_could_not_be_evaluated_moves_with_its_cause() -> None:
    error = one("a", verdict=Verdict.ERROR)
    assert names(change([error], [one("b", verdict=Verdict.ERROR)]).unchanged) == ["b"]
    assert names(change([error], [one("b", verdict=Verdict.ERROR, message="other")]).introduced) == ["b"]


def test_an_accepted_one_that_went_does_not_stand_for_an_open_one_that_came() -> None:
    accepted = one("a", "x", exemption=exemption())
    found = change([accepted, one("b", "x")], [one("c", "x"), one("d", "x", exemption=exemption())])
    assert found.introduced == ()
    assert names(change([accepted], [one("c", "x")]).introduced) == ["c"]


def test_what_is_no_longer_accepted_is_introduced() -> None:
    assert names(change([one(exemption=exemption())], [one()]).introduced) == ["web"]
    assert change([one()], [one(exemption=exemption())]).introduced == ()


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        (Verdict.FAIL, Verdict.UNKNOWN, "became_unknown"),
        (Verdict.UNKNOWN, Verdict.FAIL, "introduced"),
        (Verdict.UNKNOWN, Verdict.UNKNOWN, "unchanged"),
        (Verdict.ERROR, Verdict.ERROR, "unchanged"),
        (Verdict.FAIL, Verdict.ERROR, "introduced"),
    ],
)
def test_by_verdict(old: Verdict, new: Verdict, part: str) -> None:
    found = change([one(verdict=old)], [one(verdict=new)])
    assert names(getattr(found, part)) == ["web"]
    assert found.fixed == ()


@pytest.mark.parametrize(("old", "part"), [(Verdict.PASS, "became_unknown"), (Verdict.SKIP, "introduced")])
def test_unknown_where_it_passed_became_unknown(old: Verdict, part: str) -> None:
    before = whole(judged=(replace_key(judged("Pod shop/web", "a.yaml", {"ISO-001": old})),))
    found = compare(Before.of(before), whole(one(verdict=Verdict.UNKNOWN)))
    assert names(getattr(found, part)) == ["web"]


def replace_key(verdicts: Any) -> Any:
    return verdicts._replace(key="c/core/Pod/shop/web")


def test_what_became_unknown_elsewhere_in_the_resource_is_not_fixed() -> None:
    after = one(verdict=Verdict.UNKNOWN, tag="all", fingerprint="0" * 32)
    assert change([one()], [after]).fixed == ()


def test_what_could_not_be_read_is_not_fixed() -> None:
    entry = LedgerEntry("a.yaml", State.UNPARSED, "no YAML", incomplete=True)
    assert change([one()], [], ledger=(entry,)).fixed == ()
    assert names(change([one()], []).fixed) == ["web"]


def test_one_more_instance_is_introduced_alone() -> None:
    before, after = (whole(*together([instance(name) for name in group])) for group in ("ab", "abc"))
    found = compare(Before.of(before), after)
    (new,), (old,) = found.introduced, found.unchanged
    assert (new.address, new.occurrences) == ('module.tenant["c"].azurerm_storage_account.this', ())
    assert len(old.occurrences) == 2
    assert new.fingerprint == old.fingerprint == after.findings[0].fingerprint
    (gone,) = compare(Before.of(after), before).fixed
    assert gone.address == new.address
    alone = compare(Before.of(whole(*together([instance("a")]))), before)
    assert [f.address for f in alone.introduced] == ['module.tenant["b"].azurerm_storage_account.this']


def test_only_what_holds_something_new_blocks() -> None:
    gate = Gate(new_only=True)
    after = whole(one("a"), one("b"), one("c", exemption=exemption()), gate=gate)
    compared = replace(after, comparison=compare(Before.of(whole(one("a"))), after))
    assert names(compared.blocking()) == ["b"]
    assert names(after.blocking()) == ["a", "b"], "without a comparison everything does"
    assert names(replace(compared, gate=Gate()).blocking()) == ["a", "b"]


@pytest.mark.parametrize(("unknown", "lost", "code"), [("warn", "", 0), ("warn", "fail", 1), ("fail", "ignore", 0)])
def test_what_became_unknown_has_a_say_of_its_own(unknown: str, lost: str, code: int) -> None:
    gate = Gate(new_only=True, unknown=unknown, became_unknown=lost)
    after = whole(one(verdict=Verdict.UNKNOWN), gate=gate)
    assert replace(after, comparison=compare(Before.of(whole(one())), after)).exit_code() == code


def test_more_exemptions_than_permitted_close_the_gate() -> None:
    found = whole(gate=Gate(max_exemptions=1), exemptions_used=(exemption(),))
    assert found.exit_code() == 0
    assert replace(found, exemptions_unused=(exemption("EX-2"),)).exit_code() == 1
