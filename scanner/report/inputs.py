"""One entry of the ledger for each input, also where several pages have read it.

A module of Terraform is read for every root that calls it, so every such page has an entry for its files. A manifest is
read by one page only, and its entries are left as they are.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from scanner.model.exemption import Exemption
from scanner.model.ledger import LedgerEntry, State

COVERS_NOTHING = "an inline exemption covers nothing"
"""How Sources begin to say that of one."""


def merged(pages: Iterable[Sequence[LedgerEntry]]) -> list[LedgerEntry]:
    """Return the entries of all pages; those that several pages have for one input become one for each thing said.

    Of such an input a plain ``scanned`` is left out where another page says more; Resources are added up.
    """
    entries: list[LedgerEntry] = []
    first_page: dict[str, int] = {}
    shared: defaultdict[str, list[LedgerEntry]] = defaultdict(list)
    for number, page in enumerate(pages):
        for entry in page:
            if first_page.setdefault(entry.input, number) != number:
                shared[entry.input] = []
            entries.append(entry)
    if not shared:
        return entries
    for entry in entries:
        if entry.input in shared:
            shared[entry.input].append(entry)
    alone = [entry for entry in entries if entry.input not in shared]
    return [*alone, *(entry for found in shared.values() for entry in _together(found))]


def told(notes: Iterable[LedgerEntry], exemptions: Iterable[Exemption]) -> list[LedgerEntry]:
    """Return the notes of all pages, each once, in their order.

    That an inline exemption covers nothing is only worth a note where it covers nothing on any page.
    """
    holding = {(exemption.file, exemption.line) for exemption in exemptions}
    return [
        note
        for note in dict.fromkeys(notes)
        if (note.input, note.line) not in holding or not note.reason.startswith(COVERS_NOTHING)
    ]


def completed(entries: Sequence[LedgerEntry], expected: Iterable[LedgerEntry]) -> tuple[LedgerEntry, ...]:
    """Return ``entries`` of pages and those a Source has for inputs that no page has said anything of."""
    said = {entry.input for entry in entries}
    return (*entries, *(entry for entry in expected if entry.input not in said))


def _together(entries: Sequence[LedgerEntry]) -> list[LedgerEntry]:
    said = dict.fromkeys(entry._replace(resources=0) for entry in entries)
    telling = [entry for entry in said if entry.state is not State.SCANNED or entry.reason]
    first, *others = telling or list(said)[:1]
    return [first._replace(resources=sum(entry.resources for entry in entries)), *others]
