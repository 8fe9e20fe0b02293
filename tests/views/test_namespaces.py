from collections.abc import Mapping

from scanner.model.resource import Resource
from scanner.model.tenancy import UNDECLARED, Standing, Tenancy
from scanner.views.namespaces import owner_of, tenancy_of
from tests.views.objects import resource

TENANT = Tenancy(Standing.TENANT, tenant="t01", tenant_name="aldersyde")
PLATFORM = Tenancy(Standing.PLATFORM)


def test_the_namespace_object_tells_whose_it_is() -> None:
    namespace = resource("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}", tenancy=TENANT)

    def lookup(cluster: str, name: str) -> Resource | None:
        return namespace if (cluster, name) == ("aks", "shop") else None

    def resolve(cluster: str, name: str, labels: Mapping[str, str]) -> Tenancy:
        assert labels == {}
        return PLATFORM

    assert tenancy_of("aks", "shop", lookup, resolve) is TENANT
    assert tenancy_of("aks", "traefik", lookup, resolve) is PLATFORM


def test_owners_in_words() -> None:
    assert owner_of(TENANT) == "tenant t01 aldersyde"
    assert owner_of(PLATFORM) == "the platform"
    assert owner_of(UNDECLARED) == "no declared tenant"
