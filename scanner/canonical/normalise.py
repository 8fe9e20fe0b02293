"""ArmObjects of any source as canonical objects: one spelling, one shape, children joined, defaults of the service.

The one place where Terraform, ARM, Bicep and live Azure become the same. Every step is a pass with an index: the time
is linear in what is given.
"""

from collections.abc import Iterable
from typing import Any

from scanner.canonical.arm_object import ArmObject, Part
from scanner.canonical.candidates import Candidates
from scanner.canonical.joined import Joined
from scanner.canonical.shapes import Shape, is_extension, location, shape_of, spelled
from scanner.canonical.values import ensure, fresh
from scanner.model.path import Path
from scanner.model.unknown import Unknown, find_unknowns
from scanner.views import azure_ids

_ENVELOPE = frozenset(("id", "name", "type", "apiVersion", "parent", "scope"))
"""What the object says beside its body."""
_DEPTH = 100
"""Levels of a body that are walked by recursion."""


def normalise(objects: Iterable[ArmObject]) -> list[Joined]:
    """Return the canonical objects of one page, in the order given; nested children are inside their parents."""
    drafts = [Draft(each) for each in objects]
    _imply(drafts)
    if any("/" in draft.shape.type.partition("/")[2] for draft in drafts):
        from scanner.canonical.nesting import nest

        drafts = nest(drafts)
    return [draft.finished() for draft in drafts]


class Draft:
    """One object while its children are joined."""

    __slots__ = ("attributes", "object", "parent", "parts", "shape")

    def __init__(self, declared: ArmObject) -> None:
        self.object = declared
        self.shape: Shape = shape_of(declared.type)
        self.parts: list[Part] = []
        self.parent = declared.body.get("parent")
        """Why the parent is not known, as an Unknown; else None."""
        self.attributes = _attributes(declared, self.shape)

    def finished(self) -> Joined:
        """Return the object with the defaults of its source's service."""
        if self.object.defaults == "arm":
            apply_defaults(self.attributes, self.shape, self.object.api_version)
        declared = self.object
        unknowns: list[Path] = []
        if _holds_unknown(self.attributes, 0):
            _collect_unknowns(self.attributes, (), unknowns)
        return Joined(
            declared.key, self.shape.type, declared.name, self.attributes, tuple(unknowns), declared, tuple(self.parts)
        )


def _attributes(declared: ArmObject, shape: Shape) -> dict[str, Any]:
    """Return the attributes of one object: the envelope first, then its body, spelled."""
    attributes: dict[str, Any] = {"id": declared.id, "name": azure_name(declared), "type": shape.type}
    if declared.api_version:
        attributes["apiVersion"] = declared.api_version
    if "/" in shape.type.partition("/")[2]:
        attributes["parent"] = declared.body.get("parent") or azure_ids.parent(declared.id)
    elif shape.extension or is_extension(declared.id):
        stated = declared.body.get("scope")
        attributes["scope"] = stated if isinstance(stated, Unknown) else azure_ids.parent(declared.id)
    body = dict(declared.body) if declared.defaults == "azurerm" else spelled(declared.body, shape.root)
    attributes.update({key: value for key, value in body.items() if key not in _ENVELOPE and value is not None})
    if "location" in attributes:
        attributes["location"] = location(attributes["location"])
    identity = attributes.get("identity")
    if identity.__class__ is dict and identity.get("type").__class__ is str:
        attributes["identity"] = {**identity, "type": identity["type"].replace(" ", "")}
    return attributes


def azure_name(declared: ArmObject) -> str:
    """Return the last segment of the object's name."""
    name = declared.name
    if "/" not in name:
        return name
    return azure_ids.split(name)[-1]


def _holds_unknown(value: Any, depth: int) -> bool:
    """Whether there may be an Unknown in ``value``: hardly ever is, and where each would stand need not be known."""
    if depth > _DEPTH:
        return True
    for item in value.values() if value.__class__ is dict else value:
        cls = item.__class__
        if cls is str or cls is bool or cls is int:
            continue
        if cls is dict or cls is list:
            if item and _holds_unknown(item, depth + 1):
                return True
        elif isinstance(item, Unknown):
            return True
    return False


def _collect_unknowns(value: Any, path: Path, found: list[Path]) -> None:
    """Add the path of every Unknown in ``value`` to ``found``; for depths that nobody writes, without recursion."""
    if len(path) > _DEPTH:
        found.extend((*path, *below) for below in find_unknowns(value))
        return
    for key, item in value.items() if value.__class__ is dict else enumerate(value):
        cls = item.__class__
        if cls is str or cls is bool or cls is int:
            continue
        if cls is dict or cls is list:
            _collect_unknowns(item, (*path, key), found)
        elif isinstance(item, Unknown):
            found.append((*path, key))


def apply_defaults(attributes: dict[str, Any], shape: Shape, api_version: str) -> None:
    """Fill in what the service takes for absent properties of an object with this API version."""
    for default in shape.defaults:
        found, value = default.value(api_version)
        base = ensure(attributes, default.path[:-1]) if found else None
        if base is not None and base.get(default.path[-1]) is None:
            base[default.path[-1]] = fresh(value)


def _imply(drafts: list[Draft]) -> None:
    """Add the children that exist undeclared (``blobServices/default`` of an account).

    None is added where one that is declared may be it, once what is in braces is known.
    """
    wanted: dict[str, list[ArmObject]] = {}
    for draft in drafts:
        for implied in draft.shape.implied if draft.object.defaults != "live" else ():
            if not any(draft.attributes.get(name) == value for name, value in implied.unless):
                child = _implied(draft.object, implied.type, implied.name)
                wanted.setdefault(child.type.lower(), []).append(child)
    for type_, children in wanted.items():
        declared = [draft for draft in drafts if draft.object.type.lower() == type_]
        if any(draft.parent is not None for draft in declared):
            continue  # whose it is, nobody knows
        candidates = Candidates([child.id for child in children], name_at=-3)
        there = {index for draft in declared for index in candidates.of(draft.object.id)}
        drafts.extend(Draft(child) for index, child in enumerate(children) if index not in there)


def _implied(parent: ArmObject, type_: str, name: str) -> ArmObject:
    below = f"{type_}/{name}"
    return ArmObject(
        f"{parent.type}/{type_}",
        f"{parent.name}/{name}",
        f"{parent.id}/{below}",
        {"properties": {}},
        f"{parent.key}/{below}",
        parent.api_version,
        "arm",
        parent.source,
        _nowhere,
    )


def _nowhere(path: Path) -> Path:
    """The way back of what nobody wrote: to the resource as a whole."""
    return ()
