"""One root module: what it gives by address, and the files that belong to it."""

import json
from pathlib import Path

from scanner.sources.terraform.roots import Configured, RootSettings, is_automatic, tree_of
from tests.sources.terraform.tree import MODULE, account, write

CALL = 'module "m" {\n  source = "./m"\n  for_each = toset(["a", "b"])\n  name = each.key\n  tls = "TLS1_2"\n}\n'


def configured(root: Path, files: dict[str, str], folder: str = "", **settings: object) -> Configured:
    write(root, files)
    about = {"run": str(root), "top": str(root), "base": str(root)}
    return Configured(str(root / folder), RootSettings(**{**about, **settings}))  # type: ignore[arg-type]


def test_instances_are_found_with_and_without_their_keys(tmp_path: Path) -> None:
    found = configured(tmp_path, {"main.tf": CALL, "m/main.tf": MODULE}).by_address()
    keyed = 'module.m["b"].azurerm_storage_account.this'
    assert found[keyed].address == keyed
    assert found["module.m.azurerm_storage_account.this"].address == 'module.m["a"].azurerm_storage_account.this'
    assert Configured.without_keys('module.m["x.[0]"].a.b[0]') == "module.m.a.b"


def test_a_folder_without_configuration_does_not_exist(tmp_path: Path) -> None:
    assert configured(tmp_path, {"a/main.tf": ""}, "a").exists
    assert not configured(tmp_path, {"b/notes.txt": ""}, "b").exists
    assert not Configured(str(tmp_path.parent), RootSettings("x", str(tmp_path), str(tmp_path))).exists


def test_files_are_those_of_the_folder_and_of_what_it_calls(tmp_path: Path) -> None:
    files = {
        "main.tf": CALL,
        "m/main.tf": MODULE + 'module "n" {\n  source = "../n"\n}',
        "n/x.tf": "",
        "other/y.tf": "",
    }
    assert sorted(configured(tmp_path, files).files()) == ["m/main.tf", "main.tf", "n/x.tf"]


def test_a_circle_of_modules_ends(tmp_path: Path) -> None:
    files = {"main.tf": 'module "a" {\n  source = "./a"\n}', "a/main.tf": 'module "b" {\n  source = "../"\n}'}
    assert sorted(configured(tmp_path, files).files()) == ["a/main.tf", "main.tf"]


def test_downloaded_modules_belong_to_it_once_it_was_evaluated(tmp_path: Path) -> None:
    manifest = {"Modules": [{"Key": "m", "Source": "x/m/azurerm", "Dir": ".terraform/modules/m"}]}
    files = {
        "main.tf": CALL.replace("./m", "x/m/azurerm"),
        ".terraform/modules/m/main.tf": MODULE,
        ".terraform/modules/modules.json": json.dumps(manifest),
    }
    one = configured(tmp_path, files)
    assert len([instance for instance in one.evaluated.instances if instance.type == "azurerm_storage_account"]) == 2
    assert sorted(one.files()) == [".terraform/modules/m/main.tf", "main.tf"]


def test_given_variables_come_from_everywhere(tmp_path: Path) -> None:
    files = {
        "main.tf": "",
        "terraform.tfvars": "a = 1",
        "x.auto.tfvars": "b = 1",
        "named.tfvars": "c = 1",
        "not.tfvars": "z = 1",
    }
    one = configured(
        tmp_path,
        files,
        var_files=(str(tmp_path / "named.tfvars"),),
        variables=(("d", "1"),),
        environment=(("TF_VAR_e", "1"),),
    )
    assert sorted(one.given_variables()) == ["a", "b", "c", "d", "e"]


def test_only_files_with_exemptions_are_looked_at_for_them(tmp_path: Path) -> None:
    text = "# bulkhead:exempt ACME-001\n" + account("a")
    files = {"main.tf": CALL, "m/main.tf": text, "m/plain.tf": "", "x.tf.json": '{"//": "bulkhead:exempt ACME-001"}'}
    (found,) = configured(tmp_path, files).files_with_exemptions()
    assert (found.name, found.is_root, found.text) == ("m/main.tf", False, text)
    assert found.line_of(found.body.blocks[0]) == 2


def test_files_are_parsed_once_for_a_run_and_again_for_the_next(tmp_path: Path) -> None:
    settings = RootSettings("1", str(tmp_path), str(tmp_path))
    first = tree_of(settings)
    assert tree_of(settings) is first
    assert tree_of(settings._replace(run="2")) is not first


def test_files_that_are_read_without_being_named() -> None:
    names = ("terraform.tfvars", "terraform.tfvars.json", "a.auto.tfvars", "a.auto.tfvars.json")
    assert all(map(is_automatic, names))
    assert not any(map(is_automatic, ("prod.tfvars", "terraform.tfvars.bak", "auto.tf")))
