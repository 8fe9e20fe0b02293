"""The last step before the Report: which Findings are accepted, by what, and which Exemptions did nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from scanner.config import ExemptionPolicy
from scanner.exemptions.files import note
from scanner.exemptions.match import LabelsOf, Matcher
from scanner.exemptions.terms import protected, refusal
from scanner.exemptions.unused import Sight, divided
from scanner.model.exemption import Exemption
from scanner.model.finding import Finding
from scanner.model.ledger import LedgerEntry
from scanner.model.verdict import Verdict


class Applied(NamedTuple):
    """Findings after Exemptions, and what became of these. All in the order they were given in."""

    findings: tuple[Finding, ...]
    """All of them; the accepted ones carry their Exemption, the first where several cover one."""
    used: tuple[Exemption, ...]
    """Those that cover at least one Finding."""
    expired: tuple[Exemption, ...]
    """Those whose last day is past: they did nothing."""
    unused: tuple[Exemption, ...]
    """Those that hold and cover no Finding."""
    notes: tuple[LedgerEntry, ...]
    """Those that the configuration does not permit, with the reason: they did nothing."""
    unseen: tuple[Exemption, ...] = ()
    """Those that hold and cover no Finding, in a run that has not looked at all they could be for."""

    def seen_by(self, sight: Sight) -> "Applied":
        """Return this with those as ``unseen`` that ``sight`` says nothing of."""
        unused, unseen = divided(self.unused, sight)
        return self._replace(unused=unused, unseen=unseen)


def apply(
    findings: Iterable[Finding],
    exemptions: Sequence[Exemption],
    today: date,
    policy: ExemptionPolicy,
    labels_of: LabelsOf = lambda _: _NO_LABELS,
) -> Applied:
    """Return ``findings`` with the Exemptions that hold on ``today`` applied to them.

    Failing and unknown Findings may be exempted; an error may not, since nothing is known about it.
    """
    holding, expired, notes = [], [], []
    for exemption in exemptions:
        if exemption.expired(today):
            expired.append(exemption)
        elif why := refusal(exemption, policy, today):
            notes.append(note(exemption, f"is not applied: {why}"))
        else:
            holding.append(exemption)
    matcher = Matcher(holding, labels_of)
    accepted, covering_any = [], 0
    for finding in findings:
        covering = 0 if finding.verdict is Verdict.ERROR else matcher.covering(finding)
        if covering and protected(finding.rule, policy):
            notes.extend(note(one, _PROTECTED.format(finding.rule)) for one in matcher.members(covering))
            covering = 0
        covering_any |= covering
        accepted.append(finding.with_exemption(matcher.first(covering)) if covering else finding)
    used = _once(matcher.members(covering_any))
    written = {_statement(exemption) for exemption in used}
    unused = _once(one for one in matcher.members(~covering_any) if _statement(one) not in written)
    return Applied(tuple(accepted), used, _once(expired), unused, tuple(dict.fromkeys(notes)))


_PROTECTED = "does not cover {}: nothing may accept its findings (exemptions.protected)"


def _once(exemptions: Iterable[Exemption]) -> tuple[Exemption, ...]:
    """Return the first of each statement: a comment may cover many Resources, with an Exemption for each."""
    first: dict[tuple[str, str, int], Exemption] = {}
    for one in exemptions:
        first.setdefault(_statement(one), one)
    return tuple(first.values())


def _statement(exemption: Exemption) -> tuple[str, str, int]:
    return (exemption.id, exemption.file, exemption.line)


def reminders(applied: Applied) -> Iterator[LedgerEntry]:
    """Yield a note for each Exemption that did nothing because its time is over or because nothing needs it."""
    for exemption in applied.expired:
        yield note(exemption, f"expired on {exemption.expires}: it does nothing; renew it or remove it")
    for exemption in applied.unused:
        yield note(exemption, "covers no finding: remove it")


_NO_LABELS: Mapping[str, str] = {}
