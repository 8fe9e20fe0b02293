"""Instances as Resources, and the way back: from an attribute of a Resource to the Terraform that wrote it.

What an Instance means is decided by :mod:`scanner.canonical`; here is what makes Resources of its answer: identity,
origin and places.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeAlias

from scanner.canonical.arm_object import ArmObject
from scanner.canonical.declared import Declared
from scanner.canonical.joined import Joined
from scanner.canonical.normalise import normalise
from scanner.canonical.terraform import Deploy, Deployment, translate
from scanner.model.location import Location, Origin, Placed, Step
from scanner.model.path import Path
from scanner.model.resource import Resource
from scanner.model.unknown import Unknown, find_unknowns
from scanner.sources.terraform.instance import Instance, Place

KIND = "terraform"

_TEMPLATE: Path = ("template_content",)
_DEPTH = 100
"""Levels that are left of attributes that are nested too deeply for anything to be said of them."""
_KEY = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|\d+|\*)\]')

Object: TypeAlias = Joined | Declared
Written: TypeAlias = tuple[Instance | None, Path]
"""Who wrote an attribute, and its path in Terraform's own notation."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Where Instances were read."""

    root: str
    """Folder of the root module as reports print it; ``.`` for the base."""
    environment: str
    """Empty where none is configured."""
    page: str
    """Name of the page."""
    file: str
    """File of an Instance that names none."""

    @property
    def key(self) -> str:
        """What the keys of its Resources start with."""
        root = "" if self.root == "." else self.root.lower()
        return f"{root}[{self.environment}]" if self.environment else root


def settle(instances: Iterable[Instance], setting: Setting, deploy: Deploy | None = None) -> "Settled":
    """Return the Resources of ``instances``; what is nested absurdly deep in them is taken to be unknown.

    ``deploy`` evaluates templates that Terraform deploys; what they declare has its place at the deployment.
    """
    given = list(instances)
    evaluate = partial(_deployed, deploy) if deploy is not None else None
    try:
        return Settled(given, setting, evaluate)
    except RecursionError:
        return Settled([_shallow(instance) for instance in given], setting, evaluate)


class Settled:
    """The Resources of one page, and what they were made of."""

    def __init__(self, instances: Iterable[Instance], setting: Setting, deploy: Deploy | None) -> None:
        translated = translate(instances, setting.key, deploy=deploy)
        objects: list[Object] = [*normalise(translated.objects), *translated.declared]
        shortest = _shortest_keys(objects)
        self.unmapped: Mapping[str, int] = translated.unmapped
        """Terraform type → how many Instances no map translates."""
        self.notes = [(instance.address, _file(instance, setting), text) for instance, text in translated.notes]
        """Address and file of what could not be placed or read, and why."""
        self.notes += [
            (one.instance.address, _file(one.instance, setting), "the template it deploys is not evaluated")
            for one in translated.deployments
        ]
        self.resources: list[Resource] = []
        self._objects: dict[str, Object] = {}
        for found in objects:
            resource = _resource(found, setting, shortest)
            if resource.key in self._objects:
                other = _source(self._objects[resource.key])
                text = f"it is the same resource as {other.address}, which is judged" if other is not None else "twice"
                self.notes.append((resource.origin.address, resource.origin.file, text))
                continue
            self._objects[resource.key] = found
            self.resources.append(resource)

    def written(self, key: str, path: Path) -> Written:
        """Return who wrote an attribute of the Resource with this key; no Instance where nobody did."""
        found = self._objects.get(key)
        return (None, ()) if found is None else _written(found, path)

    def instances(self, key: str) -> list[Instance]:
        """Return the Instances that wrote the Resource with this key: its own, and those of what was joined."""
        found = self._objects[key]
        sources = [_source(found)]
        if isinstance(found, Joined):
            sources += [part.object.source for part in (*found.parts, *found.object.parts)]
        return [source for source in sources if isinstance(source, Instance)]


def place(origin: Origin, path: Path, places: tuple[Place, ...], secret_file: str = "") -> Placed | None:
    """Return ``places`` as the engine wants them; what stands in ``secret_file`` is not to be shown."""
    if not places:
        return None
    first, *others = places
    return Placed(
        Location(first.file or origin.file, path, first.region, first.file == secret_file),
        tuple(Step(step.role, Location(step.file, (), step.region, step.file == secret_file)) for step in others),
    )


Places: TypeAlias = Callable[[Instance, Path], tuple[Place, ...]]
"""Places of an attribute of an Instance, in Terraform's notation."""


class ResourceLocator:
    """The :data:`scanner.sources.interface.Locator` of a page of Terraform."""

    def __init__(self, settled: Settled, places: Places, secret_file: str = "") -> None:
        self._settled = settled
        self._places = places
        self._secret_file = secret_file

    def __call__(self, origin: Origin, path: Path) -> Placed | None:
        """Return the place of an attribute, wherever it was written and however its value came there."""
        instance, written = self._settled.written(str(origin.base[0]) if origin.base else "", path)
        if instance is None:
            return None
        found = place(origin, path, self._places(instance, written), self._secret_file)
        return found or Placed(Location(instance.file or origin.file, path))


def own_places(instance: Instance, path: Path) -> tuple[Place, ...]:
    """Return the places that an Instance knows itself."""
    return instance.places(path) if instance.places is not None else ()


def _deployed(deploy: Deploy, deployment: Deployment) -> Iterator[ArmObject]:
    """Yield what a template declares, its places at the block that deploys it."""
    for declared in deploy(deployment):
        yield replace(declared, source=deployment.instance, trace=_to_template, parts=())


def _to_template(path: Path) -> Path:
    return _TEMPLATE


def _file(instance: object, setting: Setting) -> str:
    return (instance.file if isinstance(instance, Instance) else "") or setting.file


def _shallow(instance: Instance) -> Instance:
    return replace(instance, attributes=_cut(dict(instance.attributes), _DEPTH))


def _cut(value: Any, depth: int) -> Any:
    """Return a copy of ``value`` that is at most ``depth`` levels deep."""
    if not isinstance(value, (dict, list)):
        return value
    if depth == 0:
        return Unknown(f"it is nested deeper than {_DEPTH} levels")
    if isinstance(value, dict):
        return {key: _cut(below, depth - 1) for key, below in value.items()}
    return [_cut(item, depth - 1) for item in value]


def _written(found: Object, path: Path) -> Written:
    if isinstance(found, Declared):
        return _source(found), found.trace(path) if found.trace is not None else path
    declaration, inner = found.source_path(path)
    return (declaration.source, inner) if isinstance(declaration.source, Instance) else (None, ())


def _source(found: Object) -> Instance | None:
    source = found.source if isinstance(found, Declared) else found.object.source
    return source if isinstance(source, Instance) else None


def _shortest_keys(objects: Iterable[Object]) -> dict[int, str]:
    """Return Instance (by identity) → the shortest key that was made of it: that of the Instance itself."""
    shortest: dict[int, str] = {}
    for found in objects:
        source = id(_source(found))
        own = shortest.get(source)
        if own is None or len(found.key) < len(own):
            shortest[source] = found.key
    return shortest


def _resource(found: Object, setting: Setting, shortest: Mapping[int, str]) -> Resource:
    source = _source(found)
    address = source.address if source is not None else ""
    below = found.key.removeprefix(shortest.get(id(source), ""))
    root = "" if setting.root == "." else setting.root.lower()
    origin = Origin(
        KIND,
        (source.file if source is not None else "") or setting.file,
        base=(found.key,),
        address=address + below if address else "",
        page=setting.page,
        declared=f"{root}:{_KEY.sub('[*]', address)}{below}" if address else "",
    )
    return Resource(
        found.key,
        found.type,
        found.attributes,
        origin,
        namespace=found.namespace if isinstance(found, Declared) else "",
        name=found.name,
        unknowns=tuple(find_unknowns(found.attributes)) if isinstance(found, Declared) else found.unknowns,
    )
