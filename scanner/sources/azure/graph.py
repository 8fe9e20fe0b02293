"""Pages of Resource Graph: asks on until an answer is whole, and knows when it is not."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from scanner.sources.azure.client import ArmClient, Failure, Reply
from scanner.sources.azure.queries import PAGE_ROWS

SUBSCRIPTIONS_AT_ONCE = 200
"""Resource Graph advises fewer than 300 in one query."""
_TOO_LARGE = frozenset(("ResponsePayloadTooLarge", "RequestPayloadTooLarge"))
_CUT = "x-ms-tenant-subscription-limit-hit"


class Scope(NamedTuple):
    """What a query is about: subscriptions, or the tree below a management group."""

    subscriptions: tuple[str, ...] = ()
    """GUIDs, in lower case."""
    management_group: str = ""

    @property
    def name(self) -> str:
        """How the ledger names it."""
        if self.management_group:
            return f"/providers/Microsoft.Management/managementGroups/{self.management_group}"
        first = f"/subscriptions/{self.subscriptions[0]}" if self.subscriptions else "/"
        return first if len(self.subscriptions) < 2 else f"{first} and {len(self.subscriptions) - 1} more"


class Asked:
    """One query to its end. Iterate it once; then ``problems`` says what is missing."""

    def __init__(self, client: ArmClient, text: str, scope: Scope, *, inherits: bool = False) -> None:
        """Take the query; ``inherits`` adds what was granted above the scope."""
        self._client = client
        self._text = text
        self._scope = scope
        self._inherits = inherits
        self.problems: list[str] = []
        """Why the answers are not all there is; complete once it was iterated."""
        self.failure: Failure | None = None
        """What ended it before its end."""

    def __iter__(self) -> Iterator[Reply]:
        top, token, rows, total, seen = PAGE_ROWS, "", 0, None, set[str]()
        while True:
            reply = self._client.graph(self._body(top, token))
            if isinstance(reply, Failure):
                if (reply.code in _TOO_LARGE or reply.status == 413) and top > 1:
                    top //= 2
                    continue
                self.failure = reply
                self.problems.append(f"it was not answered: {reply.reason}")
                return
            yield reply
            rows += len(_rows(reply.value))
            total = reply.value.get("totalRecords") if total is None else total
            self._note(reply)
            token = reply.value.get("$skipToken") or ""
            if not token:
                break
            if token in seen:
                self.problems.append("its pages lead in a circle")
                return
            seen.add(token)
        if isinstance(total, int) and rows != total:
            self.problems.append(f"{rows} of {total} rows were answered")

    def _note(self, reply: Reply) -> None:
        if str(reply.value.get("resultTruncated", "")).lower() == "true":
            self.problems.append("an answer was truncated: resultTruncated is true")
        if str(reply.headers.get(_CUT, "")).lower() == "true":
            self.problems.append("there are more subscriptions than one query reaches")

    def _body(self, top: int, token: str) -> Mapping[str, Any]:
        options: dict[str, Any] = {"$top": top, "resultFormat": "objectArray"}
        if token:
            options["$skipToken"] = token
        if self._inherits:
            options["authorizationScopeFilter"] = "AtScopeAboveAndBelow"
        body: dict[str, Any] = {"query": self._text, "options": options}
        if self._scope.management_group:
            options["allowPartialScopes"] = True
            body["managementGroups"] = [self._scope.management_group]
        else:
            body["subscriptions"] = list(self._scope.subscriptions)
        return body


def in_groups(subscriptions: Sequence[str], size: int = SUBSCRIPTIONS_AT_ONCE) -> Iterator[Scope]:
    """Yield the scopes that together are some subscriptions."""
    for start in range(0, len(subscriptions), size):
        yield Scope(tuple(subscriptions[start : start + size]))


def _rows(value: Mapping[str, Any]) -> Sequence[Any]:
    data = value.get("data")
    return data if isinstance(data, list) else ()
