import pytest

from scanner.estate import Estate, NamespaceName
from tests.estate.estates import estate

PATTERN = "'^erp-(?P<tenant>[a-z0-9]+)-(?P<environment>dev|stg|prd)$'"


def test_declared_namespaces_follow_from_the_pattern_and_the_explicit_mappings(small: Estate) -> None:
    assert small.namespaces == {
        ("aks-npd", "erp-alder-stg"): ("t01", "staging"),
        ("aks-prd", "erp-alder-prd"): ("t01", "production"),
        ("aks-npd", "erp-birch-stg"): ("t02", "staging"),
        ("aks-prd", "legacy-birch"): ("t02", "production"),
        ("aks-npd", "erp-cedar-dev"): ("t03", "development"),
        ("aks-prd", "erp-cedar-prd"): ("t03", "production"),
    }
    assert small.namespaces_of("t02") == (("aks-npd", "erp-birch-stg"), ("aks-prd", "legacy-birch"))
    assert small.namespaces_of("t02", "production") == (NamespaceName("aks-prd", "legacy-birch"),)
    assert small.namespaces_of("t99") == ()


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("'(?P<environment>dev|stg|prd)-(?P<tenant>[a-z0-9]+)'", "prd-alder"),
        ("'erp-(?P<tenant>([a-z]|[0-9])+)-(?P<environment>(dev)|(stg)|prd)'", "erp-alder-prd"),
        ("'erp-(?P<tenant>[a-z()]+)-(?P<environment>production|staging|dev)'", "erp-alder-production"),
    ],
)
def test_other_patterns(pattern: str, name: str) -> None:
    assert NamespaceName("aks-prd", name) in estate((PATTERN, pattern)).namespaces


@pytest.mark.parametrize(
    "pattern",
    [
        "'(erp|shop)-(?P<tenant>[a-z0-9]+)-(?P<environment>dev|stg|prd)'",
        "'erp-?(?P<tenant>[a-z0-9]+)-(?P<environment>dev|stg|prd)'",
    ],
)
def test_patterns_that_are_no_recipe_declare_nothing_but_still_resolve(pattern: str) -> None:
    loaded = estate((PATTERN, pattern))
    assert list(loaded.namespaces) == [("aks-prd", "legacy-birch")]
    assert loaded.resolve("aks-prd", "erp-alder-prd", {}).tenant == "t01"


def test_an_environment_that_no_name_can_say_has_no_implied_namespace() -> None:
    loaded = estate(("dev: development, ", ""))
    assert loaded.namespaces_of("t03", "development") == ()
    assert loaded.namespaces_of("t03", "production") == (NamespaceName("aks-prd", "erp-cedar-prd"),)


def test_implied_labels(small: Estate) -> None:
    assert small.implied_labels("aks-prd", "erp-cedar-prd") == {
        "kubernetes.io/metadata.name": "erp-cedar-prd",
        "erp.example.net/tenant": "cedar",
        "erp.example.net/environment": "production",
        "erp.example.net/tier": "premium",
        "erp.example.net/owner": "grp-erp-cedar",
    }
    assert small.implied_labels("aks-prd", "traefik") == {"kubernetes.io/metadata.name": "traefik"}
