"""What does not follow from not finding something that may not have been seen."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from scanner.engine.judge import Judge
from scanner.engine.programs import Context, Outcome, Programs
from scanner.inventory import Inventory
from scanner.model.ledger import LedgerEntry, State, Unseen
from scanner.model.resource import Resource
from scanner.model.rule import Rule
from scanner.model.verdict import Verdict, verdict_of_code
from tests.engine.rules import make_resource, make_rule

POLICY, ROUTE = "networking.k8s.io/NetworkPolicy", "traefik.io/IngressRoute"
HIDDEN = LedgerEntry(
    "cluster c: policies", State.UNREACHABLE, "forbidden", incomplete=True, unseen=Unseen(("c",), (POLICY,))
)
NAMESPACE = make_resource(type_="core/Namespace", namespace="", name="shop")

Check = Callable[[Resource, Inventory], Iterable[Any]]


class Asking(Programs):
    """Runs one function in place of every Rule."""

    def __init__(self, check: Check) -> None:
        super().__init__({})
        self._check = check
        self.runs = 0

    def run(self, rules: tuple[Rule, ...], resource: Resource, context: Context) -> list[Outcome]:
        self.runs += len(rules)
        assert context.inventory is not None
        return [tuple(self._check(resource, context.inventory)) for _ in rules]


def needs_policy(resource: Resource, inventory: Inventory) -> Iterator[Any]:
    if not inventory.of_type(POLICY, resource.cluster, resource.name):
        yield resource.fail("it has no policy", ("metadata", "name"))


def by_name(resource: Resource) -> Iterator[Hashable]:
    yield resource.name


def is_alone(resource: Resource, inventory: Inventory) -> Iterator[Any]:
    others = [one for one in inventory.grouped(by_name, POLICY).get(resource.name, ()) if one.key != resource.key]
    if others:
        yield resource.fail("there is another")


def looks_nowhere(resource: Resource, inventory: Inventory) -> Iterator[Any]:
    yield resource.fail("it is bad by itself")


def rule(*looks_for: str) -> Rule:
    made = make_rule(needs=("inventory",), looks_up={POLICY: ("spec",), ROUTE: ("spec",)})
    return replace(made, looks_for=frozenset(looks_for))


def judged(
    check: Check, asked: Rule, *there: Resource, resource: Resource = NAMESPACE, hidden: LedgerEntry = HIDDEN
) -> tuple[Verdict, list[str]]:
    inventory = Inventory((resource, *there), (hidden,))
    judgement = Judge(Asking(check), Context(inventory)).judge((asked,), resource)
    return verdict_of_code(judgement.codes[0]), [fault.message for _, fault in judgement.faults]


def test_a_fail_for_want_of_what_was_not_seen_is_unknown_and_says_why() -> None:
    verdict, (message,) = judged(needs_policy, rule(POLICY))
    assert verdict is Verdict.UNKNOWN
    assert message == (
        f"{POLICY} was not all seen (cluster c: policies: forbidden), so this is not known: it has no policy"
    )


def test_a_pass_by_what_was_seen_stays() -> None:
    policy = make_resource(type_=POLICY, name="deny")
    assert judged(needs_policy, rule(POLICY), policy) == (Verdict.PASS, [])


def test_a_fail_by_what_was_seen_stays() -> None:
    same = make_resource(type_=POLICY, name="shop")
    assert judged(is_alone, rule(), same) == (Verdict.FAIL, ["there is another"])


def test_a_pass_for_want_of_what_was_not_seen_is_unknown() -> None:
    own = make_resource(type_=POLICY, name="shop")
    for resource in (NAMESPACE, own):
        verdict, (message,) = judged(is_alone, rule(), resource=resource)
        assert (verdict, message) == (Verdict.UNKNOWN, f"{POLICY} was not all seen (cluster c: policies: forbidden)")


def test_a_pass_for_which_something_was_found_stays() -> None:
    def check(resource: Resource, inventory: Inventory) -> Iterator[Any]:
        policies, routes = inventory.of_type(POLICY), inventory.of_type(ROUTE)
        if policies and not routes:
            yield resource.fail("it has a policy and no route")

    assert judged(check, rule(), make_resource(type_=ROUTE)) == (Verdict.PASS, [])
    assert judged(check, rule())[0] is Verdict.UNKNOWN


@pytest.mark.parametrize("said", ["skip", "unknown"])
def test_what_the_check_says_itself_stays(said: str) -> None:
    def check(resource: Resource, inventory: Inventory) -> Iterator[Any]:
        inventory.of_type(POLICY)
        yield getattr(resource, said)("for a reason of its own")

    for asked in (rule(), rule(POLICY)):
        verdict, messages = judged(check, asked)
        assert (verdict.value, messages) == (said, ["for a reason of its own"] if said == "unknown" else [])


def test_what_the_check_does_not_look_at_takes_nothing_away() -> None:
    assert judged(looks_nowhere, rule(POLICY)) == (Verdict.FAIL, ["it is bad by itself"])


@pytest.mark.parametrize(
    "unseen", [Unseen(("another",), (POLICY,)), Unseen(("c",), (ROUTE,)), Unseen(("/subscriptions",))]
)
def test_what_is_missing_elsewhere_takes_nothing_away(unseen: Unseen) -> None:
    elsewhere = HIDDEN._replace(unseen=unseen)
    assert judged(needs_policy, rule(POLICY), hidden=elsewhere) == (Verdict.FAIL, ["it has no policy"])


def test_where_anything_may_be_missing_every_type_is() -> None:
    assert judged(needs_policy, rule(POLICY), hidden=HIDDEN._replace(unseen=Unseen(("c",))))[0] is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("scope", "verdict"),
    [
        ("/subscriptions", Verdict.UNKNOWN),
        ("/subscriptions/s1", Verdict.UNKNOWN),
        ("/subscriptions/s1/resourcegroups/g/providers/microsoft.storage/storageaccounts/a", Verdict.UNKNOWN),
        ("/subscriptions/s1/resourcegroups/g/providers/microsoft.storage/storageaccounts/ab", Verdict.FAIL),
        ("/subscriptions/s2", Verdict.FAIL),
    ],
)
def test_of_azure_the_scope_is_whatever_the_id_is_below(scope: str, verdict: Verdict) -> None:
    setting = "Microsoft.Insights/diagnosticSettings"
    account = replace(
        make_resource(type_="Microsoft.Storage/storageAccounts", cluster="", namespace="", name="a"),
        key="/subscriptions/s1/resourcegroups/g/providers/microsoft.storage/storageaccounts/a",
    )
    asked = replace(make_rule(needs=("inventory",), looks_up={setting: ()}), looks_for=frozenset({setting}))

    def check(resource: Resource, inventory: Inventory) -> Iterator[Any]:
        if not inventory.of_type(setting):
            yield resource.fail("no setting")

    hidden = HIDDEN._replace(unseen=Unseen((scope,), (setting.lower(),)))
    assert judged(check, asked, resource=account, hidden=hidden)[0] is verdict


def test_where_everything_was_seen_no_check_runs_twice() -> None:
    programs = Asking(needs_policy)
    for entries, runs in (((), 1), ((HIDDEN._replace(unseen=None),), 1), ((HIDDEN,), 2)):
        programs.runs = 0
        Judge(programs, Context(Inventory((NAMESPACE,), entries))).judge((rule(POLICY),), NAMESPACE)
        assert programs.runs == runs


@pytest.mark.parametrize(
    "look",
    [
        lambda inventory: inventory.get(POLICY, "c", "shop", "deny"),
        lambda inventory: inventory.of_tenant("t01", POLICY),
        lambda inventory: list(inventory.selected({"matchLabels": {"a": "b"}}, POLICY, "c")),
        lambda inventory: inventory.grouped(by_name, POLICY).get("x"),
        lambda inventory: inventory.grouped(by_name).get("x"),
        lambda inventory: [one for one in inventory if one.type == POLICY],
    ],
)
def test_every_way_to_look_is_noticed(look: Callable[[Inventory], Any]) -> None:
    def check(resource: Resource, inventory: Inventory) -> Iterator[Any]:
        if not look(inventory):
            yield resource.fail("nothing there")

    assert judged(check, rule(POLICY))[0] is Verdict.UNKNOWN
