"""Nested deployments, references between what is deployed, symbolic names."""

from typing import Any

import pytest

from scanner.model.unknown import Unknown
from scanner.sources.arm.program import Program, Supplied
from scanner.sources.arm.run import MAX_NESTING
from scanner.sources.arm.targets import Target
from scanner.sources.arm.values import Masked, Token
from tests.sources.arm.templates import SCHEMA, STORAGE, deploy, messages, names, resource

GROUP = "/subscriptions/{subscription}/resourceGroups/{resourceGroup}"


def nested(
    template: dict[str, Any], *, evaluation: str = "inner", parameters: dict[str, Any] | None = None, **members: Any
) -> dict[str, Any]:
    return {
        "type": "Microsoft.Resources/deployments",
        "apiVersion": "2022-09-01",
        "name": "nested",
        "properties": {
            "mode": "Incremental",
            "expressionEvaluationOptions": {"scope": evaluation},
            "parameters": {name: {"value": value} for name, value in (parameters or {}).items()},
            "template": {"$schema": SCHEMA, "contentVersion": "1.0.0.0", "resources": [], **template},
        },
        **members,
    }


def test_inner_scope_sees_its_own_parameters_and_variables() -> None:
    inner = {
        "parameters": {"p": {"type": "string"}},
        "variables": {"v": "[concat(parameters('p'), 'in')]"},
        "resources": [resource("[variables('v')]")],
    }

    evaluated = deploy(
        {"variables": {"v": "out"}, "resources": [nested(inner, parameters={"p": "[concat(variables('v'), '-')]"})]}
    )

    assert names(evaluated) == ["out-in"]
    assert evaluated.objects[0].key == f"main.json:nested/{STORAGE}/out-in"


def test_outer_scope_sees_those_around_it() -> None:
    inner = {"variables": {"v": "in"}, "resources": [resource("[concat(variables('v'), copyIndex())]")]}
    looped = nested(inner, evaluation="outer", name="[concat('n', copyIndex())]", copy={"name": "l", "count": 2})

    assert names(deploy({"variables": {"v": "out"}, "resources": [looped]})) == ["out0", "out1"]


def test_outer_scope_is_the_default() -> None:
    outer = nested({"variables": {"v": "in"}, "resources": [resource("[variables('v')]")]})
    del outer["properties"]["expressionEvaluationOptions"]

    assert names(deploy({"variables": {"v": "out"}, "resources": [outer]})) == ["out"]


def test_inner_scope_does_not_see_what_is_around_it() -> None:
    inner = {"resources": [resource(properties={"a": "[variables('v')]"})]}

    assert messages(deploy({"variables": {"v": "out"}, "resources": [nested(inner)]})) == ["there is no variable 'v'"]


@pytest.mark.parametrize(
    "reference",
    [
        "reference('nested').outputs.o.value",
        "reference(resourceId('Microsoft.Resources/deployments', 'nested')).outputs.o.value",
        "reference(resourceId('Microsoft.Resources/deployments', 'nested'), '2022-09-01').outputs['o'].value",
        "reference('nested', '2022-09-01', 'full').properties.outputs.o.value",
    ],
)
def test_outputs_are_evaluated(reference: str) -> None:
    inner = {"outputs": {"o": {"type": "string", "value": "[toUpper('abc')]"}}}

    assert names(deploy({"resources": [nested(inner), resource(f"[{reference}]")]})) == ["ABC"]


def test_outputs_under_a_name_that_is_not_known_are_found_by_the_same_name() -> None:
    name = "format('d-{0}', uniqueString(deployment().name))"
    inner = nested({"outputs": {"o": {"type": "string", "value": "abc"}}}, name=f"[{name}]")
    user = resource(f"[reference(resourceId('Microsoft.Resources/deployments', {name})).outputs.o.value]")

    assert names(deploy({"resources": [inner, user]})) == ["abc"]


def test_outputs_that_need_each_other_are_unknown() -> None:
    first = {
        "parameters": {"p": {"type": "string"}},
        "outputs": {"o": {"type": "string", "value": "[parameters('p')]"}},
    }
    template = {
        "resources": [
            nested(first, name="a", parameters={"p": "[reference('b').outputs.o.value]"}),
            nested(first, name="b", parameters={"p": "[reference('a').outputs.o.value]"}),
            resource("[reference('a').outputs.o.value]"),
        ]
    }

    assert names(deploy(template)) == ["{output 'o'}"]


def test_an_output_that_is_not_there_is_told() -> None:
    evaluated = deploy({"resources": [nested({}), resource(properties={"a": "[reference('nested').outputs.o.value]"})]})

    assert messages(evaluated) == ["the deployment 'nested' has no output 'o'"]


def test_secure_outputs_are_masked() -> None:
    inner = {"outputs": {"o": {"type": "securestring", "value": "hunter2"}}}
    user = resource(properties={"a": "[reference('nested').outputs.o.value]"})

    evaluated = deploy({"resources": [nested(inner), user]})

    assert isinstance(evaluated.objects[0].body["properties"]["a"], Masked)


@pytest.mark.parametrize(
    ("members", "identifier"),
    [
        ({"resourceGroup": "other"}, "/subscriptions/{subscription}/resourceGroups/other"),
        ({"subscriptionId": "s", "resourceGroup": "other"}, "/subscriptions/s/resourceGroups/other"),
        ({"subscriptionId": "s"}, "/subscriptions/s"),
        ({"scope": "/subscriptions/s/resourceGroups/g"}, "/subscriptions/s/resourceGroups/g"),
        ({"scope": "Microsoft.Management/managementGroups/mg"}, "/providers/Microsoft.Management/managementGroups/mg"),
        ({"scope": "/"}, ""),
    ],
)
def test_a_deployment_goes_where_it_says(members: dict[str, Any], identifier: str) -> None:
    inner = {
        "resources": [
            resource(
                kind="Microsoft.Foo/bars",
                properties={"id": "[resourceId('Microsoft.Foo/bars', 'x')]", "where": "[resourceGroup().name]"},
            )
        ]
    }

    found = deploy({"resources": [nested(inner, **members)]}).objects[0]

    assert found.id == f"{identifier}/providers/Microsoft.Foo/bars/acct"
    if "managementGroups" not in identifier:
        assert found.body["properties"]["id"] == f"{identifier}/providers/Microsoft.Foo/bars/x"


def test_conditions_of_deployments_count_for_what_is_in_them() -> None:
    inner = {"resources": [resource()]}

    assert deploy({"resources": [nested(inner, condition=False)]}).objects == ()
    evaluated = deploy(
        {"parameters": {"p": {"type": "bool"}}, "resources": [nested(inner, condition="[parameters('p')]")]}
    )
    assert evaluated.objects[0].source.condition == "parameter 'p' has no value"


def test_parameters_of_a_deployment_that_its_template_does_not_have_are_told() -> None:
    evaluated = deploy({"resources": [nested({}, parameters={"p": 1})]})

    assert messages(evaluated) == ["the deployment 'nested' has no parameter 'p'"]


def test_key_vault_references_are_secrets() -> None:
    inner = nested(
        {
            "parameters": {"p": {"type": "securestring"}},
            "resources": [resource(properties={"a": "[parameters('p')]"})],
        }
    )
    inner["properties"]["parameters"] = {"p": {"reference": {"keyVault": {"id": "x"}, "secretName": "y"}}}

    assert isinstance(deploy({"resources": [inner]}).objects[0].body["properties"]["a"], Masked)


def test_deployments_are_nested_only_so_deep() -> None:
    template = nested({"resources": [resource()]})
    for _ in range(MAX_NESTING):
        template = nested({"resources": [template]})

    evaluated = deploy({"resources": [template]})

    assert messages(evaluated) == [f"the deployments are nested deeper than {MAX_NESTING} levels"]
    assert evaluated.problems[0].incomplete


def test_a_program_that_starts_itself_is_a_circle() -> None:
    from scanner.sources.arm.evaluation import evaluate
    from scanner.sources.arm.program import Literal, ModuleDeclaration

    program = Program("a.bicep")
    program.modules.append(ModuleDeclaration(lambda: program, Literal("again")))

    evaluated = evaluate(program, {"x": Supplied(1)})

    assert messages(evaluated) == ["the templates call each other in a circle: a.bicep → a.bicep"]


SYMBOLIC = {
    "languageVersion": "2.0",
    "resources": {
        "vnet": {
            "type": "Microsoft.Network/virtualNetworks",
            "apiVersion": "2023-01-01",
            "name": "vnet",
            "properties": {"subnets": [{"name": "apps"}, {"name": "[concat('da', 'ta')]"}]},
        },
        "kept": {"existing": True, "type": "Microsoft.KeyVault/vaults", "apiVersion": "2023-01-01", "name": "kv"},
        "accounts": {
            "copy": {"name": "accounts", "count": 2},
            "type": STORAGE,
            "apiVersion": "2023-01-01",
            "name": "[format('st{0}', copyIndex())]",
            "location": "westeurope",
            "identity": {"type": "SystemAssigned"},
        },
        "user": {
            "type": "Microsoft.Foo/bars",
            "apiVersion": "2023-01-01",
            "name": "bar",
            "properties": {
                "subnet": "[reference('vnet').subnets[1].id]",
                "name": "[reference('vnet').subnets[0].name]",
                "vault": "[resourceInfo('kept').id]",
                "uri": "[reference('kept').vaultUri]",
                "location": "[reference('accounts[1]', '2023-01-01', 'full').location]",
                "principal": "[reference('accounts[0]', '2023-01-01', 'full').identity.principalId]",
                "identity": "[reference('accounts[0]', '2023-01-01', 'full').identity.type]",
                "id": "[resourceInfo('accounts[1]').id]",
                "all": "[map(references('accounts', 'full'), lambda('a', lambdaVariables('a').name))]",
            },
        },
    },
}


def test_symbolic_names_refer_to_what_is_declared() -> None:
    evaluated = deploy(SYMBOLIC)

    assert [found.key for found in evaluated.objects] == [
        "main.json:vnet",
        "main.json:accounts[0]",
        "main.json:accounts[1]",
        "main.json:user",
    ]
    properties = evaluated.objects[3].body["properties"]
    assert properties["subnet"] == f"{GROUP}/providers/Microsoft.Network/virtualNetworks/vnet/subnets/data"
    assert properties["name"] == "apps"
    assert properties["vault"] == f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv"
    assert properties["uri"].text == "{kept.properties.vaultUri}"
    assert properties["location"] == "westeurope"
    assert isinstance(properties["principal"], Unknown)
    assert properties["identity"] == "SystemAssigned"
    assert properties["id"] == f"{GROUP}/providers/{STORAGE}/st1"
    assert properties["all"] == ["st0", "st1"]
    assert evaluated.problems == ()


def test_the_list_and_the_symbolic_form_deploy_the_same() -> None:
    forms: list[list[Any]] = []
    for names_ in ("list", "symbolic"):
        template: dict[str, Any] = {
            **SYMBOLIC,
            "resources": {
                name: {key: value for key, value in written.items() if key != "properties" or name != "user"}
                for name, written in SYMBOLIC["resources"].items()  # type: ignore[attr-defined]
                if name != "kept"
            },
        }
        if names_ == "list":
            template["resources"] = list(template["resources"].values())
            del template["languageVersion"]
        forms.append([(found.type, found.name, found.id, found.body) for found in deploy(template).objects])

    assert forms[0] == forms[1]
    assert len(forms[0]) == 4


def test_a_loop_that_nobody_can_count_is_one_resource_to_all_that_refer_to_it() -> None:
    evaluated = deploy(
        {
            "languageVersion": "2.0",
            "parameters": {"n": {"type": "int"}},
            "resources": {
                "accounts": resource(
                    "[format('st{0}', copyIndex())]", copy={"name": "l", "count": "[parameters('n')]"}
                ),
                "user": resource("[resourceInfo('accounts[0]').name]"),
            },
        }
    )

    assert names(evaluated)[0] == "st{copyIndex(l)}"
    assert evaluated.problems == ()


def test_nested_resources_take_type_name_and_condition_from_their_parents() -> None:
    child = {"type": "blobServices", "apiVersion": "2023-01-01", "name": "default"}
    grandchild = {"type": "containers", "apiVersion": "2023-01-01", "name": "[concat('logs', copyIndex())]"}
    parent = resource(
        "[concat('st', copyIndex())]",
        copy={"name": "l", "count": 2},
        condition="[equals(copyIndex(), 1)]",
        resources=[{**child, "resources": [grandchild]}],
    )

    evaluated = deploy({"resources": [parent]})

    assert [(found.type, found.name) for found in evaluated.objects] == [
        (STORAGE, "st1"),
        (f"{STORAGE}/blobServices", "st1/default"),
        (f"{STORAGE}/blobServices/containers", "st1/default/logs1"),
    ]
    assert evaluated.objects[2].id == f"{GROUP}/providers/{STORAGE}/st1/blobServices/default/containers/logs1"


def test_configuration_says_what_would_be_unknown() -> None:
    target = Target(subscription="11", resource_group="rg-prod", location="westeurope", tenant="22")

    found = deploy(
        {
            "resources": [
                {
                    **resource(properties={"tenant": "[subscription().tenantId]", "group": "[resourceGroup().name]"}),
                    "location": "[resourceGroup().location]",
                }
            ]
        },
        target=target,
    ).objects[0]

    assert found.id == f"/subscriptions/11/resourceGroups/rg-prod/providers/{STORAGE}/acct"
    assert found.key == found.id.lower()
    assert found.body == {"properties": {"tenant": "22", "group": "rg-prod"}, "location": "westeurope"}


def test_what_is_generated_twice_by_the_same_arguments_is_the_same() -> None:
    name = "[concat('st', uniqueString(resourceGroup().id))]"
    identifier = "[resourceId('Microsoft.Storage/storageAccounts', concat('st', uniqueString(resourceGroup().id)))]"

    account, user = deploy({"resources": [resource(name), resource("b", properties={"id": identifier})]}).objects

    assert user.body["properties"]["id"] == account.id
    assert isinstance(deploy({"outputs": {"x": {"type": "string", "value": name}}}).output("x"), Token)
