"""Files that say who did it: ``resourcechanges`` and activity log of Azure, audit logs of API servers.

Sources: "Get resource changes" and the activity log event schema of the Azure documentation; ``audit.k8s.io/v1`` of
``k8s.io/apiserver``. What they hold of values stays here unless it is compared; nothing of it is shown.
"""

import gzip
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from scanner.drift.events import Event, Verb
from scanner.errors import UsageError
from scanner.model.ledger import LedgerEntry, State

if TYPE_CHECKING:
    from scanner.sources.azure.live import LiveAzure

_VERBS = {"create": Verb.CREATED, "update": Verb.CHANGED, "patch": Verb.CHANGED, "delete": Verb.DELETED}
_CHANGES = {"create": Verb.CREATED, "update": Verb.CHANGED, "delete": Verb.DELETED}
_PART = re.compile(
    r"""\.?(?:\[(?:'(?P<single>[^']*)'|"(?P<double>[^"]*)"|[^\]]*)\]|'(?P<text>[^']*)'|"(?P<other>[^"]*)"|(?P<word>[^.\[]+))"""
)
"""Of a property path: a key, quoted or not, or the index of an element."""
_TAGS = "tags."
_HINT = "write rows of resourcechanges (az graph query -o json) or az monitor activity-log list -o json into it"


class Logs(NamedTuple):
    """What was written down of writes."""

    events: tuple[Event, ...]
    entries: tuple[LedgerEntry, ...]
    """One for each file."""


def logged_in(changes: Iterable[str], audits: Iterable[str]) -> Logs:
    """Return the writes that files of Azure and of API servers record. Raises UsageError for what is no such file."""
    events: list[Event] = []
    entries: list[LedgerEntry] = []
    for path in changes:
        found = list(_of_azure(path))
        events += found
        entries.append(LedgerEntry(path, State.SCANNED, f"{len(found)} writes to resources of Azure"))
    for text in audits:
        name, separator, path = text.partition("=")
        if not separator or os.path.lexists(text):
            name, path = "*", text
        broken = 0
        found = []
        for record in _lines(path):
            if record is None:
                broken += 1
            else:
                found += _of_api(record, name)
        if broken and not found:
            raise UsageError(f"cannot use {path}: it is no audit log", hint="it has one JSON object on each line")
        reason = f"{len(found)} writes to objects" + (f"; {broken} lines are no JSON" if broken else "")
        entries.append(LedgerEntry(path, State.PARTIAL if broken else State.SCANNED, reason, incomplete=bool(broken)))
        events += found
    return Logs(tuple(events), tuple(entries))


def fetched_from(histories: Iterable["LiveAzure"], ids: Iterable[str]) -> Logs:
    """Return what Azure itself, as it was read, tells of writes to the resources ``ids``."""
    events: list[Event] = []
    entries: list[LedgerEntry] = []
    wanted = [id_ for id_ in ids if id_.startswith("/")]
    for azure in histories if wanted else ():
        changes = azure.changes()
        for row in changes.rows(wanted):
            events += _row(row)
        entries += changes.entries
    return Logs(tuple(events), tuple(entries))


def _of_azure(path: str) -> Iterator[Event]:
    try:
        value: Any = json.loads(_bytes(path))
    except (ValueError, RecursionError) as error:
        raise UsageError(f"cannot use {path}: it is no JSON", hint=_HINT) from error
    rows = next((value[key] for key in ("data", "value") if key in value), None) if isinstance(value, dict) else value
    if not isinstance(rows, list):
        raise UsageError(f"cannot use {path}: it holds no list of changes", hint=_HINT)
    for row in rows:
        if isinstance(row, dict):
            yield from _row(row)


def _row(row: Mapping[str, Any]) -> Iterator[Event]:
    properties = row.get("properties")
    about = properties if isinstance(properties, dict) else row
    if isinstance(about.get("targetResourceId"), str):
        yield from _change(about)
    elif isinstance(row.get("resourceId"), str):
        yield from _activity(row)


def _change(about: Mapping[str, Any]) -> Iterator[Event]:
    """Yield a row of ``resourcechanges``."""
    verb = _CHANGES.get(str(about.get("changeType")).lower())
    said = _mapping(about.get("changeAttributes"))
    if verb is None:
        return
    values = {
        _property(path): _new_value(one)
        for path, one in _mapping(about.get("changes")).items()
        if isinstance(one, dict)
    }
    by = _text(said.get("changedBy"))
    yield Event(
        about["targetResourceId"].rstrip("/").lower(),
        verb,
        _text(said.get("timestamp")),
        "" if by.lower() in ("unspecified", "unknown") else by,
        _text(said.get("clientType")),
        _text(said.get("operation")),
        _text(said.get("correlationId")),
        values,
    )


def _property(path: str) -> tuple[str, ...]:
    """Return the keys of a property path in lower case, without indexes.

    A tag has a text for its value and often dots in its name (``tags.hidden-link:/app.insights``): all is its name.
    """
    text = path.lower()
    if text.startswith(_TAGS) and text[len(_TAGS) :][:1] not in ("[", "'", '"'):
        return "tags", text[len(_TAGS) :]
    return tuple(match[match.lastgroup] for match in _PART.finditer(text) if match.lastgroup is not None)


def _new_value(change: dict[str, Any]) -> Any:
    """Return what was written; texts that were cut off say nothing of the value."""
    return None if change.get("isTruncated") else change.get("newValue")


def _activity(row: Mapping[str, Any]) -> Iterator[Event]:
    """Yield an event of the activity log that was a write and succeeded."""
    operation = _named(row.get("operationName"))
    kind = operation.lower().rpartition("/")[2]
    if kind not in ("write", "delete", "action") or _named(row.get("status")).lower() not in ("succeeded", "success"):
        return
    verb = Verb.DELETED if kind == "delete" else Verb.CHANGED
    claims = _mapping(row.get("claims"))
    by = _text(row.get("caller"))
    client = _text(claims.get("appid"))
    yield Event(
        row["resourceId"].rstrip("/").lower(),
        verb,
        _text(row.get("eventTimestamp")),
        by,
        f"application {client}" if client and client != by else "",
        operation,
        _text(row.get("correlationId")),
    )


def _of_api(record: dict[str, Any], cluster: str) -> Iterator[Event]:
    """Yield an event of an API audit log that was a write and succeeded."""
    verb = _VERBS.get(str(record.get("verb")))
    of = _mapping(record.get("objectRef"))
    code = _mapping(record.get("responseStatus")).get("code")
    address = parse_qs(urlsplit(_text(record.get("requestURI"))).query)
    if verb is None or record.get("stage") != "ResponseComplete" or "dryRun" in address:
        return
    if not isinstance(code, int) or code >= 300 or of.get("subresource") == "status":
        return
    body = _mapping(record.get("requestObject"))
    agent = _text(record.get("userAgent"))
    user = _mapping(record.get("user")).get("username")
    acting = _mapping(record.get("impersonatedUser")).get("username")
    group, name = of.get("apiGroup") or "core", of.get("name") or _mapping(body.get("metadata")).get("name")
    kind = _kinds().get((group, _text(of.get("resource")))) or _text(body.get("kind"))
    namespace = "" if of.get("resource") == "namespaces" else of.get("namespace")
    subresource = f"/{of['subresource']}" if isinstance(of.get("subresource"), str) else ""
    yield Event(
        "/".join((cluster, group, kind or "?", namespace or "-", _text(name) or "?")).lower(),
        verb,
        _text(record.get("requestReceivedTimestamp")),
        f"{_text(acting)} (through {_text(user)})" if acting else _text(user),
        agent.partition(" ")[0],
        f"{record['verb']} {_text(of.get('resource'))}{subresource}",
        _text(record.get("auditID")),
        dict(_written(body, ())) if body and verb is not Verb.DELETED else None,
        next(iter(address.get("fieldManager", ())), agent.partition("/")[0]),
    )


def _written(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield the attributes of a body, lists without their indexes."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _written(below, (*path, str(key).lower()))
    elif isinstance(value, list):
        yield path, value
        for below in value:
            yield from _written(below, path) if isinstance(below, dict) else ()
    else:
        yield path, value


@cache
def _kinds() -> dict[tuple[str, str], str]:
    """Return (group, name in URLs) → kind."""
    from scanner.sources.cluster.permissions import plurals

    return {(group, plural): kind for group, kinds in plurals().items() for kind, plural in kinds.items()}


def _lines(path: str) -> Iterator[dict[str, Any] | None]:
    """Yield each line as an object; None for one that is none."""
    for line in _bytes(path).splitlines():
        if line.strip():
            try:
                value = json.loads(line)
            except (ValueError, RecursionError):
                value = None
            yield value if isinstance(value, dict) else None


def _bytes(path: str) -> bytes:
    try:
        with gzip.open(path) if path.endswith(".gz") else open(path, "rb") as stream:
            return stream.read()
    except (OSError, EOFError) as error:
        cause = (getattr(error, "strerror", None) or str(error)).lower()
        raise UsageError(f"cannot read {path}: {cause}", hint="name a file that is there") from error


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _named(value: Any) -> str:
    return _text(value.get("value")) if isinstance(value, dict) else _text(value)
