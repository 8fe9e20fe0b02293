"""Drift over the whole example estate: none where only control planes had their way, all of what was done by hand."""

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from scanner.drift import Drift, DriftClass, detect
from scanner.drift.matching import identity
from scanner.model.resource import Resource
from tests.drift.noise import live_of, struck

CLASSES = (DriftClass.CHANGED, DriftClass.MISSING, DriftClass.UNMANAGED, DriftClass.ORPHANED)


@pytest.fixture
def chance() -> random.Random:
    return random.Random(20261121)


def hard(drifts: Iterator[Drift]) -> list[Drift]:
    return [drift for drift in drifts if drift.class_ in CLASSES]


def told(drifts: list[Drift]) -> list[str]:
    return [f"{one.class_} {one.resource.key} {one.reason} {one.changes[:1]}" for one in drifts]


@pytest.mark.parametrize("seed", range(5))
def test_what_control_planes_do_by_themselves_is_no_drift(declared: list[Resource], seed: int) -> None:
    chance = random.Random(seed)
    live = [live_of(resource, chance) for resource in declared]
    chance.shuffle(live)
    assert len(live) > 1_000
    assert told(hard(detect(declared, live))) == []


@pytest.mark.parametrize("seed", range(5))
def test_every_change_by_hand_is_found_at_its_attribute_and_nothing_else(declared: list[Resource], seed: int) -> None:
    chance = random.Random(seed)
    victims = {id(resource) for resource in chance.sample(declared, 300)}
    live, expected = [], {}
    for resource in declared:
        hit = struck(resource, resource, chance) if id(resource) in victims else None
        if hit is not None:
            expected[identity(resource)] = hit[0]
        live.append(hit[1] if hit is not None else live_of(resource, chance))
    found = hard(detect(declared, live))
    assert {identity(one.resource) for one in found if one.class_ is DriftClass.CHANGED} == expected.keys(), told(
        [one for one in found if identity(one.resource) not in expected]
    )
    for one in found:
        at = expected[identity(one.resource)]
        assert any(change.path == at[: len(change.path)] for change in one.changes), (at, one.changes)


def test_what_is_deleted_is_missing_and_what_is_added_is_unmanaged(
    declared: list[Resource], chance: random.Random
) -> None:
    gone = {id(resource) for resource in chance.sample(declared, 100)}
    live = [live_of(resource, chance) for resource in declared if id(resource) not in gone]
    added = [_twin(resource) for resource in live if resource.type in ("core/ConfigMap", "Microsoft.KeyVault/vaults")]
    found = hard(detect(declared, [*live, *added]))
    missing = {identity(one.resource) for one in found if one.class_ is DriftClass.MISSING}
    assert missing == {identity(resource) for resource in declared if id(resource) in gone}
    unmanaged = [one.resource.key for one in found if one.class_ is DriftClass.UNMANAGED]
    assert sorted(unmanaged) == sorted(resource.key for resource in added)


def _twin(resource: Resource) -> Resource:
    """Return another Resource beside ``resource``."""
    attributes = dict(resource.attributes)
    if "id" in attributes:
        attributes["id"] = f"{attributes['id']}-by-hand"
    return replace(resource, key=f"{resource.key}-by-hand", name=f"{resource.name}-by-hand", attributes=attributes)
