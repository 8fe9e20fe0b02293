"""Where a value was set: through functions, loops and modules, as far as it can be told."""

from pathlib import Path

import pytest

from tests.sources.terraform.configuration.test_places import lines
from tests.sources.terraform.configuration.written import evaluate

LOCALS = """locals {
  base    = { tls = "1.0", more = { deep = 1 } }
  strong  = { tls = "1.2" }
  names   = ["a", "b"]
  others  = ["c"]
  tenants = {
    a = { tls = "1.0" }
    b = { tls = "1.1" }
  }
  unclear = file("x.txt")
}
"""
"""The attribute under test is on line 13."""


def trail(tmp_path: Path, expression: str, *path: str | int) -> list[tuple[int, str]]:
    """Return line and role of what carried the value of an expression."""
    (tmp_path / "x.txt").write_text("text")
    found = evaluate(tmp_path, f'{LOCALS}resource "a_b" "x" {{\n  value = {expression}\n}}\n')
    return [(line, role) for _, line, _, role in lines(found, "a_b.x", "value", *path)[1:]]


BASE = (2, "local.base is set here")
STRONG = (3, "local.strong is set here")
NAMES = (4, "local.names is set here")
OTHERS = (5, "local.others is set here")
TENANTS = (6, "local.tenants is set here")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("merge(local.base, local.strong).tls", [STRONG]),
        ("merge(local.base, local.strong).more.deep", [BASE]),
        ("merge(local.base, { tls = local.strong.tls }).tls", [(13, "tls is written here"), STRONG]),
        ("merge([local.base, local.strong]...).tls", [(13, "element 2 is written here"), STRONG]),
        ("merge(local.base, { for k, v in local.strong : k => v }).tls", [STRONG]),
        ('lookup(local.base, "tls", "none")', [BASE]),
        ('lookup(local.base, "none", local.strong.tls)', [STRONG]),
        ('local.tenants["b"].tls', [TENANTS, (8, "tls is written here")]),
        ("local.tenants[local.names[1]].tls", [TENANTS, (8, "tls is written here")]),
        ("try(local.base.none, local.strong.tls)", [STRONG]),
        ('coalesce("", local.strong.tls)', [STRONG]),
        ("coalescelist([], local.others)[0]", [OTHERS]),
        ("concat(local.names, local.others)[2]", [OTHERS]),
        ("concat(local.names, local.others)[1]", [NAMES]),
        ("flatten([[local.names], local.others])[2]", [(13, "element 2 is written here"), OTHERS]),
        ("element(local.names, 3)", [NAMES]),
        ("one(local.others)", [OTHERS]),
        ("reverse(concat(local.names, local.others))[0]", [OTHERS]),
        ("values(local.tenants)[1].tls", [TENANTS, (8, "tls is written here")]),
        ("keys(local.tenants)[1]", [TENANTS, (8, "b is written here")]),
        ('[for t in local.tenants : t.tls if t.tls != "1.0"][0]', [TENANTS, (8, "tls is written here")]),
        ('{ for n, t in local.tenants : upper(n) => t }["B"].tls', [TENANTS, (8, "tls is written here")]),
        ("[for n, t in local.tenants : n][1]", [TENANTS, (8, "b is written here")]),
        ('local.tenants.a.tls == "1.0" ? local.strong.tls : local.base.tls', [STRONG]),
        ("tostring(local.strong.tls)", [STRONG]),
        ("upper(local.strong.tls)", [STRONG]),
        ('"v${local.strong.tls}"', [STRONG]),
        ('"v" == local.strong.tls', [STRONG]),
        ("local.unclear", [(10, "local.unclear is set here")]),
        ("1", []),
        ("jsondecode(local.unclear)", []),
    ],
)
def test_expressions(tmp_path: Path, expression: str, expected: list[tuple[int, str]]) -> None:
    assert trail(tmp_path, expression) == expected


def test_an_element_that_is_taken_out_of_the_whole_value(tmp_path: Path) -> None:
    assert trail(tmp_path, "merge(local.base, local.strong)", "tls") == [STRONG]
    assert trail(tmp_path, "merge(local.base, local.strong)", "more", "deep") == [BASE]
    assert trail(tmp_path, "concat(local.names, local.others)", 2) == [OTHERS]
    assert trail(tmp_path, "values(local.tenants)[*].tls", 1) == [TENANTS, (8, "tls is written here")]
    assert trail(tmp_path, "merge(local.base, local.strong)") == []


def test_what_is_not_followed_is_named_with_its_line_and_without_its_values(tmp_path: Path) -> None:
    files = {
        "main.tf": 'module "m" {\n  source = "./m"\n  one    = local.one\n  two    = local.two\n}\n'
        'locals {\n  one = (\n    zipmap(["secret"], ["x"])\n  )\n  two = (\n    data.a_c.y["k"].z\n  )\n}\n'
        'data "a_c" "y" {\n  for_each = { k = 1 }\n}\n',
        "m/main.tf": 'variable "one" {}\nvariable "two" {}\n'
        'resource "a_b" "x" {\n  one = var.one["secret"]\n  two = var.two\n}\n',
    }
    found = evaluate(tmp_path, files)
    assert lines(found, "module.m.a_b.x", "one")[-1] == ("main.tf", 8, 5, "it comes from zipmap(…)")
    assert lines(found, "module.m.a_b.x", "two")[-1] == ("main.tf", 11, 5, "it comes from data.a_c.y[…].z")


def test_each_through_modules_for_expressions_merge_and_outputs(tmp_path: Path) -> None:
    files = {
        "main.tf": """module "names" {
  source = "./names"
}
module "tenant" {
  source   = "./tenant"
  for_each = { for name, given in var.tenants : name => merge(local.defaults, given) }
  settings = each.value
  title    = each.key
  region   = module.names.region
}
locals {
  defaults = {
    tls = "1.0"
    log = true
  }
}
variable "tenants" {}
""",
        "terraform.tfvars": 'tenants = {\n  a = {}\n  b = {\n    tls = "1.1"\n  }\n}\n',
        "names/main.tf": 'output "region" {\n  value = local.region\n}\nlocals {\n  region = "x"\n}\n',
        "tenant/main.tf": 'variable "settings" {}\nvariable "title" {}\nvariable "region" {}\nresource "a_b" "x" {\n'
        "  tls    = var.settings.tls\n  title  = var.title\n  region = var.region\n}\n",
    }
    found = evaluate(tmp_path, files)
    called = ("main.tf", 4, 1, "called here")
    first = ("tenant/main.tf", 5, 3, "")
    passed = ("main.tf", 7, 3, "var.settings is set here")
    over = ("main.tf", 6, 3, "each iterates over this")
    default = [("main.tf", 12, 3, "local.defaults is set here"), ("main.tf", 13, 11, "tls is written here")]
    assert lines(found, 'module.tenant["a"].a_b.x', "tls") == [first, called, passed, over, *default]
    assert lines(found, 'module.tenant["b"].a_b.x', "tls") == [
        first, called, passed, over,
        ("terraform.tfvars", 1, 1, "var.tenants is set here"), ("terraform.tfvars", 4, 11, "tls is written here"),
    ]  # fmt: skip
    assert lines(found, 'module.tenant["b"].a_b.x', "title")[2:] == [
        ("main.tf", 8, 3, "var.title is set here"), over,
        ("terraform.tfvars", 1, 1, "var.tenants is set here"), ("terraform.tfvars", 3, 7, "b is written here"),
    ]  # fmt: skip
    assert lines(found, 'module.tenant["b"].a_b.x', "region")[2:] == [
        ("main.tf", 9, 3, "var.region is set here"),
        ("names/main.tf", 2, 3, "output.region is set here"),
        ("names/main.tf", 5, 3, "local.region is set here"),
    ]


def test_each_over_a_list_made_a_set_and_a_dynamic_block(tmp_path: Path) -> None:
    text = """locals {
  names = [
    "x",
    "y",
  ]
  rules = [
    { port = 1 },
    { port = 2 },
  ]
}
resource "a_b" "x" {
  for_each = toset(local.names)
  name     = each.value
  dynamic "rule" {
    for_each = { for index, rule in local.rules : index => rule }
    content { port = rule.value.port }
  }
}
"""
    found = evaluate(tmp_path, text)
    assert lines(found, 'a_b.x["y"]', "name")[1:] == [
        ("main.tf", 12, 3, "each iterates over this"),
        ("main.tf", 2, 3, "local.names is set here"),
        ("main.tf", 4, 5, "y is written here"),
    ]
    assert lines(found, 'a_b.x["y"]', "rule", 1, "port")[1:] == [
        ("main.tf", 15, 5, "rule iterates over this"),
        ("main.tf", 6, 3, "local.rules is set here"),
        ("main.tf", 8, 14, "port is written here"),
    ]


def test_a_way_that_leads_in_a_circle_or_nowhere_ends(tmp_path: Path) -> None:
    circle = "locals {\n  a = local.b\n  b = local.a\n}\n"
    found = evaluate(tmp_path, circle + 'resource "a_b" "x" {\n  v = local.a\n  w = var.none\n}\n')
    assert len(lines(found, "a_b.x", "v")) < 70
    assert lines(found, "a_b.x", "w") == [("main.tf", 7, 3, "")]
