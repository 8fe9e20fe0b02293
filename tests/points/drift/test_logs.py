"""Files that say who did it, read and refused."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from scanner.drift.events import Event, Verb
from scanner.errors import UsageError
from scanner.points.drift.logs import logged_in

ID = "/subscriptions/S/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a"
CHANGE = {
    "id": f"{ID}/providers/Microsoft.Resources/changes/1",
    "type": "microsoft.resources/changes",
    "properties": {
        "targetResourceId": ID,
        "changeType": "Update",
        "changeAttributes": {
            "timestamp": "2026-11-20T10:00:00.123Z",
            "correlationId": "c-1",
            "changedBy": "ann@example.net",
            "changedByType": "User",
            "clientType": "Azure Portal",
            "operation": "Microsoft.Storage/storageAccounts/write",
        },
        "changes": {
            "properties.networkAcls.ipRules[0].value": {"previousValue": None, "newValue": "1.2.3.4"},
            "properties.minimumTlsVersion": {"previousValue": "TLS1_2", "newValue": "TLS1_0"},
        },
    },
}
ACTIVITY = {
    "caller": "ann@example.net",
    "claims": {"appid": "c44b4083-3bb0-49c1-b47d-974e53cbdf3c"},
    "correlationId": "c-1",
    "eventTimestamp": "2026-11-20T10:00:00Z",
    "operationName": {"value": "Microsoft.Storage/storageAccounts/delete", "localizedValue": "Delete"},
    "resourceId": ID,
    "status": {"value": "Succeeded"},
}
AUDIT = {
    "kind": "Event",
    "apiVersion": "audit.k8s.io/v1",
    "stage": "ResponseComplete",
    "auditID": "a-1",
    "verb": "patch",
    "requestURI": "/apis/apps/v1/namespaces/shop/deployments/web/scale?fieldManager=kubectl",
    "user": {"username": "ann"},
    "userAgent": "kubectl/v1.35.0 (linux/amd64)",
    "objectRef": {"resource": "deployments", "namespace": "shop", "name": "web", "apiGroup": "apps",
                  "subresource": "scale"},
    "responseStatus": {"code": 200},
    "requestReceivedTimestamp": "2026-11-20T08:00:00.123456Z",
    "requestObject": {"spec": {"replicas": 7}},
}  # fmt: skip


def azure(folder: Path, value: Any) -> tuple[Event, ...]:
    (folder / "log.json").write_text(value if isinstance(value, str) else json.dumps(value))
    return logged_in([str(folder / "log.json")], []).events


def api(folder: Path, **other: Any) -> tuple[Event, ...]:
    (folder / "audit.jsonl").write_text(json.dumps({**AUDIT, **other}) + "\n")
    return logged_in([], [f"prd={folder / 'audit.jsonl'}"]).events


@pytest.mark.parametrize("whole", [{"data": [CHANGE]}, [CHANGE], [CHANGE["properties"]], {"value": [CHANGE]}])
def test_rows_of_resource_changes(tmp_path: Path, whole: Any) -> None:
    (one,) = azure(tmp_path, whole)
    assert (one.target, one.verb, one.by, one.client) == (ID.lower(), Verb.CHANGED, "ann@example.net", "Azure Portal")
    assert (one.operation, one.correlation) == ("Microsoft.Storage/storageAccounts/write", "c-1")
    assert one.values == {
        ("properties", "networkacls", "iprules", "value"): "1.2.3.4",
        ("properties", "minimumtlsversion"): "TLS1_0",
    }


def test_the_activity_log(tmp_path: Path) -> None:
    (one,) = azure(tmp_path, [ACTIVITY])
    assert (one.verb, one.by, one.values) == (Verb.DELETED, "ann@example.net", None)
    assert one.client == "application c44b4083-3bb0-49c1-b47d-974e53cbdf3c"
    assert azure(tmp_path, [{**ACTIVITY, "status": {"value": "Failed"}}]) == ()
    assert azure(tmp_path, [{**ACTIVITY, "operationName": {"value": "Microsoft.Storage/storageAccounts/read"}}]) == ()


def test_the_audit_log_of_an_api_server(tmp_path: Path) -> None:
    (one,) = api(tmp_path)
    assert one.target == "prd/apps/deployment/shop/web"
    assert (one.by, one.client, one.operation) == ("ann", "kubectl/v1.35.0", "patch deployments/scale")
    assert (one.manager, one.values) == ("kubectl", {("spec", "replicas"): 7})
    (namespace,) = api(tmp_path, objectRef={"resource": "namespaces", "namespace": "shop", "name": "shop"})
    assert namespace.target == "prd/core/namespace/-/shop"
    (acting,) = api(tmp_path, impersonatedUser={"username": "bob"})
    assert acting.by == "bob (through ann)"


@pytest.mark.parametrize(
    "other",
    [
        {"verb": "get"},
        {"stage": "RequestReceived"},
        {"responseStatus": {"code": 403}},
        {"requestURI": "/x?dryRun=All"},
        {"objectRef": {"resource": "pods", "name": "a", "subresource": "status"}},
    ],
)
def test_what_wrote_nothing_is_no_cause(tmp_path: Path, other: dict[str, Any]) -> None:
    assert api(tmp_path, **other) == ()


def test_a_compressed_log_and_a_line_that_is_cut_off(tmp_path: Path) -> None:
    file = tmp_path / "audit.log.gz"
    file.write_bytes(gzip.compress((json.dumps(AUDIT) + '\n{"kind": "Ev').encode()))
    logs = logged_in([], [str(file)])
    assert [one.target for one in logs.events] == ["*/apps/deployment/shop/web"]
    assert [(entry.incomplete, entry.reason) for entry in logs.entries] == [
        (True, "1 writes to objects; 1 lines are no JSON")
    ]


@pytest.mark.parametrize(("text", "said"), [("{", "it is no JSON"), ("{}", "it holds no list"), ("1", "it holds no")])
def test_what_is_no_log_is_said_so(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        azure(tmp_path, text)
    with pytest.raises(UsageError, match="cannot read"):
        logged_in([], [str(tmp_path / "nowhere")])
    (tmp_path / "audit.jsonl").write_text("no\n")
    with pytest.raises(UsageError, match="it is no audit log"):
        logged_in([], [str(tmp_path / "audit.jsonl")])


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("tags.Env", ("tags", "env")),
        ("tags.hidden-link:/app.Insights.Id", ("tags", "hidden-link:/app.insights.id")),
        ("tags.a[0].b", ("tags", "a[0].b")),
        ("tags['cost.center']", ("tags", "cost.center")),
        ('tags["cost.center"]', ("tags", "cost.center")),
        ("tags.['cost.center']", ("tags", "cost.center")),
        ("tags.'cost.center'", ("tags", "cost.center")),
        ("tags", ("tags",)),
        ("tagsOf.a.b", ("tagsof", "a", "b")),
        ("properties.rules[0].to[1].value", ("properties", "rules", "to", "value")),
        ("properties.rules['a.b'].to", ("properties", "rules", "a.b", "to")),
    ],
)
def test_property_paths_of_changes(tmp_path: Path, text: str, path: tuple[str, ...]) -> None:
    properties = {**CHANGE["properties"], "changes": {text: {"newValue": "x"}}}  # type: ignore[dict-item]
    (tmp_path / "c.json").write_text(json.dumps([{**CHANGE, "properties": properties}]))
    (event,) = logged_in([str(tmp_path / "c.json")], []).events
    assert event.values == {path: "x"}
