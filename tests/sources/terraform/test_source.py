"""Which pages there are, and what becomes of every file."""

from pathlib import Path

from scanner.model.ledger import LedgerEntry, State
from scanner.sources.terraform.source import TerraformSource, is_terraform
from tests.sources.terraform.tree import MODULE, account, accounts, found, only, placed, read, source, write

TREE = {
    "live/main.tf": """
        module "a" {
          source = "../modules/storage"
          name   = "a"
          tls    = var.tls
        }
        variable "tls" { default = "TLS1_2" }
    """,
    "modules/storage/main.tf": MODULE,
    "other/main.tf": account("other"),
}


def test_every_root_module_is_a_page_and_a_called_module_is_none(tmp_path: Path) -> None:
    pages = list(source(tmp_path, TREE).pages())
    assert [(page.name, page.size_bytes > 0) for page in pages] == [("live", True), ("other", True)]


def test_the_folder_it_was_run_in_is_a_root_too(tmp_path: Path) -> None:
    content, _ = only(source(tmp_path, {"main.tf": account("a")}))
    (found_account,) = accounts(content).values()
    assert found_account.key == ":azurerm_storage_account.a"
    assert found_account.origin.page == "."


def test_configured_roots_are_the_only_ones(tmp_path: Path) -> None:
    named = source(tmp_path, TREE, roots=("modules/storage",))
    assert [page.name for page in named.pages()] == ["modules/storage"]


def test_each_environment_is_judged_with_its_variables(tmp_path: Path) -> None:
    files = TREE | {"live/prod.tfvars": 'tls = "TLS1_1"', "live/test.tfvars": 'tls = "TLS1_0"'}
    environments = {"production": ("live/prod.tfvars",), "test": ("live/test.tfvars",)}
    pages = read(source(tmp_path, files, roots=("live",), environments=environments))

    assert list(pages) == ["live [production]", "live [test]"]
    found_accounts = {name: next(iter(accounts(content).values())) for name, (content, _) in pages.items()}
    assert {name: one.value("properties", "minimumTlsVersion") for name, one in found_accounts.items()} == {
        "live [production]": "TLS1_1",
        "live [test]": "TLS1_0",
    }
    keys = {one.key for one in found_accounts.values()}
    assert keys == {f"live[{name}]:module.a.azurerm_storage_account.this" for name in ("production", "test")}
    assert len({one.origin.declared for one in found_accounts.values()}) == 1


def test_the_strongest_variable_wins(tmp_path: Path) -> None:
    files = {
        "main.tf": 'variable "tls" {}\n' + account("a", tls="var.tls"),
        "terraform.tfvars": 'tls = "file"',
        "named.tfvars": 'tls = "named"',
        "env.tfvars": 'tls = "environment"',
    }

    def tls(**choices: object) -> object:
        content, _ = only(source(tmp_path, files, **choices))
        return next(iter(accounts(content).values())).value("properties", "minimumTlsVersion")

    process = {"TF_VAR_tls": "process", "PATH": "/bin"}
    environments = {"": ("env.tfvars",)}
    assert tls(process_environment=process) == "file"
    assert tls(environments=environments) == "environment"
    assert tls(environments=environments, var_files=("named.tfvars",)) == "named"
    assert tls(var_files=("named.tfvars",), variables={"tls": "given"}) == "given"


def test_files_that_no_page_speaks_of_have_their_own_entry(tmp_path: Path) -> None:
    files = TREE | {"live/prod.tfvars": "", "notes.txt": "", "unused/outputs.tf": 'output "x" { value = 1 }'}
    of = source(tmp_path, files)
    list(of.pages())
    entries = {entry.input: entry for entry in of.entries()}
    assert sorted(entries) == [
        "live/main.tf",
        "live/prod.tfvars",
        "modules/storage/main.tf",
        "other/main.tf",
        "unused/outputs.tf",
    ]
    assert entries["live/prod.tfvars"] == LedgerEntry(
        "live/prod.tfvars",
        State.UNSUPPORTED,
        "variables that no root module reads by itself; name the file with --var-file or in bulkhead.yaml",
    )


def test_a_requested_file_is_judged_in_the_context_of_its_root(tmp_path: Path) -> None:
    files = TREE | {"modules/storage/other.tf": account("second"), "live/extra.tf": account("extra")}
    (name, (content, _)), *others = read(source(tmp_path, files, requested=["modules/storage/main.tf"])).items()

    assert (name, others) == ("live", [])
    (one,) = accounts(content).values()
    assert one.origin.address == "module.a.azurerm_storage_account.this"
    assert one.value("properties", "minimumTlsVersion") == "TLS1_2", "its value comes from a file nobody asked for"
    assert [entry.input for entry in content.entries] == ["modules/storage/main.tf"]


def test_requested_variables_mean_their_whole_root(tmp_path: Path) -> None:
    files = TREE | {"live/terraform.tfvars": 'tls = "TLS1_0"'}
    content, _ = only(source(tmp_path, files, requested=["live/terraform.tfvars"]))
    assert [one.value("properties", "minimumTlsVersion") for one in accounts(content).values()] == ["TLS1_0"]


def test_requested_files_of_no_root_are_no_page_but_have_an_entry(tmp_path: Path) -> None:
    of = source(tmp_path, TREE | {"x/prod.tfvars": ""}, requested=["x/prod.tfvars"])
    assert list(of.pages()) == []
    assert [entry.input for entry in of.entries()] == ["x/prod.tfvars"]


def test_what_changes_between_two_runs_is_seen(tmp_path: Path) -> None:
    first, _ = only(source(tmp_path, {"main.tf": account("a")}))
    second, _ = only(source(tmp_path, {"main.tf": account("b")}))
    assert list(accounts(first)) == ["azurerm_storage_account.a"]
    assert list(accounts(second)) == ["azurerm_storage_account.b"]


def test_nothing_above_the_tree_is_opened(tmp_path: Path) -> None:
    write(tmp_path, TREE)
    below = tmp_path / "live"
    content, _ = only(TerraformSource(found(below), base=str(below)))
    assert accounts(content) == {}
    (entry,) = [entry for entry in content.entries if entry.incomplete]
    assert (entry.input, entry.state) == ("main.tf", State.PARTIAL)
    assert entry.reason == 'cannot call module.a: "../modules/storage" leads outside of the scanned folder'
    above, _ = only(TerraformSource(found(below), base=str(below), top=str(tmp_path)))
    assert list(accounts(above)) == ["module.a.azurerm_storage_account.this"]


def test_files_outside_of_the_base_are_named_as_the_user_wrote_them(tmp_path: Path) -> None:
    write(tmp_path / "infra", TREE)
    base = tmp_path / "work"
    for prefix in ("../infra/", f"{tmp_path}/infra/"):
        files = [one._replace(name=prefix + one.name) for one in found(tmp_path / "infra")]
        of = TerraformSource(files, base=str(base))
        pages = read(of)
        assert list(pages) == [f"{prefix}live", f"{prefix}other"]
        said = {entry.input for content, _ in pages.values() for entry in content.entries}
        assert {entry.input for entry in of.entries()} <= said
        content, locator = pages[f"{prefix}live"]
        (one,) = accounts(content).values()
        assert (
            placed(locator, one, "properties", "minimumTlsVersion").location.file == f"{prefix}modules/storage/main.tf"
        )


def test_files_by_their_names() -> None:
    names = ("a.tf", "a.tofu", "a.tf.json", "a.tofu.json", "a.tfvars", "a.tfvars.json")
    assert all(map(is_terraform, names))
    assert not any(map(is_terraform, ("a.json", "tf", "a.tfstate", "a.yaml")))
