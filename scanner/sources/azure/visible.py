"""Which subscriptions a principal sees below some scopes, and which of those that there should be it does not.

Resource Graph leaves out what it may not show without a word, so what it shows is held against the lists of the
management groups and against what was asked for. Subscriptions are told by id: several may have one display name.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scanner.errors import UsageError
from scanner.model.ledger import ALL_AZURE, LedgerEntry, State, Unseen
from scanner.sources.azure.client import ArmClient, Failure, Reply
from scanner.sources.azure.graph import Asked, Scope, in_groups
from scanner.sources.azure.live_page import LivePage
from scanner.sources.azure.queries import CONTAINERS

SELF = "azure"
"""How the ledger names the whole, where nothing of it can be read."""
_SUBSCRIPTION = re.compile(r"(?:/?subscriptions/)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/?\Z", re.IGNORECASE)
_GROUP = re.compile(r"(?:/?providers/Microsoft\.Management/)?managementGroups/([\w.()-]{1,90})/?\Z", re.IGNORECASE)
_GROUPS = "/providers/Microsoft.Management/managementGroups"


class Visible:
    """The subscriptions below some scopes; asked for once."""

    def __init__(self, scopes: Sequence[str], client: ArmClient) -> None:
        """Take ids of subscriptions and management groups; raises UsageError for what is neither."""
        self._client = client
        self._wanted: dict[str, None] = {}
        self.management_groups: list[str] = []
        """Names of the groups that were asked for."""
        for scope in scopes:
            self._add(scope)
        self._pages: tuple[LivePage, ...] | None = None
        self._seen: dict[str, Mapping[str, Any]] = {}
        self._below: set[str] = set()
        self._missing: dict[str, str] = {}
        self._entries: list[LedgerEntry] = []
        self.failure: Failure | None = None
        """What makes all further calls useless."""

    @property
    def subscriptions(self) -> tuple[str, ...]:
        """GUIDs of those that are seen, sorted; complete once the pages were asked for."""
        return tuple(sorted(self._seen))

    @property
    def alone(self) -> tuple[str, ...]:
        """Those that were asked for by themselves and are below none of the management groups."""
        return tuple(sorted(self._seen.keys() - self._below))

    def pages(self) -> tuple[LivePage, ...]:
        """Return the answers that name management groups, subscriptions and resource groups."""
        if self._pages is None:
            self._pages = tuple(self._ask())
        return self._pages

    def entries(self) -> tuple[LedgerEntry, ...]:
        """Return an entry for every subscription; a single one where nobody is signed in."""
        if self.failure is not None:
            return (self.failed(self.failure),)
        found = [LedgerEntry(f"/subscriptions/{id_}", State.SCANNED, _state(row)) for id_, row in self._seen.items()]
        missing = [
            LedgerEntry(
                f"/subscriptions/{id_}",
                State.UNREACHABLE,
                reason,
                incomplete=True,
                unseen=Unseen((f"/subscriptions/{id_}",)),
            )
            for id_, reason in self._missing.items()
        ]
        return (*self._entries, *sorted((*found, *missing)))

    @staticmethod
    def failed(failure: Failure) -> LedgerEntry:
        """Return the entry of what makes all further calls useless."""
        return LedgerEntry(SELF, State.UNREACHABLE, failure.reason, incomplete=True, unseen=Unseen((ALL_AZURE,)))

    def _add(self, scope: str) -> None:
        subscription, group = _SUBSCRIPTION.match(scope), _GROUP.match(scope)
        if subscription:
            self._wanted[subscription[1].lower()] = None
        elif group:
            self.management_groups.append(group[1])
        else:
            raise UsageError(
                f"cannot read scope {scope!r} of Azure",
                hint="give the id of a subscription, or /providers/Microsoft.Management/managementGroups/NAME",
            )

    def _ask(self) -> Iterator[LivePage]:
        scopes = [Scope(management_group=name) for name in self.management_groups]
        scopes += in_groups(tuple(self._wanted))
        for number, scope in enumerate(scopes):
            asked = Asked(self._client, CONTAINERS.text(), scope)
            for part, reply in enumerate(asked):
                self._remember(reply.value)
                self._below.update(self._seen if scope.management_group else ())
                yield LivePage(f"{SELF}/{CONTAINERS.name}/{number}/{part}", (reply.data,))
            if self._is_over(asked.failure):
                return
            self._entries += [
                LedgerEntry(f"{scope.name}: {CONTAINERS.name}", State.PARTIAL, problem, incomplete=True)
                for problem in asked.problems
            ]
        for name in self.management_groups:
            self._list_below(name)
        for id_ in sorted(self._wanted.keys() - self._seen.keys()):
            if self.failure is not None:
                return
            alone = self._client.get(f"/subscriptions/{id_}?api-version=2022-12-01")
            if isinstance(alone, Reply):  # it is new, and Resource Graph does not know it yet
                self._seen[id_] = alone.value
                yield LivePage(f"{SELF}/{CONTAINERS.name}/{id_}", (alone.data,))
            elif not self._is_over(alone):
                self._missing[id_] = f"it cannot be read: {alone.reason}"

    def _remember(self, answer: Mapping[str, Any]) -> None:
        for row in answer.get("data") or ():
            if isinstance(row, dict) and str(row.get("type")).lower() == "microsoft.resources/subscriptions":
                match = _SUBSCRIPTION.match(str(row.get("id")))
                if match:
                    self._seen[match[1].lower()] = row

    def _list_below(self, group: str) -> None:
        """Want every subscription that is below a management group."""
        link = f"{_GROUPS}/{group}/descendants?api-version=2020-05-01"
        seen: set[str] = set()
        while link and link not in seen and self.failure is None:
            seen.add(link)
            reply = self._client.get(link)
            if isinstance(reply, Failure):
                if not self._is_over(reply):
                    reason = f"whether all its subscriptions are seen is not known: {reply.reason}"
                    self._entries.append(LedgerEntry(f"{_GROUPS}/{group}", State.PARTIAL, reason, incomplete=True))
                return
            for item in reply.value.get("value") or ():
                match = _SUBSCRIPTION.match(str(item.get("id"))) if isinstance(item, dict) else None
                if match:
                    self._wanted[match[1].lower()] = None
            link = str(reply.value.get("nextLink") or "")

    def _is_over(self, failure: Failure | None) -> bool:
        if failure is not None and failure.is_final:
            self.failure = failure
        return self.failure is not None


def _state(row: Mapping[str, Any]) -> str:
    properties = row.get("properties")
    state = row.get("state") or (properties.get("state") if isinstance(properties, dict) else None)
    return "" if state in (None, "Enabled") else f"its state is {str(state)[:40]}"
