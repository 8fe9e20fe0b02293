"""Who did it, from logs: how sure that is depends on what a record holds."""

from typing import Any

import pytest

from scanner.drift import detect
from scanner.drift.events import Event, Events, Sureness, Verb
from scanner.model.location import Origin
from scanner.model.resource import Resource

ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a"
TLS = ("properties", "minimumtlsversion")


def account(tls: str, id_: str = ID) -> Resource:
    attributes = {"id": id_, "properties": {"minimumTlsVersion": tls}}
    return Resource(id_, "Microsoft.Storage/storageAccounts", attributes, Origin("memory", "m"), name="a")


def event(verb: Verb = Verb.CHANGED, day: int = 1, by: str = "ann@example.net", **facts: Any) -> Event:
    return Event(ID.lower(), verb, f"2026-11-{day:02}T10:00:00Z", by, **facts)


def cause(declared: list[Resource], live: list[Resource], *events: Event) -> Any:
    known = Events(events)
    (one,) = [known.attribute(drift) for drift in detect(declared, live)]
    return one.changes[0].cause if one.changes else one.cause


@pytest.mark.parametrize(
    ("values", "sureness"),
    [
        ({TLS: "TLS1_0"}, Sureness.CERTAIN),
        ({TLS: "tls1_0"}, Sureness.CERTAIN),
        ({TLS: "TLS1_1"}, Sureness.LIKELY),
        ({("properties",): None}, Sureness.LIKELY),
        (None, Sureness.POSSIBLE),
    ],
)
def test_how_sure_it_is(values: Any, sureness: Sureness) -> None:
    found = cause([account("TLS1_2")], [account("TLS1_0")], event(values=values))
    assert (found.sureness, found.event.by) == (sureness, "ann@example.net")


def test_a_record_of_another_attribute_is_not_the_cause() -> None:
    assert cause([account("TLS1_2")], [account("TLS1_0")], event(values={("tags", "a"): "b"})) is None


def tagged(**tags: str) -> Resource:
    attributes = {"id": ID, "tags": {name.replace("__", "."): value for name, value in tags.items()}}
    return Resource(ID, "Microsoft.Storage/storageAccounts", attributes, Origin("memory", "m"), name="a")


@pytest.mark.parametrize(
    ("path", "sureness"),
    [
        (("tags", "cost.center"), Sureness.CERTAIN),
        (("tags", "cost", "center"), Sureness.CERTAIN),
        (("tags",), Sureness.LIKELY),
        (("tags", "cost"), None),
        (("tags", "cost.center.of"), None),
    ],
)
def test_keys_with_dots_are_matched_whole(path: tuple[str, ...], sureness: Sureness | None) -> None:
    found = cause(
        [tagged(Cost__Center="a")], [tagged(Cost__Center="b")], event(values={path: None if path == ("tags",) else "b"})
    )
    assert (found.sureness if found is not None else None) == sureness


def test_the_record_that_holds_the_live_value_goes_before_later_ones() -> None:
    first = event(day=1, by="bob", values={TLS: "TLS1_0"})
    later = event(day=5, by="eve", values={("properties",): None})
    assert cause([account("TLS1_2")], [account("TLS1_0")], later, first).event.by == "bob"


def test_a_name_is_taken_from_another_log_of_the_same_request() -> None:
    nameless = event(by="", correlation="c", values={TLS: "TLS1_0"})
    named = event(by="ann", correlation="c", client="portal")
    found = cause([account("TLS1_2")], [account("TLS1_0")], nameless, named)
    assert (found.event.by, found.event.client, found.sureness) == ("ann", "portal", Sureness.CERTAIN)


def test_who_deleted_and_who_created() -> None:
    other = account("x", f"{ID}2")
    gone = cause([account("x"), other], [other], event(Verb.CHANGED, 9), event(Verb.DELETED, 2, by="bob"))
    assert str(gone) == "deleted by bob at 2026-11-02T10:00:00Z (certain)"
    made = cause([other], [other, account("x")], event(Verb.CREATED, 2, by="eve", client="Azure Portal", operation="o"))
    assert str(made) == "created by eve with Azure Portal at 2026-11-02T10:00:00Z (o, certain)"
    assert cause([other], [other, account("x")], event(Verb.CHANGED)) is None


def deployment(replicas: int, manager: str = "") -> Resource:
    fields = {"f:spec": {"f:replicas": {}}}
    entry = {"manager": manager, "operation": "Update", "time": "2026-11-20T08:00:00Z", "fieldsV1": fields}
    metadata = {"name": "web", "managedFields": [entry] if manager else []}
    attributes = {"metadata": metadata, "spec": {"replicas": replicas}}
    key = "prd/apps/Deployment/shop/web"
    return Resource(key, "apps/Deployment", attributes, Origin("memory", "m"), "prd", "shop", "web")


@pytest.mark.parametrize("cluster", ["prd", "*"])
def test_the_person_behind_a_client_is_in_the_audit_log(cluster: str) -> None:
    target = f"{cluster}/apps/deployment/shop/web"
    mine = Event(target, Verb.CHANGED, "2026-11-20T08:00:00.123456Z", "ann", manager="kubectl-edit", values=None)
    other = Event(target, Verb.CHANGED, "2026-11-20T09:00:00Z", "controller", manager="manager", values=None)
    found = cause([deployment(2)], [deployment(7, "kubectl-edit")], mine, other)
    assert (found.event.by, found.sureness) == ("ann", Sureness.LIKELY)
    elsewhere = Event("npd/apps/deployment/shop/web", Verb.CHANGED, "2026-11-20T08:00:00Z", "bob")
    assert str(cause([deployment(2)], [deployment(7, "kubectl-edit")], elsewhere)).startswith("written by kubectl-edit")
