import pytest

from scanner.sources.terraform.plan.providers import Providers, allowed_major, local_name


@pytest.mark.parametrize(
    ("constraint", "major"),
    [
        ("~> 3.0", 3),
        ("~> 4", 4),
        ("3.117.1", 3),
        ("= 4.1.0", 4),
        (">= 3.0, < 4.0", 3),
        (">= 3.0, < 4.0.1", None),
        (">= 3.0, < 5.0", None),
        (">= 3.0", None),
        (">= 3.40, != 3.50.0, ~> 3.0", 3),
        ("> 2.99.0, <= 3.5", None),
        ("v4.2", 4),
        ("", None),
        ("latest", None),
        ("~> 3.0, nonsense", None),
    ],
)
def test_the_one_major_that_a_constraint_allows(constraint: str, major: int | None) -> None:
    assert allowed_major(constraint) == major


@pytest.mark.parametrize(
    ("provider", "name"),
    [
        ("registry.terraform.io/hashicorp/azurerm", "azurerm"),
        ('provider["registry.opentofu.org/azure/azapi"]', "azapi"),
        ('module.a.provider["registry.terraform.io/hashicorp/azurerm"].west', "azurerm"),
        ("provider.azurerm", "azurerm"),
        ("provider.azurerm.west", "azurerm"),
        ("azurerm", "azurerm"),
        ("", ""),
    ],
)
def test_local_names(provider: str, name: str) -> None:
    assert local_name(provider) == name


def test_a_resource_finds_the_constraint_of_its_provider() -> None:
    full = "registry.terraform.io/hashicorp/azurerm"
    providers = Providers(
        {
            "provider_config": {
                "azurerm": {"name": "azurerm", "full_name": full, "version_constraint": "~> 4.0"},
                "module.old:azurerm": {"name": "azurerm", "full_name": full, "version_constraint": "~> 3.0"},
                "random": {"name": "random"},
                "junk": 7,
            }
        }
    )
    assert providers.major("azurerm", full) == 4
    assert providers.major("module.old:azurerm", full) == 3
    assert providers.major("module.new:azurerm", full) == 4
    assert providers.major("", "registry.terraform.io/hashicorp/random") is None
    assert Providers({}).major("azurerm", full) is None
