"""What the webhook counts, and under which names."""

import time
from collections.abc import Callable, Mapping, Sequence

from scanner.points.admission.decision import Decision
from scanner.points.admission.policy import Action
from scanner.points.admission.reviewer import Reviewer
from scanner.points.admission.serving.metrics import Counter, Gauge, Histogram, Labels, Metric

PREFIX = "bulkhead_webhook_"
RULE_BUCKETS_S = (0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.001, 0.01, 0.1, 1.0)
OTHER = "other"
"""Stands for types that no Rule applies to: whoever reaches the port could make up any number of names."""


class Figures:
    """The metrics of one process."""

    def __init__(self, reviewers: Mapping[str, Reviewer], expires: Callable[[], float | None]) -> None:
        """Take the Reviewer of each hook, and what returns the end of the certificate (seconds since 1970)."""
        self._known = {type_ for one in reviewers.values() for type_ in one.selection.by_type}
        self._expires = expires
        self._reviewers = tuple(reviewers.values())
        self.in_flight = 0
        """Reviews that are being decided, or wait for a lookup, just now."""
        self.reviews = Counter(
            f"{PREFIX}reviews_total",
            "Reviews by what was decided: denied, warned, allowed, passed (no rule was asked).",
            ("hook", "operation", "type", "decision"),
        )
        self.seconds = Histogram(f"{PREFIX}review_seconds", "Time from the head of a request to its answer.", "hook")
        self.evaluation_seconds = Histogram(
            f"{PREFIX}evaluation_seconds", "Time that the rules for a type of object took.", "type"
        )
        self.rule_seconds = Histogram(
            f"{PREFIX}rule_seconds", "Time that a rule took alone, for a sample of reviews.", "rule", RULE_BUCKETS_S
        )
        self.findings = Counter(f"{PREFIX}findings_total", "Findings by rule and action.", ("rule", "action"))
        self.errors = Counter(f"{PREFIX}rule_errors_total", "Rules that could not be evaluated.", ("rule",))
        self.accepted = Counter(f"{PREFIX}exempted_total", "Findings that an exemption accepts.", ("exemption",))
        self.responses = Counter(f"{PREFIX}responses_total", "Responses by HTTP status.", ("code",))
        self.overruns = Counter(f"{PREFIX}deadline_overruns_total", "Reviews that took longer than there was time for.")
        self.lookups = Counter(
            f"{PREFIX}live_lookups_total", "Lookups that went to the API server, by outcome.", ("outcome",)
        )
        self.reloads = Counter(f"{PREFIX}certificate_reloads_total", "Attempts to renew the certificate.", ("outcome",))

    def observe(self, hook: str, decision: Decision, started: float, evaluation_s: float) -> None:
        """Count one decision; ``started`` is in seconds of :func:`time.monotonic`."""
        request = decision.request
        type_ = request.type if request.type in self._known else OTHER
        self.reviews.add(hook, request.operation, type_, _outcome(decision))
        self.seconds.observe(hook, time.monotonic() - started)
        if not decision.passed:
            self.evaluation_seconds.observe(type_, evaluation_s)
        for one in decision.decided:
            self.findings.add(one.finding.rule, one.action.value)
            if one.finding.verdict.value == "error":
                self.errors.add(one.finding.rule)
        for finding in decision.accepted:
            if finding.exemption is not None:
                self.accepted.add(finding.exemption.id)
        if decision.overrun:
            self.overruns.add()

    def all(self) -> Sequence[Metric]:
        """Return every metric, in a fixed order."""
        return (
            self.reviews,
            self.seconds,
            self.evaluation_seconds,
            self.rule_seconds,
            self.findings,
            self.errors,
            self.accepted,
            self.responses,
            self.overruns,
            self.lookups,
            self.reloads,
            Gauge(f"{PREFIX}in_flight", "Requests being answered.", lambda: {(): self.in_flight}),
            Gauge(f"{PREFIX}cache_age_seconds", "Since a type was known to be up to date.", self._ages, ("type",)),
            Gauge(f"{PREFIX}certificate_expiry_seconds", "End of the certificate, seconds since 1970.", self._expiry),
            Gauge(f"{PREFIX}pack_info", "Rules that decide.", self._packs, ("pack", "version", "digest")),
        )

    def _ages(self) -> dict[Labels, float]:
        contexts = {id(one.context): one.context for one in self._reviewers}
        return {(type_,): age for context in contexts.values() for type_, age in context.ages_s().items()}

    def _expiry(self) -> dict[Labels, float]:
        expires = self._expires()
        return {} if expires is None else {(): expires}

    def _packs(self) -> dict[Labels, float]:
        return {(pack.name, pack.version, pack.digest): 1.0 for one in self._reviewers for pack in one.setup.packs}


def _outcome(decision: Decision) -> str:
    if decision.passed:
        return "passed"
    if not decision.allowed:
        return "denied"
    return "warned" if decision.of(Action.WARN) else "allowed"
