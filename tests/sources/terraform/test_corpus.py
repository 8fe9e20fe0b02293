"""Configurations, plans and states that other people wrote: everything is read, or the ledger says why not."""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from scanner.model.ledger import State
from scanner.sources.terraform.plan import is_terraform_json, read_terraform_json
from scanner.sources.terraform.source import TerraformSource, is_terraform
from scanner.sources.walk import Found
from tests.conftest import ROOT

CORPUS = Path(os.environ.get("BULKHEAD_CORPUS") or ROOT.parent / "shared" / "corpus") / "terraform"
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not there")]

UNREADABLE = {
    "tfplan_graph.json": "the plan has no resource_changes: what is known only after apply is taken to be absent",
    "plan_vpc_endpoint/tfplan.json": "cannot read plan: its format_version is missing; 0.x and 1.x are understood",
}
"""End of the file's name → what is wrong with it; all others are fine."""


def files() -> Iterator[Found]:
    for path in sorted(CORPUS.rglob("*")):
        if path.is_file():
            yield Found(path.relative_to(CORPUS).as_posix(), str(path), path.stat().st_size)


def test_every_plan_and_state_is_read() -> None:
    kinds: Counter[str] = Counter()
    for found in files():
        data = Path(found.path).read_bytes()
        if not is_terraform_json(data):
            continue
        read = read_terraform_json(data, found.name, lambda data=data: data)  # type: ignore[misc]
        kinds[read.kind] += 1
        expected = [message for end, message in UNREADABLE.items() if found.name.endswith(end)]
        assert [problem.message for problem in read.problems] == expected, found.name
        for instance in read.instances:
            assert instance.places is not None
            (place,) = instance.places(("id",))
            assert place.region is not None, (found.name, instance.address)
    assert kinds["plan"] > 100
    assert kinds["state"] > 100


def test_every_configuration_ends_in_the_ledger_and_every_resource_has_a_place() -> None:
    configurations = [found for found in files() if is_terraform(found.name)]
    source = TerraformSource(configurations, base=str(CORPUS))
    said: set[str] = set()
    resources = 0
    for page in source.pages():
        content = page.read()
        locate = page.locator()
        said.update(entry.input for entry in content.entries)
        resources += len(content.resources)
        for resource in content.resources:
            assert locate(resource.origin, ("tags",)) is not None, (page.name, resource.key)
        assert all(entry.reason for entry in content.entries if entry.state is not State.SCANNED)
    said.update(entry.input for entry in source.entries())
    assert {found.name for found in configurations} <= said
    assert resources > 1_000
