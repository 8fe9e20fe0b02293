"""`json.patch` (RFC 6902, and sets): a patch that does not apply is an error, where the engine's is undefined."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from scanner.packs.rego.builtins.operands import array, is_set, type_name

_INDEX = re.compile(r"0|[1-9][0-9]*")


def patch(document: object, operations: object) -> object:
    """Return a document after a row of operations; the one given stays as it is."""
    for operation in array(operations, 2):
        if not isinstance(operation, dict):
            raise ValueError("must be an array of JSON-Patch objects, but one element is not an object")  # noqa: TRY004
        path = _path(_attribute(operation, "path"))
        kind = _attribute(operation, "op")
        apply = _KINDS.get(kind) if isinstance(kind, str) else None
        if apply is None:
            raise ValueError(f"unrecognized op: '{kind}'")
        document = apply(document, path, operation)
    return document


def _add(document: Any, path: list[Any], operation: Mapping[str, Any]) -> Any:
    return _inserted(document, path, _attribute(operation, "value"))


def _remove(document: Any, path: list[Any], operation: Mapping[str, Any]) -> Any:
    return _deleted(document, path)


def _replace(document: Any, path: list[Any], operation: Mapping[str, Any]) -> Any:
    value = _attribute(operation, "value")
    return _inserted(_deleted(document, path) if path else document, path, value)


def _move(document: Any, path: list[Any], operation: Mapping[str, Any]) -> Any:
    source = _path(_attribute(operation, "from"))
    return _inserted(_deleted(document, source), path, _found(document, source))


def _copy(document: Any, path: list[Any], operation: Mapping[str, Any]) -> Any:
    return _inserted(document, path, _found(document, _path(_attribute(operation, "from"))))


def _test(document: Any, path: list[Any], operation: Mapping[str, Any]) -> Any:
    wanted, found = _attribute(operation, "value"), _found(document, path)
    if not _equal(wanted, found):
        raise ValueError(f"value from EditTree != patch value. Expected: {wanted!r} Found: {found!r}")
    return document


_KINDS: dict[str, Callable[[Any, list[Any], Mapping[str, Any]], Any]] = {
    "add": _add,
    "remove": _remove,
    "replace": _replace,
    "move": _move,
    "copy": _copy,
    "test": _test,
}


def _attribute(operation: Mapping[str, Any], name: str) -> Any:
    if name not in operation:
        raise ValueError(f"missing required attribute '{name}'")
    return operation[name]


def _path(value: object) -> list[Any]:
    """Return the parts of a path: a text with slashes, or an array."""
    if isinstance(value, list) and not is_set(value):
        return list(value)
    if not isinstance(value, str):
        raise ValueError(f"operand 2 must be an array with string paths but got {type_name(value)}")  # noqa: TRY004
    parts = value.lstrip("/").split("/") if value else []
    return [part.replace("~1", "/").replace("~0", "~") for part in parts]


def _found(document: Any, path: list[Any]) -> Any:
    for part in path:
        document = _child(document, part)
    return document


def _child(container: Any, part: Any) -> Any:
    if isinstance(container, dict):
        if isinstance(part, (list, dict)) or part not in container:
            raise ValueError(f"path {part!r} does not exist in object")
        return container[part]
    if is_set(container):
        return container[_position(container, part)]
    if isinstance(container, list):
        return container[_index(part, len(container) - 1)]
    raise ValueError(f"expected composite type, found value of type {type_name(container)}")


def _inserted(document: Any, path: list[Any], value: Any) -> Any:
    if not path:
        return value
    return _changed(document, path, lambda container, part: _insert(container, part, value))


def _deleted(document: Any, path: list[Any]) -> Any:
    if not path:
        raise ValueError("cannot delete the whole document")
    return _changed(document, path, _delete)


def _changed(document: Any, path: list[Any], change: Callable[[Any, Any], Any]) -> Any:
    """Return the document with the container at the end of a path replaced by what `change` makes of it."""
    if len(path) == 1:
        return change(document, path[0])
    inner = _changed(_child(document, path[0]), path[1:], change)
    if isinstance(document, dict):
        return {**document, path[0]: inner}
    at = _position(document, path[0]) if is_set(document) else _index(path[0], len(document) - 1)
    return type(document)([*document[:at], inner, *document[at + 1 :]])


def _insert(container: Any, part: Any, value: Any) -> Any:
    if isinstance(container, dict):
        return {**container, part: value}
    if is_set(container):
        if not _equal(part, value):
            raise ValueError("set key does not equal value to be inserted")
        return container if part in container else type(container)([*container, value])
    if isinstance(container, list):
        at = len(container) if part == "-" else _index(part, len(container))
        return [*container[:at], value, *container[at:]]
    raise ValueError(f"expected composite type, found value of type {type_name(container)}")


def _delete(container: Any, part: Any) -> Any:
    _child(container, part)
    if isinstance(container, dict):
        return {key: value for key, value in container.items() if key != part}
    at = _position(container, part) if is_set(container) else _index(part, len(container) - 1)
    return type(container)([*container[:at], *container[at + 1 :]])


def _index(part: Any, last: int) -> int:
    if isinstance(part, str) and _INDEX.fullmatch(part):
        part = int(part)
    if not isinstance(part, int) or isinstance(part, bool):
        raise ValueError(f"invalid index {part!r}")  # noqa: TRY004
    if not 0 <= part <= last:
        raise ValueError(f"index {part} out of bounds")
    return part


def _position(members: list[Any], member: Any) -> int:
    """Return where the engine's list of a set has a member."""
    position = next((at for at, each in enumerate(members) if _equal(each, member)), None)
    if position is None:
        raise ValueError("set does not have the given member")
    return position


def _equal(one: Any, other: Any) -> bool:
    """Compare as JSON does: true is not 1."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_equal(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        same = is_set(one) == is_set(other) and len(one) == len(other)
        return same and all(map(_equal, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)
