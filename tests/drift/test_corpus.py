"""Recorded answers of Azure: what was read twice has drifted where the recording changed it, and nowhere else."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scanner.drift import DriftClass, changes
from scanner.model.resource import Resource
from scanner.sources.azure.file import read_export

CHANGED = {
    "test_autotag_user_and_date": {"tags.cctest_email", "tags.cctest_date", "properties.tags.cctest_date"},
    "test_mark_for_op": {"tags.cctest_mark"},
    "test_tag": {"tags.cctest_tag"},
    "test_trim": {"tags.cctest_trim"},
    "test_update_access_policy": {"properties.accessPolicies"},
    "test_update_monthly_retention_policy": {"properties.monthlyRetention"},
    "test_open_ports": {"properties.securityRules"},
    "test_storage_settings_require_secure_transfer_min_tls_version": {"properties.minimumTlsVersion"},
}
"""Recording → what its calls changed between two reads of one resource."""


def readings(recordings: Path) -> Iterator[tuple[str, int, Resource]]:
    """Yield (recording, number of the call, Resource) of everything that was read."""
    for file in sorted(recordings.glob("*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            record: dict[str, Any] = json.loads(line)
            found = read_export(json.dumps(record["body"]).encode(), "recorded.json")
            for resource in found[0].resources if found else ():
                yield f"{file.stem} {record['test']}", record["seq"], resource


def test_a_resource_that_was_read_twice_drifted_where_it_was_changed(corpus: Path) -> None:
    before: dict[tuple[str, str], tuple[int, Resource]] = {}
    compared = 0
    found: dict[str, set[str]] = {}
    for recording, number, resource in readings(corpus / "azure-live" / "arm-responses"):
        known = before.get((recording, resource.key))
        if known is not None and known[0] != number:
            for one, other in ((known[1], resource), (resource, known[1])):
                compared += 1
                for change in changes(one, other):
                    if change.class_ is DriftClass.CHANGED:
                        path = ".".join(step for step in change.path if isinstance(step, str))
                        found.setdefault(recording.split()[1], set()).add(path)
        before[recording, resource.key] = (number, resource)
    assert compared > 80
    assert found == CHANGED


def test_a_resource_has_not_drifted_by_list_and_by_resource_graph(corpus: Path) -> None:
    file = corpus / "azure-live" / "arm-responses" / "ResourceGraphSource.jsonl"
    bodies = [json.loads(line)["body"] for line in file.read_text("utf-8").splitlines()]
    compared = 0
    for listed, graph in ((bodies[0], bodies[1]), (bodies[2], bodies[3])):
        by_list, by_graph = (
            {one.key: one for one in read_export(json.dumps(body).encode(), "r.json")[0].resources}  # type: ignore[index]
            for body in (listed, graph)
        )
        for key in by_list.keys() & by_graph.keys():
            compared += 1
            assert changes(by_list[key], by_graph[key]) == changes(by_graph[key], by_list[key]) == ()
    assert compared >= 2
