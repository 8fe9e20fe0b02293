"""ArmObjects as Resources, and the way back: from an attribute of a Resource to the file that a person edits.

Serves ARM templates and Bicep alike.
"""

from collections.abc import Iterable

from scanner.canonical.arm_object import ArmObject
from scanner.canonical.joined import Joined
from scanner.canonical.normalise import normalise
from scanner.model.location import Location, Origin, Placed, Step
from scanner.model.path import Path, format_path
from scanner.model.resource import Resource
from scanner.sources.arm.places import Declared


class Settled:
    """The Resources of one page, and what they were made of."""

    def __init__(self, objects: Iterable[ArmObject], kind: str, page: str) -> None:
        """Take the objects of one page; ``kind`` is the Source's, ``page`` the name of the page."""
        self._joined: dict[str, Joined] = {}
        self.resources: list[Resource] = []
        for found in normalise(objects):
            if found.key not in self._joined:
                self._joined[found.key] = found
                self.resources.append(_resource(found, kind, page))

    def locate(self, origin: Origin, path: Path) -> Placed | None:
        """Return the place of an attribute; a :data:`scanner.sources.interface.Locator`."""
        found = self._joined.get(str(origin.base[0])) if origin.base else None
        if found is None:
            return None
        declaration, inner = found.source_path(path)
        if not isinstance(declaration.source, Declared):
            return None
        first, *others = declaration.source.places(inner)
        trail = tuple(Step(place.role, Location(place.file, (), place.region)) for place in others)
        return Placed(Location(first.file, path, first.region), trail)


def _resource(found: Joined, kind: str, page: str) -> Resource:
    source = found.object.source
    declared = source if isinstance(source, Declared) else None
    file = declared.file if declared is not None else page
    at = declared.at if declared is not None else None
    origin = Origin(
        kind,
        file,
        base=(found.key,),
        address=declared.address if declared is not None else "",
        page=page,
        declared=f"{file}:{format_path(at) if isinstance(at, tuple) else at}" if at is not None else "",
    )
    return Resource(found.key, found.type, found.attributes, origin, name=found.name, unknowns=found.unknowns)
