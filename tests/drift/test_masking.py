"""No value that may be a secret is ever written."""

import secrets
from typing import Any

import pytest

from scanner.drift import DriftClass, detect
from scanner.drift.findings import objections
from scanner.drift.masking import HIDDEN, shown
from scanner.model.location import Origin
from scanner.model.resource import Resource

CANARY = "c4n4ry" + secrets.token_hex(8)

PLACES: dict[str, tuple[str, dict[str, Any]]] = {
    "a password property": ("Microsoft.Web/sites", {"properties": {"siteConfig": {"publishingPassword": CANARY}}}),
    "a connection string": ("Microsoft.Web/sites", {"properties": {"connectionString": f"Server=a;Password={CANARY}"}}),
    "an app setting": (
        "Microsoft.Web/sites",
        {"properties": {"siteConfig": {"appSettings": [{"name": "DB_PASSWORD", "value": CANARY}]}}},
    ),
    "a key": ("Microsoft.Storage/storageAccounts", {"properties": {"accountKey": CANARY}}),
    "text that looks like one": ("Microsoft.New/things", {"properties": {"note": f"https://me:{CANARY}@host/"}}),
    "an environment variable": (
        "core/Pod",
        {"spec": {"containers": [{"name": "a", "env": [{"name": "API_TOKEN", "value": CANARY}]}]}},
    ),
    "a private key": ("core/ConfigMap", {"data": {"k": f"-----BEGIN RSA PRIVATE KEY-----{CANARY}"}}),
    "an element added": ("Microsoft.New/things", {"properties": {"list": [{"name": "x", "password": CANARY}]}}),
    "an element by its sound": (
        "Microsoft.New/things",
        {"properties": {"list": [{"name": "x", "dbPassword": CANARY}]}},
    ),
}


def replaced(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: replaced(below) for key, below in value.items()}
    if isinstance(value, list):
        return [replaced(below) for below in value]
    return value.replace(CANARY, f"{CANARY}-other") if isinstance(value, str) else value


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("how", ["changed", "gone", "added"])
def test_a_canary_is_in_no_message(place: str, how: str) -> None:
    type_, attributes = PLACES[place]
    id_ = {"id": f"/subscriptions/s/resourceGroups/g/providers/{type_}/a"} if type_.startswith("Microsoft") else {}
    bare = {"properties": {"list": []}, "data": {}, "spec": {}}
    declared = bare if how == "added" else attributes
    live = {"changed": replaced(attributes), "gone": {}, "added": attributes}[how]
    one, other = (Resource("k", type_, {**id_, **body}, Origin("memory", "m"), name="a") for body in (declared, live))
    drifts = list(detect([one], [other]))
    if how == "changed":
        assert [drift.class_ for drift in drifts] == [DriftClass.CHANGED]
    messages = " ".join(f"{found.fault.message} {found.difference}" for found in objections(drifts, []))
    assert CANARY not in messages
    assert (HIDDEN in messages) == bool(messages)


def test_values_are_short_and_on_one_line() -> None:
    assert shown("a\n b", secret=False) == "'a b'"
    assert shown("x" * 200, secret=False) == "'" + "x" * 59 + "…'"
    assert shown({"a": 1}, secret=False) == '{"a": 1}'
    assert shown("x", secret=True) == HIDDEN
