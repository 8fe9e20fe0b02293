"""Bad input: nothing raises, every message says what to do or where it is."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.sources.terraform.plan import Problem
from tests.sources.terraform.plan.builder import change, kept, plan, read, state

PLAN = json.dumps(plan(change("azurerm_subnet.a", {"name": "n"}, after_unknown={"id": True})), indent=1)
STATE = json.dumps(state(kept("azurerm_subnet", "a", {"attributes": {"name": "n"}})))
SHOW = "write it with terraform show -json FILE > plan.json"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (
            b"PK\x03\x04\x14\x00\x08\x00\x08\x00" + b"\x00" * 16 + b"\x06\x00\x09\x00tfplanUT",
            Problem(f"cannot read plan: it is in Terraform's binary form; {SHOW}"),
        ),
        (
            '{"@level":"info","@message":"Terraform 1.11.4","@module":"terraform.ui"}\n',
            Problem(
                f"cannot read plan: it is the log of terraform plan -json; plan with -out FILE, then {SHOW}",
            ),
        ),
        (
            PLAN[:200],
            Problem("cannot read plan: the text ends inside the string that starts here", 10, 14),
        ),
        (
            PLAN[: PLAN.index('"azurerm_subnet.a"')],
            Problem("cannot read plan: the text ends too early, expecting value", 8, 17),
        ),
        (
            plan(planned_values=None),
            Problem(f"cannot read plan: it has no planned_values; {SHOW}"),
        ),
        (
            plan(format_version="2.0"),
            Problem("cannot read plan: its format_version is '2.0'; 0.x and 1.x are understood"),
        ),
        (
            plan(format_version=None),
            Problem("cannot read plan: its format_version is missing; 0.x and 1.x are understood"),
        ),
        (
            {"input": plan()},
            Problem("no plan: it holds one inside something else", incomplete=False),
        ),
        ({"x": [state()]}, Problem("no state: it holds one inside something else", incomplete=False)),
        (
            state(version=3),
            Problem(
                "cannot read state: its version is 3; 4 is understood"
                "; terraform state push of Terraform 0.12 or later upgrades it"
            ),
        ),
        (state(version=5), Problem("cannot read state: its version is 5; 4 is understood")),
        (state(version=True), Problem("cannot read state: its version is True; 4 is understood")),
        (
            {"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "x"},
            Problem("cannot read state: it has no resources"),
        ),
        (
            {"serial": 1, "lineage": "x", "meta": {}, "encrypted_data": "AAAA", "encryption_version": "v0"},
            Problem("cannot read state: it is encrypted; write it with tofu show -json > state.json"),
        ),
        (
            {"format_version": "9.0", "terraform_version": "1.11.4", "values": {"root_module": {}}},
            Problem("cannot read state: its format_version is '9.0'; 0.x and 1.x are understood"),
        ),
        (STATE + "}", Problem("cannot read state: extra data", 1, len(STATE) + 1)),
        (PLAN.replace('"n"', "NaN", 1), Problem("cannot read plan: NaN is not JSON")),
        (PLAN.replace('"n"', "1" * 5000), Problem("cannot read plan: a number has too many digits")),
        (PLAN.replace('"n"', "[" * 100_000), Problem("cannot read plan: it is nested too deeply")),
        (
            PLAN.encode().replace(b'"n"', b'"\xff"'),
            Problem("cannot read plan: the byte at offset 330 is not UTF-8", 14, 16),
        ),
        ('[{"terraform_version": 1, "resource_changes": 2}]', Problem("cannot read plan: it is no JSON object")),
        ('["lineage", "terraform_version"]', Problem("cannot read state: it is no JSON object")),
    ],
)
def test_what_cannot_be_read(content: Any, problem: Problem) -> None:
    found = read(content)
    assert found.instances == ()
    assert found.problems == (problem,)


@given(st.integers(0, len(PLAN) - 2), st.sampled_from([PLAN, STATE]))
def test_a_file_that_breaks_off_gives_nothing_and_says_where(length: int, text: str) -> None:
    found = read(text[: min(length, len(text) - 1)])
    assert found.instances == ()
    (problem,) = found.problems
    assert problem.message.startswith(("cannot read ", "no plan"))


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 3) | st.sampled_from(["", "x", "azurerm_subnet.a", "data"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", "name", "references"]), inner),
    max_leaves=4,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(inner for key, item in below for inner in places(item, (*path, key)))]


DOCUMENTS = [
    plan(
        change("module.m.azurerm_subnet.a[0]", {"b": [{"c": 1}]}, after_unknown={"id": True, "b": [{"d": True}]}),
        root={
            "module_calls": {
                "m": {
                    "expressions": {"v": {"references": ["azurerm_x.y.id"]}},
                    "module": {
                        "resources": [
                            {
                                "address": "azurerm_subnet.a",
                                "expressions": {"id": {"references": ["var.v", "module.n.o"]}},
                                "for_each_expression": {"references": ["x.y"]},
                            }
                        ],
                        "outputs": {"o": {"expression": {}}},
                    },
                }
            }
        },
        prior_state={"values": {"root_module": {"child_modules": [{"resources": []}]}}},
    ),
    state(kept("azurerm_subnet", "a", {"attributes": {"a": [1]}, "sensitive_attributes": [[{"type": "x"}]]})),
]


@given(st.data())
def test_any_part_may_be_anything(data: st.DataObject) -> None:
    """Whatever stands where something else is expected: no exception, and no Instance without its basic facts."""
    document = json.loads(json.dumps(data.draw(st.sampled_from(DOCUMENTS))))
    *steps, last = data.draw(st.sampled_from(places(document)[1:]))
    container = document
    for step in steps:
        container = container[step]
    container[last] = data.draw(JUNK)
    for instance in read(document).instances:
        assert isinstance(instance.attributes, dict)
        assert isinstance(instance.address, str)
