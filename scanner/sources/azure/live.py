"""The Source of live Azure: subscriptions or management groups, page by page, and what could not be seen of them.

Nothing is kept but which subscriptions there are: a page goes out as it came, to be judged by whoever has a hand free.
"""

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from scanner.model.ledger import ALL_AZURE, LedgerEntry, State, Unseen
from scanner.sources.azure import queries
from scanner.sources.azure.changes import ResourceChanges
from scanner.sources.azure.children import Children, Given
from scanner.sources.azure.client import ArmClient, Failure, Reply
from scanner.sources.azure.graph import Asked, Scope, in_groups
from scanner.sources.azure.live_page import LivePage
from scanner.sources.azure.needs import Plan, types_of
from scanner.sources.azure.queries import Query
from scanner.sources.azure.visible import SELF, Visible
from scanner.sources.interface import Page, Source

PARALLEL = 16
"""Calls for the resources of a page that are made side by side."""
_SUBSCRIPTIONS_A_PAGE = 50


class LiveAzure(Source):
    """What one principal can see below some scopes."""

    kind = "azure"

    def __init__(self, scopes: Sequence[str], client: ArmClient, plan: Plan, *, parallel: int = PARALLEL) -> None:
        """Take what to read, as whom and where, and what for.

        ``scopes`` are ids of subscriptions or of management groups. Raises UsageError for anything else.
        """
        self._client = client
        self._plan = plan
        self._parallel = parallel
        self._visible = Visible(scopes, client)
        self._entries: list[LedgerEntry] = []
        self._failure: Failure | None = None

    def places(self) -> Iterator[Page]:
        """Yield the pages that say whose everything is: management groups, subscriptions, resource groups."""
        yield from self._visible.pages()

    def pages(self) -> Iterator[Page]:
        """Yield the pages: those of ``places``, then the resources, then what stands in tables of its own.

        While one is judged the next one is fetched.
        """
        self._entries, self._failure = [], None
        yield from self._visible.pages()
        with ThreadPoolExecutor(1, "azure-ahead") as ahead, ThreadPoolExecutor(self._parallel, "azure") as executor:
            fetched = self._fetched(Children(self._client, self._plan, executor))
            waiting = ahead.submit(next, fetched, None)
            while (page := waiting.result()) is not None:
                waiting = ahead.submit(next, fetched, None)
                yield page

    def entries(self) -> tuple[LedgerEntry, ...]:
        """Return every subscription, seen or not, and every question that was not answered in full."""
        if self._failure is not None:
            return (self._visible.failed(self._failure), *self._entries)
        return (*self._visible.entries(), *self._entries, *self._unread())

    def changes(self) -> ResourceChanges:
        """Return what tells who changed resources in the subscriptions that were seen."""
        return ResourceChanges(self._client, self._visible.subscriptions)

    def _unread(self) -> Iterator[LedgerEntry]:
        for type_ in self._plan.unread:
            reason = f"nothing asks live Azure for it, and rules need it: {', '.join(self._plan.asked_by[type_])}"
            unseen = Unseen((ALL_AZURE,), (type_,))
            yield LedgerEntry(f"{SELF}: {type_}", State.UNSUPPORTED, reason, incomplete=True, unseen=unseen)

    def _fetched(self, children: Children) -> Iterator[LivePage]:
        if self._visible.failure is not None:
            return
        for number, group in enumerate(in_groups(self._visible.subscriptions)):
            yield from self._resources(group, number, children)
        for query in self._plan.queries:
            if query is not queries.SITE_CONFIG:
                yield from self._table(query)
        yield from self._of_subscriptions(children)

    def _resources(self, group: Scope, number: int, children: Children) -> Iterator[LivePage]:
        query = queries.resources(self._plan.types)
        if self._plan.types is not None and not self._plan.types:
            return
        settings = self._site_settings(group)
        partitions = self._partitions(group)
        for part in range(partitions):
            for page, reply in enumerate(self._asked(query, query.text(part, partitions), group)):
                rows = [row for row in reply.value.get("data") or () if isinstance(row, dict) and "id" in row]
                given = children.of_rows(rows)
                beside = [settings[key] for key in (str(row["id"]).lower() for row in rows) if key in settings]
                yield self._page(f"{query.name}/{number}/{part}/{page}", given, reply.data, *beside)

    def _partitions(self, group: Scope) -> int:
        """Return how many partitions a group of subscriptions is divided into, from what there is in it."""
        asked = Asked(self._client, queries.SIZES, group)
        counts = [row for reply in asked for row in reply.value.get("data") or () if isinstance(row, dict)]
        if asked.failure is not None and asked.failure.is_final:
            self._failure = asked.failure
        return queries.partitions(((str(row.get("type")), int(row.get("n") or 0)) for row in counts), self._plan.types)

    def _site_settings(self, group: Scope) -> dict[str, bytes]:
        """Return lower-cased id of a web site → its configuration, which has to be on the page of the site."""
        query = queries.SITE_CONFIG
        if query not in self._plan.queries:
            return {}
        return {
            str(row["id"]).lower().rpartition("/config/")[0]: json.dumps(row).encode()
            for reply in self._asked(query, query.text(), group)
            for row in reply.value.get("data") or ()
            if isinstance(row, dict) and str(row.get("id")).lower().endswith("/config/web")
        }

    def _table(self, query: Query) -> Iterator[LivePage]:
        """Yield what a table of its own holds; what is granted above several subscriptions comes once."""
        above: set[str] = set()
        groups = [Scope(management_group=name) for name in self._visible.management_groups] if query.inherits else []
        single = self._visible.alone if query.inherits else self._visible.subscriptions
        for number, scope in enumerate((*groups, *in_groups(single))):
            for page, reply in enumerate(self._asked(query, query.text(), scope)):
                yield self._page(f"{query.name}/{number}/{page}", Given(), _without(reply, above))

    def _of_subscriptions(self, children: Children) -> Iterator[LivePage]:
        if not self._plan.asks_subscriptions:
            return
        ids = [f"/subscriptions/{id_}" for id_ in self._visible.subscriptions]
        for start in range(0, len(ids), _SUBSCRIPTIONS_A_PAGE):
            if self._is_over():
                return
            given = children.of_subscriptions(ids[start : start + _SUBSCRIPTIONS_A_PAGE])
            yield self._page(f"subscriptions/{start // _SUBSCRIPTIONS_A_PAGE}", given)

    def _page(self, name: str, given: Given, *answers: bytes) -> LivePage:
        self._entries += given.notes
        self._failure = self._failure or given.failure
        return LivePage(f"{SELF}/{name}", (*answers, *given.answers), given.gaps)

    def _asked(self, query: Query, text: str, scope: Scope) -> Iterator[Reply]:
        """Yield the answers to a query; nothing more once nobody is signed in."""
        if self._is_over():
            return
        asked = Asked(self._client, text, scope, inherits=query.inherits)
        for reply in asked:
            yield reply
            if self._is_over():
                return
        self._note(asked, scope, query)

    def _is_over(self) -> bool:
        return self._failure is not None

    def _note(self, asked: Asked, scope: Scope, query: Query) -> None:
        if asked.failure is not None and asked.failure.is_final:
            self._failure = asked.failure
            return
        state = State.UNREACHABLE if asked.failure is not None else State.PARTIAL
        where = tuple(f"/subscriptions/{id_}" for id_ in scope.subscriptions) or (ALL_AZURE,)
        unseen = Unseen(where, types_of(query) or tuple(sorted(self._plan.types or ())))
        self._entries += [
            LedgerEntry(f"{scope.name}: {query.name}", state, problem, incomplete=True, unseen=unseen)
            for problem in asked.problems
        ]


def _without(reply: Reply, above: set[str]) -> bytes:
    """Return an answer without the rows above subscriptions that were in another one; those in it are remembered."""
    rows: list[Any] = reply.value.get("data") or []
    kept = []
    for row in rows:
        id_ = str(row.get("id")).lower() if isinstance(row, dict) else ""
        if id_.startswith("/subscriptions/") or id_ not in above:
            kept.append(row)
        if not id_.startswith("/subscriptions/"):
            above.add(id_)
    return reply.data if len(kept) == len(rows) else json.dumps({"data": kept}).encode()
