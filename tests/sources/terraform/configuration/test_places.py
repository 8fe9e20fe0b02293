"""Places: the attribute that decides, the module calls that lead there, and what carried the value."""

from pathlib import Path

from scanner.sources.terraform.configuration import Tree, evaluate_root
from tests.sources.terraform.configuration.written import by_address, evaluate, write


def lines(evaluated: object, address: str, *path: str | int) -> list[tuple[str, int, int, str]]:
    """Return file, line, column and role of each place of an attribute path."""
    places = by_address(evaluated)[address].places  # type: ignore[arg-type]
    assert places is not None
    return [(place.file, place.region.line, place.region.column, place.role) for place in places(path) if place.region]


MODULES = {
    "main.tf": 'module "outer" {\n  source = "./outer"\n  tls    = local.tls\n}\nlocals {\n  tls = var.default_tls\n}\n'
    'variable "default_tls" {}\n',
    "terraform.tfvars": '\ndefault_tls = "1.0"\n',
    "outer/main.tf": 'variable "tls" {}\nmodule "inner" {\n  source = "../inner"\n  min    = "TLS${var.tls}"\n}\n',
    "inner/main.tf": 'variable "min" {}\nvariable "kept" { default = 1 }\nresource "a_b" "x" {\n  name = "x"\n'
    "  tls = var.min\n  kept = var.kept\n  nested = { a = [1, var.kept] }\n}\n",
}


def test_the_chain_leads_from_the_attribute_over_calls_to_the_var_file(tmp_path: Path) -> None:
    found = evaluate(tmp_path, MODULES)
    address = "module.outer.module.inner.a_b.x"
    chain = [("outer/main.tf", 2, 1, "called here"), ("main.tf", 1, 1, "called here")]
    assert lines(found, address, "tls") == [
        ("inner/main.tf", 5, 3, ""),
        *chain,
        ("outer/main.tf", 4, 3, "var.min is set here"),
        ("main.tf", 3, 3, "var.tls is set here"),
        ("main.tf", 6, 3, "local.tls is set here"),
        ("terraform.tfvars", 2, 1, "var.default_tls is set here"),
    ]
    default = ("inner/main.tf", 2, 19, "var.kept has its default here")
    assert lines(found, address, "kept") == [("inner/main.tf", 6, 3, ""), *chain, default]
    assert lines(found, address, "nested", "a", 1) == [("inner/main.tf", 7, 22, ""), *chain, default]
    assert lines(found, address, "absent") == [("inner/main.tf", 3, 1, ""), *chain]


def test_blocks_and_dynamic_blocks_are_found_by_their_index(tmp_path: Path) -> None:
    found = evaluate(
        tmp_path,
        'variable "rules" { default = { a = ["x"], b = ["y", "z"] } }\n'
        'resource "a_b" "x" {\n'
        "  rule { port = 1 }\n"
        '  dynamic "rule" {\n'
        "    for_each = var.rules\n"
        "    content {\n"
        "      port = rule.key\n"
        '      dynamic "source" {\n'
        "        for_each = rule.value\n"
        "        content { cidr = source.value }\n"
        "      }\n"
        "    }\n"
        "  }\n"
        "  rule { port = 3 }\n"
        "}\n",
    )
    default = ("main.tf", 1, 20, "var.rules has its default here")
    over_rules = ("main.tf", 5, 5, "rule iterates over this")
    assert lines(found, "a_b.x", "rule", 0, "port") == [("main.tf", 3, 10, "")]
    assert lines(found, "a_b.x", "rule", 2, "port") == [("main.tf", 7, 7, ""), over_rules, default]
    assert lines(found, "a_b.x", "rule", 3, "port") == [("main.tf", 14, 10, "")]
    assert lines(found, "a_b.x", "rule", 3) == [("main.tf", 14, 3, "")]
    assert lines(found, "a_b.x", "rule", 9, "port") == [("main.tf", 2, 1, "")]
    assert lines(found, "a_b.x", "rule", 2, "source", 1, "cidr") == [
        ("main.tf", 10, 19, ""),
        ("main.tf", 9, 9, "source iterates over this"),
        over_rules,
        default,
    ]


def test_what_each_stands_for_is_followed_through_the_call(tmp_path: Path) -> None:
    found = evaluate(
        tmp_path,
        {
            "main.tf": 'locals {\n  tenants = { a = { tls = "1.0" } }\n}\n'
            'module "t" {\n  source   = "./t"\n  for_each = local.tenants\n  settings = each.value\n}\n',
            "t/main.tf": 'variable "settings" {}\nresource "a_b" "x" {\n  for_each = { k = var.settings }\n'
            "  tls = each.value.tls\n}\n",
        },
    )
    assert lines(found, 'module.t["a"].a_b.x["k"]', "tls") == [
        ("t/main.tf", 4, 3, ""),
        ("main.tf", 4, 1, "called here"),
        ("t/main.tf", 3, 3, "each iterates over this"),
        ("main.tf", 7, 3, "var.settings is set here"),
        ("main.tf", 6, 3, "each iterates over this"),
        ("main.tf", 2, 3, "local.tenants is set here"),
    ]
    assert lines(found, 'module.t["a"].a_b.x["k"]', "none")[0] == ("t/main.tf", 2, 1, "")


def test_settings_point_at_their_block_or_at_the_first_file(tmp_path: Path) -> None:
    found = evaluate(tmp_path, 'terraform {\n  backend "azurerm" {}\n}\nprovider "azurerm" {\n  x = 1\n}\n')
    settings, provider = found.instances
    assert settings.places is not None
    assert provider.places is not None
    assert settings.places(("backend", 0, "type"))[0][1] == (2, 3, 2, 20)
    assert settings.places(("required_version",))[0][1] == (1, 1, 1, 10)
    assert provider.places(("x",))[0][1] == (5, 3, 5, 8)
    write(tmp_path / "bare", {"a.tf": 'output "x" { value = 1 }'})
    bare = evaluate_root(Tree(str(tmp_path), str(tmp_path)), str(tmp_path / "bare")).instances[0]
    assert bare.places is not None
    assert bare.places(("backend",))[0][:2] == ("bare/a.tf", None)


def test_what_an_override_file_sets_is_found_there(tmp_path: Path) -> None:
    found = evaluate(
        tmp_path,
        {
            "main.tf": 'resource "a_b" "x" {\n  a = 1\n  b = 1\n  block { c = 1 }\n}\n',
            "override.tf": '\nresource "a_b" "x" {\n  b = 1 + "x"\n  block { c = 1 + "y" }\n}\n',
        },
    )
    assert lines(found, "a_b.x", "a") == [("main.tf", 2, 3, "")]
    assert lines(found, "a_b.x", "b") == [("override.tf", 3, 3, "")]
    assert lines(found, "a_b.x", "block", 0, "c") == [("override.tf", 4, 11, "")]
    assert [fault[:2] for fault in found.faults] == [
        ("override.tf", (3, 7, 3, 14)),
        ("override.tf", (4, 15, 4, 22)),
    ]
