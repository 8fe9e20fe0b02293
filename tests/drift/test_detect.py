"""Classes of drift: what is missing, unmanaged, orphaned, expected, and what cannot be said."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from scanner.drift import Drift, DriftClass, Sight, detect
from scanner.model.location import Origin
from scanner.model.resource import Resource

GROUP = "/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-a"


def thing(type_: str, name: str, attributes: Mapping[str, Any] | None = None, namespace: str = "shop") -> Resource:
    group = type_.partition("/")[0]
    kind = type_.rpartition("/")[2]
    metadata = {"name": name, "namespace": namespace}
    body = {"metadata": metadata, **(attributes or {})}
    key = f"prd/{group}/{kind}/{namespace or '-'}/{name}"
    return Resource(key, type_, body, Origin("memory", "m"), cluster="prd", namespace=namespace, name=name)


def vault(name: str, group: str = GROUP, **attributes: Any) -> Resource:
    id_ = f"{group}/providers/Microsoft.KeyVault/vaults/{name}"
    body = {"id": id_, "name": name, **attributes}
    return Resource(id_.lower(), "Microsoft.KeyVault/vaults", body, Origin("memory", "m"), name=name)


def classes(declared: list[Resource], live: list[Resource], sight: Sight | None = None) -> list[tuple[str, str]]:
    found = list(detect(declared, live, sight or Sight()))
    return [(one.class_.value, one.resource.name) for one in found]


def only(declared: list[Resource], live: list[Resource], sight: Sight | None = None) -> Drift:
    (one,) = detect(declared, live, sight or Sight())
    return one


def test_what_is_the_same_has_not_drifted() -> None:
    both = [thing("core/ConfigMap", "a", {"data": {"k": "v"}}), vault("kv")]
    assert classes(both, both) == []


def test_what_is_declared_and_not_there_is_missing() -> None:
    declared = [thing("core/ConfigMap", "a"), thing("core/ConfigMap", "b")]
    assert classes(declared, declared[:1]) == [("missing", "b")]


def test_what_no_listing_knows_the_type_of_is_missing_only_where_it_was_listed() -> None:
    declared, live = [thing("core/ConfigMap", "a"), thing("core/Service", "b")], [thing("core/Service", "b")]
    one = only(declared, live, Sight(listed=lambda declared: declared.type == "core/ConfigMap"))
    assert (one.class_, one.confidence, one.reason) == (DriftClass.MISSING, "high", "")
    one = only(declared, live, Sight(listed=lambda declared: False))
    reason = "nothing of its type was read, and a dump does not say whether it was asked for"
    assert (one.class_, one.reason) == (DriftClass.UNREADABLE, reason)


def test_what_another_cluster_has_of_a_type_says_nothing() -> None:
    elsewhere = replace(thing("core/ConfigMap", "a"), key="npd/core/ConfigMap/shop/a", cluster="npd")
    one = only([thing("core/ConfigMap", "a")], [elsewhere], Sight(listed=lambda declared: False))
    assert one.class_ is DriftClass.UNREADABLE


@pytest.mark.parametrize(
    ("declared", "sight", "reason"),
    [
        (thing("core/ConfigMap", "a"), Sight(lambda: "dump.json is cut off"), "dump.json is cut off"),
        (thing("core/ConfigMap", "a"), Sight(clusters=frozenset(("npd",))), "cluster prd was not read"),
        (vault("kv"), Sight(azure=False), "Azure was not read"),
        (vault("kv"), Sight(), "nothing of its subscription was read"),
        (vault("{random_pet.this.id}", GROUP), Sight(), "nothing of its subscription was read"),
    ],
)
def test_what_was_not_seen_is_not_missing(declared: Resource, sight: Sight, reason: str) -> None:
    one = only([declared], [], sight)
    assert (one.class_, one.reason) == (DriftClass.UNREADABLE, reason)


def test_an_id_that_is_known_in_parts_finds_the_one_resource_it_can_be() -> None:
    declared = vault("kv", "/subscriptions/{subscription}/resourceGroups/rg-a", location="westeurope")
    live = [vault("kv", location="northeurope"), vault("other")]
    found = list(detect([declared], live))
    assert [(one.class_, one.resource.name) for one in found] == [
        (DriftClass.UNMANAGED, "other"),
        (DriftClass.CHANGED, "kv"),
    ]


def test_an_id_that_several_resources_can_be_is_unreadable() -> None:
    declared = vault("kv", "/subscriptions/{subscription}/resourceGroups/rg-a")
    twins = [vault("kv"), vault("kv", GROUP.replace("102", "103"))]
    one = only([declared], twins)
    assert one.class_ is DriftClass.UNREADABLE
    assert one.reason == "its id is not known beforehand, and 2 live resources may be it"


def test_one_thing_declared_twice_is_compared_with_both() -> None:
    first, second = vault("kv", location="westeurope"), vault("kv", location="northeurope")
    one = only([first, second], [vault("kv", location="westeurope")])
    assert one.declared is second


def test_only_what_stands_where_something_is_declared_is_unmanaged() -> None:
    declared = [thing("core/ConfigMap", "a"), vault("kv")]
    elsewhere = [thing("core/ConfigMap", "x", namespace="other"), vault("kv-x", GROUP + "-x")]
    here = [thing("core/ConfigMap", "y"), vault("kv-y")]
    assert classes(declared, [*declared, *elsewhere, *here]) == [("unmanaged", "y"), ("unmanaged", "kv-y")]


def test_the_resource_group_that_something_is_deployed_into_is_no_find() -> None:
    group = Resource(
        GROUP.lower(), "Microsoft.Resources/resourceGroups", {"id": GROUP}, Origin("memory", "m"), name="r"
    )
    assert classes([vault("kv")], [vault("kv"), group]) == []


@pytest.mark.parametrize(
    "live",
    [
        thing("apps/ReplicaSet", "a", {"metadata": {"name": "a", "ownerReferences": [{"kind": "Deployment"}]}}),
        thing("core/ConfigMap", "kube-root-ca.crt"),
        thing("core/ServiceAccount", "default"),
        thing("core/Secret", "sh.helm.release.v1.shop.v3"),
        thing("discovery.k8s.io/EndpointSlice", "web-x7"),
        vault("kv-owned", managedBy="somebody"),
        vault("kv-hidden", tags={"hidden-title": "x"}),
    ],
    ids=lambda one: one.name,
)
def test_what_somebody_else_answers_for_is_nobodys_to_declare(live: Resource) -> None:
    declared = [thing("core/Service", "s"), vault("kv")]
    assert classes(declared, [*declared, live]) == []


def cluster(node_group: str) -> Resource:
    id_ = f"{GROUP}/providers/Microsoft.ContainerService/managedClusters/aks"
    body = {"id": id_, "name": "aks", "properties": {"nodeResourceGroup": node_group}}
    return Resource(id_.lower(), "Microsoft.ContainerService/managedClusters", body, Origin("memory", "m"), name="aks")


@pytest.mark.parametrize("first", [True, False])
def test_what_stands_in_a_group_that_a_service_made_is_its_own_whenever_that_is_read(first: bool) -> None:
    declared = [vault("kv", "/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/{group}")]
    nodes = vault("by-aks", GROUP.replace("rg-a", "nodes-of-aks"))
    inner = vault("by-service", GROUP.replace("rg-a", "inner"))
    group = GROUP.replace("rg-a", "inner")
    body = {"id": group, "managedBy": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Solutions/applications/a"}
    owner = Resource(group.lower(), "Microsoft.Resources/resourceGroups", body, Origin("memory", "m"), name="inner")
    makers = [cluster("Nodes-of-AKS"), owner]
    live = [*makers, nodes, inner] if first else [nodes, inner, *makers]
    assert classes([*declared, cluster("nodes-of-aks")], [vault("kv"), *live]) == []
    assert ("unmanaged", "by-aks") in classes(declared, [vault("kv"), nodes])


def marked(name: str, **metadata: Any) -> Resource:
    return thing("core/ConfigMap", name, {"metadata": {"name": name, **metadata}})


def test_what_a_tool_applied_and_nobody_declares_is_orphaned_unless_it_is_kept() -> None:
    declared = [thing("core/Service", "s")]
    flux = marked("flux", labels={"kustomize.toolkit.fluxcd.io/name": "shop"})
    argo = marked("argo", annotations={"argocd.argoproj.io/tracking-id": "shop"})
    helm = marked("helm", annotations={"meta.helm.sh/release-name": "shop", "helm.sh/resource-policy": "keep"})
    found = list(detect(declared, [*declared, flux, argo, helm]))
    assert [(one.class_.value, one.reason) for one in found] == [
        ("orphaned", "Flux applied it"),
        ("orphaned", "Argo CD applied it"),
        ("expected", "Helm applied it; a mark says that it is kept"),
    ]


def test_replicas_belong_to_whoever_scales_them_wherever_that_is_read() -> None:
    declared = thing("apps/Deployment", "web", {"spec": {"replicas": 2}})
    live = thing("apps/Deployment", "web", {"spec": {"replicas": 9}})
    target = {"spec": {"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}}}
    scaler = thing("autoscaling/HorizontalPodAutoscaler", "web", target)
    assert only([declared], [live]).class_ is DriftClass.CHANGED
    assert only([declared, scaler], [live, scaler]).class_ is DriftClass.EXPECTED
    owned = thing("autoscaling/HorizontalPodAutoscaler", "x", {**target, "metadata": {"ownerReferences": [{}]}})
    assert [one.class_ for one in detect([declared], [live, owned])] == [DriftClass.EXPECTED]


def test_what_is_no_control_planes_is_not_compared() -> None:
    settings = Resource("t", "terraform/Settings", {}, Origin("memory", "m"), name="t")
    nameless = thing("core/Pod", "")
    estates = [
        Resource("e", type_, {}, Origin("memory", "m"), name="e") for type_ in ("estate/Estate", "bulkhead/Estate")
    ]
    assert classes([settings, nameless, *estates], []) == []
