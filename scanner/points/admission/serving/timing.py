"""How long single Rules take, measured beside the answers.

All Rego rules of an object run in one call, so a review does not tell which of them is slow. Now and then an object is
therefore asked about once more when its answer is on the way, Rule by Rule with a clock: one review of a busy second
waits for that, and where little happens nearly all reviews are measured.
"""

import time
from collections.abc import Callable, Mapping

BETWEEN_S = 1.0
"""Least time between two measurements."""
SHARE = 0.01
"""Of the time, at most so much is spent on them."""

Measure = Callable[[], Mapping[str, float]]
"""Returns Rule id → seconds."""


class Timing:
    """Says when to measure, and hands on what was measured."""

    def __init__(self, observe: Callable[[str, float], None], clock: Callable[[], float] = time.monotonic) -> None:
        """``observe`` is told the id of a Rule and the seconds that it took."""
        self._observe = observe
        self._clock = clock
        self._next = 0.0

    def due(self) -> bool:
        """Whether to measure now; whoever is told so has to."""
        now = self._clock()
        if now < self._next:
            return False
        self._next = now + BETWEEN_S
        return True

    def take(self, measure: Measure) -> None:
        """Measure, and wait the longer for the next time the longer it took."""
        started = self._clock()
        for rule, seconds in measure().items():
            self._observe(rule, seconds)
        ended = self._clock()
        self._next = max(self._next, ended + (ended - started) / SHARE)
