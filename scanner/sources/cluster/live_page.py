"""One page of a live list: bytes as the server sent them, parsed where the page is read."""

import io
from typing import Any

from scanner.model.unknown import Unknown
from scanner.sources.cluster.json_parts import split
from scanner.sources.cluster.kinds import SECRET, Kind
from scanner.sources.cluster.objects import PageReader, Place
from scanner.sources.cluster.packages import require
from scanner.sources.interface import Page, PageContent
from scanner.sources.kubernetes_objects import LAST_APPLIED

_METADATA_ONLY = Unknown("only the metadata of Secrets is read")


class LivePage(Page):
    """Some hundred objects of one kind."""

    def __init__(self, place: Place, kind: Kind, data: bytes) -> None:
        self._place = place
        self._kind = kind
        self._data = data

    @property
    def name(self) -> str:
        """The kind, and which page of it from the second on."""
        return self._place.page

    @property
    def size_bytes(self) -> int:
        """Size of the list as JSON."""
        return len(self._data)

    def read(self) -> PageContent:
        """Parse and normalise it."""
        orjson = require("orjson")
        reader = PageReader(self._place)
        try:
            value = orjson.loads(self._data)
        except orjson.JSONDecodeError:
            self._read_one_by_one(reader)
        else:
            reader.add(_as_secrets(value) if self._kind.type == SECRET else {**value, **self._listed()})
        return reader.content()

    def _read_one_by_one(self, reader: PageReader) -> None:
        """Read what can be read of a page with an object that cannot: nobody may hide the others behind it."""
        for part, elements in split(io.BytesIO(self._data)):
            if part.fault or not part.head:
                reader.fail(part.fault or "the server's answer is no list")
            else:
                reader.add_elements(self._listed(), elements)

    def names(self) -> list[str]:
        """Return the names of its objects, as far as they can be read."""
        return [resource.name for resource in self.read().resources]

    def _listed(self) -> dict[str, Any]:
        """Return what its elements are elements of: those of the typed lists of the API do not say what they are."""
        version = f"{self._kind.group}/{self._kind.version}" if self._kind.group else self._kind.version
        return {"apiVersion": version, "kind": f"{self._kind.kind}List"}


def without_values(data: bytes) -> bytes:
    """Return a list of Secrets with nothing left that could hold a value, before it goes anywhere else.

    The server was asked for metadata only; an annotation of ``kubectl apply`` repeats the values even there. Empty
    where it is no list of objects.
    """
    orjson = require("orjson")
    try:
        metadata = [dict(item["metadata"]) for item in orjson.loads(data).get("items") or ()]
    except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError, ValueError):
        return b""
    for one in metadata:
        one.pop("managedFields", None)
        annotations = one.get("annotations")
        if isinstance(annotations, dict) and LAST_APPLIED in annotations:
            one["annotations"] = {**annotations, LAST_APPLIED: ""}
    return bytes(orjson.dumps({"items": [{"metadata": one} for one in metadata]}))


def _as_secrets(value: Any) -> dict[str, Any]:
    """Return Secrets of which all but the metadata is unknown."""
    items = [
        {"apiVersion": "v1", "kind": "Secret", **item, "type": _METADATA_ONLY, "data": _METADATA_ONLY}
        for item in value["items"]
    ]
    return {"apiVersion": "v1", "kind": "List", "items": items}
