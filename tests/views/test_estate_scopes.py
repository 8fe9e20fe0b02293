import pytest

from scanner.views.estate_scopes import is_allowed
from tests.views.azure import GROUP

REGISTRY = f"{GROUP}/providers/Microsoft.ContainerRegistry/registries/acr"


@pytest.mark.parametrize(
    ("scope", "pattern", "allowed"),
    [
        ("/subscriptions/s", "sub-prod", True),
        ("/subscriptions/s", "s", True),
        ("/subscriptions/s", "/subscriptions/S", True),
        ("/subscriptions/s", "sub-prod/rg-*", False),
        (GROUP, "sub-prod/r*", True),
        (GROUP, "SUB-PROD/RG", True),
        (GROUP, "sub-prod", False),
        (GROUP, "*", False),
        (REGISTRY, "acr", True),
        (REGISTRY, "sub-prod/rg/acr", True),
        (REGISTRY, "sub-prod/rg", False),
        ("{var.scope}", "acr", False),
    ],
)
def test_scopes_are_named_as_the_estate_names_them(scope: str, pattern: str, allowed: bool) -> None:
    assert is_allowed(scope, ["elsewhere", pattern], "sub-prod") is allowed


def test_a_subscription_that_is_not_declared_has_no_name() -> None:
    assert not is_allowed("/subscriptions/s", ["", "sub-prod"])
