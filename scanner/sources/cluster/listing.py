"""Lists one kind page by page. Whatever goes wrong is a Gap between the pages, never an exception and never silence.

=====================  =============================================================================================
what the server says   what comes of it
=====================  =============================================================================================
401, twice             ``RefusedError`` for the whole cluster: nothing that is read now is valid
403                    Gap with that status: whoever lists may try single namespaces
404                    Gap: the kind is gone since discovery
410 on ``continue``    goes on with the token in the answer, and a Gap that says the list is of two moments
429, 5xx, no answer    asked again as :class:`~scanner.sources.cluster.client.Pacing` says, then a Gap
cut between pages      the pages that were yielded stay; the Gap makes the kind partial
=====================  =============================================================================================
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from scanner.model.ledger import State
from scanner.sources.cluster.answers import ApiError
from scanner.sources.cluster.client import JSON, METADATA_LIST, ClusterClient
from scanner.sources.cluster.kinds import SECRET, Kind
from scanner.sources.cluster.packages import require

PAGE_OBJECTS = 500
"""The number ``kubectl`` asks for, too."""
PAGE_BYTES = 8 << 20
"""A page of large objects is followed by pages of fewer."""

_META = rb'"metadata"\s*:\s*(\{[^{}]*\})'
_HEAD = re.compile(rb'\s*\{(?:\s*"(?:kind|apiVersion)"\s*:\s*"[^"\\]*"\s*,)*\s*' + _META + rb'\s*,\s*"items"\s*:')
"""Built-in lists: kind, apiVersion, metadata, items (the order of the fields in Go)."""
_TAIL = re.compile(_META + rb"\s*\}\s*\Z")
"""Lists of custom resources: keys sorted, metadata last. Flat, and closed by the last bracket: it is the list's own."""
_TAIL_BYTES = 4096


class RefusedError(Exception):
    """The server does not accept the credentials, not even renewed ones."""


class ListPage(NamedTuple):
    """One page of a list, as the server sent it."""

    number: int
    """From 1."""
    data: bytes
    """JSON of a list of the kind; of Secrets a PartialObjectMetadataList."""
    resource_version: str
    """Of the whole list: from where a watch may go on."""


class Gap(NamedTuple):
    """What is missing, or is not quite right, at one place of a list."""

    number: int
    """Page that was asked for, from 1."""
    state: State
    reason: str
    incomplete: bool = True
    status: int = 200
    """Of HTTP; 0 where there was no answer, 403 where listing is forbidden."""


def list_pages(client: ClusterClient, kind: Kind, namespace: str = "") -> Iterator[ListPage | Gap]:
    """Yield all pages of a kind, of one namespace or the whole cluster, and a Gap for what is missing.

    Raises RefusedError where the credentials are not accepted any more.
    """
    accept = METADATA_LIST if kind.type == SECRET else JSON
    limit, number, token = PAGE_OBJECTS, 1, ""
    while True:
        query: dict[str, str | int] = {"limit": limit}
        if token:
            query["continue"] = token
        try:
            data = client.get(kind.path(namespace), query, accept)
            metadata = list_metadata(data)
        except ApiError as error:
            if error.status == 410 and token and error.next_token not in ("", token):
                yield Gap(number, State.SCANNED, _TWO_MOMENTS, incomplete=False)
                token = error.next_token
                continue
            yield _gap(error, number)
            return
        yield ListPage(number, data, str(metadata.get("resourceVersion") or ""))
        token = str(metadata.get("continue") or "")
        if not token:
            return
        number += 1
        limit = max(1, min(PAGE_OBJECTS, limit * PAGE_BYTES // max(len(data), 1)))


_SAID = {
    403: "forbidden",
    404: "gone: the server does not serve this kind any more",
    410: "cut off: the server does not keep the list and gives no place to go on",
    429: "throttled: the server was too busy, however often it was asked",
    503: "unavailable: the API service behind it does not answer, or the server was too busy",
}
_TWO_MOMENTS = (
    "from here on the list is of a later moment: the server did not keep the first one long enough (HTTP 410)"
)


def list_metadata(data: bytes) -> dict[str, Any]:
    """Return the metadata of a list without parsing its items where that is possible. Raises ApiError for no list."""
    orjson = require("orjson")
    found = _HEAD.match(data) or _TAIL.search(data, max(0, len(data) - _TAIL_BYTES))
    try:
        value = orjson.loads(found[1]) if found else orjson.loads(data).get("metadata")
    except (orjson.JSONDecodeError, AttributeError) as error:
        raise ApiError(200, "the answer is no list of objects: this is not the API server") from error
    return value if isinstance(value, dict) else {}


def _gap(error: ApiError, number: int) -> Gap:
    if error.status == 401:
        raise RefusedError(error.reason) from error
    state = State.UNREACHABLE if number == 1 else State.PARTIAL
    said = _SAID.get(error.status, "cannot list")
    return Gap(number, state, f"{said} ({error.reason})", status=error.status)
