"""The tables of drift are well-formed, current, and say what they seem to say."""

import json

import pytest

from scanner.drift.facts import facts_of
from scanner.drift.patterns import Patterns
from tests.tools.facts import drift_paths


def test_the_paths_of_azure_are_those_of_the_facts() -> None:
    assert drift_paths.OUTPUT.read_text("utf-8") == drift_paths.text(), "run python -m tests.tools.facts.drift_paths"


def test_nothing_is_kept_below_what_only_the_service_writes() -> None:
    tree = drift_paths.tree_of({"a": "object readonly", "a.b": "string", "c": "object", "c.d": "string readonly"})
    assert tree == {"a": 0, "c": {"d": 0}}
    trees = json.loads(drift_paths.OUTPUT.read_text("utf-8"))
    assert trees["Microsoft.Storage/storageAccounts"]["properties"]["primaryLocation"] == 0
    assert trees["Microsoft.Storage/storageAccounts"]["properties"]["minimumTlsVersion"] == 1


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (("spec", "replicas"), "plain"),
        (("a", "b", "env"), "anywhere"),
        (("env",), "anywhere"),
        (("spec", "limits", "cpu"), "any key"),
        (("spec", "limits", "cpu", "x"), ""),
        (("metadata", "annotations", "a.b/c"), "quoted"),
    ],
)
def test_patterns(path: tuple[str, ...], found: str) -> None:
    table = {
        "spec.replicas": "plain",
        "**.env": "anywhere",
        "spec.limits[*]": "any key",
        'metadata.annotations["a.b/c"]': "quoted",
        "apps/Deployment:spec.replicas": "typed",
    }
    patterns = Patterns(table, lower=False)
    assert patterns.find("apps/StatefulSet", path, "") == found
    assert patterns.find("apps/Deployment", ("spec", "replicas"), "") == "typed"


def test_paths_of_azure_have_no_case() -> None:
    type_ = "Microsoft.Storage/storageAccounts"
    fact = facts_of(type_).of(type_, ("PROPERTIES", "primaryLocation"))
    assert fact.ignored == "only the service writes it"


def test_defaults_of_arm_are_those_of_the_scanner() -> None:
    facts = facts_of("Microsoft.Storage/storageAccounts")
    assert facts.of("Microsoft.Storage/storageAccounts", ("properties", "supportsHttpsTrafficOnly")).default is True
