"""Files as pages: what is read, what is told, and where everything stands."""

import json
import pickle
from pathlib import Path
from typing import Any

import pytest

from scanner.model.ledger import LedgerEntry, State
from scanner.sources.arm.page import ArmContext, ArmPage, read_arm
from scanner.sources.interface import PageContent
from tests.sources.arm import templates
from tests.sources.arm.templates import SCHEMA

REDIS = "Microsoft.Cache/redis"
PARAMETERS = SCHEMA.replace("deploymentTemplate", "deploymentParameters")


def resource(name: str = "acct", kind: str = REDIS, **members: Any) -> dict[str, Any]:
    return templates.resource(name, kind, **members)


TLS = {
    "parameters": {
        "tls": {"type": "string", "allowedValues": ["TLS1_0", "TLS1_2"]},
        "size": {"type": "int", "defaultValue": 1},
    },
    "resources": [resource(properties={"minimumTlsVersion": "[parameters('tls')]"})],
}


def write(folder: Path, files: dict[str, Any]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, dict):
            kind = PARAMETERS if ".parameters" in name else SCHEMA
            content = json.dumps({"$schema": kind, "contentVersion": "1.0.0.0", **content}, indent=2)
        path.write_text(content)


def page(folder: Path, name: str = "main.json", root: Path | None = None) -> ArmPage:
    return ArmPage(ArmContext(name, str(folder / name), str(folder), str(root or folder)))


def read(folder: Path, files: dict[str, Any], name: str = "main.json") -> PageContent:
    write(folder, files)
    return page(folder, name).read()


def values(**given: Any) -> dict[str, Any]:
    return {"parameters": {name: {"value": value} for name, value in given.items()}}


def told(content: PageContent) -> list[str]:
    return [f"{note.input}:{note.line}:{note.column}: {note.reason}" for note in content.notes]


def test_a_template_and_the_parameters_that_are_named_after_it(tmp_path: Path) -> None:
    content = read(tmp_path, {"main.json": TLS, "main.parameters.json": values(tls="TLS1_0")})

    assert [(found.key, found.type, found.name) for found in content.resources] == [
        (f"main.json:{REDIS}/acct", REDIS, "acct")
    ]
    assert content.resources[0].value("properties", "minimumTlsVersion") == "TLS1_0"
    assert content.entries == (LedgerEntry("main.json", State.SCANNED, resources=1),)
    assert content.notes == ()


def test_several_parameters_files_are_several_environments(tmp_path: Path) -> None:
    content = read(
        tmp_path,
        {
            "main.json": TLS,
            "main.parameters.prod.json": values(tls="TLS1_2"),
            "main.test.parameters.json": values(tls="TLS1_0"),
            "mainframe.parameters.json": values(tls="none of it"),
        },
    )

    assert [(found.key, found.value("properties", "minimumTlsVersion")) for found in content.resources] == [
        (f"main.json[prod]:{REDIS}/acct", "TLS1_2"),
        (f"main.json[test]:{REDIS}/acct", "TLS1_0"),
    ]


def test_a_parameter_without_a_value_is_a_note(tmp_path: Path) -> None:
    content = read(tmp_path, {"main.json": TLS})

    assert content.resources[0].unknowns == (("properties", "minimumTlsVersion"),)
    assert content.entries[0].state is State.SCANNED
    assert told(content) == ["main.json:None:None: the parameter 'tls' has no value: what depends on it is unknown"]


@pytest.mark.parametrize(
    ("given", "line", "message"),
    [
        (values(nothing=1), 5, "none of its parameters is one of the template 'main.json': 'nothing'"),
        (values(tls="TLS1_2", a=1, b=2), 8, "the template has no parameter 'main.json': 'a', 'b'"),
        (values(tls=5), 5, "the parameter 'tls' is of the type 'string', and its value is an int"),
        (values(tls="x"), 5, "the parameter 'tls' has a value that is not among the allowed ones"),
        (values(tls="TLS1_2", size=True), 8, "the parameter 'size' is of the type 'int', and its value is a bool"),
        ({"parameters": {"tls": "TLS1_2"}}, 5, "the parameter 'tls' has no value in the parameters file"),
    ],
)
def test_parameters_for_another_template_are_told(
    tmp_path: Path, given: dict[str, Any], line: int, message: str
) -> None:
    content = read(tmp_path, {"main.json": TLS, "main.parameters.json": given})

    assert f"main.parameters.json:{line}:5: {message}" in told(content)
    assert content.resources


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "{",
            "main.parameters.json:1:2: cannot read the parameters file: "
            "the text ends where a key in quotation marks or '}' is expected",
        ),
        ("{}", "main.parameters.json:None:None: named like a parameters file, and none"),
    ],
)
def test_parameters_that_cannot_be_read_are_told(tmp_path: Path, text: str, message: str) -> None:
    content = read(tmp_path, {"main.json": TLS, "main.parameters.json": text})

    assert message in told(content)
    assert content.resources


def test_parameters_out_of_a_key_vault_are_secrets(tmp_path: Path) -> None:
    reference = {"parameters": {"tls": {"reference": {"keyVault": {"id": "x"}, "secretName": "y"}}}}

    content = read(tmp_path, {"main.json": TLS, "main.parameters.json": reference})

    assert content.resources[0].value("properties", "minimumTlsVersion").reason == "parameter 'tls' is secure"
    assert content.notes == ()


@pytest.mark.parametrize(
    ("name", "text", "entry"),
    [
        ("main.json", '{"$schema": 1,\n oops}', LedgerEntry(
            "main.json", State.UNPARSED,
            "cannot read the JSON: a key in quotation marks or '}' is expected, not 'oops'", 2, 2, incomplete=True)),
        ("main.json", "\xff", LedgerEntry(
            "main.json", State.UNPARSED, "cannot read the JSON: a value is expected, not 'ÿ'", 1, 1, incomplete=True)),
        ("ui.json", '{"$schema": "https://x/CreateUIDefinition.MultiVm.json#"}',
         LedgerEntry("ui.json", State.UNSUPPORTED, "a user interface definition of the portal")),
        ("x.json", '{"type": "A.B/c", "properties": {}}',
         LedgerEntry("x.json", State.UNSUPPORTED, "a resource of type A.B/c outside of a template")),
        ("x.json", "[]", LedgerEntry(
            "x.json", State.UNSUPPORTED, "it is neither a template nor its parameters, though it speaks of one")),
        ("x.parameters.json", json.dumps({"$schema": PARAMETERS, "parameters": {}}),
         LedgerEntry("x.parameters.json", State.SCANNED, "parameters; no template beside it has its name")),
        ("main.json", json.dumps({"$schema": SCHEMA, "resources": []}),
         LedgerEntry("main.json", State.SCANNED, "it declares no resources")),
        ("main.json", json.dumps({"$schema": SCHEMA, "resources": [resource(condition=False)]}), LedgerEntry(
            "main.json", State.SCANNED,
            "nothing that it declares is deployed: conditions are false, loops and nested deployments are empty")),
        ("main.json", json.dumps({"$schema": SCHEMA, "resources": {"a": resource(existing=True)}}),
         LedgerEntry("main.json", State.SCANNED, "it only refers to resources that exist")),
        ("main.json", json.dumps({"$schema": SCHEMA, "resources": 5}), LedgerEntry(
            "main.json", State.UNPARSED, "'resources' must be an array or an object", 1, 96, incomplete=True)),
    ],
)  # fmt: skip
def test_whatever_gives_no_resources_says_why(tmp_path: Path, name: str, text: str, entry: LedgerEntry) -> None:
    content = read(tmp_path, {name: text}, name)

    assert content.resources == ()
    assert content.entries == (entry,)


def test_the_template_of_parameters_is_named(tmp_path: Path) -> None:
    write(tmp_path, {"main.json": TLS, "main.parameters.json": values(), "main.parameters.prod.json": values()})

    for name in ("main.parameters.json", "main.parameters.prod.json"):
        assert page(tmp_path, name).read().entries[0].reason == "the parameters of main.json"


@pytest.mark.parametrize(
    ("properties", "reason", "place"),
    [
        ({"a": "[nothing()]"}, "there is no function 'nothing'", "[nothing()]"),
        ({"a": "[toLower()]"}, "toLower() takes 1 argument, not 0", "[toLower()]"),
        (
            {"a": "[variables('v')]"},
            "the variable 'v' is defined by itself: variable 'v' → variable 'v'",
            "[variables('v')]",
        ),
        (
            {"copy": [{"name": "z", "count": 10**9, "input": 1}]},
            "the loop 'z' runs 1000000000 times; the limit is 800",
            "",
        ),
    ],
)
def test_what_cannot_be_evaluated_makes_the_file_partial(
    tmp_path: Path, properties: dict[str, Any], reason: str, place: str
) -> None:
    template = {"variables": {"v": "[variables('v')]"}, "resources": [resource(properties=properties)]}

    content = read(tmp_path, {"main.json": template})

    entry = content.entries[0]
    assert (entry.state, entry.reason, entry.resources, entry.incomplete) == (State.PARTIAL, reason, 1, True)
    lines = (tmp_path / "main.json").read_text().split("\n")
    if place:
        assert entry.line
        assert entry.column
        assert lines[entry.line - 1][entry.column :].startswith(place)


def test_a_malformed_part_does_not_hide_the_rest(tmp_path: Path) -> None:
    parts = [5, {"name": "x"}, {"type": REDIS}, {"type": "Microsoft.Resources/deployments", "name": "x"}, resource()]

    content = read(tmp_path, {"main.json": {"resources": parts, "variables": []}})

    assert [found.name for found in content.resources] == ["acct"]
    assert content.entries[0].state is State.PARTIAL
    assert content.entries[0].reason == "'variables' must be an object; and 4 more"


def test_keys_that_are_set_twice_are_told(tmp_path: Path) -> None:
    text = json.dumps({"$schema": SCHEMA, "resources": [resource()]})[:-1] + ',\n "resources": []}'

    content = read(tmp_path, {"main.json": text})

    assert "key 'resources' is set twice" in told(content)[0]
    assert content.notes[0].line == 2


def test_linked_templates_of_the_tree_are_read(tmp_path: Path) -> None:
    child = {
        "parameters": {"p": {"type": "string"}},
        "resources": [resource("[parameters('p')]", properties={"minimumTlsVersion": "TLS1_0"})],
        "outputs": {"o": {"type": "string", "value": "[concat(parameters('p'), '2')]"}},
    }
    links: list[dict[str, Any]] = [
        {"relativePath": "nested/child.json"},
        {"uri": "[uri(deployment().properties.templateLink.uri, 'nested/child.json')]"},
        {"uri": "[concat(parameters('_artifacts'), '/nested/child.json', parameters('_token'))]"},
        {"uri": "https://raw.githubusercontent.com/x/y/main/nested/child.json?token=1"},
        {"uri": (tmp_path / "nested" / "child.json").as_uri()},
    ]
    linked = [
        {
            "type": "Microsoft.Resources/deployments",
            "apiVersion": "2022-09-01",
            "name": f"link{number}",
            "properties": {"mode": "Incremental", "templateLink": link, "parameters": {"p": {"value": f"st{number}"}}},
        }
        for number, link in enumerate(links)
    ]
    template = {
        "parameters": {"_artifacts": {"type": "string"}, "_token": {"type": "string"}},
        "resources": [*linked, resource("[reference('link0').outputs.o.value]")],
    }

    content = read(tmp_path, {"main.json": template, "nested/child.json": child})

    assert [found.name for found in content.resources] == ["st02", "st0", "st1", "st2", "st3", "st4"]
    assert content.resources[1].origin.file == "nested/child.json"
    assert content.entries == (LedgerEntry("main.json", State.SCANNED, resources=6),)


def link(**members: Any) -> dict[str, Any]:
    properties = {"mode": "Incremental", "templateLink": members}
    kind = "Microsoft.Resources/deployments"
    return {"type": kind, "apiVersion": "2022-09-01", "name": "l", "properties": properties}


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"relativePath": "nothing.json"}, "the linked template 'nothing.json' is not in the tree"),
        ({"relativePath": "../outside.json"}, "the linked template '../outside.json' is not in the tree"),
        ({"uri": "https://x.org/no.json"}, "the linked template 'https://x.org/no.json' is outside of the tree"),
        ({"id": "/x/y"}, "the template spec '/x/y' is not in the tree"),
        (
            {"relativePath": "broken.json"},
            "cannot read the linked file 'broken.json': a key in quotation marks or '}' is expected, not 'x'",
        ),
        ({"relativePath": "v.parameters.json"}, "the linked file 'v.parameters.json' is no template"),
        ({"relativePath": "main.json"}, "the templates call each other in a circle: main.json → main.json"),
        ({"relativePath": "back.json"}, "the templates call each other in a circle: main.json → back.json → main.json"),
    ],
)
def test_links_that_lead_nowhere_are_told(tmp_path: Path, members: dict[str, Any], reason: str) -> None:
    state = State.PARTIAL if "relativePath" in members else State.UNSUPPORTED
    folder = tmp_path / "tree"
    files = {
        "main.json": {"resources": [link(**members), resource()]},
        "back.json": {"resources": [link(relativePath="main.json")]},
        "broken.json": "{x}",
        "v.parameters.json": values(),
    }
    write(tmp_path, {"outside.json": {"resources": [resource()]}})

    content = read(folder, files)

    found = next(entry for entry in content.entries if entry.reason)
    assert (found.state, found.reason.removeprefix("back.json: ")) == (state, reason)
    assert found.incomplete is (state is State.PARTIAL)
    assert found.line is not None or "back.json" in reason
    assert [one.name for one in content.resources] == ["acct"]


def test_a_link_to_a_file_outside_of_the_tree_is_not_opened(tmp_path: Path) -> None:
    folder = tmp_path / "tree"
    write(tmp_path, {"outside.json": {"resources": [resource("stolen")]}})
    write(folder, {"main.json": {"resources": [link(relativePath="inside.json")]}})
    (folder / "inside.json").symlink_to(tmp_path / "outside.json")

    assert page(folder).read().resources == ()


def test_linked_parameters(tmp_path: Path) -> None:
    linked = link(relativePath="child.json")
    linked["properties"]["parametersLink"] = {"relativePath": "child.parameters.json"}
    child = {"parameters": {"p": {"type": "string"}}, "resources": [resource("[parameters('p')]")]}

    content = read(
        tmp_path,
        {"main.json": {"resources": [linked]}, "child.json": child, "child.parameters.json": values(p="given")},
    )

    assert [found.name for found in content.resources] == ["given"]


def test_places_lead_to_where_a_person_edits(tmp_path: Path) -> None:
    nested = link()
    del nested["properties"]["templateLink"]
    nested["properties"].update(
        {
            "expressionEvaluationOptions": {"scope": "inner"},
            "parameters": {"version": {"value": "[variables('tls').version]"}},
            "template": {
                "$schema": SCHEMA,
                "contentVersion": "1.0.0.0",
                "parameters": {"version": {"type": "string"}},
                "resources": [resource(properties={"minimumTlsVersion": "[parameters('version')]"})],
            },
        }
    )
    template = {
        "parameters": {"tls": {"type": "string"}, "on": {"type": "bool"}},
        "variables": {"tls": {"version": "[parameters('tls')]"}},
        "resources": [{"condition": "[parameters('on')]", **nested}],
    }
    write(tmp_path, {"main.json": template, "main.parameters.json": values(tls="TLS1_0")})
    lines = (tmp_path / "main.json").read_text().split("\n")
    read_page = page(tmp_path)
    found = read_page.read().resources[0]

    placed: Any = read_page.locator()(found.origin, ("properties", "minimumTlsVersion"))

    assert '"minimumTlsVersion"' in lines[placed.location.region.line - 1]
    assert [(step.role, step.location.file) for step in placed.trail] == [
        ("parameter 'version' is set here", "main.json"),
        ("variable 'tls' is set here", "main.json"),
        ("only where this holds: parameter 'on' has no value", "main.json"),
        ("deployed here", "main.json"),
    ]
    shown = [lines[step.location.region.line - 1].strip() for step in placed.trail]
    assert shown[0] == '"value": "[variables(\'tls\').version]"'
    assert shown[2] == '"condition": "[parameters(\'on\')]",'


def test_places_in_a_parameters_file(tmp_path: Path) -> None:
    write(tmp_path, {"main.json": TLS, "main.parameters.json": values(tls="TLS1_0")})
    read_page = page(tmp_path)
    found = read_page.read().resources[0]
    locate = read_page.locator()

    placed: Any = locate(found.origin, ("properties", "minimumTlsVersion"))

    assert [(step.role, step.location.file, step.location.region.line) for step in placed.trail] == [
        ("parameter 'tls' is set here", "main.parameters.json", 6)
    ]
    absent: Any = locate(found.origin, ("properties", "networkAcls", "defaultAction"))
    assert absent.location.region == placed.location.region._replace(
        line=absent.location.region.line,
        column=absent.location.region.column,
        end_line=absent.location.region.end_line,
        end_column=absent.location.region.end_column,
    )
    assert absent.location.region.line == placed.location.region.line - 1
    assert found.origin.declared == "main.json:resources[0]"
    assert found.origin.address == f"{REDIS}/acct"


def test_places_of_what_a_loop_made(tmp_path: Path) -> None:
    disks = {"copy": [{"name": "disks", "count": 2, "input": {"lun": "[copyIndex('disks')]"}}]}
    write(tmp_path, {"main.json": {"resources": [resource(properties=disks)]}})
    lines = (tmp_path / "main.json").read_text().split("\n")
    read_page = page(tmp_path)
    found = read_page.read().resources[0]

    placed: Any = read_page.locator()(found.origin, ("properties", "disks", 1, "lun"))

    assert '"lun"' in lines[placed.location.region.line - 1]


def test_places_of_children_that_were_joined(tmp_path: Path) -> None:
    subnet = resource(
        "vnet/apps", "Microsoft.Network/virtualNetworks/subnets", properties={"addressPrefix": "10.0.0.0/24"}
    )
    write(tmp_path, {"main.json": {"resources": [resource("vnet", "Microsoft.Network/virtualNetworks"), subnet]}})
    lines = (tmp_path / "main.json").read_text().split("\n")
    read_page = page(tmp_path)
    (found,) = read_page.read().resources

    placed: Any = read_page.locator()(found.origin, ("properties", "subnets", 0, "properties", "addressPrefix"))

    assert '"addressPrefix"' in lines[placed.location.region.line - 1]


def test_a_page_can_be_sent_to_a_worker(tmp_path: Path) -> None:
    write(tmp_path, {"main.json": TLS})
    original = page(tmp_path)
    original.read()

    copy = pickle.loads(pickle.dumps(original))

    assert copy.name == "main.json"
    assert copy.read().resources == original.read().resources
    assert pickle.loads(pickle.dumps(copy.read())).entries


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    assert page(tmp_path).read().entries == (
        LedgerEntry("main.json", State.UNREACHABLE, "cannot open the file: no such file or directory", incomplete=True),
    )


def test_standard_input_has_no_neighbours() -> None:
    text = json.dumps({"$schema": SCHEMA, "contentVersion": "1.0.0.0", "resources": [resource()]})

    content, locator = read_arm(text.encode(), ArmContext("-"))

    assert [found.key for found in content.resources] == [f"-:{REDIS}/acct"]
    assert locator is not None
