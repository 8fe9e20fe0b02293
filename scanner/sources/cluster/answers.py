"""What an API server answers instead of what was asked for, as one exception with everything a caller decides by."""

import json
import ssl
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

_SKEW_S = 30.0
"""Clocks that differ by more are worth telling when credentials are refused."""
_PASSING = frozenset((0, 429, 500, 502, 503, 504))
_LONGEST = 300
_CLOCK_WORDS = ("not yet valid", "has expired")


class ApiError(Exception):
    """The API server did not give what was asked for. Never leaves the package's generators: it becomes an entry."""

    def __init__(
        self,
        status: int,
        reason: str,
        *,
        retry_after_s: float | None = None,
        next_token: str = "",
        is_lasting: bool = False,
    ) -> None:
        super().__init__(reason)
        self.status = status
        """Of HTTP; 0 where there was no answer."""
        self.reason = reason
        """One sentence without values of objects."""
        self.retry_after_s = retry_after_s
        """How long the server asks to wait; None where it does not say."""
        self.next_token = next_token
        """Of an expired list (410): where to go on, at a newer moment."""

        self.is_passing = status in _PASSING and not is_lasting
        """Whether the same request may succeed a little later."""


def refusal(status: int, headers: Mapping[str, str], body: bytes) -> ApiError:
    """Return the error of an answer that is not the expected one; ``body`` is a Status object where it is the API's."""
    told = _status_of(body)
    message = str(told.get("message") or "").strip().replace("\n", " ")[:_LONGEST]
    metadata = told.get("metadata")
    token = metadata.get("continue") if isinstance(metadata, dict) else ""
    reason = f"HTTP {status}" + (f": {message}" if message else "")
    if 300 <= status < 400:
        reason = f"HTTP {status}: it sends elsewhere, which is not followed"
    elif status == 401:
        reason += _skew(headers)
    return ApiError(status, reason, retry_after_s=_retry_after(headers), next_token=str(token or ""))


def unanswered(error: Exception) -> ApiError:
    """Return the error of a request that got no answer: no connection, no trust, or silence."""
    cause: BaseException = error
    while isinstance(getattr(cause, "reason", None), BaseException):
        cause = cause.reason  # type: ignore[attr-defined]  # urllib3 wraps what happened
    text = str(cause).replace("\n", " ")
    _, _, behind = text.partition(">: ")
    text = (behind or text or type(cause).__name__)[:_LONGEST]
    if any(word in text for word in _CLOCK_WORDS):
        text += "; compare this machine's clock with the cluster's"
    is_lasting = isinstance(cause, ssl.SSLCertVerificationError)
    return ApiError(0, f"no answer: {text[:1].lower()}{text[1:]}", is_lasting=is_lasting)


def _status_of(body: bytes) -> dict[str, Any]:
    try:
        status = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return status if isinstance(status, dict) and status.get("kind") == "Status" else {}


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds or a date (RFC 9110, 10.2.3); None where it is neither."""
    text = headers.get("Retry-After", "")
    if text.isdecimal():
        return float(text)
    at = _date(text)
    return None if at is None else max(0.0, at - time.time())


def _skew(headers: Mapping[str, str]) -> str:
    at = _date(headers.get("Date", ""))
    skew = 0.0 if at is None else time.time() - at
    if abs(skew) <= _SKEW_S:
        return ""
    side = "ahead of" if skew > 0 else "behind"
    return f"; this machine's clock is {abs(skew):.0f} s {side} the server's, so tokens may look valid that are not"


def _date(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp() if text else None
    except (TypeError, ValueError):
        return None
