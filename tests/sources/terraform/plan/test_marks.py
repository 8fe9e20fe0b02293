"""What is secret or not known yet is replaced, and nothing else."""

from typing import Any

import pytest

from scanner.model.path import Path
from scanner.model.unknown import Unknown
from scanner.sources.terraform.plan.marks import (
    CREDENTIAL,
    SENSITIVE,
    Marks,
    add_unknown,
)

HIDDEN = Unknown(SENSITIVE)


@pytest.mark.parametrize(
    ("value", "mark", "shown"),
    [
        ("x", True, HIDDEN),
        (None, True, None),
        ("", True, HIDDEN),
        (False, True, HIDDEN),
        ({"a": 1, "b": 2}, {"b": True}, {"a": 1, "b": HIDDEN}),
        ({"a": [{"b": 1}, {"b": 2}]}, {"a": [{}, {"b": True}]}, {"a": [{"b": 1}, {"b": HIDDEN}]}),
        ({"a": [1, 2]}, {"a": True}, {"a": HIDDEN}),
        ({"a": 1}, {}, {"a": 1}),
        ({"a": 1}, False, {"a": 1}),
        ({"a": 1}, {"gone": True}, {"a": 1}),
        ({"a": [1]}, {"a": [False, True]}, {"a": [1]}),
    ],
)
def test_marks_of_a_plan(value: Any, mark: Any, shown: Any) -> None:
    assert Marks().hide_sensitive(value, mark) == shown


def attr(name: str) -> dict[str, Any]:
    return {"type": "get_attr", "value": name}


def index(key: Any) -> dict[str, Any]:
    return {"type": "index", "value": {"value": key, "type": "number" if isinstance(key, int) else "string"}}


@pytest.mark.parametrize(
    ("attributes", "path", "shown"),
    [
        ({"a": "x", "b": "y"}, [attr("a")], {"a": HIDDEN, "b": "y"}),
        ({"a": [{"b": "x"}]}, [attr("a"), index(0), attr("b")], {"a": [{"b": HIDDEN}]}),
        ({"tags": {"k": "x"}}, [attr("tags"), index("k")], {"tags": {"k": HIDDEN}}),
        ({"a": None}, [attr("a")], {"a": None}),
        ({"a": "x"}, [attr("b"), attr("c")], {"a": "x"}),
        ({"set": ["x", "y"]}, [attr("set"), index("x")], {"set": [HIDDEN, HIDDEN]}),
        ({"a": "x", "b": None}, [{"type": "splat"}], {"a": HIDDEN, "b": None}),
        ({"a": "x"}, "junk", {"a": HIDDEN}),
    ],
)
def test_paths_of_a_state(attributes: dict[str, Any], path: Any, shown: dict[str, Any]) -> None:
    Marks().hide_paths(attributes, [path])
    assert attributes == shown


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "administrator_login_password",
        "client_secret",
        "primary_access_key",
        "secondary_connection_string",
        "kube_config_raw",
        "private_key_pem",
        "shared_access_signature",
        "host_token",
        "user_data_base64",
    ],
)
def test_credentials_are_hidden_by_name(name: str) -> None:
    attributes = {"list": [{name: "s3cr3t"}], name: "s3cr3t"}
    Marks().hide_credentials("azurerm_x", attributes)
    assert attributes == {"list": [{name: Unknown(CREDENTIAL)}], name: Unknown(CREDENTIAL)}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("disable_password_authentication", True),
        ("password_auth_enabled", "true"),
        ("key_vault_key_id", "https://v.vault.azure.net/keys/k"),
        ("secret_permissions", ["Get"]),
        ("key_data", "ssh-rsa AAAA"),
        ("public_key", "ssh-rsa AAAA"),
        ("password", None),
        ("password", ""),
        ("token", 7),
    ],
)
def test_what_only_speaks_of_credentials_stays(name: str, value: Any) -> None:
    attributes = {name: value}
    Marks().hide_credentials("azurerm_x", attributes)
    assert attributes == {name: value}


def test_the_value_of_a_secret_is_one_only_there() -> None:
    secret, other = {"value": "s3cr3t"}, {"value": "on"}
    Marks().hide_credentials("azurerm_key_vault_secret", secret)
    Marks().hide_credentials("azurerm_postgresql_flexible_server_configuration", other)
    assert (secret, other) == ({"value": Unknown(CREDENTIAL)}, {"value": "on"})


def test_a_copy_of_a_secret_is_hidden_too_but_no_common_word() -> None:
    marks = Marks()
    first = {"a": "hunter2-hunter2", "b": "on", "c": {"d": ["inner-secret"]}}
    other = {"copy": "hunter2-hunter2", "list": ["x", {"k": "inner-secret"}], "b": "on", "n": 7}
    marks.hide_sensitive(first, {"a": True, "b": True, "c": True})
    marks.hide_copies([first, other])
    assert first == {"a": HIDDEN, "b": HIDDEN, "c": HIDDEN}
    assert other == {"copy": HIDDEN, "list": ["x", {"k": HIDDEN}], "b": "on", "n": 7}


def at(path: Path) -> Unknown:
    return Unknown("later", str(path))


@pytest.mark.parametrize(
    ("value", "mark", "whole"),
    [
        ({"a": 1}, {"id": True}, {"a": 1, "id": at(("id",))}),
        ({"a": {}}, {"a": {"b": True}}, {"a": {"b": at(("a", "b"))}}),
        ({"a": [None]}, {"a": [True]}, {"a": [at(("a", 0))]}),
        ({"a": [{}]}, {"a": [{"b": True}]}, {"a": [{"b": at(("a", 0, "b"))}]}),
        ({}, {"a": {"b": True}}, {"a": {"b": at(("a", "b"))}}),
        ({}, {"a": [{"b": True}]}, {"a": [{"b": at(("a", 0, "b"))}]}),
        ({}, {"a": [{}], "b": {"c": {}}, "d": False}, {}),
        ({"a": []}, {"a": []}, {"a": []}),
        ({"a": "text"}, {"a": {"b": True}}, {"a": "text"}),
    ],
)
def test_what_is_known_only_after_apply(value: Any, mark: Any, whole: Any) -> None:
    assert add_unknown(value, mark, at) == whole
