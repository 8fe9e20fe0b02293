"""Input variables: what is told about values that do not fit, are not declared or are not there."""

from pathlib import Path

from scanner.model.unknown import Unknown
from scanner.sources.terraform.configuration import Tree, evaluate_root
from tests.sources.terraform.configuration.written import attributes, evaluate, messages, noted, write

TLS = 'variable "tls" {\n  type = number\n}\nresource "a_b" "x" {\n  tls = var.tls\n  name = "x"\n}\n'


def test_a_variable_without_value_is_unknown_and_no_fault(tmp_path: Path) -> None:
    found = evaluate(tmp_path, TLS)
    assert attributes(found)["a_b.x"] == {"tls": Unknown("var.tls has no value", "var.tls"), "name": "x"}
    assert found.faults == found.notes == ()


def test_what_is_read_of_an_unknown_object_says_which_part(tmp_path: Path) -> None:
    found = evaluate(
        tmp_path,
        'variable "net" { type = object({ rg = object({ id = string }), names = list(string) }) }\n'
        'resource "a_b" "x" {\n  id_ = var.net.rg.id\n  first = var.net.names[0]\n'
        '  text = "x-${var.net.names[0]}"\n}\n',
    )
    assert attributes(found)["a_b.x"] == {
        "id_": Unknown("var.net.rg.id has no value", "var.net.rg.id"),
        "first": Unknown("var.net.names[0] has no value", "var.net.names[0]"),
        "text": Unknown("var.net.names[0] has no value"),
    }


def test_a_value_of_the_wrong_type_is_a_fault_where_it_is_written(tmp_path: Path) -> None:
    found = evaluate(tmp_path, {"main.tf": TLS, "terraform.tfvars": 'tls = "high"\n'})
    cause = "the value does not fit its type: a number is required"
    assert messages(found) == [f"terraform.tfvars:1:1 cannot set var.tls: {cause}"]
    assert attributes(found)["a_b.x"]["tls"] == Unknown(f"var.tls cannot be set: {cause}", "var.tls")


def test_a_default_of_the_wrong_type_is_a_fault_once(tmp_path: Path) -> None:
    files = {
        "main.tf": 'module "m" {\n  source = "./m"\n  count = 3\n}\n',
        "m/main.tf": 'variable "n" {\n  type = number\n  default = "x"\n}\nresource "a_b" "x" { n = var.n }\n',
    }
    assert messages(evaluate(tmp_path, files)) == [
        "m/main.tf:3:3 cannot use the default of var.n: it does not fit the type: a number is required"
    ]


def test_an_undeclared_value_is_noted_in_a_file_and_a_fault_on_the_command_line(tmp_path: Path) -> None:
    found = evaluate(tmp_path, {"main.tf": TLS, "terraform.tfvars": "\nnope = 1\ntls = 2\n"}, variables={"other": "1"})
    assert noted(found) == ["terraform.tfvars:2:1 var.nope is set here, but . has no such variable"]
    assert messages(found) == [".:- cannot set var.other: the module has no such variable"]


def test_a_var_file_holds_values_only(tmp_path: Path) -> None:
    found = evaluate(
        tmp_path, {"main.tf": TLS, "terraform.tfvars": "tls = 1 + local.x\n", "b.auto.tfvars": "block {}\nx = = 1\n"}
    )
    assert [message.split(":", 3)[:3] for message in messages(found)] == [
        ["b.auto.tfvars", "1", "1 cannot read block block"],
        ["b.auto.tfvars", "2", "5 cannot parse the file"],
        ["terraform.tfvars", "1", "7 cannot evaluate var.tls"],
    ]


def test_text_from_outside_is_an_expression_where_the_type_asks_for_one(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": 'variable "l" { type = list(string) }\nresource "a_b" "x" { l = var.l }\n'})
    tree = Tree(str(tmp_path), str(tmp_path))
    good = evaluate_root(tree, str(tmp_path), variables={"l": '["a"]'}, environment={"TF_VAR_l": "[", "PATH": "/"})
    assert attributes(good)["a_b.x"]["l"] == ["a"]
    assert messages(good)[0].startswith("main.tf:- cannot read TF_VAR_l: expected")
    bad = evaluate_root(tree, str(tmp_path), variables={"l": "[nope]"})
    assert messages(bad)[0].startswith("main.tf:- cannot read --var l: ")
    assert isinstance(attributes(bad)["a_b.x"]["l"], Unknown)


def test_the_process_environment_does_not_count_unless_it_is_given(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("TF_VAR_tls", "12")
    assert isinstance(attributes(evaluate(tmp_path, TLS))["a_b.x"]["tls"], Unknown)
    given = evaluate(tmp_path, TLS, environment={"TF_VAR_tls": "12"})
    assert attributes(given)["a_b.x"]["tls"] == 12


def test_a_type_that_is_none_is_a_fault_and_the_value_still_counts(tmp_path: Path) -> None:
    found = evaluate(tmp_path, 'variable "a" {\n  type = strin\n  default = 1\n}\nresource "a_b" "x" { a = var.a }\n')
    assert messages(found)[0].startswith("main.tf:2:3 cannot read the type of var.a: ")
    assert attributes(found)["a_b.x"]["a"] == 1


def test_the_old_bare_names_of_collections_are_types(tmp_path: Path) -> None:
    text = 'variable "a" {\n  type = list\n  default = [1]\n}\nvariable "b" {\n  type = map\n  default = {}\n}\n'
    assert evaluate(tmp_path, text).faults == ()


def test_a_resource_given_to_a_variable_of_an_object_type_keeps_what_is_known(tmp_path: Path) -> None:
    files = {
        "main.tf": 'resource "a_b" "x" {\n  name = "x"\n}\nmodule "m" {\n  source = "./m"\n  it = a_b.x\n'
        "  all = { k = a_b.x }\n}\n",
        "m/main.tf": 'variable "it" { type = object({ name = string, id = string }) }\n'
        'variable "all" { type = map(object({ name = string, id = string })) }\n'
        'resource "a_b" "y" {\n  name = var.it.name\n  peer = var.it.id\n  others = [for o in var.all : o.name]\n}\n',
    }
    assert attributes(evaluate(tmp_path, files))["module.m.a_b.y"] == {
        "name": "x",
        "peer": Unknown("known after apply", "a_b.x.id"),
        "others": ["x"],
    }


def test_a_workspace_is_what_the_run_says(tmp_path: Path) -> None:
    text = 'resource "a_b" "x" { env = terraform.workspace }\n'
    assert attributes(evaluate(tmp_path, text))["a_b.x"] == {"env": "default"}
    assert attributes(evaluate(tmp_path, text, workspace="prod"))["a_b.x"] == {"env": "prod"}


def test_a_var_file_that_is_named_may_lie_anywhere(tmp_path: Path) -> None:
    write(tmp_path, {"top/main.tf": TLS, "elsewhere.tfvars": "tls = 12\n", "top/terraform.tfvars": "tls = 1\n"})
    tree = Tree(str(tmp_path / "top"), str(tmp_path / "top"))
    found = evaluate_root(tree, str(tmp_path / "top"), var_files=[str(tmp_path / "elsewhere.tfvars")])
    assert attributes(found)["a_b.x"]["tls"] == 12
    missing = evaluate_root(tree, str(tmp_path / "top"), var_files=[str(tmp_path / "top" / "gone.tfvars")])
    assert messages(missing) == ["gone.tfvars:- cannot open the file: no such file or directory"]
    assert attributes(missing)["a_b.x"]["tls"] == 1
