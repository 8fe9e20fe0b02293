"""The requests that the webhook answers, as a bare ASGI application.

A review is read and decided on the one thread of the event loop: it takes a millisecond, and what Rules look up is in
memory. Only a lookup that has to go to the API server leaves it.
"""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from scanner.errors import ReviewError
from scanner.points.admission.request import AdmissionRequest, read_request
from scanner.points.admission.reviewer import BUDGET_S, Reviewer
from scanner.points.admission.serving.figures import Figures
from scanner.points.admission.serving.journal import Journal
from scanner.points.admission.serving.metrics import CONTENT_TYPE, exposition
from scanner.points.admission.serving.timing import Timing
from scanner.points.admission.wire import MAX_BYTES

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]

MAX_IN_FLIGHT = 200
"""Reviews that are decided, or wait for a lookup, at a time; more are refused at once (503), which the failure policy
decides about, instead of being answered too late. One whose body is still on its way does not count: whoever sends
slowly must not keep others out."""
MAX_HELD_BYTES = 256 << 20
"""Of bodies that are being read, all together."""
MARGIN_S = 0.5
"""Of the time that the API server gives, what is left for the way back."""
SHORTEST_S = 0.1
AFTER_S = 0.002
"""Until the answer has left, so that what is measured afterwards does not delay it."""
_READ_S = 5.0
"""For the body of a request that names no time."""
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0}
_TOO_LARGE = f"a review of more than {MAX_BYTES >> 20} MiB is not read"
_JSON, _TEXT = b"application/json", b"text/plain; charset=utf-8"


class _Refusal(Exception):  # noqa: N818 - an answer, not an error
    """An answer other than a review's."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(slots=True)
class App:
    """Answers ``/validate``, ``/validate/HOOK``, ``/healthz``, ``/readyz`` and ``/metrics``."""

    reviewers: Mapping[str, Reviewer]
    """Path → the Reviewer of its hook."""
    figures: Figures
    journal: Journal
    why_not_ready: Callable[[], str]
    max_in_flight: int = MAX_IN_FLIGHT
    timing: Timing = field(init=False)
    held_bytes: int = 0
    """Of bodies that are being read."""
    draining: bool = field(default=False)
    """Whether the process is about to end: every response closes its connection."""

    def __post_init__(self) -> None:
        self.timing = Timing(self.figures.rule_seconds.observe)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        if scope["type"] != "http":
            return
        started = time.monotonic()
        content_type = _TEXT
        try:
            code, content, content_type = await self._answer(scope, receive, started)
        except _Refusal as refusal:
            code, content = refusal.code, str(refusal).encode()
        except ReviewError as error:
            code, content = 400, str(error).encode("utf-8", "replace")
            self.journal.tell("warning", "no review", reason=str(error), path=scope["path"])
        except Exception as error:
            # whatever it is: no approval. What it says may hold a value of the object, so only its kind is told.
            code, content = 500, b"internal error"
            self.journal.tell("error", "internal error", kind=type(error).__name__, path=scope["path"])
        self.figures.responses.add(str(code))
        headers = [(b"content-type", content_type), (b"content-length", str(len(content)).encode())]
        if self.draining or code in (408, 413, 503):  # of the latter the rest of the body was not read
            headers.append((b"connection", b"close"))
        await send({"type": "http.response.start", "status": code, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    async def _answer(self, scope: Scope, receive: Receive, started: float) -> tuple[int, bytes, bytes]:
        path, method = scope["path"], scope["method"]
        reviewer = self.reviewers.get(path)
        if reviewer is not None:
            return 200, await self._review(reviewer, scope, receive, started), _JSON
        if path not in ("/healthz", "/readyz", "/metrics"):
            raise _Refusal(404, "there is nothing here")
        if method not in ("GET", "HEAD"):
            raise _Refusal(405, "ask with GET")
        if path == "/metrics":
            return 200, exposition(self.figures.all()), CONTENT_TYPE
        reason = self.why_not_ready() if path == "/readyz" else ""
        return (503, reason.encode(), _TEXT) if reason else (200, b"ok", _TEXT)

    async def _review(self, reviewer: Reviewer, scope: Scope, receive: Receive, started: float) -> bytes:
        if scope["method"] != "POST":
            raise _Refusal(405, "send an AdmissionReview with POST")
        headers = dict(scope["headers"])
        if headers.get(b"content-type", b"").partition(b";")[0].strip().lower() != _JSON:
            raise _Refusal(415, "send an AdmissionReview as application/json")
        budget_s = budget(scope.get("query_string", b""))
        body = await self._read(headers, receive, budget_s or _READ_S)
        if self.figures.in_flight >= self.max_in_flight:
            raise _Refusal(503, "too many requests at once")
        self.figures.in_flight += 1
        try:
            return await self._decide(reviewer, read_request(body), started, started + (budget_s or BUDGET_S))
        finally:
            self.figures.in_flight -= 1

    async def _read(self, headers: Mapping[bytes, bytes], receive: Receive, timeout_s: float) -> bytes:
        """Return the body; raises where it is too large, comes too slowly or breaks off."""
        length = headers.get(b"content-length", b"")
        if length.isdigit() and int(length) > MAX_BYTES:
            raise _Refusal(413, _TOO_LARGE)
        chunks: list[bytes] = []
        try:
            async with asyncio.timeout(timeout_s):
                await self._receive(receive, chunks)
        except TimeoutError:
            raise _Refusal(408, "the body came too slowly") from None
        finally:
            self.held_bytes -= sum(map(len, chunks))
        return chunks[0] if len(chunks) == 1 else b"".join(chunks)

    async def _receive(self, receive: Receive, chunks: list[bytes]) -> None:
        size, more = 0, True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                raise _Refusal(400, "the body broke off")
            chunk = message.get("body", b"")
            size += len(chunk)
            if size > MAX_BYTES:
                raise _Refusal(413, _TOO_LARGE)
            chunks.append(chunk)
            self.held_bytes += len(chunk)
            if self.held_bytes > MAX_HELD_BYTES:
                raise _Refusal(503, "too much at once")
            more = bool(message.get("more_body"))

    async def _decide(self, reviewer: Reviewer, request: AdmissionRequest, started: float, deadline: float) -> bytes:
        wanted = reviewer.wanted(request)
        if wanted:
            left_s = deadline - time.monotonic()
            outcome = await asyncio.to_thread(reviewer.context.fetch, wanted, request.home, left_s)
            self.figures.lookups.add(outcome)
        before = time.monotonic()
        decision = reviewer.decide(request, deadline - before)
        now = time.monotonic()
        self.figures.observe(reviewer.hook, decision, started, now - before)
        if not decision.passed and self.timing.due():
            asyncio.get_running_loop().call_later(AFTER_S, self._time_rules, reviewer, request)
        self.journal.decided(reviewer.hook, decision, now - started)
        return reviewer.answer(decision)

    def _time_rules(self, reviewer: Reviewer, request: AdmissionRequest) -> None:
        try:
            self.timing.take(lambda: reviewer.rule_seconds(request))
        except Exception as error:  # nobody waits for it
            self.journal.tell("error", "rules were not timed", kind=type(error).__name__)


def budget(query: bytes) -> float | None:
    """Return the seconds that ``?timeout=3s`` leaves for an answer; None where it says nothing that can be read."""
    values = parse_qs(query.decode("ascii", "replace")).get("timeout", [])
    parts = _DURATION.findall(values[0]) if values else []
    if not parts or "".join(number + unit for number, unit in parts) != values[0]:
        return None
    seconds = sum(float(number) * _SECONDS[unit] for number, unit in parts)
    return max(seconds - MARGIN_S, seconds / 2, SHORTEST_S)
