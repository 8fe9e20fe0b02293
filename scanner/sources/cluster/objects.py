"""From parsed objects of a cluster to Resources, the same for live lists and dumps."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from scanner.model.ledger import LedgerEntry, State, Unseen
from scanner.model.location import Origin
from scanner.model.path import Path, format_path
from scanner.model.resource import Resource
from scanner.model.unknown import find_unknowns
from scanner.sources.cluster.json_parts import single_values
from scanner.sources.cluster.packages import require
from scanner.sources.cluster.trimming import NOTHING_READ, Trimming
from scanner.sources.interface import PageContent
from scanner.sources.kubernetes_objects import KubernetesObject, NotRead, read_objects

KIND = "cluster"
"""Kind of the Origins of both Sources."""

_TOO_DEEP = "it is nested deeper than 250 levels"
_FAULTY: Final = object()
NO_OBJECTS = "it holds no objects"


class Place(NamedTuple):
    """Where objects come from; picklable."""

    cluster: str
    """Name of the cluster as the Estate has it."""
    input: str
    """What the ledger calls it: ``cluster NAME: pods.json``, ``cluster NAME: apps/v1 deployments``."""
    page: str
    """Name of the page: the input, and which part of it."""
    trimming: Trimming = NOTHING_READ


class _Fault(NamedTuple):
    """A fault of a part of a page."""

    reason: str
    malformed: bool


class PageReader:
    """Collects the Resources of one page, and what was wrong with the rest."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._resources: list[Resource] = []
        self._faults: list[_Fault] = []
        self._documents = 0

    def add(self, value: Any) -> None:
        """Add one parsed document: an object, or a list of objects."""
        document, self._documents = self._documents, self._documents + 1
        if not isinstance(value, dict):
            self._faults.append(_Fault("no mapping, so no object of the API", malformed=False))
            return
        deep = _too_deep(value)
        for found in read_objects(value):
            if isinstance(found, NotRead):
                reason = _item(found.at) + (found.reason or "no object of the API")
                self._faults.append(_Fault(reason, found.malformed))
            elif deep and _too_deep(found.attributes):
                self.fail(_item(found.base) + _TOO_DEEP)
            else:
                self._resources.append(self._resource(found, document))

    def add_json(self, text: bytes) -> None:
        """Parse and add one document."""
        value = self._parsed(text, "")
        if value is not _FAULTY:
            self.add(value)

    def add_elements(self, listed: Mapping[str, Any], elements: bytes) -> None:
        """Parse and add the elements of a list, which ``listed`` is without them; a faulty one costs only itself."""
        orjson = require("orjson")
        try:
            items = orjson.loads(b"[" + elements + b"]")
        except orjson.JSONDecodeError:
            values = enumerate(single_values(elements))
            parsed = (self._parsed(value, f"items[{index}]: ") for index, value in values)
            items = [value for value in parsed if value is not _FAULTY]
        self.add({**listed, "items": items})

    def _parsed(self, text: bytes, at: str) -> Any:
        orjson = require("orjson")
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError as error:
            self.fail(f"{at}it is no JSON, or nested too deeply: {error.msg}")
            return _FAULTY

    def fail(self, reason: str) -> None:
        """Note something that should have been an object and is none."""
        self._faults.append(_Fault(reason, malformed=True))

    def content(self) -> PageContent:
        """Return all of it, with one entry for the page."""
        return PageContent(tuple(self._resources), (self._entry(),))

    def _resource(self, found: KubernetesObject, document: int) -> Resource:
        place = self._place
        attributes = found.attributes
        if isinstance(attributes, dict):
            attributes = place.trimming.apply(found.type, attributes)
        return Resource(
            f"{place.cluster or '-'}/{found.type}/{found.namespace or '-'}/{found.name or found.generate_name}",
            found.type,
            attributes,
            Origin(KIND, place.input, document, found.base, page=place.page),
            place.cluster,
            found.namespace,
            found.name or found.generate_name,
            unknowns=tuple(find_unknowns(attributes)) if found.masked else (),
        )

    def _entry(self) -> LedgerEntry:
        input_, count = self._place.input, len(self._resources)
        malformed = [fault.reason for fault in self._faults if fault.malformed]
        if malformed:
            more = f"; and {len(malformed) - 1} more" if len(malformed) > 1 else ""
            state = State.PARTIAL if count else State.UNPARSED
            unseen = Unseen((self._place.cluster,))
            return LedgerEntry(input_, state, malformed[0] + more, resources=count, incomplete=True, unseen=unseen)
        if count or not self._faults:
            return LedgerEntry(input_, State.SCANNED, "" if count else NO_OBJECTS, resources=count)
        return LedgerEntry(input_, State.UNSUPPORTED, self._faults[0].reason)


def _item(at: Path) -> str:
    """Return which element of a list a place is in, for the beginning of a sentence."""
    ends = [index + 1 for index, step in enumerate(at) if isinstance(step, int)]
    return f"{format_path(at[: ends[-1]])}: " if ends else ""


def _too_deep(value: Any) -> bool:
    """Whether ``value`` is nested deeper than the rest of the program follows.

    The API server takes objects of up to 10,000 levels from whoever may create a custom resource. The serializer's own
    limit (254 levels, ``orjson`` README) finds them at the speed of C.
    """
    orjson = require("orjson")
    try:
        orjson.dumps(value, default=str)
    except (orjson.JSONEncodeError, RecursionError):
        return True
    return False
