"""What a module can see is told from its text, and anything unusual counts as everything."""

from pathlib import Path

import pytest

from scanner.packs.rego.engine import RegoModule
from scanner.packs.rego.mentions import by_package, mentions
from scanner.packs.rego.rules import read_module

REGO = Path(__file__).parents[3] / "rego"

LIBRARY = RegoModule("lib.rego", "package bulkhead.lib.names\n\nis_ours if input.resource.name == `a`\n")


def seen(body: str) -> frozenset[str] | None:
    return mentions(RegoModule("rule.rego", f"package bulkhead.x.y\n\n{body}\n"), by_package([LIBRARY]))


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ("deny contains 1 if input.resource.attributes.spec.x", set()),
        ("deny contains 1 if input.views.containers[_].at", set()),
        ("deny contains 1 if input.resource.hosting == `a`", set()),
        ("deny contains input.resource.namespace if input.resource.labels.x", {"namespace", "labels"}),
        ("import data.bulkhead.lib.names\ndeny contains 1 if names.is_ours", {"name"}),
        ("deny contains 1 if data.bulkhead.lib.names.is_ours", {"name"}),
        ('# input\ndeny contains "input and data with $" if regex.match(`^[^:]$`, input.resource.kind)', set()),
        ("deny contains 1 if input.estate.tier.cmk", set()),
        ("deny contains 1 if data.estate.tenants[input.resource.tenant]", set()),
    ],
)
def test_fields_that_are_seen(body: str, fields: set[str]) -> None:
    assert seen(body) == fields


@pytest.mark.parametrize(
    "body",
    [
        "deny contains 1 if input.resource == {}",
        "deny contains 1 if input[`resource`]",
        "deny contains 1 if walk(input)",
        "deny contains 1 if input.estate == {}",
        "deny contains 1 if input.resource[field]",
        "deny contains 1 if data.estates.tenants",
        "deny contains 1 if data.bulkhead.lib.unheard_of.x",
        "deny contains 1 if f with input as {}",
        "deny contains 1 if time.now_ns() > 0",
        'deny contains $"{input.resource.name}" if true',
        "import input.resource as r\ndeny contains 1 if r.name",
    ],
)
def test_what_may_see_anything(body: str) -> None:
    assert seen(body) is None


def test_every_rule_of_ours_is_bounded() -> None:
    libraries = by_package([read_module(str(path)) for path in (REGO / "lib").glob("*.rego")])
    rules = sorted(REGO.glob("*/*/rule.rego"))
    assert len(rules) > 20
    assert [path for path in rules if mentions(read_module(str(path)), libraries) is None] == []
