"""What the webhook says: one line of JSON for each thing worth knowing, on standard error.

No line holds a value of an object, a body or a credential: identities, rule ids, fingerprints and durations only.
"""

import sys
import time
from collections.abc import Callable
from typing import Any

from scanner.points.admission.decision import Decision
from scanner.points.admission.policy import Action
from scanner.points.admission.wire import dumps

QUIET, DECISIONS = "findings", "all"
"""Log only reviews with something to tell, or each one."""


class Journal:
    """Writes the lines."""

    def __init__(self, level: str = QUIET, write: Callable[[bytes], object] | None = None) -> None:
        self._everything = level == DECISIONS
        self._write = write or _to_standard_error

    def decided(self, hook: str, decision: Decision, elapsed_s: float) -> None:
        """Tell of a decision; of one that found nothing only where all are wanted."""
        if not (self._everything or decision.decided or decision.accepted or decision.overrun):
            return
        request = decision.request
        self._line(
            "info" if decision.allowed else "warning",
            "decision",
            decision=decision.id,
            hook=hook,
            allowed=decision.allowed,
            uid=request.uid,
            operation=request.operation,
            type=request.type,
            asked_as=request.asked_as,
            resource=request.resource,
            subresource=request.subresource,
            namespace=request.namespace,
            name=request.name,
            user=request.user,
            dry_run=request.dry_run,
            tenant=decision.tenancy.tenant,
            environment=decision.tenancy.environment,
            passed=decision.passed,
            overrun=decision.overrun,
            milliseconds=round(elapsed_s * 1000, 2),
            **{action.value: _named(decision, action) for action in Action if decision.of(action)},
            exempted=[
                {"rule": found.rule, "fingerprint": found.fingerprint, "exemption": found.exemption.id}
                for found in decision.accepted
                if found.exemption is not None
            ],
        )

    def tell(self, level: str, event: str, **fields: Any) -> None:
        """Tell of anything else."""
        self._line(level, event, **fields)

    def _line(self, level: str, event: str, **fields: Any) -> None:
        now = time.time()
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now % 1 * 1000):03d}Z"
        told = {key: value for key, value in fields.items() if value not in (None, "", [])}
        self._write(dumps({"time": stamp, "level": level, "event": event, **told}) + b"\n")


def _named(decision: Decision, action: Action) -> list[dict[str, str]]:
    return [
        {"rule": one.finding.rule, "verdict": one.finding.verdict.value, "fingerprint": one.finding.fingerprint}
        for one in decision.of(action)
    ]


def _to_standard_error(line: bytes) -> None:
    try:
        sys.stderr.buffer.write(line)
        sys.stderr.buffer.flush()
    except (OSError, ValueError):  # nobody reads it any more, which must not stop reviews
        return
