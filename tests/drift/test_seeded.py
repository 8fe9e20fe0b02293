"""An estate of 20,000 live resources with all that control planes do to them, and 500 drifts of every class in it."""

import copy
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from scanner.drift import Drift, DriftClass, detect
from scanner.drift.cause import Cause
from scanner.drift.matching import identity
from scanner.model.resource import Resource
from scanner.model.types import is_azure
from tests.drift.noise import copied, live_of, struck

pytestmark = pytest.mark.slow

NUMBER = 20_000
HARD = (DriftClass.CHANGED, DriftClass.MISSING, DriftClass.UNMANAGED, DriftClass.ORPHANED)
MANAGER = "kubectl-edit"
WORKLOADS = ("apps/Deployment", "apps/StatefulSet")
POD = ("spec", "template", "spec", "containers")
Body = dict[str, Any]


@pytest.fixture(scope="module")
def estate(declared: list[Resource]) -> list[Resource]:
    return list(copied(declared, NUMBER))


def wrote(body: Body, fields: Body) -> None:
    """Say in an object who wrote some fields."""
    entry = {"manager": MANAGER, "operation": "Update", "time": "2026-11-21T09:00:00Z", "fieldsV1": fields}
    body["metadata"]["managedFields"] = [entry]


def untag(resource: Resource, body: Body) -> bool:
    tags = body.get("tags")
    key = next((key for key, one in tags.items() if isinstance(one, str) and one), "") if isinstance(tags, dict) else ""
    if key:
        del tags[key]
    return bool(key)


def open_rule(resource: Resource, body: Body) -> bool:
    if resource.type == "Microsoft.Network/networkSecurityGroups":
        rules = body["properties"].get("securityRules")
        opened: Body = {"name": "by-hand", "properties": {"access": "Allow", "direction": "Inbound", "priority": 111,
                        "protocol": "Tcp", "sourceAddressPrefix": "*", "destinationPortRange": "22"}}  # fmt: skip
    else:
        rules = body["spec"].get("ingress") if resource.type == "networking.k8s.io/NetworkPolicy" else None
        opened = {"from": [{"ipBlock": {"cidr": "203.0.113.0/24"}}]}
    if not isinstance(rules, list) or not rules:
        return False
    rules.append(opened)
    return True


def scale(resource: Resource, body: Body) -> bool:
    if resource.type not in WORKLOADS or not isinstance(body["spec"].get("replicas"), int):
        return False
    body["spec"]["replicas"] += 5
    wrote(body, {"f:spec": {"f:replicas": {}}})
    return True


def swap_image(resource: Resource, body: Body) -> bool:
    if resource.type not in WORKLOADS:
        return False
    container = body["spec"]["template"]["spec"]["containers"][0]
    container["image"] = "docker.io/evil/odoo:latest"
    one = {f"k:{json.dumps({'name': container['name']})}": {"f:image": {}}}
    wrote(body, {"f:spec": {"f:template": {"f:spec": {"f:containers": one}}}})
    return True


def add_subject(resource: Resource, body: Body) -> bool:
    if resource.kind not in ("RoleBinding", "ClusterRoleBinding") or not body.get("subjects"):
        return False
    body["subjects"].append({"kind": "User", "name": "by-hand@example.net", "apiGroup": "rbac.authorization.k8s.io"})
    return True


BLOWS: dict[str, Callable[[Resource, Body], bool]] = {
    "tag removed": untag,
    "rule opened": open_rule,
    "replica by hand": scale,
    "image swapped": swap_image,
    "RBAC subject added": add_subject,
}


def scaled(resources: list[Resource]) -> set[tuple[str, str, str]]:
    """Return what autoscalers set the replicas of: those differ by right."""
    found = set()
    for one in resources:
        target = one.value("spec", "scaleTargetRef")
        if isinstance(target, dict):
            found.add((one.cluster, one.namespace, str(target.get("name"))))
    return found


def blown(resources: list[Resource], chance: random.Random, number: int) -> Iterator[tuple[str, Resource, Resource]]:
    """Yield (class, declared, live) of ``number`` drifts, of each class about the same, each of another Resource."""
    autoscaled = scaled(resources)
    counts: Counter[str] = Counter()
    share = number // (len(BLOWS) + 3)
    for resource in chance.sample(resources, len(resources)):
        if (resource.cluster, resource.namespace, resource.name) in autoscaled:
            continue
        for name, blow in BLOWS.items():
            body = copy.deepcopy(dict(resource.attributes))
            if counts[name] < share and blow(resource, body):
                counts[name] += 1
                managed = body.get("metadata", {}).get("managedFields") if not is_azure(resource.type) else None
                live = live_of(replace(resource, attributes=body), chance)
                if managed:
                    live.attributes["metadata"]["managedFields"] = managed
                yield name, resource, live
                break
        else:
            hit = struck(resource, resource, chance) if counts["attribute"] < number - 7 * share else None
            if hit is not None:
                counts["attribute"] += 1
                yield "attribute", resource, hit[1]
    assert {name for name in BLOWS if counts[name] < share} == set(), counts


def hard(drifts: Iterator[Drift]) -> list[Drift]:
    return [drift for drift in drifts if drift.class_ in HARD]


def test_noise_over_the_whole_estate_is_no_drift(estate: list[Resource]) -> None:
    chance = random.Random(1)
    found = hard(detect(estate, (live_of(resource, chance) for resource in estate)))
    assert len(estate) == NUMBER
    assert [f"{one.class_} {one.resource.key}" for one in found] == []


def test_every_drift_of_every_class_is_found_with_its_cause_and_nothing_else(estate: list[Resource]) -> None:
    chance = random.Random(2)
    hits = {id(declared): (name, live) for name, declared, live in blown(estate, chance, 500)}
    rest = [resource for resource in estate if id(resource) not in hits]
    types = Counter(resource.type for resource in rest)
    gone = chance.sample([one for one in rest if types[one.type] > 100], 62)
    deleted = {id(one) for one in gone}
    models = [one for one in rest if one.type in ("core/ConfigMap", "Microsoft.KeyVault/vaults")]
    added = [_twin(one) for one in chance.sample(models, 62)]

    def live() -> Iterator[Resource]:
        for resource in estate:
            if id(resource) in hits:
                yield hits[id(resource)][1]
            elif id(resource) not in deleted:
                yield live_of(resource, chance)
        yield from added

    assert len(hits) + len(gone) + len(added) == 500
    by_key = {identity(one): hits[id(one)][0] for one in estate if id(one) in hits}
    wanted = {(key, DriftClass.CHANGED) for key in by_key}
    wanted |= {(identity(one), DriftClass.MISSING) for one in gone}
    wanted |= {(identity(one), DriftClass.UNMANAGED) for one in added}
    found = hard(detect(estate, live()))
    told = {(identity(one.resource), one.class_) for one in found}
    assert sorted((by_key.get(key, class_), key) for key, class_ in wanted - told) == []
    assert sorted(f"{class_} {key}" for key, class_ in told - wanted) == []
    for one in found:
        if by_key.get(identity(one.resource)) in ("replica by hand", "image swapped"):
            causes = [change.cause for change in one.changes if change.class_ is DriftClass.CHANGED]
            assert any(isinstance(cause, Cause) and cause.manager == MANAGER for cause in causes), one.changes


def _twin(resource: Resource) -> Resource:
    attributes = dict(resource.attributes)
    if "id" in attributes:
        attributes["id"] = f"{attributes['id']}-by-hand"
    return replace(resource, key=f"{resource.key}-by-hand", name=f"{resource.name}-by-hand", attributes=attributes)
