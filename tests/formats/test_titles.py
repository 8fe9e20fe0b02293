import pytest

from scanner.formats.titles import cluster_of, owner, resource_title
from scanner.model.tenancy import UNDECLARED, Standing, Tenancy
from tests.formats.builder import DUNMORE


@pytest.mark.parametrize(
    ("key", "type_", "title"),
    [
        ("c/apps/Deployment/shop/web", "apps/Deployment", "Deployment shop/web"),
        ("-/core/Namespace/-/shop", "core/Namespace", "Namespace shop"),
        (
            "/subscriptions/1/resourcegroups/x",
            "Microsoft.Resources/resourceGroups",
            "/subscriptions/1/resourcegroups/x",
        ),
        ("c/core/Pod/shop/\x1b[31m", "core/Pod", r"Pod shop/\x1b[31m"),
    ],
)
def test_a_resource_is_named_as_people_name_it(key: str, type_: str, title: str) -> None:
    assert resource_title(key, type_) == title


@pytest.mark.parametrize(
    ("key", "cluster"), [("c/core/Pod/a/b", "c"), ("-/core/Pod/a/b", ""), ("/subscriptions/1", "")]
)
def test_the_cluster_is_the_first_part_of_the_key(key: str, cluster: str) -> None:
    assert cluster_of(key) == cluster


@pytest.mark.parametrize(
    ("tenancy", "words"),
    [
        (DUNMORE, "dunmore, production"),
        (Tenancy(Standing.TENANT, tenant="t09"), "t09"),
        (Tenancy(Standing.PLATFORM), "platform"),
        (Tenancy(Standing.CLUSTER), "cluster"),
        (Tenancy(Standing.UNMAPPED), "tenant not known"),
        (UNDECLARED, ""),
    ],
)
def test_whose_a_resource_is(tenancy: Tenancy, words: str) -> None:
    assert owner(tenancy) == words
