"""The clock of a run: a day or an instant, and how a rule is given it."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from scanner.errors import UsageError
from scanner.packs.loader import load_packs
from scanner.points.request import parse_clock
from scanner.scan import Options
from tests.cli.running import bulkhead


@pytest.mark.parametrize(
    ("text", "day", "instant"),
    [
        ("2026-11-21", date(2026, 11, 21), None),
        ("2026-11-21T06:00:00Z", date(2026, 11, 21), datetime(2026, 11, 21, 6, tzinfo=UTC)),
        ("2026-11-21T00:30+01:00", date(2026, 11, 20), datetime(2026, 11, 20, 23, 30, tzinfo=UTC)),
        ("2026-11-21T06:00", date(2026, 11, 21), datetime(2026, 11, 21, 6, tzinfo=UTC)),
    ],
)
def test_a_day_or_an_instant(text: str, day: date, instant: datetime | None) -> None:
    assert parse_clock(text) == (day, instant)


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "2026-11-21T25:00", "T"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="cannot read date"):
        parse_clock(text)


def test_the_instant_is_the_stated_one_else_the_start_of_another_day_else_now() -> None:
    stated = datetime(2026, 11, 21, 7, tzinfo=UTC)
    assert Options(today=date(2026, 11, 21), now=stated).instant == stated
    assert Options(today=date(2020, 2, 1)).instant == datetime(2020, 2, 1, tzinfo=UTC)
    assert abs(Options().instant - datetime.now(UTC)) < timedelta(minutes=1)


RULE = """---
id: ACME-001
title: A rule that knows the time
severity: low
applies_to: [core/ConfigMap]
reads: [data]
needs: [clock]
points: [gate]
since: 0.1.0
---

## What it checks

x

## Why it matters

x

## How to fix

Wait.

## References

- https://example.net
"""
PYTHON = """from datetime import datetime
from scanner import Resource

def check(resource: Resource, now: datetime):
    yield resource.fail(f"it is {now.isoformat()}", at=("data",))
"""
REGO = """package acme.told

deny contains {"message": sprintf("it is %s", [data.clock]), "at": ["data"]}
"""


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [("rule.py", PYTHON, "2026-11-21T06:00:00+00:00"), ("rule.rego", REGO, "2026-11-21T06:00:00Z")],
)
def test_a_rule_that_needs_the_clock_is_given_the_instant(tmp_path: Path, file: str, text: str, said: str) -> None:
    folder = tmp_path / "acme" / "told"
    folder.mkdir(parents=True)
    (tmp_path / "acme" / "pack.yaml").write_text("name: acme\nversion: 0.1.0\nminimum_scanner: 0.1.0\ntitle: Acme\n")
    (folder / "rule.md").write_text(RULE)
    (folder / file).write_text(text)
    (tmp_path / "a.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: b}\n")
    (pack,) = load_packs((str(tmp_path / "acme"),))
    config = f"packs: [{{path: acme, allow_python: true, digest: '{pack.digest}'}}]\n"
    (tmp_path / "bulkhead.yaml").write_text(config)
    run = bulkhead("scan", "a.yaml", "--rule", "ACME-001", "--today", "2026-11-21T06:00:00Z", cwd=tmp_path)
    assert f"it is {said}" in run.stdout, run
