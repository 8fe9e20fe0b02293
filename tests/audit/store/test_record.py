"""What a recorded run leaves in the store, on every database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from scanner.audit.store import Status, Store, open_store
from scanner.errors import StoreError
from scanner.model.exemption import Exemption
from scanner.model.finding import Occurrence
from scanner.model.location import Location
from scanner.model.severity import Severity
from scanner.model.verdict import Verdict
from tests.audit.store.runs import HIGH, LOW, begin, found, made, recorded, unread
from tests.formats.builder import DUNMORE, KESTREL, judged

EXEMPTION = Exemption("EX-1", ("ISO-001",), "migration", "file", "e.yaml", 1, owner="anna", expires=date(2027, 1, 1))


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    one = open_store(url)
    yield one
    one.close()


def test_a_run_is_running_until_it_is_recorded(store: Store) -> None:
    run = begin(store)
    assert [(one.id, one.status, one.started) for one in store.runs()] == [
        (run, Status.RUNNING, "2026-11-01T02:00:00Z")
    ]
    store.record(run, made())
    assert store.runs()[0].status is Status.COMPLETE


def test_a_run_that_did_not_read_everything_is_incomplete(store: Store) -> None:
    run = recorded(store, ledger=[unread("prod/apps/v1/deployments")])
    details = store.run(run)
    assert details.run.status is Status.INCOMPLETE
    assert details.run.not_read == 1
    assert details.ledger == (unread("prod/apps/v1/deployments"),)
    assert details.scopes == ("prod", "test")


def test_a_run_that_was_given_up_says_why_and_may_still_be_recorded(store: Store) -> None:
    run = begin(store)
    store.fail(run, "the token expired")
    assert (store.runs()[0].status, store.runs()[0].reason) == (Status.FAILED, "the token expired")
    store.record(run, made(found("web")))
    store.fail(run, "too late")
    assert (store.runs()[0].status, store.runs()[0].reason) == (Status.COMPLETE, "")


def test_findings_come_back_with_everything_and_the_worst_first(store: Store) -> None:
    run = recorded(
        store,
        found("db", about=LOW, tenancy=KESTREL),
        found("web", exemption=EXEMPTION),
        found("api", verdict=Verdict.UNKNOWN, message="var.x has no value"),
    )
    api, web, db = store.findings(run)
    assert (api.verdict, api.message, api.exemption) == (Verdict.UNKNOWN, "var.x has no value", None)
    assert (web.exemption, web.severity, web.tenant, web.environment) == ("EX-1", Severity.HIGH, "t04", "production")
    assert (db.rule, db.concern, db.tenant, db.input) == (
        "SUP-001",
        "supply_chain",
        "t11",
        "prod/apps/v1/deployments#1",
    )
    assert db.resource == "prod/apps/Deployment/shop/db"
    assert (db.first_run, db.last_run, db.resolved_run) == (run, run, None)


def test_verdicts_are_kept_as_counts_with_the_digest_of_the_evidence(store: Store) -> None:
    run = begin(store)
    verdicts = {"ISO-001": Verdict.PASS, "SUP-001": Verdict.SKIP}
    whole = replace(
        made(found("web")), judged=(judged("Pod shop/a", "f", verdicts), judged("Pod shop/b", "f", verdicts))
    )
    store.record(run, whole, {"ISO-001": "ab" * 32})
    first, second = store.run(run).rules
    assert (first.rule, first.title, first.evidence) == ("ISO-001", "No pod is privileged", "ab" * 32)
    assert first.verdicts[Verdict.PASS] == 2
    assert (second.verdicts[Verdict.SKIP], second.evidence) == (2, "")
    assert store.run(run).run.resources == 2


def test_exemptions_are_kept_with_what_became_of_them(store: Store) -> None:
    run = begin(store)
    whole = made(found("web", exemption=EXEMPTION))
    unused = replace(EXEMPTION, id="EX-2")
    store.record(run, replace(whole, exemptions_used=(EXEMPTION,), exemptions_unused=(unused, unused)))
    kept = store.run(run).exemptions
    assert [(one.id, one.state, one.findings, one.expires) for one in kept] == [
        ("EX-2", "unused", 0, "2027-01-01"),
        ("EX-1", "used", 1, "2027-01-01"),
    ]


def test_recording_a_run_again_changes_nothing(store: Store) -> None:
    run = recorded(store, found("web"))
    before = (store.runs(), store.run(run), store.findings(run), store.history())
    assert store.record(run, made(found("other"))) is False
    assert (store.runs(), store.run(run), store.findings(run), store.history()) == before


def test_a_finding_that_reads_differently_now_is_the_same_finding(store: Store) -> None:
    first = recorded(store, found("web", message="the backup is 3 days old"))
    second = recorded(store, found("web", message="the backup is 4 days old"))
    (one,) = store.findings(second)
    assert (one.message, one.first_run, one.last_run) == ("the backup is 4 days old", first, second)


def test_instances_of_one_declaration_are_findings_of_their_own_tenants(store: Store) -> None:
    occurrences = (
        Occurrence("prod/a", "module.t[a]", "f" * 32, DUNMORE),
        Occurrence("prod/b", "module.t[b]", "e" * 32, KESTREL),
    )
    run = recorded(store, replace(found("web"), occurrences=occurrences))
    assert [(one.tenant, one.resource, one.fingerprint) for one in store.findings(run)] == [
        ("t04", "prod/a", "f" * 32),
        ("t11", "prod/b", "e" * 32),
    ]
    assert [one.resource for one in store.findings(run, tenant="t11")] == ["prod/b"]


def test_two_findings_with_one_identity_are_one_and_the_worse_verdict_stays(store: Store) -> None:
    run = recorded(store, found("web", verdict=Verdict.UNKNOWN), found("web"), found("web", verdict=Verdict.ERROR))
    (one,) = store.findings(run)
    assert one.verdict is Verdict.FAIL


@pytest.mark.parametrize("text", ["a\0b", "lone \ud800", "right-to-left \u202e", "🚢", "'; DROP TABLE audit_run; --"])
def test_text_that_a_database_may_not_take_is_stored_all_the_same(store: Store, text: str) -> None:
    strange = replace(found("web", message=text), resource=f"prod/{text}", location=Location(text, (text, 0)))
    run = recorded(store, strange, ledger=[unread(text, text)], scopes=[text])
    (one,) = store.findings(run)
    expected = text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")
    assert (one.message, one.input) == (expected, expected)
    assert store.run(run).ledger[0].reason == expected


def test_the_history_counts_by_severity_tenant_and_concern(store: Store) -> None:
    recorded(store, found("web"), found("api", tenancy=KESTREL), found("db", about=LOW))
    recorded(store, found("web"), found("db", about=LOW, exemption=EXEMPTION), found("x", verdict=Verdict.UNKNOWN))
    begin(store)
    first, second = store.history()
    assert first.by_severity == {Severity.HIGH: 2, Severity.LOW: 1}
    assert first.by_tenant == {"t04": 2, "t11": 1}
    assert first.by_concern == {"tenant_isolation": 2, "supply_chain": 1}
    assert (second.by_severity[Severity.HIGH], second.unknown, second.exempted) == (1, 1, 1)
    assert [past.run for past in store.history(1)] == [second.run]
    (_, own) = store.history(tenant="t11")
    assert (own.by_tenant, own.unknown, own.resources) == ({}, 0, 0)


def test_a_run_that_is_not_there_is_an_error_with_a_hint(store: Store) -> None:
    for ask in (
        lambda: store.run(7),
        lambda: store.findings(7),
        lambda: store.fail(7, ""),
        lambda: store.record(7, made()),
    ):
        with pytest.raises(StoreError, match="cannot find run 7") as caught:
            ask()
        assert "runs list" in caught.value.diagnostics()
    with pytest.raises(StoreError, match="it is running and has no findings"):
        store.compare(recorded(store), begin(store))


def test_the_order_of_rules_and_the_rule_that_was_asked_of_nobody(store: Store) -> None:
    run = recorded(store, rules=(HIGH,))
    (only,) = store.run(run).rules
    assert (only.rule, set(only.verdicts.values())) == ("ISO-001", {0})
