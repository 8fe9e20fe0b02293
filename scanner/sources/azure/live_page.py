"""One page of live Azure: raw answers, taken apart where it is judged."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from scanner.model.ledger import ALL_AZURE, LedgerEntry, State, Unseen
from scanner.model.unknown import Unknown
from scanner.sources.azure.answers import Row, Tally, rows_of
from scanner.sources.azure.parsing import parse, uncollected
from scanner.sources.azure.resources import Settled
from scanner.sources.interface import Page, PageContent


class Gap(NamedTuple):
    """A call that failed, and what it would have given."""

    id: str
    """Id of the resource that is not known; its last name in braces where there may be any number of them."""
    input: str
    """What was called, for the ledger."""
    reason: str
    """``not readable: 403 AuthorizationFailed``."""
    of: str
    """Id of the resource or subscription that it was asked for."""
    type: str
    """Type of what the call would have given."""

    @property
    def entry(self) -> LedgerEntry:
        """What the ledger says of it."""
        unseen = Unseen((self.of.lower(),), (self.type,))
        return LedgerEntry(self.input, State.UNREACHABLE, self.reason, incomplete=True, unseen=unseen)


class LivePage(Page):
    """Some answers. Picklable, and judged without the network."""

    def __init__(self, name: str, answers: tuple[bytes, ...], gaps: tuple[Gap, ...] = ()) -> None:
        """Take whole answers of Resource Graph or of the resource manager, and what could not be read for them."""
        self._name = name
        self._answers = answers
        self._gaps = gaps

    @property
    def name(self) -> str:
        """The query and its part: ``azure/resources/3``."""
        return self._name

    @property
    def size_bytes(self) -> int:
        """Size of the answers."""
        return sum(map(len, self._answers))

    def read(self) -> PageContent:
        """Make Resources of the answers; what could not be read is a Resource of which nothing is known."""
        with uncollected():
            return self._read()

    def _read(self) -> PageContent:
        tally = Tally()
        counted = Tally()  # whether an answer is whole was looked at when it came
        settled = Settled(self._rows(counted), tally, self._name)
        strays = tuple(dict.fromkeys((*counted.strays, *tally.shortfalls)))
        state = State.PARTIAL if strays else State.SCANNED
        unseen = Unseen((ALL_AZURE,)) if strays else None
        entry = LedgerEntry(
            self._name,
            state,
            "; ".join(strays),
            resources=len(settled.resources),
            incomplete=bool(strays),
            unseen=unseen,
        )
        return PageContent(tuple(settled.resources), (entry, *(gap.entry for gap in self._gaps)))

    def _rows(self, tally: Tally) -> Iterator[Row]:
        for index, answer in enumerate(self._answers):
            for row in rows_of(parse(answer), tally):
                yield row._replace(at=(index, *row.at))
        for gap in self._gaps:
            value: dict[str, Any] = {"id": gap.id, "properties": Unknown(gap.reason, gap.input)}
            yield Row(value, ())
