"""The schema, the records and the documentation of the Estate say the same."""

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from scanner.estate import model
from scanner.estate.build import _keys
from scanner.validation import schema

SCHEMA = schema("estate")
RECORDS: dict[str, type] = {
    "": model.Declaration,
    "metadata": model.Metadata,
    "regions": model.Regions,
    "environments.*": model.Environment,
    "tiers.*": model.Tier,
    "tierWindows": model.TierWindows,
    "tags": model.Tags,
    "tags.casePolicy": model.CasePolicy,
    "tags.allowed.*": model.AllowedValues,
    "namespaceLabels": model.NamespaceLabels,
    "workloadLabels": model.WorkloadLabels,
    "namespaceMapping": model.NamespaceMapping,
    "namespaceMapping.explicit.[]": model.ExplicitMapping,
    "subscriptions.[]": model.Subscription,
    "clusters.[]": model.Cluster,
    "clusters.[].gitops": model.GitOps,
    "clusters.[].admission": model.Admission,
    "clusters.[].backup": model.ClusterBackup,
    "clusters.[].pools.*": model.Pool,
    "identities": model.Identities,
    "identities.breakGlass.[]": model.BreakGlass,
    "identities.platform": model.PlatformIdentities,
    "identities.platform.owners.[]": model.Group,
    "identities.pipelines.[]": model.Pipeline,
    "identities.tenantGroups": model.TenantGroups,
    "identities.pim": model.Pim,
    "registries.[]": model.Registry,
    "signing": model.Signing,
    "versions.aks": model.MinimumVersion,
    "network": model.Network,
    "logs": model.Logs,
    "crypto": model.Crypto,
    "storage": model.StoragePolicy,
    "pipelinesPolicy": model.PipelinesPolicy,
    "exemptions": model.Exemptions,
    "exemptions.items.[]": model.EstateExemption,
    "evidence": model.Evidence,
    "evidence.restoreTests.[]": model.RestoreTest,
    "contacts": model.Contacts,
    "tenants.[]": model.Tenant,
    "tenants.[].data": model.TenantData,
    "tenants.[].data.postgresql": model.Postgresql,
    "tenants.[].data.redis": model.Redis,
    "tenants.[].data.storage": model.Storage,
    "tenants.[].keyVaults.[]": model.KeyVault,
    "tenants.[].nodePool": model.NodePool,
}
NOT_IN_RECORDS = {"apiVersion", "kind"}


def resolved(part: dict[str, Any]) -> dict[str, Any]:
    reference = part.get("$ref", "")
    found: dict[str, Any] = part
    if reference:
        found = SCHEMA
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
    return found


def at(path: str) -> dict[str, Any]:
    part = SCHEMA
    for step in filter(None, path.split(".")):
        part = resolved(part)
        if step == "[]":
            part = part["items"]
        else:
            part = part["additionalProperties"] if step == "*" else part["properties"][step]
    return resolved(part)


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("path", RECORDS)
def test_the_keys_are_the_fields_of_the_record(path: str) -> None:
    record, part = RECORDS[path], at(path)
    keys = set(part["properties"]) - NOT_IN_RECORDS
    named = {"name"} if path.endswith(".*") and "name" not in keys and "name" in record._fields else set()
    assert set(_keys(record)) - named == keys
    assert part["additionalProperties"] is False


@pytest.mark.parametrize("path", RECORDS)
def test_what_the_record_needs_is_required_and_what_is_optional_has_the_same_default(path: str) -> None:
    record, part = RECORDS[path], at(path)
    table = _keys(record)
    optional = {key for key, (field, _) in table.items() if field in record._field_defaults}
    required = set(part.get("required", ())) - NOT_IN_RECORDS
    assert required | {"name"} >= set(table) - optional
    for key in optional:
        stated = part["properties"].get(key, {}).get("default")
        if stated is not None:
            assert record._field_defaults[table[key][0]] == stated, key


def properties(part: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(part, dict):
        for name, inner in part.get("properties", {}).items() if isinstance(part.get("properties"), dict) else ():
            yield f"{path}.{name}", inner
        for key, inner in part.items():
            yield from properties(inner, f"{path}/{key}")


def test_every_property_is_described() -> None:
    assert [path for path, part in properties(SCHEMA) if not part.get("description") and "$ref" not in part] == []


def test_every_object_is_closed() -> None:
    def closed(part: Any) -> bool:
        if isinstance(part, list):
            return all(map(closed, part))
        if not isinstance(part, dict):
            return True
        if part.get("type") == "object" and "additionalProperties" not in part:
            return False
        return all(map(closed, part.values()))

    assert closed(SCHEMA)


def parts(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        yield part
        for inner in part.values():
            yield from parts(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from parts(inner)


def test_every_pattern_explains_itself() -> None:
    """Messages say what a value should be: the title of its schema, and an example."""
    checked = [part for part in parts(SCHEMA) if "type" in part and ("pattern" in part or "format" in part)]
    assert [part for part in checked if not ("title" in part and "examples" in part)] == []
