from collections.abc import Iterable

from scanner.estate import load_estate
from scanner.inventory import Inventory, pod_labels
from scanner.model.resource import Resource
from scanner.model.tenancy import Standing
from tests.engine.rules import make_resource
from tests.estate.estates import EXAMPLE

DEPLOYMENT = "apps/Deployment"


def deployment(name: str, namespace: str = "shop", cluster: str = "c", **labels: str) -> Resource:
    attributes = {
        "metadata": {"labels": {"on": "object"}},
        "spec": {"template": {"metadata": {"labels": labels}, "spec": {}}},
    }
    return make_resource(attributes, type_=DEPLOYMENT, namespace=namespace, name=name, cluster=cluster)


INVENTORY = Inventory(
    [
        deployment("b", app="web"),
        deployment("a", app="web", tier="front"),
        deployment("c", namespace="other", app="web"),
        deployment("d", cluster="e", app="web"),
        make_resource(type_="core/Namespace", namespace="", name="shop"),
    ]
)


def names(resources: Iterable[Resource]) -> list[str]:
    return [resource.name for resource in resources]


def test_resources_are_found_by_type_cluster_and_namespace_in_a_stable_order() -> None:
    assert names(INVENTORY.of_type(DEPLOYMENT)) == ["c", "a", "b", "d"]
    assert names(INVENTORY.of_type(DEPLOYMENT, "c")) == ["c", "a", "b"]
    assert names(INVENTORY.of_type(DEPLOYMENT, "c", "shop")) == ["a", "b"]
    assert INVENTORY.of_type("core/Secret") == ()


def test_one_resource_is_found_by_name() -> None:
    found = INVENTORY.get(DEPLOYMENT, "c", "shop", "a")
    assert found is not None
    assert found.name == "a"
    assert INVENTORY.get(DEPLOYMENT, "c", "shop", "z") is None
    namespace = INVENTORY.namespace("c", "shop")
    assert namespace is not None
    assert namespace.name == "shop"


def test_a_selector_sees_the_labels_of_the_pods() -> None:
    assert names(INVENTORY.selected({"matchLabels": {"app": "web"}}, DEPLOYMENT, "c", "shop")) == ["a", "b"]
    assert names(INVENTORY.selected({"matchLabels": {"on": "object"}}, DEPLOYMENT, "c")) == []
    expression = {"matchExpressions": [{"key": "tier", "operator": "Exists"}]}
    assert names(INVENTORY.selected(expression, DEPLOYMENT, "c")) == ["a"]
    assert names(INVENTORY.selected({}, DEPLOYMENT, "e")) == ["d"]


def test_the_owner_is_found_through_its_reference() -> None:
    reference = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "a", "controller": True}
    pod = make_resource({"metadata": {"ownerReferences": [reference]}})
    owner = INVENTORY.owner(pod)
    assert owner is not None
    assert owner.name == "a"
    assert INVENTORY.owner(make_resource()) is None


def app_of(resource: Resource) -> list[str]:
    return [value for key, value in pod_labels(resource).items() if key == "app"]


def test_any_value_can_be_grouped_by_and_the_index_is_built_once() -> None:
    index = INVENTORY.grouped(app_of, DEPLOYMENT)
    assert names(index["web"]) == ["c", "a", "b", "d"]
    assert INVENTORY.grouped(app_of, DEPLOYMENT) is index


def test_lookups_do_not_grow_with_the_square_of_the_inventory() -> None:
    calls = 0

    def counting(resource: Resource) -> list[str]:
        nonlocal calls
        calls += 1
        return [resource.name]

    inventory = Inventory(deployment(f"n{number}") for number in range(500))
    for number in range(500):
        assert len(inventory.grouped(counting, DEPLOYMENT)[f"n{number}"]) == 1
    assert calls == 500


def test_whose_things_are_that_name_no_namespace() -> None:
    estate = load_estate(str(EXAMPLE))
    found = Inventory(
        [
            make_resource({"metadata": {"name": "default"}}, "core/Namespace", namespace="", name="default"),
            make_resource(type_=DEPLOYMENT, namespace="", name="toolbox"),
            make_resource(type_=DEPLOYMENT, namespace="default", name="tool"),
            make_resource({"metadata": {"name": "x"}}, "bulkhead/Estate", namespace="", name="x", cluster=""),
            make_resource({"metadata": {"name": "r"}}, "rbac.authorization.k8s.io/ClusterRole", namespace="", name="r"),
        ]
    ).resolved(estate)
    assert {resource.name: resource.tenancy.standing for resource in found} == {
        "default": Standing.PLATFORM,  # Kubernetes makes it; what is in it is nobody's all the same
        "toolbox": Standing.UNMAPPED,
        "tool": Standing.UNMAPPED,
        "x": Standing.PLATFORM,
        "r": Standing.CLUSTER,
    }
