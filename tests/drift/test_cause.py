"""Who wrote an attribute, as ``managedFields`` say it."""

from typing import Any

import pytest

from scanner.drift import DriftClass, changes
from scanner.model.location import Origin
from scanner.model.resource import Resource


def entry(manager: str, time: str, fields: Any, subresource: str = "", operation: str = "Update") -> dict[str, Any]:
    found = {"manager": manager, "operation": operation, "time": time, "fieldsV1": fields}
    return {**found, "subresource": subresource} if subresource else found


FLUX = entry(
    "kustomize-controller",
    "2026-11-01T00:00:00Z",
    {
        "f:spec": {
            "f:replicas": {},
            "f:template": {
                "f:spec": {
                    "f:containers": {'k:{"name":"web"}': {".": {}, "f:image": {}, "f:name": {}}},
                    "f:tolerations": {},
                }
            },
        }
    },
    operation="Apply",
)
SCALE = entry("kubectl", "2026-11-20T08:00:00Z", {"f:spec": {"f:replicas": {}}}, "scale")
IMAGE = entry(
    "kubectl-set",
    "2026-11-21T09:00:00Z",
    {"f:spec": {"f:template": {"f:spec": {"f:containers": {'k:{"name":"web"}': {"f:image": {}}}}}}},
)
SIDE = entry(
    "kubectl-edit",
    "2026-11-21T10:00:00Z",
    {"f:spec": {"f:template": {"f:spec": {"f:containers": {'k:{"name":"debug"}': {".": {}, "f:name": {}}}}}}},
)


def deployment(spec: dict[str, Any], *managed: dict[str, Any]) -> Resource:
    metadata = {"name": "web", "managedFields": list(managed)}
    return Resource("k", "apps/Deployment", {"metadata": metadata, "spec": spec}, Origin("memory", "m"), name="web")


def pods(*containers: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"template": {"spec": {"containers": list(containers), **more}}}


def only(declared: dict[str, Any], live: dict[str, Any], *managed: dict[str, Any]) -> Any:
    (change,) = changes(deployment(declared), deployment(live, *managed))
    return change


def test_the_latest_owner_of_the_attribute_itself() -> None:
    change = only({"replicas": 2}, {"replicas": 7}, SCALE, FLUX)
    assert str(change.cause) == "written by kubectl (scale), not after 2026-11-20T08:00:00Z"
    assert (change.cause.exact, change.cause.operation) == (True, "Update")


def test_elements_are_found_by_their_keys_wherever_they_stand() -> None:
    declared = pods({"name": "side", "image": "s"}, {"name": "web", "image": "a"})
    live = pods({"name": "web", "image": "b"}, {"name": "side", "image": "s"})
    change = only(declared, live, FLUX, IMAGE, SIDE)
    assert change.cause.manager == "kubectl-set"


def test_an_element_that_was_added_is_its_adders() -> None:
    change = only(pods({"name": "web"}), pods({"name": "web"}, {"name": "debug"}), FLUX, IMAGE, SIDE)
    assert (change.cause.manager, change.cause.exact) == ("kubectl-edit", True)


def test_a_list_that_is_owned_as_a_whole_says_who_wrote_all_of_it() -> None:
    declared = pods({"name": "web"}, tolerations=[{"key": "a"}])
    change = only(declared, pods({"name": "web"}, tolerations=[{"key": "a"}, {"key": "b"}]), FLUX)
    assert change.cause.manager == "kustomize-controller"


def test_without_bookkeeping_there_is_no_cause() -> None:
    assert only({"replicas": 2}, {"replicas": 7}).cause is None
    other = entry("x", "2026-11-20T08:00:00Z", {"f:status": {"f:replicas": {}}})
    assert only({"replicas": 2}, {"replicas": 7}, other).cause is None


@pytest.mark.parametrize(
    "broken",
    [{"fieldsV1": []}, {"manager": None, "fieldsV1": {"f:spec": 1}}, {}, {"fieldsV1": {"f:spec": {"k:{": {}}}}],
)
def test_bookkeeping_that_is_malformed_is_no_reason_to_stop(broken: dict[str, Any]) -> None:
    change = only({"replicas": 2}, {"replicas": 7}, broken)
    assert change.class_ is DriftClass.CHANGED


def test_a_controller_that_writes_what_others_declare_is_expected() -> None:
    hand = entry("vpa-updater", "2026-11-20T08:00:00Z", {"f:spec": {"f:replicas": {}}})
    change = only({"replicas": 2}, {"replicas": 7}, hand)
    assert (change.class_, change.reason) == (DriftClass.EXPECTED, "the vertical pod autoscaler writes it")
