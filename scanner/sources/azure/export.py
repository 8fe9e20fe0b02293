"""A Source of an export of any size: it is indexed once, and read page by page by whoever judges it.

Nothing is written to disk on the way, since an export may hold secrets: children that ARM nests are carried to the page
of their parent by their place in the file instead of by sorting it.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache, cached_property
from typing import Any, BinaryIO, NamedTuple

from scanner.canonical.shapes import shape_of
from scanner.canonical.tables import arm_types
from scanner.model.ledger import ALL_AZURE, LedgerEntry, State, Unseen
from scanner.sources.azure.answers import ROWS, TWICE, Tally, rooted, rows_of
from scanner.sources.azure.export_page import ExportPage, Part
from scanner.sources.azure.stream import Answer, BrokenError, Element, elements, encoding_of
from scanner.sources.files import cause
from scanner.sources.interface import Page, Source
from scanner.views import azure_ids
from scanner.views.azure_ids import Level

PAGE_ROWS = 500
_ANYTHING = Unseen((ALL_AZURE,))
_PLACES = (Level.SUBSCRIPTION, Level.RESOURCE_GROUP, Level.MANAGEMENT_GROUP)


class AzureExport(Source):
    """The Resources of one file that holds answers of Azure."""

    kind = "azure"

    def __init__(
        self, path: str, *, name: str = "", page_rows: int = PAGE_ROWS, wanted: Callable[[str], bool] | None = None
    ) -> None:
        """Take the file; ``name`` is how reports print it, and a page has about ``page_rows`` rows.

        ``wanted`` says of a subscription, by its lower-cased id, whether it is to be read; without it all are. What is
        in no subscription always is.
        """
        self._path = path
        self._name = name or path.replace(os.sep, "/")
        self._page_rows = page_rows
        self._wanted = wanted

    def pages(self) -> Iterator[Page]:
        """Yield the pages in the order of the file."""
        yield from self._index.pages

    def places(self) -> Iterator[Page]:
        """Yield the pages that hold subscriptions, groups or management groups."""
        yield from self._index.places

    def entries(self) -> tuple[LedgerEntry, ...]:
        """Return what was left out on request, and what the export says of itself: that it is cut off or broken."""
        return self._index.entries

    @cached_property
    def _index(self) -> "_Index":
        try:
            with open(self._path, "rb") as stream:
                return _Indexer(stream, self._path, self._name, self._page_rows, _Choice(self._wanted)).index()
        except OSError as error:
            reason = f"cannot open the file: {cause(error)}"
            entry = LedgerEntry(self._name, State.UNREACHABLE, reason, incomplete=True, unseen=_ANYTHING)
            return _Index((), (), (entry,))


class _Index(NamedTuple):
    pages: tuple[ExportPage, ...]
    places: tuple[ExportPage, ...]
    entries: tuple[LedgerEntry, ...]


class _Choice:
    """Which subscriptions of an export are read; each is asked for once."""

    def __init__(self, wanted: Callable[[str], bool] | None) -> None:
        self._wanted = wanted
        self._known: dict[str, bool] = {}

    def kept(self, ids: list[str], left: Counter[str]) -> list[str]:
        """Return those of some rows that are read; how many of a subscription are not is added to ``left``."""
        if self._wanted is None:
            return ids
        kept = []
        for id_ in ids:
            subscription = azure_ids.subscription_guid(id_)
            if not subscription or self._reads(subscription, self._wanted):
                kept.append(id_)
            else:
                left[subscription] += 1
        return kept

    def refused(self) -> tuple[str, ...]:
        """Return the subscriptions that are not read, sorted."""
        return tuple(sorted(name for name, is_wanted in self._known.items() if not is_wanted))

    def _reads(self, subscription: str, wanted: Callable[[str], bool]) -> bool:
        if subscription not in self._known:
            self._known[subscription] = wanted(subscription)
        return self._known[subscription]


class _Draft:
    """A page while it is filled."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self._run = -1
        self.rows = 0
        self.has_places = False
        self.left_out: set[str] = set()
        self.carried: list[Part] = []

    def add(self, element: Element, rows: int) -> None:
        """Add an element that holds ``rows`` rows."""
        self.rows += rows
        if self.parts and self._run == element.run:
            self.parts[-1] = Part(self.parts[-1].start, element.end, element.listed)
        else:
            self.parts.append(Part(element.start, element.end, element.listed))
        self._run = element.run


class _Indexer:
    """Goes through a file once; twice where it holds children that stand apart from their parents."""

    def __init__(self, stream: BinaryIO, path: str, name: str, page_rows: int, choice: _Choice) -> None:
        self._choice = choice
        self._left: Counter[str] = Counter()
        """Lower-cased id of a subscription → rows of it that are left out."""
        self._stream = stream
        self._path = path
        self._name = name
        self._page_rows = page_rows
        self._tally = Tally()
        self._nested: dict[str, list[tuple[int, str, Part]]] = {}
        """Lower-cased id of a parent → (index of the page, id, place) of its children."""

    def index(self) -> _Index:
        drafts = self._drafts()
        if self._nested:
            self._carry(drafts)
        status = os.fstat(self._stream.fileno())
        stamp = (status.st_size, status.st_mtime_ns)
        self._stream.seek(0)
        encoding = encoding_of(self._stream.read(4))[0]
        pages, places, start = [], [], 0
        for draft in drafts:
            name = f"{self._name}[{start}:{start + draft.rows}]"
            parts = (*draft.parts, *draft.carried)
            left_out = tuple(draft.left_out)
            page = ExportPage(
                self._path, self._name, name, parts, left_out, encoding, stamp, refused=self._choice.refused()
            )
            pages.append(page)
            places += [page] if draft.has_places else []
            start += draft.rows
        return _Index(tuple(pages), tuple(places), self._entries(start))

    def _entries(self, rows: int) -> tuple[LedgerEntry, ...]:
        left = tuple(
            LedgerEntry(f"{self._name}: subscription {id_}", State.EXCLUDED, f"{number} rows; --only leaves it out")
            for id_, number in sorted(self._left.items())
        )
        shortfalls = self._tally.close()
        if shortfalls:
            reason = "; ".join(shortfalls[:3])
            return (LedgerEntry(self._name, State.PARTIAL, reason, incomplete=True, unseen=_ANYTHING), *left)
        return left if rows or left else (LedgerEntry(self._name, State.SCANNED, "it holds no resources"),)

    def _drafts(self) -> list[_Draft]:
        drafts = [_Draft()]
        for element, ids in self._elements(self._tally, self._left):
            draft = drafts[-1]
            if draft.rows >= self._page_rows:
                draft = _Draft()
                drafts.append(draft)
            draft.add(element, len(ids))
            for id_ in ids:
                draft.has_places = draft.has_places or _is_place(id_)
                parent = _nesting_parent(id_)
                if parent:
                    place = Part(element.start, element.end, element.listed)
                    self._nested.setdefault(parent, []).append((len(drafts) - 1, id_, place))
        return [draft for draft in drafts if draft.parts]

    def _carry(self, drafts: list[_Draft]) -> None:
        """Give every child that ARM nests to the page of its parent; those without a parent stay."""
        for number, id_ in self._numbered(drafts):
            for home, child, part in self._nested.pop(id_, ()):
                if home != number:
                    drafts[home].left_out.add(child)
                    drafts[number].carried.append(part)

    def _numbered(self, drafts: list[_Draft]) -> Iterator[tuple[int, str]]:
        """Yield (index of its page, id) of every row."""
        self._stream.seek(0)
        number, left = 0, drafts[0].rows if drafts else 0
        for _, ids in self._elements(Tally(), Counter()):
            if not left:
                number += 1
                left = drafts[number].rows
            left -= len(ids)
            for id_ in ids:
                yield number, id_

    def _elements(self, tally: Tally, left: Counter[str]) -> Iterator[tuple[Element, list[str]]]:
        """Yield each element that holds rows that are read, with the lower-cased ids of those."""
        try:
            for found in elements(self._stream):
                if isinstance(found, Answer):
                    if not ROWS.isdisjoint(found.members):
                        tally.stray(TWICE)
                    tally.add(found.members, found.rows, found.first)
                elif ids := self._choice.kept(_ids(found.value, tally), left):
                    yield found, ids
        except BrokenError as error:
            tally.stray(f"it cannot be read to its end: {error}")


def _ids(value: Any, tally: Tally) -> list[str]:
    id_ = value.get("id") if value.__class__ is dict else None
    if id_.__class__ is str:
        return [rooted(id_).lower()]
    return [rooted(row.value["id"]).lower() for row in rows_of(value, tally)]


def _is_place(id_: str) -> bool:
    if id_.count("/") > 4:  # cheaper than taking every id apart
        return False
    return azure_ids.level(id_) in _PLACES


def _nesting_parent(id_: str) -> str:
    """Return the id of the parent that a child is nested in; empty where it stands for itself."""
    if id_.rpartition("/")[0].rpartition("/")[2] not in _nested_kinds():
        return ""
    parsed = azure_ids.parse(id_)
    if parsed is None or len(parsed.names) < 2:
        return ""
    outer, _, kind = parsed.type.rpartition("/")
    nested = shape_of(outer).nested.get(kind)
    if nested is None or (nested.named and nested.named != parsed.names[-1]):
        return ""
    return azure_ids.parent(id_)


@cache
def _nested_kinds() -> frozenset[str]:
    """Return the last step, in lower case, of every type that ARM nests in its parent."""
    return frozenset(kind for type_ in arm_types() for kind in shape_of(type_).nested)
