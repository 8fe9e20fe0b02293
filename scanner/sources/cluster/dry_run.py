"""What applying a declaration would make of live objects: the API server is asked, and stores nothing.

Server-side apply with ``dryRun=All`` runs defaulting, conversion and admission on the request, so that the answer is
exact (Kubernetes, "Server-Side Apply", "API concepts: dry-run"). It needs the verb ``patch``. Whatever the server does
not answer is a reason, never an exception.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from scanner.errors import ClusterError
from scanner.model.ledger import LedgerEntry, State
from scanner.model.resource import Resource
from scanner.model.unknown import find_unknowns
from scanner.sources.cluster.access import Access
from scanner.sources.cluster.answers import ApiError
from scanner.sources.cluster.client import ClusterClient, Pacing
from scanner.sources.cluster.discovery import discover
from scanner.sources.cluster.kinds import SECRET, Kind
from scanner.sources.cluster.packages import require

_GIVEN = ("managedFields", "resourceVersion", "uid", "generation", "creationTimestamp", "selfLink")
"""Metadata that the server gives; sent back it is refused, or means another thing than a declaration does."""
_LOOKS = 3
_SHOWN = 5
_VALUES = re.compile(r"(?:Invalid|Unsupported|Duplicate) value|,? got ")
"""Where the sentences of the API begin to quote values."""
_SAID = {
    0: "the server does not answer",
    400: "the server cannot try it, as where an admission webhook has side effects",
    401: "the server refuses the credentials",
    403: "forbidden: it needs the verb patch",
    404: "the server has no such object, or does not serve its kind in the declared version",
    405: "the server does not take patches of its kind",
    409: "it is in conflict with what is there",
    415: "the server has no server-side apply for its kind",
    422: "the server would refuse it as it is declared",
}
_MAY_NOT = "cannot patch resource"
"""In what authorization says; with the same status admission refuses single objects."""
_REFUSED = "admission refuses it as it is declared"
_UNTRIED = "the server does not try it"


class Predicted(NamedTuple):
    """Two looks at one object, of the same moment and in the same version of the API."""

    applied: Mapping[str, Any]
    """As it would be once the declaration was applied."""
    live: Mapping[str, Any]


class DryRuns:
    """Asks one cluster; counts what it could not be asked, for the ledger."""

    def __init__(self, name: str, access: Access, pacing: Pacing | None = None) -> None:
        """Take the name of the cluster as the Estate has it. Nothing is asked yet."""
        self._name = name
        self._access = access
        self._pacing = pacing
        self._client: ClusterClient | None = None
        self._kinds: dict[str, Kind] = {}
        self._groups: set[str] = set()
        """Those that the server was asked about; where it tells of all at once, the rest is known too."""
        self._closed: dict[tuple[str, str], str] = {}
        """(type, namespace) → why it is not asked there again; both empty for the whole cluster."""
        self._refused: dict[str, list[str]] = {}
        self._told: dict[str, str] = {}
        """Reason → what the server said of the first."""
        self._answered = 0

    def predict(self, declared: Resource, live: Resource, manager: str) -> Predicted | None:
        """Return what applying ``declared`` as ``manager`` would make of ``live``; None where nobody can say."""
        reason = self._obstacle(declared)
        if not reason:
            try:
                found = self._ask(declared, live, manager)
            except ApiError as error:
                reason = self._noted(error, declared)
            else:
                self._answered += isinstance(found, Predicted)
                if isinstance(found, Predicted):
                    return found
                reason = found
        self._refused.setdefault(reason, []).append(declared.title)
        return None

    def entries(self) -> Iterator[LedgerEntry]:
        """Yield how many objects were asked about, and for each reason those that could not be."""
        if self._answered:
            objects = "1 object" if self._answered == 1 else f"{self._answered} objects"
            yield LedgerEntry(f"cluster {self._name}: dry runs", State.SCANNED, f"{objects} asked about; none changed")
        for reason, titles in sorted(self._refused.items()):
            shown = ", ".join(titles[:_SHOWN]) + (f" and {len(titles) - _SHOWN} more" if len(titles) > _SHOWN else "")
            told = f" ({self._told[reason]})" if reason in self._told else ""
            text = f"no dry run, the comparison is approximate: {reason}{told}: {shown}"
            yield LedgerEntry(f"cluster {self._name}: dry runs", State.PARTIAL, text)

    def _obstacle(self, declared: Resource) -> str:
        """Return why ``declared`` is not sent at all; empty where it may be."""
        if declared.type == SECRET:
            return "values of Secrets are not read, so that there is nothing to send"
        if declared.unknowns or next(iter(find_unknowns(declared.attributes)), None) is not None:
            return "its declaration holds values that are not known"
        for place in (("", ""), (declared.type, declared.namespace)):
            if place in self._closed:
                return self._closed[place]
        return self._discover(declared.type.rpartition("/")[0])

    def _discover(self, group: str) -> str:
        """Find out what the cluster serves of a group, once; returns why that cannot be."""
        if group in self._groups or any(type_.rpartition("/")[0] == group for type_ in self._kinds):
            return ""
        self._groups.add(group)
        try:
            self._client = self._client or ClusterClient(self._access, self._pacing, dry_runs=True)
            kinds = discover(self._client, [group]).kinds
        except (ClusterError, ApiError) as error:
            self._closed["", ""] = reason = "the server does not say what it serves"
            self._told[reason] = str(error)
            return reason
        for kind in kinds:
            self._kinds.setdefault(kind.type, kind)
        return ""

    def _ask(self, declared: Resource, live: Resource, manager: str) -> Predicted | str:
        assert self._client is not None, "connected before"
        kind = self._kinds.get(declared.type)
        version = str(declared.attributes.get("apiVersion")).rpartition("/")[2]
        if kind is None:
            return _SAID[404]
        path = f"{kind._replace(version=version).path(declared.namespace)}/{quote(declared.name, safe=':')}"
        body = _sendable(declared.attributes)
        there: Any = live.attributes if live.attributes.get("apiVersion") == declared.attributes["apiVersion"] else {}
        for _ in range(_LOOKS):
            applied = self._client.dry_run(path, manager, body)
            if _same_moment(applied, there):
                return Predicted(applied, there)
            there = self._client.json(path)
            if _same_moment(applied, there):
                return Predicted(applied, there)
        return "it is written to faster than it can be read"

    def _noted(self, error: ApiError, declared: Resource) -> str:
        """Return why there is no answer, and do not ask again what would be answered alike."""
        may_not = error.status == 403 and _MAY_NOT in error.reason
        reason = _REFUSED if error.status == 403 and not may_not else _SAID.get(error.status, _UNTRIED)
        self._told.setdefault(reason, _VALUES.split(error.reason)[0].rstrip(" :,"))
        if error.status in (0, 401):
            self._closed["", ""] = reason
        elif may_not or error.status in (405, 415):
            self._closed[declared.type, declared.namespace] = reason
        return reason


def _sendable(attributes: Mapping[str, Any]) -> bytes:
    """Return a declaration as the body of an apply: without what only the server writes."""
    metadata = {key: value for key, value in attributes["metadata"].items() if key not in _GIVEN}
    body = {key: value for key, value in attributes.items() if key != "status"}
    orjson = require("orjson")
    try:
        return bytes(orjson.dumps({**body, "metadata": metadata}))
    except orjson.JSONEncodeError as error:
        raise ApiError(200, "the declaration cannot be written as JSON") from error


def _same_moment(one: Any, other: Any) -> bool:
    """Whether two answers hold an object as it was at the same moment."""
    first, second = (_resource_version(value) for value in (one, other))
    return bool(first) and first == second


def _resource_version(value: Any) -> str:
    metadata = value.get("metadata") if isinstance(value, dict) else None
    return str(metadata.get("resourceVersion") or "") if isinstance(metadata, dict) else ""
