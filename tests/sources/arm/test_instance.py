"""Types, names and ids of what is deployed, in every way they can be written."""

from typing import Any

import pytest

from tests.sources.arm.templates import SCHEMA, deploy, messages, resource

GROUP = "/subscriptions/{subscription}/resourceGroups/{resourceGroup}"
ACCOUNT = "Microsoft.Storage/storageAccounts"
ROLE = "Microsoft.Authorization/roleAssignments"
LOCK = "Microsoft.Authorization/locks"


def schema(scope: str) -> str:
    return SCHEMA.replace("deploymentTemplate", f"{scope}DeploymentTemplate")


@pytest.mark.parametrize(
    ("written", "kind", "name", "identifier"),
    [
        (
            resource(),
            "Microsoft.Storage/storageAccounts",
            "acct",
            f"{GROUP}/providers/Microsoft.Storage/storageAccounts/acct",
        ),
        (
            resource("a/default", f"{ACCOUNT}/blobServices"),
            f"{ACCOUNT}/blobServices",
            "a/default",
            f"{GROUP}/providers/Microsoft.Storage/storageAccounts/a/blobServices/default",
        ),
        (
            resource("[parameters('p')]", "Microsoft.Sql/servers/databases"),
            "Microsoft.Sql/servers/databases",
            "{parameters.p[0]}/{parameters.p[1]}",
            f"{GROUP}/providers/Microsoft.Sql/servers/{{parameters.p[0]}}/databases/{{parameters.p[1]}}",
        ),
        (
            resource("[concat(parameters('p'), '/db')]", "Microsoft.Sql/servers/databases"),
            "Microsoft.Sql/servers/databases",
            "{parameters.p}/db",
            f"{GROUP}/providers/Microsoft.Sql/servers/{{parameters.p}}/databases/db",
        ),
        (resource("r", ROLE), ROLE, "r", f"{GROUP}/providers/{ROLE}/r"),
        (
            resource("l", LOCK, scope="[resourceId('Microsoft.Web/sites', 'app')]"),
            LOCK,
            "l",
            f"{GROUP}/providers/Microsoft.Web/sites/app/providers/{LOCK}/l",
        ),
        (
            resource("l", LOCK, scope="[format('Microsoft.Web/sites/{0}', 'app')]"),
            LOCK,
            "l",
            f"{GROUP}/providers/Microsoft.Web/sites/app/providers/{LOCK}/l",
        ),
        (
            resource("app/Microsoft.Authorization/l", "Microsoft.Web/sites/providers/locks"),
            LOCK,
            "l",
            f"{GROUP}/providers/Microsoft.Web/sites/app/providers/{LOCK}/l",
        ),
        (
            resource("[parameters('p')]", "Microsoft.Web/sites/providers/roleAssignments"),
            ROLE,
            "{parameters.p}",
            f"{GROUP}/providers/Microsoft.Web/sites/{{parameters.p}}/providers/{ROLE}/{{parameters.p}}",
        ),
        (
            resource("x", resourceGroup="rg", subscriptionId="s"),
            "Microsoft.Storage/storageAccounts",
            "x",
            "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/x",
        ),
        (
            resource("x", resourceGroup="rg"),
            "Microsoft.Storage/storageAccounts",
            "x",
            "/subscriptions/{subscription}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/x",
        ),
    ],
)
def test_has_type_name_and_id(written: dict[str, Any], kind: str, name: str, identifier: str) -> None:
    found = deploy({"parameters": {"p": {"type": "string"}}, "resources": [written]}).objects[0]

    assert (found.type, found.name, found.id) == (kind, name, identifier)


@pytest.mark.parametrize(
    ("scope", "written", "identifier"),
    [
        (
            "subscription",
            resource("rg", "Microsoft.Resources/resourceGroups"),
            "/subscriptions/{subscription}/resourceGroups/rg",
        ),
        ("subscription", resource("r", ROLE), f"/subscriptions/{{subscription}}/providers/{ROLE}/r"),
        (
            "managementGroup",
            resource("p", "Microsoft.Authorization/policyDefinitions"),
            "/providers/Microsoft.Management/managementGroups/{managementGroup}"
            "/providers/Microsoft.Authorization/policyDefinitions/p",
        ),
        (
            "tenant",
            resource("mg", "Microsoft.Management/managementGroups"),
            "/providers/Microsoft.Management/managementGroups/mg",
        ),
        ("tenant", resource("r", ROLE), f"/providers/{ROLE}/r"),
        (
            "managementGroup",
            resource("mg", "Microsoft.Management/managementGroups", scope="/"),
            "/providers/Microsoft.Management/managementGroups/mg",
        ),
    ],
)
def test_the_schema_says_the_scope(scope: str, written: dict[str, Any], identifier: str) -> None:
    assert deploy({"$schema": schema(scope), "resources": [written]}).objects[0].id == identifier


def test_an_extension_says_what_it_extends() -> None:
    target = "[resourceId('Microsoft.Web/sites', 'app')]"

    found = deploy({"resources": [resource("l", LOCK, scope=target), resource("r", ROLE)]}).objects

    assert found[0].body["scope"] == f"{GROUP}/providers/Microsoft.Web/sites/app"
    assert found[1].body["scope"] == GROUP


@pytest.mark.parametrize(
    ("child", "kind", "name"),
    [
        ({"type": "blobServices", "name": "default"}, "blobServices", "acct/default"),
        (
            {"type": f"{ACCOUNT}/blobServices", "name": "acct/default"},
            "blobServices",
            "acct/default",
        ),
        ({"type": f"{ACCOUNT}/blobServices", "name": "default"}, "blobServices", "acct/default"),
        ({"type": "blobServices/containers", "name": "default/logs"}, "blobServices/containers", "acct/default/logs"),
    ],
)
def test_children_are_written_in_several_ways(child: dict[str, Any], kind: str, name: str) -> None:
    evaluated = deploy({"resources": [resource(resources=[{"apiVersion": "2023-01-01", **child}])]})

    assert (evaluated.objects[1].type, evaluated.objects[1].name) == (f"Microsoft.Storage/storageAccounts/{kind}", name)


def test_a_lock_inside_of_a_resource_extends_it() -> None:
    lock = {"type": "providers/locks", "apiVersion": "2020-05-01", "name": "Microsoft.Authorization/keep"}

    found = deploy({"resources": [resource(resources=[lock])]}).objects[1]

    assert (found.type, found.name) == (LOCK, "keep")
    assert found.id == f"{GROUP}/providers/Microsoft.Storage/storageAccounts/acct/providers/{LOCK}/keep"


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (resource(kind="storage"), "'storage' is no resource type, such as 'Microsoft.Storage/storageAccounts'"),
        (resource(kind="[parameters('p')]"), "the type of a resource is not known: parameter 'p' has no value"),
        (resource(kind=5), "'5' is no resource type, such as 'Microsoft.Storage/storageAccounts'"),  # type: ignore[arg-type]
        (resource(5), "a resource wants a name that is a string"),  # type: ignore[arg-type]
    ],
)
def test_what_is_no_type_or_name_is_told(written: dict[str, Any], message: str) -> None:
    assert messages(deploy({"parameters": {"p": {"type": "string"}}, "resources": [written]})) == [message]


@pytest.mark.parametrize("name", ["", "/", "a//b", "x" * 5000])
def test_strange_names_give_ids_of_whole_segments(name: str) -> None:
    found = deploy({"resources": [resource(name)]}).objects[0]

    assert all(found.id.split("/")[1:])
    assert len(found.id) < 2000
