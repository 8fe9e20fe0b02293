"""What rules ask of an Estate, and what Rego sees of it."""

import json
import pickle
from datetime import UTC, date, datetime

from scanner.documents import read_yaml
from scanner.estate import Estate, estate_of
from tests.estate.estates import SMALL, estate


def test_records_are_typed(small: Estate) -> None:
    assert small.metadata.revision == date(2026, 11, 1)
    assert small.environments["staging"].class_ == "preproduction"
    assert small.environments["staging"].mirrors == "production"
    assert small.tiers["standard"].quota == {"requests.cpu": "4", "requests.memory": "8Gi"}
    assert small.tiers["premium"].rpo_s == 900
    assert small.tiers["premium"].rto_s == 3600
    assert small.namespace_labels.required_keys == ("erp.example.net/tenant", "erp.example.net/environment")
    assert small.clusters[1].pools["npcedar"].tenant == "t03"
    assert small.clusters[1].subscription_id == "00000000-0000-0000-0000-000000000102"
    assert small.evidence.restore_tests[0].completed == datetime(2026, 11, 2, 3, 10, tzinfo=UTC)
    assert small.exemptions.items[0].expires == date(2027, 1, 31)
    assert [group.name for group in small.identities.platform.groups] == ["grp-aks-admins"]
    assert small.tenants[2].node_pool == ("aks-prd", "npcedar")
    assert small.crypto.min_tls == "1.2", "a default"
    assert small.tenant_node_label == "tenant", "a default"


def test_regions_are_normalised_everywhere(small: Estate) -> None:
    assert small.regions.residency_zones["eu"] == ("westeurope", "northeurope")
    assert small.clusters[1].region == "westeurope"
    assert small.logs.workspaces == {"law-weu": "westeurope"}


def test_look_ups(small: Estate) -> None:
    assert small.tenant("t02") is small.tenant("birch") is small.tenants[1]
    assert small.tenant("oak") is None
    assert small.cluster("aks-prd") is small.clusters[1]
    assert small.subscription("sub-prd") is small.subscription("00000000-0000-0000-0000-000000000102")
    assert small.tenant_of_group("grp-erp-birch") is small.tenants[1]
    assert small.tenant_of_group("grp-erp-birch-x") is None
    assert small.tenant_of_group("grp-erp-oak") is None


def test_allowed_regions(small: Estate) -> None:
    assert small.allowed_regions(small.tenants[0]) == ("westeurope", "northeurope")
    assert small.allowed_regions(small.tenants[1]) == ("westeurope", "uksouth")


def test_platform_registries_name_the_platforms_namespaces(small: Estate) -> None:
    assert [registry.namespaces for registry in small.registries] == [(), ("traefik", "velero")]


def test_the_effective_record(small: Estate) -> None:
    found = small.effective("t03", "production")
    assert found is not None
    assert found is small.effective("t03", "production"), "it is kept"
    assert (found.environment_class, found.hosting, found.clusters) == ("production", "dedicated", ("aks-prd",))
    assert (found.tier.name, found.tier.rpo, found.tier.rto) == ("premium", "PT5M", "PT1H"), "the override shows"
    assert small.tiers["premium"].rpo == "PT15M", "and only there"
    assert found.approved_skus == {"postgresql": ("GP_Standard_D4ds_v5",)}
    assert [registry.prefix for registry in found.registries] == [
        "registry.example.net/erp/",
        "registry.example.net/platform/",
    ]
    assert small.effective("t03", "uat") is None
    assert small.effective("t99", "production") is None


def test_an_override_of_one_quota_keeps_the_others() -> None:
    changed = estate(("{production: {rpo: PT5M}}", "{production: {quota: {requests.cpu: 12}}}"))
    found = changed.effective("t03", "production")
    assert found is not None
    assert found.tier.quota == {"requests.cpu": "12", "requests.memory": "64Gi"}


def test_the_effective_record_as_data(small: Estate) -> None:
    found = small.effective("t01", "production")
    assert found is not None
    assert found.as_data() == {
        "tenant": "t01",
        "tenantName": "alder",
        "environment": "production",
        "environmentClass": "production",
        "hosting": "multi-tenant",
        "isolation": "namespace",
        "tier": {
            "name": "standard",
            "rpo": "PT6H",
            "rpoSeconds": 21600,
            "rto": "PT8H",
            "rtoSeconds": 28800,
            "backupClass": "silver",
            "pitrRetentionDays": 14,
            "longTermRetentionDays": 90,
            "restoreTestIntervalDays": 180,
            "minReplicas": 2,
            "ha": "SameZone",
            "zoneRedundant": True,
            "geoRedundantBackup": False,
            "geoRedundantStorage": False,
            "crossRegion": False,
            "immutable": True,
            "immutableLocked": False,
            "cmk": False,
            "blastRadius": "tenant",
            "quota": {"requests.cpu": "4", "requests.memory": "8Gi"},
        },
        "owner": "grp-erp-alder",
        "costCenter": "CC-4001",
        "dataClassification": "internal",
        "residency": "eu",
        "allowedRegions": ["westeurope", "northeurope"],
        "clusters": ["aks-prd"],
        "namespaces": [{"cluster": "aks-prd", "namespace": "erp-alder-prd"}],
        "domains": ["alder.example.net"],
        "data": {
            "postgresql": {
                "model": "shared-server",
                "server": "psql-mt",
                "database": "odoo_alder",
                "role": "odoo_alder",
            },
            "redis": {"model": "shared", "instance": "redis-mt", "keyPrefix": "alder:", "role": "session"},
            "storage": {"account": "stmt01", "container": "alder"},
        },
        "keyVaults": [{"name": "kv-mt", "prefix": "alder-"}],
        "identities": [],
        "registries": [
            {
                "prefix": "registry.example.net/erp/",
                "environments": ["staging", "production"],
                "requireDigest": True,
                "requireSignature": False,
                "namespaces": [],
            },
            {
                "prefix": "registry.example.net/platform/",
                "environments": ["production"],
                "requireDigest": False,
                "requireSignature": False,
                "namespaces": ["traefik", "velero"],
            },
        ],
        "approvedSkus": {"postgresql": ["GP_Standard_D4ds_v5"]},
    }


def test_the_whole_as_data(small: Estate) -> None:
    data = small.as_data()
    assert json.loads(json.dumps(data)) == data, "plain JSON data"
    assert list(data["tenants"]) == ["t01", "t02", "t03"]
    assert data["tenants"]["t01"]["allowedRegions"] == ["westeurope", "northeurope"]
    assert data["tenants"]["t02"]["namespaces"] == [
        {"cluster": "aks-npd", "namespace": "erp-birch-stg", "environment": "staging"},
        {"cluster": "aks-prd", "namespace": "legacy-birch", "environment": "production"},
    ]
    assert data["tenants"]["t03"]["overrides"] == {"production": {"rpo": "PT5M"}}
    assert data["clusters"]["aks-prd"]["podCidr"] == "10.244.0.0/16"
    assert data["subscriptions"]["00000000-0000-0000-0000-000000000102"]["name"] == "sub-prd"
    assert data["environments"]["production"]["class"] == "production"
    assert data["tiers"]["premium"]["rpoSeconds"] == 900
    assert data["metadata"]["revision"] == "2026-11-01"
    assert data["namespaceMapping"]["tenantKey"] == "name", "defaults are filled in"


def test_the_digest_tells_what_is_declared_and_not_how(small: Estate) -> None:
    assert small.digest.startswith("sha256:")
    assert estate(("# A small Estate", "# The same Estate")).digest == small.digest
    assert estate(("name: small, revision: 2026-11-01", "revision: 2026-11-01, name: small")).digest == small.digest
    other = estate(("rpo: PT6H", "rpo: PT5H"))
    assert other.digest != small.digest
    before, after = small.effective("t01", "production"), other.effective("t01", "production")
    assert before is not None
    assert after is not None
    assert before.digest != after.digest
    assert small.effective("t03", "production") == other.effective("t03", "production"), "others are untouched"


def test_it_can_be_sent_to_a_worker(small: Estate) -> None:
    small.resolve("aks-prd", "erp-alder-prd", {})
    sent = pickle.loads(pickle.dumps(small))
    assert isinstance(sent, Estate)
    assert sent.digest == small.digest
    assert sent.as_data() == small.as_data()
    assert sent.resolve("aks-prd", "erp-alder-prd", {}) == small.resolve("aks-prd", "erp-alder-prd", {})
    assert sent.place(("tenants", 1, "tier")) == small.place(("tenants", 1, "tier"))


def test_it_can_be_made_without_a_file() -> None:
    made = estate_of(read_yaml(SMALL).documents[0].value)
    assert made.digest == estate().digest
    assert made.place(("tenants", 1)) == ("", None, None)


def test_places(small: Estate) -> None:
    assert small.place(()) == ("estate.yaml", 2, 1)
    assert small.place(("kind",)) == ("estate.yaml", 3, 1)
    assert small.place(("kind", "absent")) == ("estate.yaml", 3, 1), "the nearest that exists"


def test_it_is_compared_by_identity(small: Estate) -> None:
    assert small != estate()
    assert small == small
    assert len({small, small}) == 1
