"""Which runs may resolve a Finding: only those that looked where it was."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.audit.store import Store, open_store
from scanner.model.finding import Related
from scanner.model.ledger import LedgerEntry, State
from scanner.model.verdict import Verdict
from tests.audit.store.runs import HIGH, LOW, PROD, TEST, begin, found, made, recorded, unread
from tests.formats.builder import at
from tests.tools.postgres import PostgreSQL


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    one = open_store(f"sqlite:///{tmp_path / 'audit.db'}")
    yield one
    one.close()


def resolved_by(store: Store, **later: object) -> bool:
    """Whether a run that has nothing any more resolves what the first one had."""
    first = recorded(store, found("web"))
    second = recorded(store, **later)  # type: ignore[arg-type]
    (one,) = store.findings(first)
    assert one.resolved_run in (None, second)
    fixed, gone = store.compare(first, second).fixed, store.compare(first, second).out_of_sight
    assert bool(fixed) is (one.resolved_run is not None)
    assert bool(gone) is (one.resolved_run is None)
    return one.resolved_run is not None


def test_a_run_that_looked_resolves(store: Store) -> None:
    assert resolved_by(store)


def test_a_run_over_other_scopes_does_not(store: Store) -> None:
    assert not resolved_by(store, scopes=[TEST])


def test_a_run_that_did_not_ask_the_rule_does_not(store: Store) -> None:
    assert not resolved_by(store, rules=[LOW])


@pytest.mark.parametrize(
    "input_",
    [
        "prod",  # the cluster as a whole
        "cluster:prod",
        "cluster prod",
        "cluster prod: apps/v1 deployments",
        "cluster prod: apps/v1 deployments in shop, page 3",
        "cluster prod: services.json",  # a file of a dump: who knows what was in it
        "cluster prod: deployments.apps, the rest",
        "prod/apps",
        "prod/apps/v1/deployments",  # the listing
        "prod/apps/v1/deployments#7",  # another page of it: what moved there was not seen
        "PROD/apps/v1/Deployments?continue=x",
        "prod/apps/v1/namespaces/shop/deployments",  # the same kind, listed by namespace
        "somewhere",  # nobody knows what is missing
    ],
)
def test_a_run_that_could_not_read_where_it_was_does_not(store: Store, input_: str) -> None:
    assert not resolved_by(store, ledger=[unread(input_)])


@pytest.mark.parametrize(
    "input_",
    [
        "prod/v1/services",
        "test",
        "test/apps/v1/deployments",
        "prod/apps/v1/daemonsets",
        "cluster test",
        "cluster test: apps/Deployment",
        "cluster prod: v1 services, page 2",
        "cluster prod: apps/v1 daemonsets in shop",
    ],
)
def test_a_run_that_could_not_read_something_else_does(store: Store, input_: str) -> None:
    assert resolved_by(store, ledger=[unread(input_)])


def test_listings_of_live_sources_are_told_apart(store: Store) -> None:
    """As the sources name them: ``cluster prod: apps/v1 deployments, page 2`` and ``subscription <uuid>``."""
    azure = "/subscriptions/0f0f"
    scopes = ["prod", azure]
    key = f"{azure}/resourcegroups/a/providers/b/vaults/c"
    web = found("web")
    pod = replace(web, location=at("cluster prod: v1 pods"), type="core/Pod")
    vault = replace(web, resource=key, fingerprint="v" * 32, type="b/vaults", location=at("azure/resources/0/0/3"))
    first = recorded(store, pod, vault, scopes=scopes)
    for hidden in ("cluster prod: v1 pods, page 2", "cluster prod"):
        run = recorded(store, vault, scopes=scopes, ledger=[unread(hidden)])
        assert len(store.compare(first, run).out_of_sight) == 1
    for hidden in ("subscription 0f0f", f"{azure}: resources", f"{key}: keys", "azure", "40 subscriptions: resources"):
        run = recorded(store, pod, scopes=scopes, ledger=[unread(hidden)])
        assert len(store.compare(first, run).out_of_sight) == 1, hidden
    elsewhere = [
        unread("cluster prod: v1 services, page 2"),
        unread(f"{azure}/resourcegroups/a/providers/b/sites/d: x"),
    ]
    last = recorded(store, scopes=scopes, ledger=elsewhere)
    assert {one.resolved_run for one in store.findings(first)} == {last}


def test_entries_that_are_no_fault_hide_nothing(store: Store) -> None:
    assert resolved_by(
        store, ledger=[LedgerEntry("prod", State.EXCLUDED, "not asked for"), LedgerEntry("x", State.SCANNED)]
    )


def test_a_rule_that_could_not_be_evaluated_resolves_nothing_of_its_own(store: Store) -> None:
    first = recorded(store, found("web"), found("web", about=LOW))
    fault = LedgerEntry("prod/v1/services", State.PARTIAL, "rule ISO-001 …", incomplete=True, rule="ISO-001")
    recorded(store, ledger=[fault])
    assert {one.rule for one in store.findings(first) if one.resolved_run is None} == {"ISO-001"}


def test_a_resource_the_rule_is_unknown_about_now_is_not_resolved(store: Store) -> None:
    first = recorded(store, found("web"))
    unknown = replace(found("web", verdict=Verdict.UNKNOWN), fingerprint="u" * 32, tag="spec")
    second = recorded(store, unknown)
    assert store.findings(first)[0].resolved_run is None
    changes = store.compare(first, second)
    assert [one.fingerprint for one in changes.became_unknown] == ["u" * 32]
    assert (changes.fixed, len(changes.out_of_sight)) == ((), 1)


def test_a_finding_with_a_part_elsewhere_needs_both_places(store: Store) -> None:
    other = Related("test/core/Service/shop/db", "it reaches this", at("test/v1/services#1"))
    first = recorded(store, found("web", related=[other]))
    recorded(store, ledger=[unread("test/v1/services")])
    recorded(store, scopes=[PROD])
    assert store.findings(first)[0].resolved_run is None
    last = recorded(store, ledger=[unread("test/v1/secrets")])
    assert store.findings(first)[0].resolved_run == last


def test_a_finding_in_no_scope_needs_a_run_that_read_everything(store: Store) -> None:
    first = recorded(store, found("web", cluster="estate"))
    recorded(store, ledger=[unread("test/v1/services")])
    recorded(store, scopes=[PROD])
    assert store.findings(first)[0].resolved_run is None
    last = recorded(store)
    assert store.findings(first)[0].resolved_run == last


def test_a_scope_is_no_beginning_of_another_ones_name(store: Store) -> None:
    first = recorded(store, found("web", cluster="prod-2"), scopes=["prod", "prod-2"])
    recorded(store, scopes=["prod"])
    assert store.findings(first)[0].resolved_run is None


def test_a_run_in_between_that_looked_makes_it_fixed(store: Store) -> None:
    first = recorded(store, found("web"))
    second = recorded(store)
    third = recorded(store, ledger=[unread("prod")])
    assert [one.resolved_run for one in store.compare(first, third).fixed] == [second]


def test_what_comes_back_is_open_again_since_it_was_first_seen(store: Store) -> None:
    first = recorded(store, found("web"))
    recorded(store)
    third = recorded(store, found("web"))
    (one,) = store.findings(third)
    assert (one.first_run, one.last_run, one.resolved_run) == (first, third, None)


NAMES = ("a", "b", "c")


@dataclass(frozen=True)
class Night:
    """One run of the model: where it looked, what it could not read, what is wrong."""

    scopes: frozenset[str]
    unread: frozenset[str]
    """Scopes whose Deployments could not be listed."""
    failing: frozenset[tuple[str, str]]
    """Cluster and name."""
    asked: bool
    """Whether the Rule was asked."""


NIGHTS = st.lists(
    st.builds(
        Night,
        scopes=st.frozensets(st.sampled_from([PROD, TEST]), min_size=1),
        unread=st.frozensets(st.sampled_from([PROD, TEST])),
        failing=st.frozensets(st.tuples(st.sampled_from([PROD, TEST]), st.sampled_from(NAMES))),
        asked=st.booleans(),
    ),
    min_size=1,
    max_size=6,
)


def sees(night: Night, cluster: str) -> bool:
    """Whether a run would have a Finding in ``cluster``, by the model."""
    return night.asked and cluster in night.scopes and cluster not in night.unread


def expected(nights: Sequence[Night]) -> dict[tuple[str, str], tuple[int, int, int | None]]:
    """First, last and resolving run of every Finding, by the model; runs are numbered from 1."""
    history = {}
    for cluster in (PROD, TEST):
        for name in NAMES:
            having = [
                n for n, night in enumerate(nights, 1) if (cluster, name) in night.failing and sees(night, cluster)
            ]
            if having:
                after = (n for n, night in enumerate(nights, 1) if n > having[-1] and sees(night, cluster))
                history[(cluster, name)] = (having[0], having[-1], next(after, None))
    return history


def stored(
    store: Store, nights: Sequence[Night], order: Sequence[int]
) -> dict[tuple[str, str], tuple[int, int, int | None]]:
    """The same from the store, with runs begun in order and recorded in ``order``."""
    numbers = [begin(store, scopes=night.scopes, day=day) for day, night in enumerate(nights)]
    for index in order:
        night = nights[index]
        failing = [found(name, cluster=cluster) for cluster, name in night.failing if sees(night, cluster)]
        ledger = [unread(f"{scope}/apps/v1/deployments") for scope in sorted(night.unread & night.scopes)]
        store.record(numbers[index], made(*failing, ledger=ledger, rules=[HIGH] if night.asked else [LOW]))
    place = {number: index for index, number in enumerate(numbers, 1)}
    return {
        (one.resource.split("/")[0], one.resource.rpartition("/")[2]): (
            place[one.first_run],
            place[one.last_run],
            place[one.resolved_run] if one.resolved_run else None,
        )
        for number in numbers
        for one in store.findings(number)
    }


@settings(max_examples=60, deadline=None)
@given(nights=NIGHTS, seed=st.integers(0, 1_000))
def test_first_seen_last_seen_and_resolved_are_those_of_the_model(
    tmp_path_factory: pytest.TempPathFactory, nights: list[Night], seed: int
) -> None:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('model') / 'audit.db'}")
    order = random.Random(seed).sample(range(len(nights)), len(nights))
    assert stored(store, nights, order) == expected(nights)
    store.close()


@pytest.mark.slow
def test_so_they_are_on_postgresql(server: PostgreSQL) -> None:
    choose = random.Random(7)

    def some(values: Sequence[object]) -> frozenset[object]:
        return frozenset(value for value in values if choose.random() < 0.6)

    store = open_store(server.database())
    for _ in range(8):
        things = [(cluster, name) for cluster in (PROD, TEST) for name in NAMES]
        nights = [Night(some([PROD, TEST]), some([TEST]), some(things), choose.random() < 0.8) for _ in range(6)]  # type: ignore[arg-type]
        order = choose.sample(range(6), 6)
        assert stored(store, nights, order) == expected(nights)
        store.close()
        store = open_store(server.database())
    store.close()
