"""A webhook runs for months: rules that know the time are told that of the review, in either language."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scanner.packs.loader import load_packs
from scanner.points.admission.request import read_request
from scanner.points.admission.reviewer import CLOCK_STEP, Reviewer
from tests.points.admission.reviews import body, review, setup
from tests.points.test_clock import PYTHON, REGO, RULE

CONFIG_MAP = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "b"}, "data": {"a": "b"}}


@pytest.mark.parametrize(("file", "text"), [("rule.py", PYTHON), ("rule.rego", REGO)])
def test_a_rule_is_told_the_time_of_the_review(tmp_path: Path, file: str, text: str) -> None:
    folder = tmp_path / "acme" / "told"
    folder.mkdir(parents=True)
    (tmp_path / "acme" / "pack.yaml").write_text("name: acme\nversion: 0.1.0\nminimum_scanner: 0.1.0\ntitle: Acme\n")
    (folder / "rule.md").write_text(RULE.replace("points: [gate]", "points: [admission]"))
    (folder / file).write_text(text)
    packs = load_packs((str(tmp_path / "acme"),))
    now = datetime(2026, 11, 21, 6, tzinfo=UTC)
    asked = Reviewer(replace(setup(), packs=packs, rules=packs[0].rules, clock=lambda: (now.date(), now)))
    request = read_request(body(review(CONFIG_MAP)))
    try:
        for _ in range(3):
            (one,) = asked.decide(request).decided
            assert one.finding.message.startswith(f"it is {now:%Y-%m-%dT%H:%M:%S}")
            now += CLOCK_STEP
        before = now - CLOCK_STEP
        now = before + timedelta(seconds=1)
        told = asked.decide(request).decided[0].finding.message
        assert told.startswith(f"it is {(now if file == 'rule.py' else before):%Y-%m-%dT%H:%M:%S}"), (
            "not at each review"
        )
    finally:
        asked.close()
