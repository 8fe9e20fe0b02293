"""The two Inventories of admission give the answers of a fresh one: after any changes, and with an object replaced."""

from collections.abc import Hashable, Iterable, Iterator
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner import inventory as fresh
from scanner.estate import Estate, load_estate
from scanner.inventory import Inventory
from scanner.model.location import Origin
from scanner.model.resource import Resource
from scanner.points.admission.live import LiveInventory
from scanner.points.admission.overlay import by_home, overlaid
from tests.conftest import ROOT

CLUSTER = "aks-prd-weu-01"
NAMESPACES = ("erp-aldersyde-prd", "erp-zennor-prd", "stray", "traefik", "default")
TYPES = ("core/Namespace", "networking.k8s.io/Ingress", "core/Service", "core/PersistentVolume", "apps/Deployment")
TENANT = "erp.example.net/tenant"


@cache
def estate() -> Estate:
    return load_estate(str(ROOT / "fixtures" / "erp-hosting" / "estate.yaml"))


def hosts(resource: Resource) -> Iterator[Hashable]:
    """An index as a Rule makes one: a Resource may have several values, and one twice."""
    yield from resource.value("spec", "hosts", default=())


def resource(type_: str, namespace: str, name: str, labels: dict[str, str], listed: list[str]) -> Resource:
    is_namespace, is_volume = type_ == "core/Namespace", type_ == "core/PersistentVolume"
    if is_namespace:
        name = namespace
    spec: dict[str, Any] = {"hosts": listed}
    if is_volume:
        spec["claimRef"] = {"namespace": namespace}
    if type_ == "apps/Deployment":
        spec["template"] = {"metadata": {"labels": labels}, "spec": {}}
    home = "" if is_namespace or is_volume else namespace
    attributes = {"metadata": {"name": name, "labels": labels}, "spec": spec}
    key = f"{CLUSTER}/{type_}/{home or '-'}/{name}"
    return Resource(key, type_, attributes, Origin("cluster", "c"), CLUSTER, home, name)


resources = st.builds(
    resource,
    st.sampled_from(TYPES),
    st.sampled_from(NAMESPACES),
    st.sampled_from(["a", "b", "c"]),
    st.dictionaries(st.sampled_from(["app", TENANT]), st.sampled_from(["t01", "t02", "web"]), max_size=2),
    st.lists(st.sampled_from(["x", "y", "z"]), max_size=3),
)
changes = st.lists(st.one_of(resources, resources.map(lambda found: found.key)), max_size=25)

INDEXES: tuple[tuple[Any, ...], ...] = (
    (fresh._type,),
    (fresh._type_cluster,),
    (fresh._type_namespace,),
    (fresh._identity,),
    (fresh._tenant_type,),
    (fresh._label,),
    (by_home,),
    (hosts,),
    (hosts, "networking.k8s.io/Ingress"),
    (hosts, "networking.k8s.io/Ingress", "core/Service", "core/Namespace"),
)


def compare(ours: Inventory, wanted: Inventory) -> None:
    assert list(ours) == list(wanted)
    assert len(ours) == len(wanted)
    for index in INDEXES:
        found = ours.grouped(*index)
        expected = wanted.grouped(*index)
        assert dict(found.items()) == dict(expected.items()), index
        assert len(found) == len(expected)
        assert found.get("absent", ()) == ()
    for type_ in TYPES:
        selector = {"matchLabels": {"app": "web"}}
        assert list(ours.selected(selector, type_, CLUSTER)) == list(wanted.selected(selector, type_, CLUSTER))


def after(steps: Iterable[Resource | str]) -> dict[str, Resource]:
    left: dict[str, Resource] = {}
    for step in steps:
        if isinstance(step, str):
            left.pop(step, None)
        else:
            left[step.key] = step
    return left


@settings(max_examples=150, deadline=None)
@given(changes, st.booleans(), st.booleans(), resources)
def test_an_inventory_that_changes_is_a_fresh_one_at_every_moment(
    steps: list[Resource | str], with_estate: bool, indexed_first: bool, under_review: Resource
) -> None:
    owner = estate() if with_estate else None
    ours = LiveInventory(estate=owner)
    if indexed_first:
        compare(ours, Inventory())
    for step in steps:
        if isinstance(step, str):
            ours.discard(step)
        else:
            ours.put(step)
    left = after(steps)
    wanted = Inventory(left.values())
    compare(ours, wanted.resolved(owner) if owner else wanted)

    with_new = Inventory({**left, under_review.key: under_review}.values())
    with_new = with_new.resolved(owner) if owner else with_new
    subject = next(one for one in with_new if one.key == under_review.key)
    compare(overlaid(ours, subject, owner), with_new)
    compare(ours, wanted.resolved(owner) if owner else wanted)


def test_a_namespace_that_changes_hands_takes_what_is_in_it_along() -> None:
    ours = LiveInventory(estate=estate())
    ingress = resource("networking.k8s.io/Ingress", "stray", "web", {}, [])
    ours.put(ingress)
    assert ours.of_tenant("t01", ingress.type) == ()
    ours.put(resource("core/Namespace", "stray", "", {TENANT: "t01"}, []))
    assert [found.name for found in ours.of_tenant("t01", ingress.type)] == ["web"]
    ours.discard(f"{CLUSTER}/core/Namespace/-/stray")
    assert ours.of_tenant("t01", ingress.type) == ()


@pytest.mark.parametrize("objects", [2_000, 20_000])
def test_one_change_costs_one_object_and_not_all_of_them(objects: int) -> None:
    calls = 0

    def counted(one: Resource) -> Iterator[Hashable]:
        nonlocal calls
        calls += 1
        yield one.namespace

    ours = LiveInventory(resource(TYPES[1], f"n{n % 50}", f"i{n}", {}, []) for n in range(objects))
    ours.grouped(counted)
    assert calls == objects
    changed = resource(TYPES[1], "n1", "i1", {"app": "web"}, [])
    ours.put(changed)
    assert calls == objects + 2, "once for what it was, once for what it is"
    overlay = overlaid(ours, resource(TYPES[1], "n1", "new", {}, []), None)
    assert len(overlay.grouped(counted)["n1"]) == objects // 50 + 1
    assert calls == objects + 3
