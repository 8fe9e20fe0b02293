"""What holds of comparing whatever is compared."""

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.drift import ABSENT, DriftClass, changes, detect
from scanner.drift.findings import objections
from scanner.model.location import Origin
from scanner.model.path import value_at
from scanner.model.resource import Resource
from scanner.model.unknown import Unknown

TYPES = st.sampled_from(
    [
        "core/ConfigMap",
        "apps/Deployment",
        "example.net/Thing",
        "Microsoft.Storage/storageAccounts",
        "Microsoft.New/things",
    ]
)
KEYS = st.sampled_from(
    ["name", "spec", "properties", "tags", "containers", "env", "value", "rules", "password", "status", "id", "é", ""]
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.sampled_from(["", "a", "A", "60", "1h", "P1D", "/subscriptions/{s}", "{", "100m", "2026-11-21T10:00:00Z"]),
)
VALUES = st.recursive(
    SCALARS,
    lambda below: st.one_of(st.lists(below, max_size=4), st.dictionaries(KEYS, below, max_size=4)),
    max_leaves=20,
)
BODIES = st.dictionaries(KEYS, VALUES, max_size=5)


def resource(type_: str, body: dict[str, Any]) -> Resource:
    id_ = {"id": f"/subscriptions/s/resourceGroups/g/providers/{type_}/a"} if type_.startswith("Microsoft") else {}
    return Resource("k", type_, {**body, **id_}, Origin("memory", "m"), name="a")


@given(TYPES, BODIES)
def test_nothing_has_drifted_from_itself(type_: str, body: dict[str, Any]) -> None:
    assert changes(resource(type_, body), resource(type_, copy.deepcopy(body))) == ()


@given(TYPES, BODIES, BODIES)
def test_anything_can_be_compared_and_every_change_is_where_it_says(
    type_: str, declared: dict[str, Any], live: dict[str, Any]
) -> None:
    one, other = resource(type_, declared), resource(type_, live)
    for change in changes(one, other):
        assert change.class_ in (DriftClass.CHANGED, DriftClass.EXPECTED)
        assert change.declared is not ABSENT or change.live is not ABSENT
        if change.declared is not ABSENT and "{" not in repr(change.declared):
            assert value_at(one.attributes, change.path) == change.declared
    for found in objections(detect([one], [other]), []):
        assert found.fault.message
        assert "\n" not in found.fault.message


@given(TYPES, BODIES, BODIES, st.randoms(use_true_random=False))
def test_what_is_more_in_a_mapping_is_no_drift_and_its_order_says_nothing(
    type_: str, declared: dict[str, Any], more: dict[str, Any], chance: Any
) -> None:
    live = {f"undeclared-{key}": value for key, value in more.items()} | copy.deepcopy(declared)
    items = list(live.items())
    chance.shuffle(items)
    assert changes(resource(type_, declared), resource(type_, dict(items))) == ()


@given(TYPES, BODIES)
@settings(max_examples=50)
def test_what_is_not_known_is_never_drift(type_: str, body: dict[str, Any]) -> None:
    declared = {**body, "spec": Unknown("known after apply"), "properties": {"a": [Unknown("x")]}}
    live = {**copy.deepcopy(body), "spec": {"a": 1}, "properties": {"a": ["y"]}}
    assert {change.class_ for change in changes(resource(type_, declared), resource(type_, live))} <= {
        DriftClass.UNREADABLE
    }
