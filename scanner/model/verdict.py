"""The five answers a Rule can give about a Resource."""

from enum import StrEnum


class Verdict(StrEnum):
    """What one Rule says of one Resource. Verdicts are kept, not only Findings: evidence needs them all."""

    PASS = "pass"  # noqa: S105 - no password
    """The condition holds."""
    FAIL = "fail"
    """The condition does not hold: a Finding."""
    UNKNOWN = "unknown"
    """A value the Rule reads is not known; the cause is stated. Never a pass."""
    SKIP = "skip"
    """The Rule does not concern this Resource, or lacks its context; the reason is stated."""
    ERROR = "error"
    """The Rule could not be evaluated. Never a pass; the run is incomplete (exit 3)."""

    @property
    def code(self) -> int:
        """One byte for compact storage; inverse of :func:`verdict_of_code`."""
        return _CODES[self]


_BY_CODE = tuple(Verdict)
_CODES = {verdict: code for code, verdict in enumerate(_BY_CODE)}


def verdict_of_code(code: int) -> Verdict:
    """Return the Verdict stored as ``code``."""
    return _BY_CODE[code]
