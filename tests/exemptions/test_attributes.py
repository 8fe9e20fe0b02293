"""Attributes that an Exemption names, against attributes as Findings name them."""

from dataclasses import replace

import pytest

from scanner.config import ExemptionPolicy
from scanner.engine.identity import tag_of
from scanner.exemptions import apply
from scanner.exemptions.attributes import AttributePattern
from scanner.model.finding import Finding
from scanner.model.path import Path
from tests.exemptions.findings import TODAY, exemption, finding

CONTAINERS = "spec.template.spec.containers"
OBJECT = {
    "metadata": {"labels": {"a.b/c": "x"}},
    "spec": {
        "replicas": 2,
        "template": {"spec": {"containers": [{"name": "web", "image": "a", "args": ["run", "x]y"]}, {"name": "b"}]}},
        "rules": [{"to": [1]}, {"to": [2], "notes": {"a.b": 1}}],
    },
}
CASES: list[tuple[Path, str, bool]] = [
    (("spec", "replicas"), "spec.replicas", True),
    (("spec", "replicas"), "spec", True),
    (("spec", "replicas"), "spec.replica", False),
    (("spec", "replicas"), "replicas", False),
    (("spec",), "spec.replicas", False),
    ((), "spec", False),
    (("spec", "replicas"), "spec[*]", True),
    (("spec", "replicas"), "Spec.Replicas", False),
    (("metadata", "labels", "a.b/c"), 'metadata.labels["a.b/c"]', True),
    (("metadata", "labels", "a.b/c"), 'metadata.labels["a.b/d"]', False),
    (("metadata", "labels", "a.b/c"), "metadata.labels[*]", True),
    (("spec", "template", "spec", "containers", 0, "image"), f"{CONTAINERS}.image", True),
    (("spec", "template", "spec", "containers", 0, "image"), f"{CONTAINERS}[name=web].image", True),
    (("spec", "template", "spec", "containers", 0, "image"), f"{CONTAINERS}[name=web]", True),
    (("spec", "template", "spec", "containers", 0, "image"), f"{CONTAINERS}[*].image", True),
    (("spec", "template", "spec", "containers", 1, "image"), f"{CONTAINERS}[name=web].image", False),
    (("spec", "template", "spec", "containers"), f"{CONTAINERS}[name=web]", False),
    (("spec", "template", "spec", "containers", 0, "args", 0), f"{CONTAINERS}.args", True),
    (("spec", "template", "spec", "containers", 0, "args", 0), f'{CONTAINERS}.args["run"]', True),
    (("spec", "template", "spec", "containers", 0, "args", 1), f'{CONTAINERS}.args["run"]', False),
    (("spec", "template", "spec", "containers", 0, "args", 1), f"{CONTAINERS}.args", True),
    (("spec", "rules", 1, "to"), "spec.rules.to", True),
    (("spec", "rules", 1, "notes", "a.b"), 'spec.rules.notes["a.b"]', True),
]


@pytest.mark.parametrize(("path", "pattern", "covered"), CASES)
def test_what_a_pattern_covers(path: Path, pattern: str, covered: bool) -> None:
    assert AttributePattern(pattern).covers(tag_of(OBJECT, path)) is covered


def test_names_of_azure_have_no_case() -> None:
    assert AttributePattern("Tags.Env").covers("tags.env", fold=True)


@pytest.mark.parametrize("text", ["", "spec..x", "a b", "spec[", "[]"])
def test_what_is_no_pattern_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="cannot read attribute"):
        AttributePattern(text)


def drifted(tag: str, key: str = "aks-prd/apps/Deployment/erp-birch-prd/web") -> Finding:
    return replace(finding("DRIFT-001", key=key), tag=tag)


def accepted(*findings: Finding, attributes: str) -> tuple[list[bool], int]:
    """Return which Findings an Exemption for ``attributes`` accepts, and how many are unused."""
    one = exemption(rules=("DRIFT-*",), cluster="*", attributes=attributes)
    applied = apply(findings, [one], TODAY, ExemptionPolicy())
    return [found.exemption is not None for found in applied.findings], len(applied.unused)


def test_other_attributes_of_the_same_resource_still_count() -> None:
    findings = drifted("spec.replicas"), drifted(f"{CONTAINERS}[name=web].image"), drifted("")
    assert accepted(*findings, attributes="spec.replicas") == ([True, False, False], 0)
    assert accepted(*findings, attributes=f"spec.paused,{CONTAINERS}.image") == ([False, True, False], 0)
    assert accepted(*findings, attributes="spec.paused") == ([False, False, False], 1)


def test_an_exemption_beside_it_that_names_none_accepts_all() -> None:
    narrow = exemption("EX-1", ("DRIFT-001",), name="web", attributes="spec.replicas")
    wide = exemption("EX-2", ("DRIFT-001",), name="web")
    applied = apply([drifted("spec.paused"), drifted("spec.replicas")], [narrow, wide], TODAY, ExemptionPolicy())
    assert [found.exemption and found.exemption.id for found in applied.findings] == ["EX-2", "EX-1"]


def test_an_attribute_alone_selects_it_wherever_it_is() -> None:
    one = replace(exemption(rules=("DRIFT-001",)), selector={"attributes": "Tags.Env"})
    id_ = "/subscriptions/s/resourcegroups/g/providers/microsoft.storage/storageaccounts/a"
    azure = replace(drifted("tags.env"), resource=id_, type="Microsoft.Storage/storageAccounts")
    applied = apply([azure, drifted("tags.env")], [one], TODAY, ExemptionPolicy())
    assert [found.exemption is not None for found in applied.findings] == [True, False]
