"""References: any depth without recursion, and cycles told on their elements while the rest is judged."""

from pathlib import Path

from scanner.model.unknown import Unknown
from tests.sources.terraform.configuration.written import attributes, evaluate, messages


def test_a_chain_of_five_thousand_locals_is_no_recursion(tmp_path: Path) -> None:
    chain = "".join(f"  l{number} = local.l{number - 1} + 1\n" for number in range(1, 5000))
    found = evaluate(tmp_path, f'locals {{\n  l0 = 0\n{chain}}}\noutput "o" {{ value = local.l4999 }}\n')
    assert found.outputs == {"o": 4999}
    assert found.faults == ()


def test_a_chain_of_resources_and_outputs_is_no_recursion(tmp_path: Path) -> None:
    chain = "".join(
        f'resource "a_b" "r{number}" {{\n  name = "${{a_b.r{number - 1}.name}}"\n}}\n' for number in range(1, 1500)
    )
    found = evaluate(tmp_path, 'resource "a_b" "r0" { name = "first" }\n' + chain)
    assert attributes(found)["a_b.r1499"] == {"name": "first"}


def test_a_cycle_is_a_fault_of_each_of_its_elements_and_of_nothing_else(tmp_path: Path) -> None:
    found = evaluate(
        tmp_path,
        "locals {\n  a = local.b\n  b = local.c\n  c = local.a\n  d = local.a\n}\n"
        'resource "a_b" "x" {\n  name = "x"\n  tags = local.d\n}\n',
    )
    assert messages(found) == [
        "main.tf:2:3 cannot evaluate local.a: it refers to itself: local.a → local.b → local.c → local.a",
        "main.tf:3:3 cannot evaluate local.b: it refers to itself: local.a → local.b → local.c → local.a",
        "main.tf:4:3 cannot evaluate local.c: it refers to itself: local.a → local.b → local.c → local.a",
    ]
    given = attributes(found)["a_b.x"]
    assert given["name"] == "x"
    assert isinstance(given["tags"], Unknown)
    assert "refers to itself" in given["tags"].reason


def test_resources_in_a_cycle_keep_what_does_not_depend_on_it(tmp_path: Path) -> None:
    found = evaluate(
        tmp_path,
        'resource "a_b" "x" {\n  name = "x"\n  peer = a_b.y.id\n}\n'
        'resource "a_b" "y" {\n  name = "y"\n  peer = a_b.x.id\n}\n'
        'resource "a_b" "z" {\n  peer = a_b.x.name\n}\n',
    )
    assert [message.split(":")[1] for message in messages(found)] == ["1", "5"]
    given = attributes(found)
    assert given["a_b.x"]["name"] == "x"
    assert isinstance(given["a_b.x"]["peer"], Unknown)
    assert given["a_b.z"] == {"peer": "x"}


def test_a_cycle_through_a_module_names_the_way(tmp_path: Path) -> None:
    found = evaluate(
        tmp_path,
        {
            "main.tf": 'module "m" {\n  source = "./m"\n  in = module.m.out\n}\n'
            'output "fine" { value = module.m.fine }\n',
            "m/main.tf": 'variable "in" {}\noutput "out" { value = var.in }\noutput "fine" { value = 1 }\n',
        },
    )
    assert any("module.m.var.in → module.m.out → module.m.output.out" in text for text in messages(found)), messages(
        found
    )
    assert found.outputs == {"fine": 1}


def test_a_long_cycle_is_told_in_short(tmp_path: Path) -> None:
    chain = "".join(f"  l{number} = local.l{number + 1}\n" for number in range(3000))
    found = evaluate(tmp_path, f"locals {{\n{chain}  l3000 = local.l0\n}}\n")
    assert len(found.faults) == 3001
    assert found.faults[0].message.endswith("local.l6 → local.l7 → 2993 more → local.l0")
