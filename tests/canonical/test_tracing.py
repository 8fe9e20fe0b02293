from typing import Any

import pytest

from scanner.canonical.compile import compile_type
from scanner.canonical.levels import Level
from scanner.canonical.tracing import trace

ROWS: dict[str, Any] = {
    "tls": {"to": "properties.tls", "aliases": ["old_tls"], "default": "1.2"},
    "replication": {"to": "sku.name", "join": "{tier}_{replication}"},
    "ips": {"to": "properties.acls.ips", "each": {"value": "$"}},
    "settings": "properties.settings",
    "acls": {
        "to": "properties.acls",
        "present": {"mode": "On"},
        "block": {"action": "action", "deep": {"to": "deep", "block": {"x": {"to": "/properties.far"}}}},
    },
    "legacy": {"block": {"enabled": "properties.rbac"}},
    "rule": {"to": "properties.rules", "list": {"name": "name", "port": "properties.port"}},
}
ATTRIBUTES: dict[str, Any] = {
    "old_tls": "1.0",
    "tier": "Standard",
    "replication": "LRS",
    "ips": ["1.2.3.4", "5.6.7.8"],
    "settings": {"a": {"b": [1]}},
    "acls": [{"action": "Deny", "deep": [{"x": 1}]}],
    "legacy": [{"enabled": True}],
    "rule": [{"name": "a"}, {"name": "b", "port": 22}],
    "tags": {"owner": "x"},
    "identity": [{"type": "SystemAssigned"}],
    "odd": 1,
}


@pytest.mark.parametrize(
    ("path", "written"),
    [
        (("properties", "tls"), ("old_tls",)),
        (("sku", "name"), ("replication",)),
        (("properties", "acls", "ips", 1, "value"), ("ips", 1)),
        (("properties", "acls", "ips", 1), ("ips", 1)),
        (("properties", "acls", "ips"), ("ips",)),
        (("properties", "acls", "action"), ("acls", 0, "action")),
        (("properties", "acls", "mode"), ("acls",)),
        (("properties", "acls", "bypass"), ("acls",)),
        (("properties", "acls"), ("acls",)),
        (("properties", "far"), ("acls", 0, "deep", 0, "x")),
        (("properties", "rbac"), ("legacy", 0, "enabled")),
        (("properties", "rules", 1, "properties", "port"), ("rule", 1, "port")),
        (("properties", "rules", 0, "properties", "port"), ("rule", 0, "port")),
        (("properties", "rules", 1), ("rule", 1)),
        (("properties", "rules"), ("rule",)),
        (("properties", "settings", "a", "b", 0), ("settings", "a", "b", 0)),
        (("properties", "settings", "a", "c"), ("settings", "a")),
        (("tags", "owner"), ("tags", "owner")),
        (("location",), ("location",)),
        (("name",), ("name",)),
        (("identity", "type"), ("identity", 0, "type")),
        (("identity", "principalId"), ("identity",)),
        (("_tf", "odd"), ("odd",)),
        (("properties", "nothing"), ()),
        ((), ()),
    ],
)  # fmt: skip
def test_the_attribute_that_wrote_a_path(path: tuple[str | int, ...], written: tuple[str | int, ...]) -> None:
    level = Level(compile_type({"map": ROWS})["rows"], 5)
    assert trace(level, ATTRIBUTES, path) == written


def test_of_what_is_absent_the_name_it_would_have() -> None:
    level = Level(compile_type({"map": ROWS})["rows"], 5)
    assert trace(level, {}, ("properties", "tls")) == ("tls",)
    assert trace(level, {}, ("properties", "acls", "action")) == ("acls",)
    assert trace(level, {"acls": [{}]}, ("properties", "acls", "action")) == ("acls", 0, "action")
    assert trace(level, {}, ("properties", "rules", 3, "name")) == ("rule", 3, "name")
