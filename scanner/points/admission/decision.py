"""What is decided about one request, and why: everything that the answer, the log and the explanation tell."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from scanner.model.finding import Finding
from scanner.model.tenancy import UNDECLARED, Tenancy
from scanner.model.verdict import Verdict
from scanner.points.admission.policy import Action
from scanner.points.admission.request import AdmissionRequest


class Decided(NamedTuple):
    """One Finding and what is done about it."""

    finding: Finding
    action: Action
    why: str = ""
    """Why it is not denied although it would be, were the object new: ``it was there before this change``; or empty."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided about one request."""

    id: str
    """16 hexadecimal digits; the same for the same review by the same hook."""
    request: AdmissionRequest
    title: str
    """``Deployment shop/web``."""
    decided: tuple[Decided, ...] = ()
    """Worst first; those that an Exemption accepts are not among them."""
    accepted: tuple[Finding, ...] = ()
    """Findings that an Exemption accepts, with it."""
    passed: str = ""
    """Why no Rule was asked; empty where Rules were."""
    tenancy: Tenancy = UNDECLARED
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    """Rule id → its verdict on the new object."""
    reasons: Mapping[str, str] = field(default_factory=dict)
    overrun: bool = False
    """Whether the time that the API server gives was over before the decision was made."""

    @property
    def allowed(self) -> bool:
        """Whether the request goes through."""
        return not any(one.action is Action.DENY for one in self.decided)

    def of(self, action: Action) -> tuple[Decided, ...]:
        """Return the Findings with one Action."""
        return tuple(one for one in self.decided if one.action is action)


class Before:
    """What was wrong with the stored object already, so that an update can be held to what it adds."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        """Take the Findings of the stored object that no Exemption accepts."""
        self._known: dict[str, list[tuple[Verdict, str]]] = {}
        for finding in findings:
            if finding.verdict is not Verdict.ERROR:  # nothing is known of the stored object then
                self._known.setdefault(finding.fingerprint, []).append((finding.verdict, finding.message))

    def holds(self, finding: Finding) -> bool:
        """Whether ``finding`` was there as it is now; counted, so that a second one of its kind is new.

        Another message at the same place means that the value which fails was changed, to one that fails as well.
        """
        known = self._known.get(finding.fingerprint, [])
        for one in known:
            verdict, message = one
            is_same = (verdict, message) == (finding.verdict, finding.message)
            if is_same or (verdict is Verdict.FAIL and finding.verdict is Verdict.UNKNOWN):  # that is no worse
                known.remove(one)
                return True
        return False
