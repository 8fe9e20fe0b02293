"""Rows of Azure as Resources: one shape, children joined into their parents, and the way back to the row."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Final

from scanner.canonical.arm_object import ArmObject
from scanner.canonical.joined import Joined
from scanner.canonical.normalise import normalise
from scanner.model.location import Origin
from scanner.model.path import Path
from scanner.model.resource import Resource
from scanner.model.types import RESOURCE_GROUP
from scanner.model.unknown import Unknown
from scanner.sources.azure.answers import Row, Tally
from scanner.sources.azure.bodies import body_of
from scanner.sources.azure.identity import identify

KIND: Final = "azure"


class Settled:
    """The Resources of one page, and what they were made of."""

    def __init__(self, rows: Iterable[Row], tally: Tally, file: str, page: str = "") -> None:
        """Take the rows of one page; ``file`` is the input as reports print it."""
        self._joined: dict[str, Joined] = {}
        self.resources: list[Resource] = []
        for found in normalise(_objects(rows, tally)):
            self._joined[found.key] = found
            origin = Origin(KIND, file, base=(found.key,), page=page or file)
            self.resources.append(
                Resource(found.key, found.type, found.attributes, origin, name=found.name, unknowns=found.unknowns)
            )

    def source_path(self, origin: Origin, path: Path) -> Path | None:
        """Return the path in the document of an attribute; None for a Resource that is not of this page."""
        found = self._joined.get(str(origin.base[0])) if origin.base else None
        return found.source_path(path)[1] if found is not None else None


def _objects(rows: Iterable[Row], tally: Tally) -> Iterator[ArmObject]:
    """Yield an ArmObject for each resource; of several rows about one, the one that says most."""
    chosen: dict[str, ArmObject] = {}
    for row in rows:
        found = _object(row)
        if found is None:
            tally.stray("a row has an id that is none of a resource")
            continue
        other = chosen.get(found.key)
        if other is None or isinstance(other.body["properties"], Unknown):
            chosen[found.key] = found
    yield from chosen.values()


def _object(row: Row) -> ArmObject | None:
    identity = identify(row.value["id"])
    if identity is None:
        return None
    id_, type_, name = identity
    stated = row.value.get("name")
    if type_ == RESOURCE_GROUP and str(stated).lower() == name:  # its id may come without the case of its name
        name = str(stated)
    body = body_of(row.value, type_.lower(), name.rpartition("/")[2])
    return ArmObject(type_, name, id_, body, id_.lower(), "", "live", trace=partial(_trace, row.at, row.columns))


def _trace(at: Path, columns: Mapping[str, int] | None, inner: Path) -> Path:
    return Row({}, at, columns).path(inner)
