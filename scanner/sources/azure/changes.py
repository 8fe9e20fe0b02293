"""Who changed some resources, as Resource Graph tells it: the table ``resourcechanges``, which goes back 14 days.

Source: "Get resource changes" of the Azure documentation. It is asked about the resources that matter and no others:
an estate has millions of changes. Whoever may read a resource may read its changes; no other right is needed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from scanner.model.ledger import LedgerEntry, State
from scanner.sources.azure.client import ArmClient
from scanner.sources.azure.graph import Asked, Scope
from scanner.sources.azure.queries import changes_of
from scanner.views import azure_ids

AT_ONCE = 50
"""Resources that one query is about: their ids make it some 10 kB long."""


class ResourceChanges:
    """The changes of resources in some subscriptions."""

    def __init__(self, client: ArmClient, subscriptions: Iterable[str]) -> None:
        """Take whom to ask, and the GUIDs, in lower case, of the subscriptions that can be seen."""
        self._client = client
        self._subscriptions = frozenset(subscriptions)
        self.entries: list[LedgerEntry] = []
        """What was not answered. It hides no drift, so it makes no run incomplete."""

    def rows(self, ids: Iterable[str]) -> Iterator[Mapping[str, Any]]:
        """Yield the rows about the resources ``ids``, each with ``id`` and ``properties``."""
        for subscription, of_it in sorted(self._by_subscription(ids).items()):
            for start in range(0, len(of_it), AT_ONCE):
                asked = Asked(self._client, changes_of(of_it[start : start + AT_ONCE]).text(), Scope((subscription,)))
                for reply in asked:
                    yield from (row for row in reply.value.get("data") or () if isinstance(row, dict))
                if asked.problems:
                    self._note(subscription, asked.problems[0])
                    if asked.failure is not None and asked.failure.is_final:
                        return
                    break

    def _by_subscription(self, ids: Iterable[str]) -> Mapping[str, Sequence[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for id_ in sorted({id_.lower() for id_ in ids if "{" not in id_}):
            subscription = azure_ids.subscription(id_).lower().rpartition("/")[2]
            if subscription in self._subscriptions:
                found[subscription].append(id_)
        return found

    def _note(self, subscription: str, problem: str) -> None:
        reason = f"who changed what drifted cannot be told in full: {problem}"
        self.entries.append(LedgerEntry(f"/subscriptions/{subscription}: changes", State.PARTIAL, reason))
