import pytest

from scanner.estate import Estate, resolve
from scanner.model.tenancy import Standing, Tenancy
from tests.estate.estates import estate

TENANT, ENVIRONMENT = "erp.example.net/tenant", "erp.example.net/environment"
ALDER = Tenancy(
    Standing.TENANT,
    tenant="t01",
    tenant_name="alder",
    environment="production",
    environment_class="production",
    tier="standard",
    hosting="multi-tenant",
    reason="pattern",
)


def test_by_pattern(small: Estate) -> None:
    assert small.resolve("aks-prd", "erp-alder-prd", {}) == ALDER


def test_by_label(small: Estate) -> None:
    found = small.resolve("aks-prd", "shop", {TENANT: "alder", ENVIRONMENT: "production"})
    assert (found.tenant, found.environment, found.reason) == ("t01", "production", "label")
    assert small.resolve("aks-prd", "shop", {TENANT: "t01"}).tenant == "t01", "a label may hold the id"


def test_explicitly(small: Estate) -> None:
    found = small.resolve("aks-prd", "legacy-birch", {})
    assert (found.tenant, found.environment, found.reason) == ("t02", "production", "explicit")
    assert small.resolve("aks-npd", "legacy-birch", {}).standing is Standing.UNMAPPED, "another cluster's"
    assert small.resolve("", "legacy-birch", {}).tenant == "t02", "the cluster is not known"


def test_answers_are_kept_up_to_a_bound(small: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolve, "MOST_ANSWERS", 10)
    for number in range(100):
        assert small.resolve("aks-prd", f"erp-alder-{number}", {}).standing is Standing.UNMAPPED
    assert len(small._resolver._answers) <= 10
    assert small.resolve("aks-prd", "erp-alder-prd", {}) == ALDER


def test_answers_are_kept(small: Estate) -> None:
    labels = {TENANT: "alder"}
    assert small.resolve("c", "n", labels) is small.resolve("c", "n", {**labels, "other": "label"})


@pytest.mark.parametrize("namespace", ["traefik", "kube-system", "kube-anything"])
def test_the_platform(small: Estate, namespace: str) -> None:
    found = small.resolve("aks-prd", namespace, {TENANT: "alder"})
    assert found == Tenancy(Standing.PLATFORM, reason="it is a namespace of the platform")


def test_unmapped_says_why(small: Estate) -> None:
    assert small.resolve("aks-prd", "default", {}) == Tenancy(
        Standing.UNMAPPED,
        reason="namespace 'default' is not declared: no explicit mapping names it; it has no label "
        "erp.example.net/tenant; its name does not match the pattern of tenant namespaces",
    )
    assert small.resolve("aks-prd", "erp-ghost-prd", {TENANT: "spook"}).reason == (
        "namespace 'erp-ghost-prd' is not declared: no explicit mapping names it; label erp.example.net/tenant says "
        "'spook', which is no declared tenant; its name says 'ghost', which is no declared tenant in production"
    )


def test_an_undeclared_label_does_not_take_a_namespace_out_of_its_tenants_rules(small: Estate) -> None:
    found = small.resolve("aks-prd", "erp-alder-prd", {TENANT: "ghost"})
    assert found == ALDER
    assert small.disagreement("aks-prd", "erp-alder-prd", {TENANT: "ghost"}) == (
        "its name says 'alder' in production; label erp.example.net/tenant says 'ghost', which is no declared tenant; "
        "pattern is used"
    )


def test_the_first_source_wins_and_the_disagreement_is_told(small: Estate) -> None:
    labels = {TENANT: "birch", ENVIRONMENT: "staging"}
    assert small.resolve("aks-prd", "erp-alder-prd", labels).tenant == "t02"
    assert small.disagreement("aks-prd", "erp-alder-prd", labels) == (
        "label erp.example.net/tenant says 'birch' and label erp.example.net/environment says 'staging'; "
        "its name says 'alder' in production; label is used"
    )


def test_the_order_is_the_estates() -> None:
    turned = estate(("[explicit, label, pattern]", "[pattern, label]"))
    assert turned.resolve("aks-prd", "erp-alder-prd", {TENANT: "birch"}).tenant == "t01"
    assert turned.resolve("aks-prd", "legacy-birch", {}).standing is Standing.UNMAPPED


def test_the_environment_may_come_from_a_later_source_of_the_same_tenant(small: Estate) -> None:
    assert small.resolve("aks-prd", "erp-alder-stg", {TENANT: "alder"}).environment == "staging"
    assert small.resolve("aks-prd", "erp-birch-stg", {TENANT: "alder"}).environment is None


def test_disagreement_about_the_environment(small: Estate) -> None:
    labels = {TENANT: "alder", ENVIRONMENT: "staging"}
    assert small.disagreement("aks-prd", "erp-alder-prd", labels) == (
        "label erp.example.net/tenant says 'alder' and label erp.example.net/environment says 'staging'; "
        "its name says 'alder' in production; label is used"
    )
    undeclared = {TENANT: "alder", ENVIRONMENT: "qa"}
    assert small.resolve("aks-prd", "erp-alder-prd", undeclared).environment == "production"
    assert small.disagreement("aks-prd", "shop", undeclared) == (
        "it belongs to t01 alder, but nothing names one of the declared environments"
    )
    assert (
        small.disagreement("aks-npd", "erp-alder-dev", {}) == "environment 'development' is not declared for t01 alder"
    )


def test_no_disagreement(small: Estate) -> None:
    labels = {TENANT: "alder", ENVIRONMENT: "production"}
    assert small.disagreement("aks-prd", "erp-alder-prd", labels) is None
    assert small.disagreement("aks-prd", "traefik", {}) is None
    assert small.disagreement("aks-prd", "default", {}) is None, "it is unmapped, which is another matter"


def test_a_platform_namespace_that_claims_a_tenant(small: Estate) -> None:
    assert small.disagreement("aks-prd", "traefik", {TENANT: "alder"}) == (
        "it is a namespace of the platform, but label erp.example.net/tenant says 'alder'"
    )


def test_labels_of_cluster_scoped_objects(small: Estate) -> None:
    assert small.resolve_labels({}) is None
    found = small.resolve_labels({TENANT: "cedar", ENVIRONMENT: "production"})
    assert found is not None
    assert (found.tenant, found.tier, found.reason) == ("t03", "premium", "label")
    assert small.resolve_labels({TENANT: "ghost"}) == Tenancy(
        Standing.UNMAPPED, reason="label erp.example.net/tenant says 'ghost', which is no declared tenant"
    )


@pytest.mark.parametrize("value", [None, 7, ["alder"], {}, "", True])
def test_labels_that_are_no_text_say_nothing(small: Estate, value: object) -> None:
    labels = {TENANT: value, ENVIRONMENT: value}
    assert small.resolve("aks-prd", "erp-alder-prd", labels) == ALDER  # type: ignore[arg-type]


def test_tenants_may_be_captured_by_id() -> None:
    by_id = estate(("environmentAliases:", "tenantKey: id\n  environmentAliases:"))
    assert by_id.resolve("aks-prd", "erp-t01-prd", {}).tenant == "t01"
    assert by_id.resolve("aks-prd", "erp-alder-prd", {}).standing is Standing.UNMAPPED
