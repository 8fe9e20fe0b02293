"""Merging what associations write into the resources they change."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from scanner.canonical.arm_object import ArmObject, Part
from scanner.canonical.candidates import Candidates
from scanner.canonical.instance import Instance
from scanner.model.path import Path
from scanner.model.unknown import Unknown
from scanner.views import azure_ids


class Patch(NamedTuple):
    """A resource that changes another one."""

    object: ArmObject
    """Its body is what it writes; ``type`` and ``id`` are the target's."""
    target: Unknown | None
    """Why the target is not known."""
    appends: frozenset[tuple[str, ...]]
    """Paths of lists that go on at the end of the target's."""


def apply_patches(
    objects: Sequence[ArmObject], patches: Sequence[Patch]
) -> tuple[list[ArmObject], list[tuple[Instance, str]]]:
    """Return ``objects`` with the patches merged in, and a sentence for each patch that changes nothing here.

    A patch whose target is not known makes what it writes Unknown in every object that may be the target: in all but
    those where another patch writes the same, since a provider allows but one.
    """
    merged = list(objects)
    by_id = {each.id.lower(): index for index, each in enumerate(merged)}
    notes: list[tuple[Instance, str]] = []
    lost: dict[str, list[Patch]] = {}
    taken: set[tuple[int, Path]] = set()
    for patch in patches:
        index = by_id.get(patch.object.id.lower())
        if index is not None and patch.target is None:
            merged[index] = _merge(merged[index], patch)
            if not patch.appends:
                taken.update((index, path) for path in _written(patch.object.body))
        else:
            lost.setdefault(patch.object.type.lower(), []).append(patch)
    for type_, of_type in lost.items():
        positions = [index for index, each in enumerate(merged) if each.type.lower() == type_]
        notes.extend(_blur(merged, positions, of_type, taken))
    return merged, notes


def _merge(target: ArmObject, patch: Patch) -> ArmObject:
    parts: list[Part] = list(target.parts)
    body = _merged(target.body, patch.object.body, (), (), patch, parts)
    return replace(target, body=body, parts=tuple(parts))


def _merged(
    old: Mapping[str, Any], new: Mapping[str, Any], at: Path, inner: Path, patch: Patch, parts: list[Part]
) -> dict[str, Any]:
    """Return ``old`` with ``new`` written over it; notes in ``parts`` who wrote what."""
    result = dict(old)
    for key, value in new.items():
        here, there = (*at, key), (*inner, key)
        before = result.get(key)
        if isinstance(value, dict) and isinstance(before, dict) and value:
            result[key] = _merged(before, value, here, there, patch, parts)
        elif there in patch.appends and isinstance(value, list) and isinstance(before, list):
            added = [i for i, item in enumerate(value) if item not in before]  # a state repeats them in the target
            result[key] = [*before, *(value[i] for i in added)]
            parts.extend(Part((*here, len(before) + at), patch.object, (*there, i)) for at, i in enumerate(added))
        else:
            result[key] = value
            parts.append(Part(here, patch.object, there))
    return result


def _blur(
    merged: list[ArmObject], positions: list[int], patches: list[Patch], taken: set[tuple[int, Path]]
) -> Iterator[tuple[Instance, str]]:
    """Make Unknown what ``patches`` may write in the objects at ``positions``; ``taken`` is settled already."""
    candidates = Candidates([merged[position].id for position in positions])
    asked: set[tuple[str, tuple[Path, ...]]] = set()
    for patch in patches:
        wanted = patch.object.id.lower() if patch.target is None else ""
        written = tuple(_written(patch.object.body))
        if (wanted, written) in asked or ("", written) in asked:
            continue
        found = candidates.of(wanted) if wanted else candidates.all()
        for position in (positions[index] for index in found):
            paths = tuple(path for path in written if (position, path) not in taken)
            if paths:
                merged[position] = _unknown_at(merged[position], patch, paths)
                taken.update((position, path) for path in paths)
        if found:
            asked.add((wanted, written))
        else:
            known = patch.target is None and azure_ids.is_known(patch.object.id)
            yield patch.object.source, f"changes a resource that is not {'declared here' if known else 'known'}"


def _unknown_at(target: ArmObject, patch: Patch, written: tuple[Path, ...]) -> ArmObject:
    reason = patch.target.reason if patch.target is not None else "the id of its target is not known"
    address = patch.object.source.address
    unknown = Unknown(f"{address} may change it: {reason}", address)
    properties = target.body.get("properties")
    if not isinstance(properties, (dict, type(None))):
        return target
    body, parts = dict(target.body), list(target.parts)
    for key in written:
        if key[0] == "properties":
            body["properties"] = {**body.get("properties", {}), str(key[1]): unknown}
        else:
            body[str(key[0])] = unknown
        parts.append(Part(key, patch.object, key))
    return replace(target, body=body, parts=tuple(parts))


def _written(body: Mapping[str, Any]) -> Iterator[Path]:
    """Yield the joined attributes of a patch: ``properties.networkAcls`` rather than all below it."""
    for key, value in body.items():
        if key == "properties" and isinstance(value, dict):
            yield from (("properties", below) for below in value)
        elif key != "_tf":
            yield (key,)
