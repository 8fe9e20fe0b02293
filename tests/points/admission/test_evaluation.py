"""What Rules see of the other objects while one is under review."""

import copy
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from scanner.engine import programs
from scanner.engine.judge import Judge
from scanner.inventory import Inventory
from scanner.points.admission import evaluation
from scanner.points.admission.context import FixedContext
from scanner.points.admission.live import LiveInventory
from scanner.points.admission.request import read_request
from scanner.points.admission.reviewer import Reviewer
from tests.points.admission.reviews import body, review, setup
from tests.points.admission.test_checklist import INGRESS


def stored(asked: Reviewer, value: dict[str, Any]) -> LiveInventory:
    """The inventory of a cluster that holds `value`."""
    from scanner.points.admission.subject import Subject, subject_of

    subject = subject_of(read_request(body(review(value))), "")
    assert isinstance(subject, Subject)
    retained = asked.selection.of(subject.new.type).retained
    assert retained is not None
    return LiveInventory([retained.apply(subject.new)])


def test_the_object_under_review_stands_in_the_place_of_its_old_self(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Inventory] = []

    class Watching(Judge):
        def __init__(self, code: programs.Programs, context: programs.Context) -> None:
            super().__init__(code, context)
            if context.inventory is not None:
                seen.append(context.inventory)

    monkeypatch.setattr(evaluation, "Judge", Watching)
    asked = Reviewer(setup())
    inventory = stored(asked, INGRESS)
    asked.context = FixedContext(inventory)
    changed = copy.deepcopy(INGRESS)
    changed["spec"]["rules"][0]["host"] = "other.example.net"  # type: ignore[index]
    asked.decide(read_request(body(review(changed, INGRESS))))

    def hosts(found: Inventory) -> list[Any]:
        return [one.value("spec", "rules", 0, "host") for one in found.of_type("networking.k8s.io/Ingress")]

    assert hosts(seen[0]) == ["other.example.net"], "as it would be after the request"
    assert all(hosts(found) == ["web.example.net"] for found in seen[1:]), "the old object, as it is stored"
    assert hosts(inventory) == ["web.example.net"], "a review changes nothing"


def test_a_clock_that_stands_still_is_the_one_rules_get() -> None:
    instant = datetime(2020, 1, 2, tzinfo=UTC)
    assert setup(today="2020-01-02").clock()[1] == instant
    from scanner.points.admission.reviewer import running_clock

    day, now = running_clock()
    assert abs(now.timestamp() - time.time()) < 60
    assert abs((day - now.date()).days) <= 1
