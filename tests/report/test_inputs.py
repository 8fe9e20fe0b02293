"""One entry for each input."""

from scanner.model.exemption import Exemption
from scanner.model.ledger import LedgerEntry, State
from scanner.report.inputs import COVERS_NOTHING, completed, merged, told


def test_entries_of_one_page_are_left_as_they_are() -> None:
    page = (
        LedgerEntry("a.yaml", State.SCANNED, resources=2),
        LedgerEntry("a.yaml", State.UNSUPPORTED, "a list", 4),
        LedgerEntry("a.yaml", State.UNSUPPORTED, "a list", 4),
    )
    assert merged([page, (LedgerEntry("b.yaml", State.SCANNED),)]) == [*page, LedgerEntry("b.yaml", State.SCANNED)]


def test_a_file_that_several_pages_read_has_one_entry() -> None:
    read = [(LedgerEntry("m/main.tf", State.SCANNED, resources=number),) for number in (1, 2, 3)]
    assert merged([*read, (LedgerEntry("live/main.tf", State.SCANNED),)]) == [
        LedgerEntry("live/main.tf", State.SCANNED),
        LedgerEntry("m/main.tf", State.SCANNED, resources=6),
    ]


def test_what_one_page_could_not_read_is_not_hidden_by_another_that_could() -> None:
    fault = LedgerEntry("m/main.tf", State.PARTIAL, "cannot evaluate count: it is a list", 3, 3, 1, incomplete=True)
    other = LedgerEntry("m/main.tf", State.PARTIAL, "cannot evaluate for_each: it is a number", 9, 3, incomplete=True)
    fine = LedgerEntry("m/main.tf", State.SCANNED, resources=4)

    assert merged([(fine,), (fault,), (fault, other)]) == [fault._replace(resources=6), other]


def test_what_a_source_expected_gives_way_to_what_a_page_says() -> None:
    page = [LedgerEntry("a.tf", State.SCANNED, resources=1)]
    expected = [LedgerEntry("a.tf", State.SCANNED, "not read"), LedgerEntry("b.tf", State.SCANNED, "not read")]
    assert completed(page, expected) == (page[0], expected[1])


def test_notes_of_several_pages_are_told_once() -> None:
    note = LedgerEntry("m/main.tf", State.SCANNED, "cannot read inline exemption: it names no rule", 3, 5)
    assert told([note, note], ()) == [note]


def test_an_exemption_that_covers_something_on_one_page_covers_something() -> None:
    nothing = LedgerEntry("m/main.tf", State.SCANNED, f"{COVERS_NOTHING}: no resource starts there", 3, 5)
    twice = LedgerEntry("m/main.tf", State.SCANNED, "key 'a' is set twice", 3, 5)
    exemption = Exemption("inline:m/main.tf:3", ("A-1",), "because", "inline", "m/main.tf", 3)
    assert told([nothing, twice], (exemption,)) == [twice]
    assert told([nothing, twice], ()) == [nothing, twice]
