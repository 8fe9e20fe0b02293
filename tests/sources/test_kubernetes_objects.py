from typing import Any

import pytest

from scanner.documents import read_yaml
from scanner.model.unknown import Unknown, find_unknowns
from scanner.sources.kubernetes_objects import KubernetesObject, NotRead, read_objects

MASKED = Unknown("value of a Secret is not read")


def objects(text: str) -> list[KubernetesObject | NotRead]:
    (document,) = read_yaml(text).documents
    return list(read_objects(document.value))


def only(text: str) -> KubernetesObject | NotRead:
    (found,) = objects(text)
    return found


def pod(**metadata: Any) -> str:
    return f"apiVersion: v1\nkind: Pod\nmetadata: {metadata}\n"


@pytest.mark.parametrize(
    ("text", "type_", "namespace", "name"),
    [
        (pod(name="web", namespace="shop"), "core/Pod", "shop", "web"),
        (pod(name="web"), "core/Pod", "", "web"),
        (pod(name="web", namespace=""), "core/Pod", "", "web"),
        ("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n", "apps/Deployment", "", "a"),
        (
            "apiVersion: traefik.io/v1alpha1\nkind: IngressRoute\nmetadata: {name: a}\n",
            "traefik.io/IngressRoute",
            "",
            "a",
        ),
        ("apiVersion: v1\nkind: Namespace\nmetadata: {name: a, namespace: b}\n", "core/Namespace", "", "a"),
    ],
)
def test_identity(text: str, type_: str, namespace: str, name: str) -> None:
    found = only(text)
    assert isinstance(found, KubernetesObject)
    assert (found.type, found.namespace, found.name, found.base) == (type_, namespace, name, ())


def test_a_generated_name_is_kept_apart() -> None:
    found = only(pod(generateName="job-"))
    assert isinstance(found, KubernetesObject)
    assert (found.name, found.generate_name) == ("", "job-")


@pytest.mark.parametrize(
    ("text", "reason", "at"),
    [
        ("apiVersion: v1\nkind: Pod\n", "metadata is missing", ()),
        ("apiVersion: v1\nkind: Pod\nmetadata: [a]\n", "metadata is a list; a mapping is expected", ("metadata",)),
        ("apiVersion: v1\nkind: Pod\nmetadata: a\n", "metadata is text; a mapping is expected", ("metadata",)),
        ("apiVersion: v1\nkind: 5\nmetadata: {name: a}\n", "kind is a number; text is expected", ("kind",)),
        (
            "apiVersion: 1.5\nkind: Pod\nmetadata: {name: a}\n",
            "apiVersion is a number; text is expected",
            ("apiVersion",),
        ),
        ("apiVersion: v1\nkind: ''\nmetadata: {name: a}\n", "kind is empty; text is expected", ("kind",)),
        ("apiVersion: v1\nkind: !x Pod\n", "kind is not known (tag !x is not resolved); text is expected", ("kind",)),
        ("apiVersion: v1\nmetadata: {name: a}\n", "kind is missing", ()),
        ("kind: Pod\nmetadata: {name: a}\n", "apiVersion is missing", ()),
        (pod(), "metadata.name is missing", ("metadata",)),
        (pod(name=5), "metadata.name is a number; text is expected", ("metadata", "name")),
        (pod(name=True), "metadata.name is true or false; text is expected", ("metadata", "name")),
        (pod(name=""), "metadata.name is empty; text is expected", ("metadata", "name")),
        (pod(name={"a": 1}), "metadata.name is a mapping; text is expected", ("metadata", "name")),
        (pod(generateName=""), "metadata.generateName is empty; text is expected", ("metadata", "generateName")),
        (pod(name="a", namespace=[1]), "metadata.namespace is a list; text is expected", ("metadata", "namespace")),
        ("apiVersion: v1\nkind: PodList\nitems: {a: 1}\n", "items is a mapping; a list is expected", ("items",)),
        ("apiVersion: v1\nkind: List\nitems: [1]\n", "a list item is a number; a mapping is expected", ("items", 0)),
    ],
)
def test_wrong_shapes_are_malformed_and_say_where(text: str, reason: str, at: tuple[str | int, ...]) -> None:
    assert only(text) == NotRead(reason, at, malformed=True)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: 1\n", ""),
        ("apiVersion: v2\nname: chart\n", ""),
        ("kind: thing\n", ""),
        (
            "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n",
            "Kustomization; build it with kustomize",
        ),
        (
            "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n",
            "KubeletConfiguration: no object that a cluster keeps",
        ),
        ("apiVersion: v1\nkind: Config\nclusters: []\n", "Config: no object that a cluster keeps"),
        ("apiVersion: admission.k8s.io/v1\nkind: AdmissionReview\n", "AdmissionReview: no object that a cluster keeps"),
        (pod(name="{{ x }}"), "Go template"),
        (pod(name="a", namespace="x-{{ y }}"), "Go template"),
    ],
)
def test_what_is_no_object_is_not_a_fault(text: str, reason: str) -> None:
    assert only(text) == NotRead(reason, (), malformed=False)


def test_braces_in_other_values_are_values() -> None:
    assert isinstance(only(pod(name="a", annotations={"b": "{{ x }}"})), KubernetesObject)


def test_lists_are_unwrapped_at_any_level_in_order() -> None:
    found = objects(
        "apiVersion: v1\nkind: List\nitems:\n"
        "- {apiVersion: v1, kind: Pod, metadata: {name: a}}\n"
        "- apiVersion: v1\n  kind: ConfigMapList\n  items:\n"
        "  - {metadata: {name: b}}\n"
        "  - {apiVersion: v1, kind: Secret, metadata: {name: c}}\n"
    )
    assert [(item.type, item.name, item.base) for item in found if isinstance(item, KubernetesObject)] == [
        ("core/Pod", "a", ("items", 0)),
        ("core/ConfigMap", "b", ("items", 1, "items", 0)),
        ("core/Secret", "c", ("items", 1, "items", 1)),
    ]
    assert len(found) == 3


def test_lists_without_items_hold_nothing() -> None:
    assert objects("apiVersion: v1\nkind: List\n") == []
    assert objects("apiVersion: apps/v1\nkind: DeploymentList\nitems:\n") == []


def test_a_kind_that_only_ends_in_list_is_an_object() -> None:
    found = only("apiVersion: x.io/v1\nkind: AllowList\nmetadata: {name: a}\nspec: {}\n")
    assert isinstance(found, KubernetesObject)
    assert found.type == "x.io/AllowList"


def test_nesting_of_lists_is_bounded() -> None:
    text = "{apiVersion: v1, kind: Pod, metadata: {name: a}}"
    for _ in range(12):
        text = f"{{apiVersion: v1, kind: List, items: [{text}]}}"
    found = only(text)
    assert isinstance(found, NotRead)
    assert found.reason == "lists are nested deeper than 8 levels"


SECRET = """\
apiVersion: v1
kind: Secret
metadata:
  name: a
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: '{"data": {"password": "aHVudGVyMg=="}}'
    other: kept
type: Opaque
data: {password: aHVudGVyMg==, user: eA==}
stringData: {password: hunter2, url: hunter2}
"""


def test_no_value_of_a_secret_is_read() -> None:
    found = only(SECRET)
    assert isinstance(found, KubernetesObject)
    assert found.masked
    assert found.attributes["data"] == {"password": MASKED, "user": MASKED, "url": MASKED}
    assert "stringData" not in found.attributes
    assert found.attributes["type"] == "Opaque"
    assert found.attributes["metadata"]["annotations"]["other"] == "kept"
    assert "hunter2" not in repr(found)
    assert "aHVudGVyMg" not in repr(found)
    assert len(list(find_unknowns(found.attributes))) == 4


@pytest.mark.parametrize("data", ["data: hunter2", "stringData: [hunter2]", "data: {a: hunter2}\nstringData: hunter2"])
def test_a_secret_of_the_wrong_shape_is_masked_as_a_whole(data: str) -> None:
    found = only(f"apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\n{data}\n")
    assert isinstance(found, KubernetesObject)
    assert found.attributes["data"] == MASKED
    assert "hunter2" not in repr(found)


def test_secrets_in_lists_are_masked_too() -> None:
    found = only("apiVersion: v1\nkind: SecretList\nitems: [{metadata: {name: a}, data: {b: hunter2}}]\n")
    assert isinstance(found, KubernetesObject)
    assert found.attributes["data"] == {"b": MASKED}


def test_a_secret_without_data_has_none() -> None:
    found = only("apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata:\n")
    assert isinstance(found, KubernetesObject)
    assert "data" not in found.attributes
