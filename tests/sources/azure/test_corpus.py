"""Recorded answers of the service: they read without a fault, and how a resource was read makes no difference."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scanner.model.ledger import State
from scanner.model.resource import Resource
from scanner.sources.azure.file import read_export


@pytest.fixture
def recordings(corpus: Path) -> Path:
    return corpus / "azure-live" / "arm-responses"


def answers(file: Path) -> Iterator[dict[str, Any]]:
    for line in file.read_text("utf-8").splitlines():
        body = json.loads(line)["body"]
        if isinstance(body, dict):
            yield body


def read(body: dict[str, Any]) -> dict[str, Resource]:
    found = read_export(json.dumps(body).encode(), "recorded.json")
    return {resource.key: resource for resource in found[0].resources} if found else {}


def test_a_resource_is_the_same_by_list_and_by_resource_graph(recordings: Path) -> None:
    storage_list, storage_graph, machine_list, machine_graph = answers(recordings / "ResourceGraphSource.jsonl")
    for listed, graph in ((storage_list, storage_graph), (machine_list, machine_graph)):
        by_list, by_graph = read(listed), read(graph)
        assert by_list
        for key, resource in by_list.items():
            assert by_graph[key].attributes == resource.attributes
            assert by_graph[key].name == resource.name


def test_a_resource_is_the_same_by_list_and_by_get(recordings: Path) -> None:
    compared = 0
    for file in sorted(recordings.glob("*.jsonl")):
        listed: dict[str, Resource] = {}
        for body in answers(file):
            if "value" in body:
                listed.update(read(body))
                continue
            for key, resource in read(body).items():
                # the recordings hold changes too: only what was read in the same state is comparable
                if key in listed and listed[key].attributes == resource.attributes:
                    compared += 1
                    assert listed[key] == resource
    assert compared >= 3


def test_every_recorded_answer_reads_without_a_fault(recordings: Path) -> None:
    states: set[State] = set()
    resources = 0
    for file in sorted(recordings.glob("*.jsonl")):
        for body in answers(file):
            found = read_export(json.dumps(body).encode(), "recorded.json")
            if found is not None:
                resources += len(found[0].resources)
                states.update(entry.state for entry in found[0].entries)
                for resource in found[0].resources:
                    assert resource.key == str(resource.attributes["id"]).lower()
    assert resources > 600
    assert states == {State.SCANNED, State.PARTIAL}
