"""What became of Findings between two runs, and what one tenant may know of it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from scanner.audit.store import Store, open_store
from scanner.model.exemption import Exemption
from scanner.model.verdict import Verdict
from tests.audit.store.runs import FIRST, begin, found, made, recorded, unread
from tests.formats.builder import DUNMORE, KESTREL, PLATFORM

EXEMPTION = Exemption("EX-kestrel-and-dunmore", ("*",), "r", "file", "e.yaml", 1)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    one = open_store(url)
    yield one
    one.close()


def names(found_: tuple[object, ...]) -> list[str]:
    return [one.resource.rpartition("/")[2] for one in found_]  # type: ignore[attr-defined]


def test_every_finding_is_in_the_part_it_belongs_to(store: Store) -> None:
    unknown = Verdict.UNKNOWN
    first = recorded(
        store,
        found("open"),
        found("mended"),
        found("lost", cluster="test"),
        found("hidden"),
        found("taken", exemption=None),
        found("lapsed", exemption=EXEMPTION),
        found("unclear", verdict=unknown),
        found("found-out", verdict=unknown),
        found("accepted-all-along", exemption=EXEMPTION),
    )
    second = recorded(
        store,
        found("open"),
        found("new"),
        found("hidden", verdict=unknown),
        found("taken", exemption=EXEMPTION),
        found("lapsed"),
        found("unclear", verdict=unknown),
        found("found-out"),
        found("never-known", verdict=unknown),
        found("accepted-all-along", exemption=EXEMPTION),
        ledger=[unread("test", "the cluster was deleted")],
    )
    changes = store.compare(first, second)
    assert names(changes.introduced) == ["found-out", "lapsed", "new"]
    assert names(changes.fixed) == ["mended"]
    assert names(changes.still_open) == ["open"]
    assert names(changes.became_unknown) == ["hidden", "never-known"]
    assert names(changes.accepted) == ["taken"]
    assert names(changes.out_of_sight) == ["lost"]
    assert (changes.before.id, changes.after.id) == (first, second)


def test_a_run_beside_itself_has_only_what_is_open(store: Store) -> None:
    run = recorded(store, found("a"), found("b", verdict=Verdict.UNKNOWN))
    changes = store.compare(run, run)
    assert names(changes.still_open) == ["a"]
    assert changes.introduced == changes.fixed == changes.became_unknown == changes.out_of_sight == ()


def own(text: str, tenant: str | None) -> str:
    return f"for {tenant}: {text.replace('kestrel', 'another tenant')}"


def test_a_tenant_reads_its_own_findings_and_nothing_of_others(store: Store) -> None:
    first = begin(store)
    mine = found("web", message="it shares a host with kestrel", exemption=EXEMPTION)
    store.record(first, made(mine, found("theirs", tenancy=KESTREL), found("ours", tenancy=PLATFORM)), own=own)
    second = recorded(store, found("theirs-too", tenancy=KESTREL), day=1)

    (one,) = store.findings(first, tenant="t04")
    assert one.message == "for t04: it shares a host with another tenant"
    assert (one.exemption, one.input) == ("accepted", "")
    assert store.findings(first)[-1].message == "it shares a host with kestrel"
    changes = store.compare(first, second, tenant="t04")
    assert changes.introduced == changes.still_open == changes.became_unknown == ()
    assert [past.by_tenant for past in store.history(tenant="t04")] == [{"t04": 0}, {}]
    assert store.findings(first, tenant="nobody") == ()


def test_without_a_message_of_its_own_a_tenant_reads_the_title_of_the_rule(store: Store) -> None:
    run = recorded(store, found("web", message="it shares a host with kestrel"))
    assert [one.message for one in store.findings(run, tenant="t04")] == ["No pod is privileged"]


def test_a_resource_that_changes_hands_is_over_for_one_tenant_and_new_for_the_other(store: Store) -> None:
    first = recorded(store, found("web", tenancy=KESTREL, message="kestrel's secret name"))
    second = recorded(store, found("web", tenancy=DUNMORE, message="plain"))
    assert names(store.compare(first, second, tenant="t11").fixed) == ["web"]
    assert names(store.compare(first, second, tenant="t04").introduced) == ["web"]
    assert store.findings(first, tenant="t04") == ()


def test_pruning_keeps_the_last_runs_and_what_they_know(store: Store) -> None:
    old = recorded(store, found("web"), found("gone"))
    recorded(store, found("web"), day=1)
    last = recorded(store, found("web"), day=2)
    dead = begin(store)
    assert store.prune(keep=1) == (old, old + 1)
    assert [run.id for run in store.runs()] == [dead, last]
    (one,) = store.findings(last)
    assert (one.first_run, one.first_seen) == (old, "2026-11-01T02:00:00Z")
    following = recorded(store)
    assert names(store.compare(last, following).fixed) == ["web"]


def test_pruning_by_age_takes_runs_whose_process_is_gone_but_never_the_last_recorded(store: Store) -> None:
    recorded(store, found("web"))
    last = recorded(store, found("web"), day=1)
    begin(store, day=2)
    assert len(store.prune(older_than=timedelta(days=30), now=FIRST + timedelta(days=90))) == 2
    assert [run.id for run in store.runs()] == [last]
    assert store.prune(older_than=timedelta(days=30), now=FIRST + timedelta(days=90)) == ()
    assert store.prune() == ()
    assert begin(store) > last + 1, "the number of a deleted run is not given again"


def test_the_messages_a_tenant_reads_come_from_the_names_of_the_estate(store: Store) -> None:
    from scanner.estate import load_estate
    from scanner.report.names import Names
    from scanner.report.restricted import own_texts
    from tests.conftest import ROOT

    names = Names.of(load_estate(str(ROOT / "fixtures" / "erp-hosting" / "estate.yaml")))
    run = begin(store)
    whole = made(found("web", message="kestrel reaches dunmore"), found("p", tenancy=PLATFORM, message="kestrel too"))
    store.record(run, whole, own=own_texts(names))
    assert [one.message for one in store.findings(run, tenant="t04")] == ["[another tenant] reaches dunmore"]
    assert sorted(one.message for one in store.findings(run)) == ["kestrel reaches dunmore", "kestrel too"]
