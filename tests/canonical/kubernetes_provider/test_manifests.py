from typing import Any

from scanner.canonical.kubernetes_provider.objects import MASKED
from tests.canonical.build import instance, no_value, translated

TEXT = """
apiVersion: v1
kind: ServiceAccount
metadata: {name: a, namespace: shop}
automountServiceAccountToken: false
"""


def test_a_manifest_is_the_object() -> None:
    manifest: dict[str, Any] = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "a", "namespace": "s"},
    }
    (found,) = translated(instance("kubernetes_manifest.m", manifest=manifest)).declared
    assert (found.type, found.namespace, found.name, found.attributes) == ("apps/Deployment", "s", "a", manifest)
    assert found.trace is not None
    assert found.trace(("spec", "replicas")) == ("manifest", "spec", "replicas")


def test_the_text_of_a_manifest_is_read() -> None:
    (found,) = translated(instance("kubectl_manifest.m", yaml_body=TEXT, override_namespace="other")).declared
    assert (found.type, found.namespace, found.name) == ("core/ServiceAccount", "other", "a")
    assert found.attributes["automountServiceAccountToken"] is False
    assert found.attributes["metadata"]["namespace"] == "other"
    assert found.trace is not None
    assert found.trace(("metadata",)) == ("yaml_body",)


def test_secrets_are_masked() -> None:
    manifest = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {},
        "data": {"a": "eA=="},
        "stringData": no_value("x"),
    }
    (found,) = translated(instance("kubernetes_manifest.m", manifest=manifest)).declared
    assert found.attributes["data"] == {"a": MASKED}
    assert found.attributes["stringData"] == MASKED
    assert found.name == ""


def test_what_cannot_be_read_is_noted() -> None:
    found = translated(
        instance("kubernetes_manifest.a", manifest=no_value("m")),
        instance("kubectl_manifest.b", yaml_body="a: [b"),
        instance("kubernetes_manifest.c", manifest={"kind": "Pod"}),
        instance("kubernetes_manifest.d"),
    )
    assert found.declared == []
    texts = [text for _, text in found.notes]
    assert texts[0] == "its manifest is not known: var.m has no value"
    assert texts[1].startswith("its manifest cannot be read: ")
    assert texts[2:] == ["its manifest names no apiVersion and kind"] * 2
