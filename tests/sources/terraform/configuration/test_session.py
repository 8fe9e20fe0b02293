"""Module calls: what cannot be called, what was downloaded, and bounds on how much is made."""

import json
import os
from pathlib import Path

import pytest

from scanner.model.unknown import Unknown
from scanner.sources.terraform.configuration import Limits, Tree, evaluate_root
from tests.sources.terraform.configuration.written import attributes, by_address, evaluate, messages, noted, write

CALL = 'module "m" {{\n  source = "{}"\n  a = 1\n}}\nresource "a_b" "x" {{\n  name = "x"\n  id_ = module.m.id\n}}\n'


@pytest.mark.parametrize(
    ("source", "cause"),
    [
        ("./nowhere", 'the folder "./nowhere" does not exist'),
        ("./empty", 'the folder "./empty" holds no configuration'),
        ("../../outside", '"../../outside" leads outside of the scanned folder'),
        ("./", "the module calls itself: root → root"),
        ("../link", '"../link" leads outside of the scanned folder'),
    ],
)
def test_a_module_that_cannot_be_called_is_a_fault_at_its_source(tmp_path: Path, source: str, cause: str) -> None:
    top = tmp_path / "top"
    write(tmp_path, {"outside/main.tf": 'output "id" { value = "secret" }', "top/root/empty/readme.md": ""})
    os.symlink(tmp_path / "outside", top / "link")
    write(top, {"root/main.tf": CALL.format(source)})
    found = evaluate_root(Tree(str(top), str(top)), str(top / "root"))
    assert messages(found) == [f"root/main.tf:2:3 cannot call module.m: {cause}"]
    assert attributes(found)["a_b.x"]["name"] == "x"
    assert attributes(found)["a_b.x"]["id_"] == Unknown(f"module.m cannot be called: {cause}", "module.m.id")


def test_modules_that_call_each_other_are_named_in_order(tmp_path: Path) -> None:
    found = evaluate(
        tmp_path,
        {
            "main.tf": 'module "a" { source = "./a" }',
            "a/main.tf": 'module "b" { source = "../b" }\nresource "x_y" "a" {}',
            "b/main.tf": 'module "a" { source = "../a" }\nresource "x_y" "b" {}',
        },
    )
    assert messages(found) == ["b/main.tf:1:14 cannot call module.a: the module calls itself: a → b → a"]
    assert sorted(attributes(found)) == ["module.a.module.b.x_y.b", "module.a.x_y.a"]


def test_a_remote_module_is_noted_and_its_outputs_say_why(tmp_path: Path) -> None:
    found = evaluate(tmp_path, CALL.format("Azure/aks/azurerm"))
    assert found.faults == ()
    assert noted(found) == ['main.tf:2:3 module.m was not read: "Azure/aks/azurerm" is not in the tree']
    reason = 'module.m was not read: "Azure/aks/azurerm" is not in the tree'
    assert attributes(found)["a_b.x"]["id_"] == Unknown(reason, "module.m.id")


def test_what_is_given_to_a_remote_module_is_evaluated_without_waiting_for_it(tmp_path: Path) -> None:
    found = evaluate(
        tmp_path,
        'module "m" {\n  source = "x/y/z"\n  again = module.m.out\n  bad = 1 + "x"\n}\n'
        'module "n" {\n  source = "x/y/z"\n  for_each = { a = 1 }\n  name = each.key\n}\n',
    )
    assert messages(found) == [
        "main.tf:4:9 cannot evaluate module.m.bad: unsuitable value for right operand: a number is required"
    ]
    assert len(found.notes) == 2


def test_a_source_may_refer_to_variables_as_opentofu_lets_it(tmp_path: Path) -> None:
    text = 'variable "kind" {{{}}}\nmodule "m" {{\n  source = "./${{var.kind}}"\n}}\n'
    files = {"main.tf": text.format('\n  default = "m"\n'), "m/main.tf": 'resource "a_b" "x" {}\n'}
    assert list(attributes(evaluate(tmp_path, files))) == ["module.m.a_b.x"]
    unknown = evaluate(tmp_path, {"main.tf": text.format("")})
    assert noted(unknown) == ["main.tf:3:3 module.m was not read: its source is not known: var.kind has no value"]
    assert unknown.faults == ()


def test_a_downloaded_module_is_read_where_terraform_put_it(tmp_path: Path) -> None:
    manifest = {
        "Modules": [
            {"Key": "", "Source": "", "Dir": "."},
            {"Key": "m", "Source": "registry.terraform.io/Azure/aks/azurerm", "Dir": ".terraform/modules/m"},
            {"Key": "m.inner", "Source": "git::x", "Dir": ".terraform/modules/m.inner"},
        ]
    }
    found = evaluate(
        tmp_path,
        {
            "main.tf": CALL.format("Azure/aks/azurerm"),
            ".terraform/modules/modules.json": json.dumps(manifest),
            ".terraform/modules/m/main.tf": 'variable "a" {}\nmodule "inner" { source = "git::x" }\n'
            'output "id" { value = "${module.inner.v}${var.a}" }',
            ".terraform/modules/m.inner/main.tf": 'output "v" { value = "inner" }',
        },
    )
    assert found.faults == found.notes == ()
    assert attributes(found)["a_b.x"]["id_"] == "inner1"
    assert ".terraform/modules/m/main.tf" in found.files


def test_a_damaged_list_of_downloaded_modules_is_a_fault(tmp_path: Path) -> None:
    found = evaluate(
        tmp_path, {"main.tf": CALL.format("x/y/z"), ".terraform/modules/modules.json": '{"Modules": [{}]}'}
    )
    assert messages(found) == [
        ".terraform/modules/modules.json:- cannot read the list of downloaded modules: it is damaged"
    ]


def test_arguments_are_compared_with_the_variables(tmp_path: Path) -> None:
    found = evaluate(
        tmp_path,
        {
            "main.tf": 'module "m" {\n  source = "./m"\n  extra = 1\n}\n',
            "m/main.tf": 'variable "needed" {}\nresource "a_b" "x" { name = var.needed }\n',
        },
    )
    assert messages(found) == [
        "main.tf:1:1 cannot call module.m: argument needed is required",
        "main.tf:3:3 cannot set extra of module.m: the module has no such variable",
    ]
    expected = Unknown("module.m.var.needed has no value", "module.m.var.needed")
    assert attributes(found)["module.m.a_b.x"] == {"name": expected}


def test_too_many_instances_become_one_symbolic_one(tmp_path: Path) -> None:
    text = 'resource "a_b" "x" {\n  count = 50\n  name = "x"\n  index = count.index\n}\n'
    found = evaluate(tmp_path, text, limits=Limits(instances_per_block=10))
    reason = "50 instances are asked for, more than 10"
    assert attributes(found) == {"a_b.x[*]": {"name": "x", "index": Unknown(reason)}}
    assert noted(found) == [f"main.tf:2:3 one instance stands for all: {reason}"]
    assert found.faults == ()


def test_the_instances_of_a_root_are_bounded_together(tmp_path: Path) -> None:
    blocks = "".join(f'resource "a_b" "x{number}" {{\n  count = 4\n}}\n' for number in range(3))
    found = evaluate(tmp_path, blocks, limits=Limits(instances=9))
    assert len(by_address(found)) == 9
    assert "a_b.x2[*]" in by_address(found)
    assert noted(found) == [
        "main.tf:7:1 one instance stands for all: the configuration has more than 9 resource instances"
    ]


def test_module_instances_are_bounded(tmp_path: Path) -> None:
    files = {
        "main.tf": 'module "m" {\n  source = "./m"\n  count = 20\n}\noutput "o" { value = module.m[3].id }\n',
        "m/main.tf": 'resource "a_b" "x" {}\noutput "id" { value = a_b.x.id }\n',
    }
    found = evaluate(tmp_path, files, limits=Limits(module_instances=10))
    assert sorted(by_address(found)) == ["module.m[*].a_b.x"]
    assert found.outputs["o"] == Unknown("known after apply", "module.m[*].a_b.x.id")
    assert len(found.notes) == 1


def test_loops_in_loops_are_bounded(tmp_path: Path) -> None:
    numbers = "for a in range(1000) : [for b in range(1000) : [for c in range(1000) : a]]"
    text = f'resource "a_b" "x" {{\n  name = "x"\n  list = [{numbers}]\n}}\n'
    found = evaluate(tmp_path, text, limits=Limits(elements=10_000))
    assert attributes(found)["a_b.x"]["name"] == "x"
    assert len(found.faults) == 1
    assert "asks for more than 10000 elements" in found.faults[0].message


def test_dynamic_blocks_are_bounded_with_the_instances_that_repeat_them(tmp_path: Path) -> None:
    block = '  dynamic "y" {\n    for_each = range(100)\n    content {\n      n = count.index\n    }\n  }\n'
    text = f'resource "a_b" "x" {{\n  count = 100\n{block}}}\n'
    found = evaluate(tmp_path, text, limits=Limits(elements=1_000))
    assert len(attributes(found)) == 100
    assert messages(found) == [
        "main.tf:4:16 cannot evaluate a_b.x.for_each: the configuration asks for more than 1000 elements"
    ]


def test_modules_beyond_the_bound_on_resources_are_told(tmp_path: Path) -> None:
    resources = "".join(f'resource "a_b" "x{number}" {{}}\n' for number in range(20))
    files = {"main.tf": 'module "m" {\n  source = "./m"\n  count = 100\n}\n', "m/main.tf": resources}
    found = evaluate(tmp_path, files, limits=Limits(instances=50))
    assert len(attributes(found)) == 60
    assert messages(found) == [
        "main.tf:1:1 cannot evaluate all of module.m: the configuration has more than 50 resource instances"
    ]


def test_values_that_nest_without_end_are_bounded(tmp_path: Path) -> None:
    chain = "".join(f"  l{number} = [local.l{number - 1}]\n" for number in range(1, 5000))
    found = evaluate(tmp_path, f'locals {{\n  l0 = 1\n{chain}}}\nresource "a_b" "x" {{\n  a = local.l150\n}}\n')
    assert "nested more than 200 levels deep" in found.faults[0].message
    value = attributes(found)["a_b.x"]["a"]
    for _ in range(150):
        (value,) = value
    assert value == 1


def test_values_that_double_are_bounded(tmp_path: Path) -> None:
    chain = "".join(f"  l{number} = [local.l{number - 1}, local.l{number - 1}]\n" for number in range(1, 50))
    text = "".join(f'  t{number} = "${{local.t{number - 1}}}${{local.t{number - 1}}}"\n' for number in range(1, 50))
    found = evaluate(
        tmp_path,
        f'locals {{\n  l0 = [1]\n{chain}  t0 = "x"\n{text}}}\n'
        'resource "a_b" "x" {\n  a = local.l49\n  b = local.t49\n}\n',
    )
    given = attributes(found)["a_b.x"]
    assert isinstance(given["b"], Unknown)
    assert len(str(given["a"])) < 20_000_000
    causes = {text.split(": ", 1)[1] for text in messages(found)}
    assert causes == {"its value has more than 500000 parts", "the text is longer than 16777216 characters"}
