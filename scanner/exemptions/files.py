"""Exemptions from a file: ``exemptions.yaml``."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from scanner.config import ExemptionPolicy
from scanner.errors import Diagnostic, ExemptionError
from scanner.exemptions.attributes import AttributePattern
from scanner.exemptions.match import ATTRIBUTES
from scanner.exemptions.terms import refusal
from scanner.model.exemption import Exemption
from scanner.model.ledger import LedgerEntry, State
from scanner.validation import Text, faults, read_valid, shown


def load_exemptions(
    path: str, policy: ExemptionPolicy | None = None
) -> tuple[tuple[Exemption, ...], tuple[LedgerEntry, ...]]:
    """Return the Exemptions of a file that count under ``policy``, and a note for each that does not.

    Raises ExemptionError, with one detail per fault, where the file cannot be read or is not valid: an exemption that
    nobody can read must not silently stop or start to hold.
    """
    text = read_valid(path, "exemptions")
    if isinstance(text, Text):
        text = [*_repeated(text), *_unreadable(text)] or text
    if not isinstance(text, Text):
        raise ExemptionError(f"cannot use exemptions {shown(path)}: it has {faults(text)}", details=text)
    counting, notes = [], []
    for index, entry in enumerate(text.value["exemptions"]):
        place = text.place(("exemptions", index))
        exemption = _exemption(entry, place.file, place.line or 1)
        approved = date.fromisoformat(entry["approved"]) if "approved" in entry else None
        why = refusal(exemption, policy or ExemptionPolicy(), approved)
        if why:
            notes.append(note(exemption, f"is not applied: {why}", place.column))
        else:
            counting.append(exemption)
    return tuple(counting), tuple(notes)


def note(exemption: Exemption, message: str, column: int | None = None) -> LedgerEntry:
    """Return the note that tells what became of an Exemption."""
    name = "inline exemption" if exemption.source == "inline" else f"exemption {exemption.id}"
    return LedgerEntry(exemption.file, State.SCANNED, f"{name} {message}", exemption.line, column)


def _repeated(text: Text) -> Iterator[Diagnostic]:
    seen: dict[str, int | None] = {}
    for index, entry in enumerate(text.value["exemptions"]):
        place = text.place(("exemptions", index, "id"))
        if entry["id"] in seen:
            message = f"exemptions[{index}].id: '{entry['id']}' is used twice, first on line {seen[entry['id']]}"
            yield Diagnostic(*place, message)
        seen.setdefault(entry["id"], place.line)


def _unreadable(text: Text) -> Iterator[Diagnostic]:
    for index, entry in enumerate(text.value["exemptions"]):
        for number, attribute in enumerate(entry["selector"].get(ATTRIBUTES, ())):
            try:
                AttributePattern(attribute)
            except ValueError as error:
                place = text.place(("exemptions", index, "selector", ATTRIBUTES, number))
                yield Diagnostic(*place, f"exemptions[{index}].selector.{ATTRIBUTES}[{number}]: {error}")


def _exemption(entry: Mapping[str, Any], file: str, line: int) -> Exemption:
    return Exemption(
        id=entry["id"],
        rules=tuple(entry["rules"]),
        reason=entry.get("reason", ""),
        source="file",
        file=file,
        line=line,
        selector=dict(_selector(entry["selector"])),
        owner=entry.get("owner", ""),
        ticket=entry.get("ticket", ""),
        approved_by=entry.get("approved_by", ""),
        expires=date.fromisoformat(entry["expires"]) if "expires" in entry else None,
    )


def _selector(selector: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Flatten ``labels``, and write alternatives as one text with commas, which no name holds."""
    for key, value in selector.items():
        if isinstance(value, Mapping):
            for label, globs in value.items():
                yield f"labels.{label}", alternatives(globs)
        else:
            yield key, alternatives(value)


def alternatives(globs: str | list[str] | tuple[str, ...]) -> str:
    """Return globs, of which any may match, as the one text that ``Exemption.selector`` holds: ``t08,t14``."""
    return globs if isinstance(globs, str) else ",".join(globs)
