"""Keeps within the quotas of Azure: one bucket for each quota of a principal, corrected by what answers say.

Sources: "Throttled requests in Azure Resource Graph" (15 queries in 5 seconds, headers ``x-ms-user-quota-*``) and
"Understand how Azure Resource Manager throttles requests" (250 reads at once and 25 a second for each subscription).
"""

import random
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

Clock = Callable[[], float]
Sleep = Callable[[float], None]

_LOW_READS = 10
_REMAINING = (
    "x-ms-ratelimit-remaining-subscription-reads",
    "x-ms-ratelimit-remaining-tenant-reads",
    "x-ms-ratelimit-remaining-subscription-global-reads",
)
MAX_WAIT_S = 120.0
"""Longest single wait; a longer one that Azure asks for is waited in parts."""
_BASE_S = 0.8
_CAP_S = 60.0


class Bucket:
    """Tokens that come back with time; serves several threads."""

    def __init__(
        self, burst: float, per_second: float, clock: Clock = time.monotonic, sleep: Sleep = time.sleep
    ) -> None:
        """Take how many requests may go at once, and how many come back each second."""
        self._burst = burst
        self._rate = per_second
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._tokens = burst
        self._at = clock()

    def take(self) -> None:
        """Wait until a request may go. Those that wait go in the order they came."""
        with self._lock:
            now = self._clock()
            self._tokens = min(self._burst, self._tokens + max(0.0, now - self._at) * self._rate)
            self._at = max(self._at, now)
            self._tokens -= 1
            wait = self._at - now + (-self._tokens / self._rate if self._tokens < 0 else 0.0)
        if wait > 0:
            self._sleep(wait)

    def rest(self, seconds: float) -> None:
        """Give nothing out for some time: Azure says that the quota is used up."""
        with self._lock:
            self._at = max(self._at, self._clock() + seconds)
            self._tokens = min(self._tokens, 0.0)


class Quotas:
    """All buckets of one principal."""

    def __init__(self, clock: Clock = time.monotonic, sleep: Sleep = time.sleep) -> None:
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._buckets: dict[str, Bucket] = {}

    def bucket(self, scope: str) -> Bucket:
        """Return the bucket of ``scope``: ``graph``, or the id of a subscription; others share that of the tenant."""
        with self._lock:
            if scope not in self._buckets:
                burst, rate = (15, 3.0) if scope == "graph" else (250, 25.0)
                self._buckets[scope] = Bucket(burst, rate, self._clock, self._sleep)
            return self._buckets[scope]

    def observe(self, scope: str, headers: Mapping[str, str]) -> None:
        """Correct a bucket by what an answer says is left."""
        left = _number(headers.get("x-ms-user-quota-remaining"))
        if scope == "graph" and left is not None and left < 1:
            self.bucket(scope).rest(duration(headers.get("x-ms-user-quota-resets-after")) or 5.0)
        elif scope != "graph":
            counts = [_number(headers.get(name)) for name in _REMAINING]
            if any(count is not None and count < _LOW_READS for count in counts):
                self.bucket(scope).rest(1.0)


def wait_for(headers: Mapping[str, str], attempt: int, jitter: Callable[[], float] = random.random) -> float:
    """Return the seconds to wait before attempt ``attempt`` + 1: what Azure asks for, else longer each time."""
    asked = _retry_after(headers.get("Retry-After"))
    if asked is None:
        asked = duration(headers.get("x-ms-user-quota-resets-after"))
    if asked is not None:
        return min(asked, MAX_WAIT_S) + jitter()
    return min(_CAP_S, _BASE_S * 2.0**attempt) * (0.5 + jitter() / 2)


def duration(text: str | None) -> float | None:
    """Return the seconds of ``hh:mm:ss``; None for anything else."""
    parts = [_number(part) for part in (text or "").split(":")]
    if len(parts) != 3:
        return None
    hours, minutes, seconds = parts
    if hours is None or minutes is None or seconds is None:
        return None
    return hours * 3600 + minutes * 60 + seconds


def _retry_after(text: str | None) -> float | None:
    """Return the seconds of a ``Retry-After`` header: a number, or a moment."""
    seconds = _number(text)
    if seconds is not None or not text:
        return seconds
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None
