"""Joining children that ARM nests (subnets, security rules, agent pools) into the parents of the same page."""

from typing import Any

from scanner.canonical.arm_object import Part
from scanner.canonical.candidates import Candidates
from scanner.canonical.normalise import Draft
from scanner.canonical.shapes import Nested, parent_type, shape_of
from scanner.model.path import Path, value_at
from scanner.model.unknown import Unknown
from scanner.views import azure_ids


def nest(drafts: list[Draft]) -> list[Draft]:
    """Return ``drafts`` without the children that are in their parents now.

    A child whose parent is elsewhere stays. Where its parent may be one of the page, that one's list is Unknown.
    """
    parents: dict[str, Draft] = {}
    for draft in drafts:
        parents.setdefault(draft.object.id.lower(), draft)
    kept: list[Draft] = []
    lost: dict[tuple[str, str], list[Draft]] = {}
    owned: dict[int, set[Path]] = {}
    names: dict[tuple[int, Path], dict[str, int]] = {}
    for draft in drafts:
        outer, _, kind = draft.shape.type.rpartition("/")
        nested = shape_of(outer).nested.get(kind.lower()) if parent_type(draft.shape.type) else None
        if nested is None or (nested.named and nested.named != draft.attributes["name"].lower()):
            kept.append(draft)
            continue
        parent = parents.get(azure_ids.parent(draft.object.id).lower()) if draft.parent is None else None
        if parent is None:
            kept.append(draft)
            lost.setdefault((outer.lower(), kind.lower()), []).append(draft)
        else:
            _join(parent, draft, nested, owned, names)
    for (outer, kind), children in lost.items():
        _blur([draft for draft in drafts if draft.shape.type.lower() == outer], children, shape_of(outer).nested[kind])
    return kept


def _join(
    parent: Draft,
    child: Draft,
    nested: Nested,
    owned: dict[int, set[Path]],
    names: dict[tuple[int, Path], dict[str, int]],
) -> None:
    """Put ``child`` into the list of its parent: in the place of an element of its name, else at the end."""
    if nested.fields:
        _write_fields(parent, child, nested, owned.setdefault(id(parent), set()))
        return
    items = _list_at(parent, nested.at, owned.setdefault(id(parent), set()))
    if items is None:
        return
    if nested.shape == "list":
        _append(parent, child, nested, items)
        return
    known = names.get((id(parent), nested.at))
    if known is None:
        known = {
            str(item["name"]).lower(): at for at, item in enumerate(items) if isinstance(item, dict) and "name" in item
        }
        names[(id(parent), nested.at)] = known
    name = child.attributes["name"]
    properties = child.attributes.get("properties", {})
    element: Any
    if nested.shape == "flat":
        element = {"name": name, **properties} if isinstance(properties, dict) else properties
        inner: Path = ("properties",)
    else:
        element = {"name": name, "properties": properties}
        inner = ()
    index = known.get(name.lower())
    if index is None:
        index = known[name.lower()] = len(items)
        items.append(element)
    elif isinstance(items[index], dict) and isinstance(element, dict):
        items[index] = {**items[index], **element}  # the element that the parent lists and the child are one thing
    at = (*nested.at, index)
    parent.parts.append(Part(at, child.object, inner))
    if inner:
        parent.parts.append(Part((*at, "name"), child.object, ("name",)))


def _append(parent: Draft, child: Draft, nested: Nested, items: list[Any]) -> None:
    """Put the elements that ``child`` holds at the end; a child named ``remove`` adds none."""
    if child.attributes["name"] == "remove":
        return
    value: Any = child.attributes
    for step in nested.source:
        value = value.get(step) if isinstance(value, dict) else None
    for index, item in enumerate(value if isinstance(value, list) else [value] if isinstance(value, Unknown) else []):
        parent.parts.append(Part((*nested.at, len(items)), child.object, (*nested.source, index)))
        items.append(item)


def _write_fields(parent: Draft, child: Draft, nested: Nested, owned: set[Path]) -> None:
    """Write what ``child`` says over what its parent says of the same."""
    for field in nested.fields:
        value = value_at(child.attributes, field.source)
        base = _object_at(parent, field.target[:-1], owned) if value is not None else None
        if base is None:
            continue
        last = field.target[-1]
        if value.__class__ is dict and base.get(last).__class__ is dict:
            base[last] = {**base[last], **value}
            parent.parts += [Part((*field.target, key), child.object, (*field.source, key)) for key in value]
        else:
            base[last] = field.words.get(str(value).lower(), value) if value.__class__ in (bool, str) else value
            parent.parts.append(Part(field.target, child.object, field.source))


def _object_at(parent: Draft, at: Path, owned: set[Path]) -> dict[str | int, Any] | None:
    """Return the parent's object at ``at``, copied the first time; None where something else stands there."""
    base: Any = parent.attributes
    for depth, step in enumerate(at, 1):
        below = base.get(step)
        if below is None:
            below = {}
        elif below.__class__ is not dict:
            return None
        if at[:depth] not in owned:
            below = dict(below)
            owned.add(at[:depth])
        base[step] = below
        base = below
    return base  # type: ignore[no-any-return]


def _list_at(parent: Draft, at: Path, owned: set[Path]) -> list[Any] | None:
    """Return the parent's list at ``at``, a copy of its own the first time; None where something else stands there."""
    base = _object_at(parent, at[:-1], owned)
    if base is None:
        return None
    items = base.get(at[-1])
    if items is not None and items.__class__ is not list:
        return None
    if at not in owned:
        items = list(items or ())
        owned.add(at)
    base[at[-1]] = items
    return items


def _blur(candidates: list[Draft], children: list[Draft], nested: Nested) -> None:
    """Make the list of every candidate Unknown that may be the parent of a child that found none."""
    index = Candidates([candidate.object.id for candidate in candidates])
    blurred: set[int] = set()
    asked: set[str] = set()
    for child in children:
        wanted = azure_ids.parent(child.object.id).lower() if child.parent is None else ""
        if wanted in asked or len(blurred) == len(candidates):
            continue
        asked.add(wanted)
        for position in index.of(wanted) if wanted else index.all():
            if position not in blurred:
                blurred.add(position)
                _set_unknown(candidates[position], child, nested)


def _set_unknown(candidate: Draft, child: Draft, nested: Nested) -> None:
    why = child.parent.reason if isinstance(child.parent, Unknown) else "the id of its parent is not known"
    unknown = Unknown(f"{child.object.name} may belong to it: {why}", child.object.key)
    for target in nested.targets:
        base = _object_at(candidate, target[:-1], set())
        if base is not None:
            base[target[-1]] = unknown
            candidate.parts.append(Part(target, child.object, ()))
