"""Whose an Azure resource is."""

import pytest

from scanner.estate import Estate
from scanner.estate.azure import AzurePlace
from scanner.model.tenancy import Standing, Tenancy
from scanner.model.unknown import Unknown
from tests.estate.estates import estate

NONPRODUCTION = "00000000-0000-0000-0000-000000000101"
PRODUCTION = "00000000-0000-0000-0000-000000000102"
ALDER = Tenancy(
    Standing.TENANT,
    tenant="t01",
    tenant_name="alder",
    environment="production",
    environment_class="production",
    tier="standard",
    hosting="multi-tenant",
    reason="tag tenant",
)


@pytest.mark.parametrize(
    "tags",
    [
        {"tenant": "t01", "environment": "production"},
        {"Tenant": "alder", "ENVIRONMENT": "Production"},
    ],
)
def test_by_its_own_tags_whatever_their_case(small: Estate, tags: dict[str, str]) -> None:
    assert small.resolve_azure(AzurePlace(tags)) == ALDER


def test_by_the_tags_of_its_group(small: Estate) -> None:
    found = small.resolve_azure(AzurePlace({}, {"tenant": "t01", "environment": "production"}))
    assert (found.tenant, found.environment, found.reason) == ("t01", "production", "tag tenant of the resource group")


def test_by_the_owner_of_its_subscription() -> None:
    owned = estate(
        ("name: sub-prd, environments: [production]", "name: sub-prd, tenant: t02, environments: [production]")
    )
    found = owned.resolve_azure(AzurePlace({}, {}, PRODUCTION.upper()))
    assert (found.tenant, found.environment, found.reason) == ("t02", "production", "the subscription's owner")


def test_its_own_tags_come_before_those_of_the_group(small: Estate) -> None:
    group = {"tenant": "t02", "environment": "staging"}
    found = small.resolve_azure(AzurePlace({"tenant": "t01"}, group))
    assert (found.tenant, found.environment) == ("t01", "staging"), "each is asked for by itself"


def test_a_subscription_tells_the_environment_where_it_has_only_one(small: Estate) -> None:
    assert small.resolve_azure(AzurePlace({"tenant": "t01"}, {}, PRODUCTION)).environment == "production"
    assert small.resolve_azure(AzurePlace({"tenant": "t01"}, {}, NONPRODUCTION)).environment is None
    assert small.resolve_azure(AzurePlace({"tenant": "t01"}, {}, "{subscription}")).environment is None


def test_what_is_shared_belongs_to_the_platform_and_has_the_tier_of_its_tag(small: Estate) -> None:
    tags = {"tenant": "shared", "environment": "production", "service-tier": "Premium"}
    assert small.resolve_azure(AzurePlace(tags)) == Tenancy(
        Standing.PLATFORM,
        environment="production",
        environment_class="production",
        tier="premium",
        reason="tag tenant says 'shared'",
    )


@pytest.mark.parametrize(
    ("tags", "reason"),
    [
        (
            {},
            "no tenant: tag tenant names none, tag tenant of the resource group names none, "
            "the subscription's owner names none",
        ),
        (
            {"tenant": ""},
            "no tenant: tag tenant names none, tag tenant of the resource group names none, "
            "the subscription's owner names none",
        ),
        ({"tenant": "nobody"}, "tag tenant says 'nobody', which is no declared tenant"),
        ({"tenant": Unknown("var.tenant has no value")}, "tag tenant is not known: var.tenant has no value"),
    ],
)
def test_what_nobody_declared_is_unmapped(small: Estate, tags: dict[str, object], reason: str) -> None:
    found = small.resolve_azure(AzurePlace(tags, {}, NONPRODUCTION))
    assert found == Tenancy(Standing.UNMAPPED, reason=reason)


def test_an_environment_that_is_not_declared_is_none(small: Estate) -> None:
    found = small.resolve_azure(AzurePlace({"tenant": "t01", "environment": "moon"}))
    assert (found.environment, found.environment_class) == (None, None)
