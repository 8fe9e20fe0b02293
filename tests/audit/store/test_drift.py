"""What the store keeps of drift: both sides, timelines, writes without values; each as long as somebody needs it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from scanner.audit.store import Store, open_store
from scanner.audit.store.sight import declared_scope
from scanner.drift.events import Event, Verb
from scanner.drift.findings import RULES
from scanner.drift.model import DriftClass
from scanner.model.finding import Difference, Finding
from scanner.model.moment import Moment
from scanner.model.verdict import Verdict
from tests.audit.store.runs import FIRST, PROD, TEST, begin, found, made, recorded
from tests.formats.builder import KESTREL

CHANGED, UNREADABLE = RULES[DriftClass.CHANGED], RULES[DriftClass.UNREADABLE]
ASKED = (CHANGED, UNREADABLE)
SCOPES = (PROD, declared_scope("clusters"))
SIDES = Difference("spec.replicas", "2", "7", "applied and changed by hand", "written by kestrel's kubectl", "apply it")
WRITE = Event(
    f"{PROD}/apps/deployment/shop/web", Verb.CHANGED, "2026-10-30T10:00:00Z", "mallory", "kubectl", "patch", "c-1",
    {("spec", "replicas"): 7, ("spec", "password"): "CANARY"}, "kubectl",
)  # fmt: skip


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    one = open_store(url)
    yield one
    one.close()


def drifted(name: str = "web", difference: Difference = SIDES, **facts: object) -> Finding:
    return replace(found(name, about=CHANGED, **facts), difference=difference)  # type: ignore[arg-type]


def own(text: str, tenant: str | None) -> str:
    return text.replace("kestrel", "another") if tenant else ""


def night(store: Store, *findings: Finding, day: int = 0, scopes: tuple[str, ...] = SCOPES) -> int:
    return recorded(store, *findings, day=day, scopes=scopes, rules=ASKED)


def test_both_sides_are_kept_as_the_last_run_has_them(store: Store) -> None:
    night(store, drifted())
    between = begin(store, scopes=SCOPES, day=1)
    later = begin(store, scopes=SCOPES, day=2)
    assert store.record(later, made(drifted(difference=SIDES._replace(live="9")), rules=ASKED))
    assert store.record(between, made(drifted(difference=SIDES._replace(live="8")), found("plain"), rules=ASKED))
    assert [one.difference for one in store.findings(1)] == [SIDES._replace(live="9")]
    assert [one.difference for one in store.findings(between) if one.rule == "ISO-001"] == [None]


def test_a_tenant_reads_of_it_what_it_may(store: Store) -> None:
    run = begin(store, scopes=SCOPES)
    findings = (drifted(), drifted("theirs", tenancy=KESTREL))
    moments = {one.resource: (Moment("2026-10-30T10:00:00Z", "changed by kestrel"),) for one in findings}
    store.record(run, replace(made(*findings, rules=ASKED), timelines=moments), own=own)
    (mine,) = store.findings(run, tenant="t04")
    assert mine.difference == SIDES._replace(cause="written by another's kubectl")
    timelines = store.past([one.resource for one in findings], tenant="t04")
    assert timelines.keys() == {mine.resource}
    assert [one.what for one in timelines[mine.resource]] == [
        "changed by another",
        "spec.replicas is not as declared, first seen by run 1",
    ]
    assert "kestrel" in str(store.past([mine.resource]))


def test_without_what_a_tenant_may_read_it_reads_no_sides(store: Store) -> None:
    night(store, drifted())
    (mine,) = store.findings(1, tenant="t04")
    assert mine.difference is None


def test_seen_mended_and_seen_again(store: Store) -> None:
    night(store, drifted())
    night(store, day=1)
    night(store, day=2)
    night(store, drifted(), day=3)
    (resource,) = {one.resource for one in store.findings(1)}
    assert [one.what for one in store.past([resource])[resource]] == [
        "spec.replicas is not as declared, first seen by run 1",
        "spec.replicas is as declared again, run 2",
        "spec.replicas is not as declared again, run 4",
    ]
    assert len(store.past([resource], until=1)[resource]) == 1
    assert store.past(["somebody else's"]) == {}


@pytest.mark.parametrize(
    "blind",
    [
        {"scopes": (PROD,)},
        {"scopes": (PROD, declared_scope("clusters/platform"))},
        {"scopes": (TEST, declared_scope("clusters"))},
    ],
)
def test_what_is_compared_with_less_mends_nothing(store: Store, blind: dict[str, tuple[str, ...]]) -> None:
    night(store, drifted())
    night(store, day=1, **blind)
    assert [one.resolved for one in store.findings(1)] == [None]
    night(store, day=2, scopes=(*SCOPES, declared_scope("infra")))
    assert [one.resolved_run for one in store.findings(1)] == [3]


def test_what_can_no_longer_be_told_is_not_mended(store: Store) -> None:
    night(store, drifted())
    untold = night(store, found("web", about=UNREADABLE, verdict=Verdict.UNKNOWN), day=1)
    assert [one.resolved for one in store.findings(1)] == [None]
    assert [one.rule for one in store.compare(1, untold).out_of_sight] == ["DRIFT-001"]
    night(store, day=2)
    assert {one.resolved_run for run in (1, 2) for one in store.findings(run)} == {3}


def test_a_declaration_that_is_no_longer_compared_hides_nothing_else(store: Store) -> None:
    placeless = replace(found("a"), resource="estate/Estate/-/-/erp")
    recorded(store, placeless, scopes=SCOPES)
    recorded(store, scopes=(PROD,), day=1)
    assert [one.resolved_run for one in store.findings(1)] == [2]


def test_writes_are_kept_once_without_values(store: Store, url: str) -> None:
    nameless = replace(WRITE, by="", client="")
    store.keep_writes((nameless,), FIRST)
    store.keep_writes((WRITE, WRITE), FIRST)
    store.keep_writes((nameless,), FIRST)
    (known,) = store.writes([WRITE.target, "another"])
    assert known == replace(WRITE, values={("spec", "password"): None, ("spec", "replicas"): None})
    assert store.writes(["another"]) == ()
    store.keep_writes((replace(WRITE, values=None, correlation="c-2"),), FIRST)
    assert [one.values is None for one in store.writes([WRITE.target])] == [False, True]


def test_what_is_kept_of_drift_goes_with_the_runs_that_need_it(store: Store) -> None:
    old = drifted("old")
    moments = {old.resource: (Moment("2026-10-30T10:00:00Z", "changed by somebody"),)}
    first = begin(store, scopes=SCOPES)
    other = replace(WRITE, correlation="c-2")
    store.record(first, replace(made(old, rules=ASKED), timelines=moments), remember=(WRITE, other))
    second = begin(store, scopes=SCOPES, day=1)
    store.record(second, made(drifted(), rules=ASKED), remember=(WRITE,))
    assert len(store.writes([WRITE.target])) == 2
    assert store.past([old.resource])[old.resource][0].what == "changed by somebody"
    assert store.prune(keep=1) == (first,)
    assert [one.correlation for one in store.writes([WRITE.target])] == ["c-1"]
    assert store.past([old.resource]) == {}
    assert [one.difference for one in store.findings(second)] == [SIDES]


def test_writes_that_no_run_needs_go_by_age(store: Store) -> None:
    store.keep_writes((WRITE,), FIRST)
    store.prune(older_than=timedelta(days=400), now=FIRST + timedelta(days=399))
    assert store.writes([WRITE.target])
    store.prune(older_than=timedelta(days=400), now=FIRST + timedelta(days=401))
    assert not store.writes([WRITE.target])


def test_a_run_that_is_recorded_twice_changes_nothing(store: Store) -> None:
    run = begin(store, scopes=SCOPES)
    one = drifted()
    whole = replace(made(one, rules=ASKED), timelines={one.resource: (Moment("2026-10-30T10:00:00Z", "x"),)})
    assert store.record(run, whole, remember=(WRITE,))
    before = store.past([one.resource])
    assert not store.record(run, whole, remember=(WRITE,))
    assert store.past([one.resource]) == before
    again = begin(store, scopes=SCOPES, day=1)
    assert store.record(again, whole, remember=(WRITE,))
    assert store.past([one.resource]) == before, "no moment twice"
