"""Templates from end to end: parameters, variables, functions, conditions, loops, bounds."""

from typing import Any

import pytest

from scanner.model.unknown import Unknown, find_unknowns
from scanner.sources.arm.run import MAX_DEPTH
from scanner.sources.arm.values import Masked
from tests.sources.arm.templates import STORAGE, deploy, messages, names, output, resource


def tls(evaluated: Any) -> Any:
    return evaluated.objects[0].body["properties"]["minimumTlsVersion"]


TLS = {
    "parameters": {"environment": {"type": "string", "defaultValue": "prod"}},
    "variables": {"tls": "[if(equals(parameters('environment'), 'prod'), 'TLS1_2', 'TLS1_0')]"},
    "resources": [resource(properties={"minimumTlsVersion": "[variables('tls')]"})],
}


def test_evaluates_through_variables_and_parameters() -> None:
    assert tls(deploy(TLS)) == "TLS1_2"
    assert tls(deploy(TLS, {"environment": "test"})) == "TLS1_0"
    assert tls(deploy(TLS, {"ENVIRONMENT": "test"})) == "TLS1_0"


def test_an_object_says_all_that_the_template_says() -> None:
    found = deploy(
        {
            "resources": [
                {
                    **resource(dependsOn=["x"], comments="no part of it", properties={"a": 1}),
                    "location": "[resourceGroup().location]",
                    "tags": {"a": "b"},
                    "sku": {"name": "Standard_LRS"},
                    "kind": "StorageV2",
                }
            ]
        }
    ).objects[0]

    assert (found.type, found.name, found.api_version, found.defaults) == (STORAGE, "acct", "2023-01-01", "arm")
    assert found.id == (
        "/subscriptions/{subscription}/resourceGroups/{resourceGroup}/providers/Microsoft.Storage/storageAccounts/acct"
    )
    assert found.key == "main.json:Microsoft.Storage/storageAccounts/acct"
    assert {name: value for name, value in found.body.items() if name != "location"} == {
        "tags": {"a": "b"},
        "sku": {"name": "Standard_LRS"},
        "kind": "StorageV2",
        "properties": {"a": 1},
    }
    assert isinstance(found.body["location"], Unknown)


@pytest.mark.parametrize(
    ("declared", "given", "value"),
    [
        ({"type": "string", "defaultValue": "a"}, {}, "a"),
        ({"type": "string", "defaultValue": "a"}, {"p": "b"}, "b"),
        ({"type": "string", "defaultValue": "a"}, {"p": None}, "a"),
        ({"type": "string", "nullable": True}, {}, None),
        ({"type": "string", "allowedValues": ["only"]}, {}, "only"),
        ({"type": "securestring", "defaultValue": ""}, {}, ""),
        ({"$ref": "#/definitions/d"}, {}, None),
        ({"$ref": "#/definitions/e"}, {}, "of the type"),
        ({"type": "array", "defaultValue": ["[add(1,2)]"]}, {}, [3]),
        ({"type": "string"}, {"p": "[parameters('q')]"}, "[parameters('q')]"),
    ],
)
def test_parameters_have_values(declared: Any, given: Any, value: Any) -> None:
    evaluated = deploy(
        {
            "definitions": {
                "d": {"type": "string", "nullable": True},
                "e": {"type": "string", "defaultValue": "of the type"},
            },
            "parameters": {"p": declared},
            "outputs": {"x": {"type": "string", "value": "[parameters('p')]"}},
        },
        given,
    )

    assert evaluated.output("x") == value


def test_a_parameter_without_a_value_is_unknown_and_told() -> None:
    evaluated = deploy({**TLS, "parameters": {"environment": {"type": "string"}}})

    assert tls(evaluated).reason == "parameter 'environment' has no value"
    assert tls(evaluated).origin == "parameters('environment')"
    assert [declaration.name for _, declaration in evaluated.valueless] == ["environment"]
    assert evaluated.problems == ()


@pytest.mark.parametrize("kind", ["securestring", "secureString", "secureObject"])
def test_secure_parameters_are_masked(kind: str) -> None:
    evaluated = deploy(
        {
            "parameters": {"p": {"type": kind}},
            "resources": [
                resource(properties={"key": "[parameters('p')]", "all": "[format('{0};', parameters('p'))]"})
            ],
        },
        {"p": "hunter2"},
    )

    properties = evaluated.objects[0].body["properties"]
    assert isinstance(properties["key"], Masked)
    assert isinstance(properties["all"], Masked)
    assert "hunter2" not in repr(evaluated.objects)


def test_secure_members_of_an_object_are_masked() -> None:
    evaluated = deploy(
        {
            "definitions": {
                "login": {
                    "type": "object",
                    "properties": {"user": {"type": "string"}, "password": {"type": "securestring"}},
                }
            },
            "parameters": {"p": {"$ref": "#/definitions/login"}},
            "resources": [resource(properties="[parameters('p')]")],
        },
        {"p": {"user": "a", "password": "hunter2"}},
    )

    assert evaluated.objects[0].body["properties"]["user"] == "a"
    assert isinstance(evaluated.objects[0].body["properties"]["password"], Masked)


def test_new_guids_differ_from_parameter_to_parameter() -> None:
    parameter = {"type": "string", "defaultValue": "[newGuid()]"}
    template = {
        "parameters": {"a": parameter, "b": parameter},
        "resources": [resource("[parameters('a')]"), resource("[parameters('b')]")],
    }

    assert names(deploy(template)) == ["{parameters.a}", "{parameters.b}"]


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"a": "[variables('a')]"}, "the variable 'a' is defined by itself: variable 'a' → variable 'a'"),
        (
            {"a": "[variables('b')]", "b": {"c": "[variables('A')]"}},
            "the variable 'a' is defined by itself: variable 'a' → variable 'b' → variable 'a'",
        ),
    ],
)
def test_circles_of_variables_are_told(variables: Any, message: str) -> None:
    evaluated = deploy({"variables": variables, "resources": [resource(properties={"a": "[variables('a')]"})]})

    assert messages(evaluated) == [message]
    assert evaluated.problems[0].incomplete
    assert list(find_unknowns(evaluated.objects[0].body))


def test_a_parameter_may_use_another_and_not_itself() -> None:
    template = {
        "parameters": {
            "a": {"type": "string", "defaultValue": "[parameters('b')]"},
            "b": {"type": "string", "defaultValue": "[parameters('a')]"},
        },
        "resources": [resource("[parameters('a')]")],
    }

    assert messages(deploy(template)) == [
        "the parameter 'a' is defined by itself: parameter 'a' → parameter 'b' → parameter 'a'"
    ]
    assert names(deploy(template, {"b": "x"})) == ["x"]


def test_long_chains_of_variables_are_refused_before_the_stack_ends() -> None:
    count = MAX_DEPTH * 20
    variables = {f"v{number}": f"[createObject('x', variables('v{number + 1}'))]" for number in range(count)}

    evaluated = deploy(
        {"variables": {**variables, f"v{count}": 1}, "resources": [resource(properties="[variables('v0')]")]}
    )

    assert messages(evaluated) == [f"more than {MAX_DEPTH} values and functions wait for each other"]


def test_values_that_double_are_refused() -> None:
    double = "[createArray(variables('v{0}'), variables('v{0}'))]"
    variables: dict[str, Any] = {f"v{number + 1}": double.format(number) for number in range(50)}

    evaluated = deploy({"variables": {"v0": 1, **variables}, "resources": [resource(properties="[variables('v50')]")]})

    assert set(messages(evaluated)) == {"a value has more than 200000 members at all depths"}


def test_user_functions() -> None:
    functions = [
        {
            "namespace": "contoso",
            "members": {
                "name": {
                    "parameters": [{"name": "prefix", "type": "string"}],
                    "output": {"type": "string", "value": "[concat(toLower(parameters('prefix')), 'st')]"},
                },
                "twice": {
                    "parameters": [{"name": "x", "type": "string"}],
                    "output": {"value": "[concat(contoso.name(parameters('x')), parameters('X'))]"},
                },
            },
        }
    ]

    assert output("[contoso.name('AB')]", functions=functions) == "abst"
    assert output("[Contoso.TWICE('AB')]", functions=functions) == "abstAB"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("[f.f(parameters('x'))]", "the function 'f.f' is defined by itself: function 'f.f' → function 'f.f'"),
        ("[g.g()]", "g.g() takes 1 argument, not 0"),
        ("[parameters('y')]", "the function has no parameter 'y'"),
    ],
)
def test_user_functions_are_bounded(body: str, message: str) -> None:
    members = {"f": {"parameters": [{"name": "x", "type": "string"}], "output": {"value": body}}}
    other = {"namespace": "g", "members": {"g": members["f"]}}

    evaluated = deploy(
        {"functions": [{"namespace": "f", "members": members}, other], "resources": [resource("[f.f('a')]")]}
    )

    assert message in messages(evaluated)


def test_functions_that_call_others_twice_end() -> None:
    parameters = [{"name": "x", "type": "string"}]
    members = {
        f"f{number}": {
            "parameters": parameters,
            "output": {"value": f"[contains(f.f{number + 1}(parameters('x')), f.f{number + 1}(parameters('x')))]"},
        }
        for number in range(40)
    }

    evaluated = deploy({"functions": [{"namespace": "f", "members": members}], "resources": [resource("[f.f0('a')]")]})

    assert messages(evaluated)


@pytest.mark.parametrize(
    ("condition", "count"),
    [(True, 1), (False, 0), ("true", 1), ("False", 0), ("[equals(1,2)]", 0), ("[parameters('p')]", 1), ("x", 1)],
)
def test_conditions(condition: Any, count: int) -> None:
    evaluated = deploy({"parameters": {"p": {"type": "bool"}}, "resources": [resource(condition=condition)]})

    assert len(evaluated.objects) == count


def test_a_condition_that_is_not_known_is_a_mark() -> None:
    evaluated = deploy(
        {
            "parameters": {"p": {"type": "bool"}},
            "resources": [resource(condition="[parameters('p')]"), resource("other")],
        }
    )

    assert [found.source.condition for found in evaluated.objects] == ["parameter 'p' has no value", ""]


def test_resource_loops() -> None:
    template = {
        "resources": [
            resource(
                "[format('st{0}', copyIndex())]",
                copy={"name": "accounts", "count": 3, "mode": "serial"},
                properties={"number": "[copyIndex('accounts', 1)]"},
            )
        ]
    }

    evaluated = deploy(template)

    assert names(evaluated) == ["st0", "st1", "st2"]
    assert [found.body["properties"]["number"] for found in evaluated.objects] == [1, 2, 3]


def test_a_loop_that_nobody_can_count_gives_one_that_stands_for_all() -> None:
    evaluated = deploy(
        {
            "parameters": {"names": {"type": "array"}},
            "resources": [
                resource(
                    "[parameters('names')[copyIndex()]]",
                    copy={"name": "accounts", "count": "[length(parameters('names'))]"},
                    properties={"minimumTlsVersion": "TLS1_0"},
                )
            ],
        }
    )

    assert names(evaluated) == ["{parameters.names[copyIndex(accounts)]}"]
    assert tls(evaluated) == "TLS1_0"
    assert evaluated.problems == ()


def test_a_loop_of_resources_is_bounded() -> None:
    evaluated = deploy({"resources": [resource("[concat('a', copyIndex())]", copy={"name": "l", "count": 10**9})]})

    assert messages(evaluated) == ["the loop 'l' runs 1000000000 times; the limit is 800"]
    assert evaluated.problems[0].incomplete
    assert names(evaluated) == ["a{copyIndex(l)}"]


def test_loops_in_loops_of_large_bodies_end() -> None:
    inner = {"copy": [{"name": "b", "count": 800, "input": {"copy": [{"name": "c", "count": 800, "input": [1] * 50}]}}]}

    evaluated = deploy({"resources": [resource(properties={"copy": [{"name": "a", "count": 800, "input": inner}]})]})

    assert set(messages(evaluated)) <= {
        "the template expands to more than 5000000 values",
        "a value has more than 200000 members at all depths",
    }
    assert messages(evaluated)


def test_variable_and_output_loops() -> None:
    template = {
        "variables": {
            "copy": [{"name": "list", "count": 2, "input": "[concat('a', copyIndex('list'))]"}],
            "object": {"copy": [{"name": "disks", "count": 2, "input": "[copyIndex('disks')]"}]},
        },
        "outputs": {
            "x": {"type": "array", "value": "[variables('list')]"},
            "y": {"type": "object", "value": "[variables('object')]"},
            "z": {"type": "array", "copy": {"count": 2, "input": "[copyIndex()]"}},
        },
    }

    evaluated = deploy(template)

    assert evaluated.output("x") == ["a0", "a1"]
    assert evaluated.output("y") == {"disks": [0, 1]}
    assert evaluated.output("z") == [0, 1]
    assert evaluated.output("nothing") is None


def test_asserts_that_do_not_hold_are_told() -> None:
    evaluated = deploy({"asserts": {"good": True, "bad": "[equals(1, 2)]"}})

    assert messages(evaluated) == ["the assertion 'bad' does not hold"]


def test_two_declarations_of_one_resource_keep_apart() -> None:
    keys = [found.key for found in deploy({"resources": [resource(), resource()]}).objects]

    assert keys == [f"main.json:{STORAGE}/acct", f"main.json:{STORAGE}/acct#2"]


def test_a_wrong_api_version_is_told() -> None:
    evaluated = deploy({"resources": [{**resource(), "apiVersion": "latest"}]})

    assert messages(evaluated) == [
        "the apiVersion 'latest' of 'Microsoft.Storage/storageAccounts/acct' is no API version: a date is expected"
    ]
    assert not evaluated.problems[0].incomplete
