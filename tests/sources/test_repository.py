"""Every file goes to whoever reads its kind, and a file that is named alone keeps its context."""

import json
import pickle
from pathlib import Path

import pytest

from scanner.model.ledger import State
from scanner.sources.json_page import TemplateSettings
from scanner.sources.repository import RepositorySource, TerraformSettings

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\n"
ACCOUNT = """
resource "azurerm_storage_account" "a" {
  name                     = var.name
  resource_group_name      = "rg"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "LRS"
}
"""
VARIABLE = 'variable "name" {\n  type = string\n}\n'
BICEP = """param name string
resource account 'Microsoft.Storage/storageAccounts@2023-05-01' = { name: name, location: 'westeurope'
  kind: 'StorageV2', sku: { name: 'Standard_LRS' } }
"""
TEMPLATE = {
    "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
    "contentVersion": "1.0.0.0",
    "resources": [
        {
            "type": "Microsoft.Storage/storageAccounts",
            "apiVersion": "2023-05-01",
            "name": "fromarm",
            "location": "uksouth",
        }
    ],
}
STATE = {
    "version": 4,
    "terraform_version": "1.11.4",
    "serial": 1,
    "lineage": "x",
    "resources": [
        {
            "mode": "managed",
            "type": "azurerm_storage_account",
            "name": "a",
            "provider": 'provider["registry.terraform.io/hashicorp/azurerm"]',
            "instances": [{"attributes": {"name": "fromstate", "location": "westeurope"}}],
        }
    ],
}


def write(root: Path, **files: str) -> None:
    for name, text in files.items():
        path = root / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        *_, stem = path.name.split("___")
        path.with_name(stem.replace("_dot_", ".")).write_text(text)


def names(source: RepositorySource) -> dict[str, str]:
    """Return the name of every Resource that is one of Azure or Kubernetes, and its type."""
    found = [one for page in source.pages() for one in pickle.loads(pickle.dumps(page)).read().resources]
    return {one.name: one.type for one in found if one.type.endswith(("Accounts", "/Pod"))}


def test_every_kind_of_file_is_read_by_its_own_reader(tmp_path: Path) -> None:
    write(
        tmp_path,
        pod_dot_yaml=POD,
        pod_dot_json=json.dumps({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "json"}}),
        infra__main_dot_tf=ACCOUNT.replace("var.name", '"fromterraform"'),
        main_dot_bicep=BICEP.replace("param name string", "var name = 'frombicep'"),
        template_dot_json=json.dumps(TEMPLATE),
        terraform_dot_tfstate=json.dumps(STATE),
        notes_dot_txt="nothing",
    )
    source = RepositorySource(["."], base=str(tmp_path))
    account = "Microsoft.Storage/storageAccounts"
    assert names(source) == {
        "web": "core/Pod",
        "json": "core/Pod",
        "fromterraform": account,
        "frombicep": account,
        "fromarm": account,
        "fromstate": account,
    }
    assert next((entry.input, entry.state) for entry in source.entries()) == ("notes.txt", State.UNSUPPORTED)


@pytest.mark.parametrize("content", [STATE, TEMPLATE])
def test_standard_input_is_told_by_its_content(content: object, tmp_path: Path) -> None:
    source = RepositorySource(["-"], base=str(tmp_path), stdin=json.dumps(content).encode())
    assert set(names(source)) & {"fromstate", "fromarm"}


def test_a_terraform_file_that_is_named_is_judged_with_what_stands_beside_it(tmp_path: Path) -> None:
    write(
        tmp_path,
        infra__main_dot_tf=ACCOUNT,
        infra__variables_dot_tf=VARIABLE.replace("string", 'string\n  default = "d"'),
    )
    write(tmp_path, infra__other_dot_tf=ACCOUNT.replace('"a"', '"b"').replace("var.name", '"other"'))
    assert set(names(RepositorySource(["infra/main.tf"], base=str(tmp_path)))) == {"d"}


def test_a_module_that_is_named_is_judged_through_its_callers(tmp_path: Path) -> None:
    call = 'module "m" {{\n  source = "../modules/m"\n  name   = "{0}"\n}}\n'
    write(tmp_path, modules__m__main_dot_tf=ACCOUNT + VARIABLE)
    write(tmp_path, blue__main_dot_tf=call.format("blue"), green__main_dot_tf=call.format("green"))
    assert set(names(RepositorySource(["modules/m/main.tf"], base=str(tmp_path)))) == {"blue", "green"}


def test_a_bicep_module_that_is_named_is_judged_through_its_callers(tmp_path: Path) -> None:
    write(tmp_path, modules__m_dot_bicep=BICEP)
    write(tmp_path, main_dot_bicep="module m 'modules/m.bicep' = { name: 'm', params: { name: 'called' } }\n")
    assert set(names(RepositorySource(["modules/m.bicep"], base=str(tmp_path)))) == {"called"}


def test_environments_and_variables_are_handed_on(tmp_path: Path) -> None:
    write(tmp_path, infra__main_dot_tf=ACCOUNT + VARIABLE, env__blue_dot_tfvars='name = "blue"\n')
    settings = TerraformSettings(environments={"one": ("env/blue.tfvars",), "two": ()}, variables={})
    source = RepositorySource(["infra"], base=str(tmp_path), terraform=settings)
    assert {page.name for page in source.pages()} == {"infra [one]", "infra [two]"}
    assert "blue" in names(RepositorySource(["infra"], base=str(tmp_path), terraform=settings))
    given = TerraformSettings(variables={"name": "given"})
    assert set(names(RepositorySource(["infra"], base=str(tmp_path), terraform=given))) == {"given"}


def test_where_templates_go_is_handed_on(tmp_path: Path) -> None:
    write(tmp_path, main_dot_bicep=BICEP.replace("param name string", "var name = resourceGroup().name"))
    source = RepositorySource(["."], base=str(tmp_path), templates=TemplateSettings(resource_group="rgerp"))
    assert set(names(source)) == {"rgerp"}


def test_a_plan_larger_than_a_manifest_may_be_is_read(tmp_path: Path) -> None:
    padded = {**STATE, "outputs": {"padding": {"value": "x" * (21 << 20), "type": "string"}}}
    write(tmp_path, terraform_dot_tfstate=json.dumps(padded), big_dot_json=json.dumps({"x": "x" * (21 << 20)}))
    source = RepositorySource(["."], base=str(tmp_path))
    entries = {entry.input: entry.state for page in source.pages() for entry in page.read().entries}
    assert entries == {"terraform.tfstate": State.SCANNED, "big.json": State.UNPARSED}


def test_nothing_outside_of_the_repository_is_opened(tmp_path: Path) -> None:
    write(tmp_path, secret__main_dot_tf=ACCOUNT.replace("var.name", '"outside"'))
    write(tmp_path, repository__main_dot_tf='module "m" {\n  source = "../secret"\n}\n')
    (tmp_path / "repository" / ".git").mkdir()
    source = RepositorySource([str(tmp_path / "repository")], base=str(tmp_path / "repository"))
    pages = list(source.pages())
    assert [one.name for page in pages for one in page.read().resources if one.type.startswith("Microsoft")] == []
    assert any("outside" in (entry.reason + str(entry)) for page in pages for entry in page.read().entries)


def test_a_folder_of_modules_is_judged_through_callers_elsewhere(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    write(tmp_path, modules__m__main_dot_tf=ACCOUNT + VARIABLE, modules__m_dot_bicep=BICEP)
    write(tmp_path, live__main_dot_tf='module "m" {\n  source = "../modules/m"\n  name   = "live"\n}\n')
    write(tmp_path, main_dot_bicep="module m 'modules/m.bicep' = { name: 'm', params: { name: 'called' } }\n")
    source = RepositorySource(["modules"], base=str(tmp_path))
    assert set(names(source)) == {"live", "called"}
    assert {entry.input for page in source.pages() for entry in page.read().entries} == {
        "modules/m/main.tf",
        "modules/m.bicep",
    }


def test_a_root_that_is_asked_for_is_reported_with_the_modules_it_calls(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    write(tmp_path, modules__m__main_dot_tf=ACCOUNT + VARIABLE, modules__m_dot_bicep=BICEP)
    for name in ("blue", "green"):
        call = f'module "m" {{\n  source = "../../modules/m"\n  name   = "{name}"\n}}\n'
        module = f"module m '../../modules/m.bicep' = {{ name: 'm', params: {{ name: '{name}bicep' }} }}\n"
        write(tmp_path, **{f"live__{name}__main_dot_tf": call, f"live__{name}__main_dot_bicep": module})
    assert set(names(RepositorySource(["live/blue"], base=str(tmp_path)))) == {"blue", "bluebicep"}


def test_a_variable_of_the_command_line_is_for_whichever_root_declares_it(tmp_path: Path) -> None:
    write(tmp_path, one__main_dot_tf=ACCOUNT + VARIABLE, two__main_dot_tf=ACCOUNT.replace("var.name", '"two"'))
    given = TerraformSettings(variables={"name": "given", "nobody": "x"})
    source = RepositorySource(["."], base=str(tmp_path), terraform=given)
    assert set(names(source)) == {"given", "two"}
    assert [entry.input for entry in source.entries() if entry.incomplete] == ["--var nobody"]


def test_what_terraform_init_has_fetched_is_no_root(tmp_path: Path) -> None:
    write(tmp_path, main_dot_tf=ACCOUNT.replace("var.name", '"root"'))
    (tmp_path / ".terraform" / "modules" / "m").mkdir(parents=True)
    (tmp_path / ".terraform" / "modules" / "m" / "main.tf").write_text(ACCOUNT.replace("var.name", '"fetched"'))
    assert set(names(RepositorySource(["."], base=str(tmp_path)))) == {"root"}


def test_a_folder_with_a_var_file_of_an_environment_brings_no_other_root(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    write(tmp_path, a__main_dot_tf=ACCOUNT + VARIABLE, a__blue_dot_tfvars='name = "blue"\n')
    write(tmp_path, other__main_dot_tf=ACCOUNT.replace("var.name", '"other"'))
    settings = TerraformSettings(environments={"one": ("a/blue.tfvars",)})
    assert set(names(RepositorySource(["a"], base=str(tmp_path), terraform=settings))) == {"blue"}


@pytest.mark.slow
@pytest.mark.parametrize("part", ["helm", "kubernetes", "terraform", "arm", "bicep", "azure-live", "pipelines"])
def test_every_file_of_the_corpus_ends_in_the_ledger(corpus: Path, part: str) -> None:
    source = RepositorySource([part], base=str(corpus))
    inputs = {entry.input for page in source.pages() for entry in page.read().entries}
    inputs |= {entry.input for entry in source.entries()}
    files = {path.relative_to(corpus).as_posix() for path in (corpus / part).rglob("*") if not path.is_dir()}
    left_out = tuple(name for name in inputs if name.endswith("/"))
    assert {file for file in files - inputs if not file.startswith(left_out)} == set()
