"""What a change does to the files that decide over gates: told, not obeyed."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from scanner.config import Config, ExemptionPolicy, load_config
from scanner.errors import BulkheadError
from scanner.model.exemption import Exemption
from scanner.model.ledger import LedgerEntry, State
from scanner.points.base import BaseTree
from scanner.points.request import Request

_LATER = "it counts once it is merged"


def differences(request: Request, tree: BaseTree) -> Iterator[LedgerEntry]:
    """Yield a note for each file that decides here and that the change edits, with what would be different."""
    if request.config.file:
        yield from _note(request.config.file, tree, _config)
    if request.estate:
        yield from _note(request.estate, tree, _estate)
    for path in request.exemptions:
        yield from _note(path, tree, _exemptions)
    for path in (*(pack.path for pack in request.config.packs), *request.packs):
        yield from _note(path, tree, lambda old, new: ["its rules"])
    if request.baseline:
        yield from _note(request.baseline, tree, lambda old, new: ["known findings"])


def _note(there: str, tree: BaseTree, compared: Any) -> Iterator[LedgerEntry]:
    if not there.startswith(tree.folder + os.sep):
        return
    here = os.path.join(tree.commit.repository, os.path.relpath(there, tree.folder))
    if _content(there) == _content(here):
        return
    name = os.path.relpath(here, tree.here)
    if not os.path.exists(here):
        reason = f"the change removes it; {tree.name} still has it and decides"
    else:
        try:
            what = compared(there, here)
        except BulkheadError as error:
            what = [f"it could not be used: {tree.shown(str(error))}"]
        reason = f"the change edits it ({'; '.join(what) or 'no effect'}); {tree.name} decides, {_LATER}"
    yield LedgerEntry(name, State.SCANNED, reason)


def _content(path: str) -> Mapping[str, bytes]:
    """Return relative path → content of a file, or of all files of a folder."""
    if not os.path.isdir(path):
        return {"": _read(path)} if os.path.isfile(path) else {}
    return {
        os.path.relpath(os.path.join(folder, name), path): _read(os.path.join(folder, name))
        for folder, folders, names in os.walk(path)
        for name in names
        if "__pycache__" not in folder and not folders.count("\0")
    }


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as stream:
            return stream.read()
    except OSError:
        return b""


def _config(there: str, here: str) -> list[str]:
    old, new = load_config(there, ""), load_config(here, "")
    return [said for name in _names(Config) for said in _key(name, getattr(old, name), getattr(new, name))]


def _key(name: str, old: Any, new: Any) -> Iterator[str]:
    if name == "file" or old == new:
        return
    if isinstance(old, ExemptionPolicy):
        changed = [key for key in ExemptionPolicy._fields if getattr(old, key) != getattr(new, key)]
        yield from (f"exemptions.{key} differs" for key in changed)
    elif isinstance(old, tuple) and not hasattr(old, "_fields"):
        yield from _members(name, map(_text, old), map(_text, new))
    elif hasattr(old, "_fields"):
        yield from (f"{name}.{key} differs" for key in old._fields if getattr(old, key) != getattr(new, key))
    else:
        yield f"{name}: {_text(old)} → {_text(new)}"


def _exemptions(there: str, here: str) -> list[str]:
    from scanner.exemptions import load_exemptions

    old, new = (_by_id(load_exemptions(path, ExemptionPolicy(require=()))[0]) for path in (there, here))
    return [
        *_members("exemption", old, new),
        *(f"changes exemption {id_}" for id_ in sorted(old) if _edited(id_, old, new)),
    ]


def _estate(there: str, here: str) -> list[str]:
    from scanner.estate import load_estate
    from scanner.exemptions import items_of_estate

    old, new = ({one.id: one for one in items_of_estate(load_estate(path))} for path in (there, here))
    said = [*_members("exemption", old, new), *(f"changes exemption {i}" for i in sorted(old) if _edited(i, old, new))]
    return said or ["what it declares"]


def _by_id(exemptions: tuple[Exemption, ...]) -> dict[str, Exemption]:
    return {one.id: one for one in exemptions}


def _edited(id_: str, old: Mapping[str, Exemption], new: Mapping[str, Exemption]) -> bool:
    def facts(one: Exemption) -> tuple[object, ...]:
        return (one.rules, dict(one.selector), one.expires, one.owner)

    return id_ in new and facts(old[id_]) != facts(new[id_])


def _members(name: str, old: Any, new: Any) -> Iterator[str]:
    before, after = set(old), set(new)
    yield from (f"adds {name} {one}" for one in sorted(after - before))
    yield from (f"removes {name} {one}" for one in sorted(before - after))


def _names(kind: type) -> list[str]:
    return [field.name for field in fields(kind)]


def _text(value: Any) -> str:
    label = getattr(value, "label", None)
    return label if isinstance(label, str) else "nothing" if value is None else str(value)
