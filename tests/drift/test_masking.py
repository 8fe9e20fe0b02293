"""No value that may be a secret is ever written."""

import secrets
from typing import Any

import pytest

from scanner.drift import DriftClass, detect
from scanner.drift.findings import objections
from scanner.drift.masking import HIDDEN, is_secret, shown, veiled, written
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
    "an environment variable of any name": (
        "core/Pod",
        {"spec": {"containers": [{"name": "a", "env": [{"name": "GREETING", "value": CANARY}]}]}},
    ),
    "an argument after its flag": (
        "core/Pod",
        {"spec": {"containers": [{"name": "a", "args": ["--token", CANARY, "--verbose"]}]}},
    ),
    "an argument in one word": (
        "core/Pod",
        {"spec": {"containers": [{"name": "a", "args": [f"--password={CANARY}"]}]}},
    ),
    "JSON in a file": ("core/ConfigMap", {"data": {"settings.json": f'{{"Password": "{CANARY}"}}'}}),
    "a header": ("core/ConfigMap", {"data": {"snippet": f"Authorization: Bearer {CANARY}"}}),
    "data in base64": ("core/ConfigMap", {"binaryData": {"store.jks": CANARY}}),
    "what a generator wrote": ("core/ConfigMap", {"metadata": {"annotations": {"note": f"Zq7{CANARY}"}}}),
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


@pytest.mark.parametrize(
    "value",
    [
        "registry.example.net/odoo:17.0@sha256:1d2ee19fd0e0b5a572172fa4e4b6826f5173d62bfd5464dc05c1c8fc26f2fd03",
        "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.Web/sites/App1",
        "--providers.kubernetescrd.allowCrossNamespace=true",
        "0123456789abcdef0123456789abcdef01234567",
        "Standard_D16ads_v5",
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "EncryptionAtRestWithPlatformKey",
    ],
)
def test_what_is_no_secret_is_told(value: str) -> None:
    assert not is_secret(("spec", "thing"), ({}, {}), value)


def test_a_container_that_was_added_is_told_without_its_variables() -> None:
    container = {
        "name": "b",
        "image": "c",
        "env": [{"name": "GREETING", "value": CANARY}, {"name": "R", "valueFrom": {}}],
    }
    assert CANARY not in shown({"containers": [container]}, secret=False)
    assert CANARY not in (text := written([container], secret=False))
    assert '"name": "GREETING"' in text
    assert '"image": "c"' in text


def test_what_names_an_element_is_its_number_where_its_text_may_be_a_secret() -> None:
    path = ("spec", "args", 1)
    whole = {"spec": {"args": ["--token", CANARY], "image": "a"}}
    veil = veiled(whole, path)
    assert veil == {"spec": {"args": ["--token", "element 2"], "image": "a"}}
    assert whole["spec"]["args"][1] == CANARY
    named = {"env": [{"name": "A", "value": CANARY}]}
    assert veiled(named, ("env", 0, "value")) == named, "a name is enough"
    assert veiled(named, ("env",)) is named
