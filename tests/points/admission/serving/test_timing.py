"""When single rules are timed, and that it costs what it may cost."""

from scanner.model.verdict import Verdict
from scanner.points.admission.request import read_request
from scanner.points.admission.serving.timing import BETWEEN_S, SHARE, Timing
from tests.points.admission.reviews import body, deployment, review, reviewer


class Clock:
    """Stands still but for what a test says."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_it_is_due_once_in_a_while() -> None:
    clock = Clock()
    timing = Timing(lambda rule, seconds: None, clock)
    assert timing.due()
    assert not timing.due()
    clock.now += BETWEEN_S - 0.01
    assert not timing.due()
    clock.now += 0.02
    assert timing.due()


def test_what_takes_long_is_measured_less_often() -> None:
    clock, told = Clock(), []
    timing = Timing(lambda rule, seconds: told.append((rule, seconds)), clock)

    def slow() -> dict[str, float]:
        clock.now += 2.0
        return {"ISO-029": 0.25, "ISO-030": 1.75}

    assert timing.due()
    timing.take(slow)
    assert told == [("ISO-029", 0.25), ("ISO-030", 1.75)]
    clock.now += 2.0 / SHARE - 1
    assert not timing.due()
    clock.now += 2
    assert timing.due()


def test_every_rule_that_concerns_an_object_is_timed_and_no_other() -> None:
    asked = reviewer()
    try:
        request = read_request(body(review(deployment())))
        decision = asked.decide(request)
        seconds = asked.rule_seconds(request)
        skipped = {rule for rule, verdict in decision.verdicts.items() if verdict in (Verdict.SKIP, Verdict.ERROR)}
        assert {"HA-008", "ISO-029"} <= seconds.keys() == decision.verdicts.keys() - skipped
        assert all(0 < found < 1 for found in seconds.values())
        again = asked.rule_seconds(request)
        assert sum(again.values()) > sum(seconds.values()) / 100, "no answer is recalled"
        assert asked.rule_seconds(read_request(body(review(None, deployment(), "DELETE")))) == {}
        assert asked.decide(request).verdicts == decision.verdicts
    finally:
        asked.close()
