"""The ledger as notifications of the run: what was read and what was not is part of the result."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sarif_om as om

from scanner.formats.sarif.places import artifact
from scanner.formats.sarif.results import plain_text
from scanner.formats.wording import plural
from scanner.model.ledger import LedgerEntry, State
from scanner.report import Counts

MOST_NOTIFICATIONS = 1_000
"""Entries of the ledger that are listed one by one, those that make the run incomplete first."""

DESCRIPTIONS = {
    "ledger/summary": "How many inputs were read, and how many were not",
    "ledger/partial": "An input was read in part",
    "ledger/unparsed": "An input should have been read and could not be",
    "ledger/unreachable": "An input could not be opened",
    "ledger/unsupported": "An input is something that no source reads",
    "ledger/excluded": "Configuration or an ignore file leaves an input out",
    "ledger/more": "There are more entries of the ledger than are listed",
    "rule/error": "A rule could not be evaluated",
    "note": "Something about an exemption or a declaration needs attention",
    "results/grouped": "There are more findings than code scanning accepts, so some share a result",
    "results/shown": "There are more results than code scanning shows",
}
"""Notification id → what it means."""

_DOCUMENT = re.compile(r"#\d+\Z")


class Notifications:
    """Makes notifications; knows the place of each Rule and each kind of notification in their lists."""

    def __init__(self, rules: Iterable[str]) -> None:
        self._rules: Mapping[str, int] = {rule: index for index, rule in enumerate(rules)}
        self._kinds = {name: index for index, name in enumerate(DESCRIPTIONS)}

    def of_ledger(self, ledger: Sequence[LedgerEntry], counts: Counts) -> Iterator[Any]:
        """Yield the counts, then every entry that was not simply scanned, the incomplete ones first."""
        numbers = ", ".join(f"{counts.ledger[state]} {state.value}" for state in State if counts.ledger.get(state))
        yield self.notice("ledger/summary", "note", f"inputs: {numbers or 'none'}; {counts.resources} resources")
        entries = [entry for entry in ledger if entry.state is not State.SCANNED and not entry.rule]
        entries.sort(key=lambda entry: (not entry.incomplete, entry.state is State.EXCLUDED))
        for entry in entries[:MOST_NOTIFICATIONS]:
            yield self._entry(f"ledger/{entry.state.value}", entry)
        if len(entries) > MOST_NOTIFICATIONS:
            rest = plural(len(entries) - MOST_NOTIFICATIONS, "more entry")
            yield self.notice("ledger/more", "note", f"{rest} of the ledger: the JSON report has all of them")

    def of_rule_errors(self, ledger: Iterable[LedgerEntry]) -> Iterator[Any]:
        """Yield what is known of Rules that could not be evaluated."""
        for entry in ledger:
            if entry.rule:
                yield self._entry("rule/error", entry)

    def of_notes(self, notes: Iterable[LedgerEntry]) -> Iterator[Any]:
        """Yield notes about Exemptions and declarations."""
        for note in notes:
            yield self._entry("note", note)

    def notice(self, id_: str, level: str, text: str) -> Any:
        """Return a notification about the run itself."""
        return om.Notification(
            descriptor=om.ReportingDescriptorReference(id=id_, index=self._kinds[id_]),
            level=level,
            message=om.Message(text=plain_text(text)),
        )

    def _entry(self, id_: str, entry: LedgerEntry) -> Any:
        level = "error" if entry.incomplete else "note" if entry.state in _QUIET else "warning"
        found = self.notice(id_, level, entry.reason or DESCRIPTIONS[id_])
        region = om.Region(start_line=entry.line or 1, start_column=entry.column if entry.line else None)
        if entry.input:
            place = om.PhysicalLocation(artifact_location=artifact(_DOCUMENT.sub("", entry.input)), region=region)
            found.locations = [om.Location(physical_location=place)]
        if entry.rule in self._rules:
            found.associated_rule = om.ReportingDescriptorReference(id=entry.rule, index=self._rules[entry.rule])
        return found


_QUIET = (State.EXCLUDED, State.UNSUPPORTED)


def descriptors() -> list[Any]:
    """Return the reportingDescriptors of all notifications."""
    return [
        om.ReportingDescriptor(id=id_, short_description=om.MultiformatMessageString(text=text))
        for id_, text in DESCRIPTIONS.items()
    ]
