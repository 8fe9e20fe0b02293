"""Answers of Resource Graph and of Azure Resource Manager, taken apart into rows; and whether they are complete.

An answer that is cut off looks exactly like one that is not, unless somebody counts: that is done here.
Sources: "Resources" of the Resource Graph REST reference (api-version 2022-10-01), "Paging" of the ARM RPC.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from scanner.model.path import Path
from scanner.views import azure_ids

_TOKENS = ("$skipToken", "skip_token", "skipToken")
"""As the service, the Azure CLI and the SDKs write it."""
_LINKS = ("nextLink", "next_link", "@odata.nextLink")
_TOTALS = ("totalRecords", "total_records")
_TRUNCATED = ("resultTruncated", "result_truncated")
_MARKS = (*_TOKENS, *_LINKS, *_TOTALS, *_TRUNCATED)
ROWS = frozenset(("data", "value"))
"""What answers call their rows: Resource Graph, and lists of the resource manager."""
TWICE = "an answer has rows in two places, and only the first ones were read"
_LOOKED_AT = 50
"""Items that decide whether a file is an export."""


class Row(NamedTuple):
    """One resource as an answer holds it."""

    value: Mapping[str, Any]
    at: Path
    """Where it stands in its document: ``("data", 3)``."""
    columns: Mapping[str, int] | None = None
    """Name of a column → its index, where the answer is a table."""

    def path(self, inner: Path) -> Path:
        """Return the path in the document of ``inner``, a path in the row."""
        if self.columns is None or not inner:
            return (*self.at, *inner)
        index = self.columns.get(str(inner[0]))
        return (*self.at, index, *inner[1:]) if index is not None else self.at


class Tally:
    """Counts what the answers of one export say of themselves. Answers come in the order of the file."""

    def __init__(self) -> None:
        self.shortfalls: list[str] = []
        """Why the export is not complete, each a sentence; empty for a complete one."""
        self.strays: list[str] = []
        """Those of them that are about what stands in the place of a resource."""
        self._open: _Chain | None = None

    def add(self, answer: Mapping[str, Any], rows: int, first: Any) -> None:
        """Take note of an answer with ``rows`` rows, of which ``first`` is the first one."""
        chain = self._continued(answer, first)
        if chain is None:
            chain = _Chain(_first(answer, _TOTALS), 0, None, None)
        count = answer.get("count")
        if isinstance(count, int) and count != rows:
            self.shortfalls.append(f"an answer says that it has {count} rows and has {rows}")
        if str(_first(answer, _TRUNCATED)).lower() == "true":
            self.shortfalls.append("an answer says that it is truncated: resultTruncated is true")
        token, link = _first(answer, _TOKENS), _first(answer, _LINKS)
        chain = chain._replace(rows=chain.rows + rows, token=token, link=link)
        if token or link:
            self._open = chain
        else:
            self._check(chain)

    def error(self, answer: Mapping[str, Any]) -> None:
        """Take note of an answer that is an error."""
        error = answer["error"]
        code = error.get("code") if isinstance(error, Mapping) else None
        self.stray(f"an answer is an error: {str(code or 'without a code')[:80]}")

    def stray(self, what: str) -> None:
        """Take note of something that is no resource."""
        self.strays.append(what)
        self.shortfalls.append(what)

    def close(self) -> tuple[str, ...]:
        """Return the shortfalls; no answer comes after this."""
        self._leave()
        return tuple(dict.fromkeys(self.shortfalls))

    def _continued(self, answer: Mapping[str, Any], first: Any) -> "_Chain | None":
        """Return the chain of answers that ``answer`` goes on with; None where it starts one."""
        chain, self._open = self._open, None
        if chain is None:
            return None
        if chain.token:
            continues = chain.total is None or _first(answer, _TOTALS) == chain.total
        else:
            continues = not isinstance(first, Mapping) or _answers(str(chain.link), first)
        if continues:
            return chain
        self._open = chain
        self._leave()
        return None

    def _leave(self) -> None:
        if self._open is not None:
            what = "$skipToken" if self._open.token else "nextLink"
            self.shortfalls.append(f"the pages after a {what} are missing")
            self._open = None

    def _check(self, chain: "_Chain") -> None:
        if isinstance(chain.total, int) and chain.total != chain.rows:
            self.shortfalls.append(f"{chain.rows} of {chain.total} rows are there")


class _Chain(NamedTuple):
    """Answers that are pages of one."""

    total: Any
    rows: int
    token: Any
    link: Any


def rows_of(value: Any, tally: Tally) -> Iterator[Row]:
    """Yield the rows of one document: an answer, a single resource, or an array of either.

    In an array what has an id is a resource, whatever else it has: a query may call any column ``value``.
    """
    if not isinstance(value, list):
        yield from _rows_of_item(value, (), tally)
        return
    for index, item in enumerate(value):
        if isinstance(item, Mapping) and isinstance(item.get("id"), str):
            yield Row(item, (index,))
        else:
            yield from _rows_of_item(item, (index,), tally)


def is_export(values: list[Any]) -> bool:
    """Whether the documents of a file hold answers or resources of Azure."""
    items = [item for value in values for item in (value[:_LOOKED_AT] if isinstance(value, list) else [value])]
    return any(_is_of_azure(item) for item in items[:_LOOKED_AT])


def _is_of_azure(item: Any) -> bool:
    if not isinstance(item, Mapping):
        return False
    held = held_rows(item)
    if held is None:
        return _is_resource(item)
    rows, columns = held
    if columns is not None:
        return "id" in columns
    return any(_is_resource(row) for row in rows[:_LOOKED_AT]) or (not rows and any(mark in item for mark in _MARKS))


def _is_resource(item: Any) -> bool:
    id_ = item.get("id") if isinstance(item, Mapping) else None
    return isinstance(id_, str) and "metadata" not in item and azure_ids.parse(rooted(id_)) is not None


def rooted(id_: str) -> str:
    """Return an id with its leading slash, which some providers forget."""
    return f"/{id_}" if id_[:14].lower() == "subscriptions/" else id_


def held_rows(item: Mapping[str, Any]) -> tuple[list[Any], Mapping[str, int] | None] | None:
    """Return the rows that an answer holds, and its columns where it is a table; None for what is no answer."""
    for key, held in item.items():
        if key in ROWS and isinstance(held, list):
            return held, None
    table = item.get("data")
    if isinstance(table, Mapping) and isinstance(table.get("rows"), list) and isinstance(table.get("columns"), list):
        names = [column.get("name") if isinstance(column, Mapping) else column for column in table["columns"]]
        return table["rows"], {str(name): index for index, name in enumerate(names)}
    return None


def _rows_of_item(item: Any, at: Path, tally: Tally) -> Iterator[Row]:
    if not isinstance(item, Mapping):
        tally.stray("an item is no object")
        return
    held = held_rows(item)
    if held is None:
        if isinstance(item.get("id"), str):
            yield Row(item, at)
        elif "error" in item:
            tally.error(item)
        else:
            tally.stray("a row has no id; project it")
        return
    rows, columns = held
    if item.keys() >= ROWS:
        tally.stray(TWICE)
    first = rows[0] if rows and columns is None else None
    tally.add(item, len(rows), first)
    below: Path = (
        (*at, "data", "rows") if columns is not None else (*at, "data" if item.get("data") is rows else "value")
    )
    for index, row in enumerate(rows):
        if columns is not None and isinstance(row, list):
            row = {name: row[column] for name, column in columns.items() if column < len(row)}
        if isinstance(row, Mapping) and isinstance(row.get("id"), str):
            yield Row(row, (*below, index), columns)
        else:
            tally.stray("a row has no id; project it" if isinstance(row, Mapping) else "an item is no object")


def _first(answer: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    """Return the first of some members that has a value."""
    return next((answer[name] for name in names if answer.get(name) not in (None, "")), None)


def _answers(link: str, row: Mapping[str, Any]) -> bool:
    """Whether a row may come from the collection that ``link`` is the next page of."""
    path = urlsplit(link).path.lower()
    scope, _, collection = path.rpartition("/providers/")
    id_ = str(row.get("id", "")).lower()
    return id_.startswith(scope) and f"/providers/{collection}".rstrip("/") in id_ if collection else True
