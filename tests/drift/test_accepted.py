"""What was accepted of what nobody declares: its change is drift, and noise is not."""

import json
import random
from typing import Any

import pytest

from scanner.drift import Change
from scanner.drift.accepted import Accepted, accept, since_accepted
from scanner.model.location import Origin
from scanner.model.resource import Resource
from tests.drift.noise import live_of

ACCOUNT = "Microsoft.Storage/storageAccounts"
ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a"


def account(**properties: Any) -> Resource:
    return Resource("k", ACCOUNT, {"id": ID, "name": "a", "properties": properties}, Origin("memory", "m"), name="a")


def pod(**spec: Any) -> Resource:
    return Resource(
        "prd/core/Pod/shop/a", "core/Pod", {"spec": spec}, Origin("memory", "m"), namespace="shop", name="a"
    )


def since(declared: Resource, before: Resource, now: Resource) -> list[Change]:
    accepted: Accepted = json.loads(json.dumps(accept([(declared, before)])))
    return list(since_accepted(declared, now, accepted))


def test_what_changed_that_nobody_declares_is_told_once() -> None:
    declared = account(minimumTlsVersion="TLS1_2")
    before = account(minimumTlsVersion="TLS1_2", networkAcls={"defaultAction": "Deny", "ipRules": []})
    now = account(minimumTlsVersion="TLS1_2", networkAcls={"defaultAction": "Allow", "ipRules": []})
    (change,) = since(declared, before, now)
    assert change.path == ("properties", "networkAcls")
    assert since(declared, before, before) == []


def test_what_was_not_there_then_is_told_too() -> None:
    (change,) = since(pod(), pod(), pod(hostAliases=[{"ip": "10.0.0.1"}]))
    assert change.path == ("spec", "hostAliases")


@pytest.mark.parametrize("seed", range(8))
def test_noise_is_no_change(seed: int) -> None:
    chance = random.Random(seed)
    declared = account(minimumTlsVersion="TLS1_2")
    whole = account(
        minimumTlsVersion="TLS1_2", accessTier="Hot", networkAcls={"defaultAction": "Deny", "bypass": "None"}
    )
    assert since(declared, live_of(whole, chance), live_of(whole, chance)) == []
    containers = [{"name": "web", "tty": True}, {"name": "side"}]
    assert (
        since(
            pod(containers=[{"name": "web"}, {"name": "side"}]),
            pod(containers=containers),
            pod(containers=containers[::-1]),
        )
        == []
    )


def test_a_resource_that_was_not_there_then_has_nothing_to_be_compared_with() -> None:
    assert list(since_accepted(account(), account(accessTier="Hot"), {})) == []


def test_no_secret_is_written_down_in_any_form() -> None:
    secret = accept([(account(), account(accountKey="hunter2", accessTier="Hot"))])
    assert list(secret[ID.lower()]) == ["properties.accessTier"]
