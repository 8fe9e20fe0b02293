"""Functions of arrays, and those that take texts, arrays and objects alike."""

import json
from typing import Any, Final

from scanner.model.unknown import Unknown
from scanner.sources.arm.functions.function import (
    Function,
    bounded_list,
    find_key,
    kind_of,
    refuse,
    want_dict,
    want_int,
    want_list,
    want_text,
)
from scanner.sources.arm.functions.text import known_part
from scanner.sources.arm.values import (
    EvaluationError,
    Token,
    derive,
    first_unknown,
    same,
    text_of,
    unknown_call,
    written_size,
)

_MAX_RANGE: Final = 10_000


def array(value: Any) -> list[Any]:
    """Return an array of the one value, or the array itself."""
    return value if isinstance(value, list) else [value]


def create_array(*values: Any) -> list[Any]:
    """Return the arguments as an array."""
    return list(values)


def length(value: Any) -> int:
    """Return how many characters, members or properties there are."""
    if not isinstance(value, (str, list, dict)):
        refuse("length", "a string, an array or an object", value)
    return len(value)


def empty(value: Any) -> Any:
    """Whether there is nothing in it; a text of which something is known is not empty."""
    if value is None:
        return True
    if isinstance(value, Unknown):
        known = isinstance(value, Token) and value.literal
        return False if known else unknown_call("empty", (value,))
    if not isinstance(value, (str, list, dict)):
        refuse("empty", "a string, an array or an object", value)
    return not value


def contains(where: Any, what: Any) -> Any:
    """Whether a text holds a part (with case), an array a member, an object a property (without case)."""
    if isinstance(where, Unknown) or isinstance(what, Unknown):
        if isinstance(where, Token) and isinstance(what, str) and known_part(where, what):
            return True
        if isinstance(where, list) and any(same(item, what) is True for item in where):
            return True
        return False if isinstance(where, (list, dict)) and not where else unknown_call("contains", (where, what))
    if isinstance(where, str):
        return (what if isinstance(what, str) else text_of(what)) in where
    if isinstance(where, list):
        return _member(where, what)
    return find_key(want_dict("contains", where), what if isinstance(what, str) else text_of(what)) is not None


def _member(where: list[Any], what: Any) -> Any:
    if type(what) is str and what in where:
        return True
    unknown: Unknown | None = None
    for item in where:
        result = same(item, what)
        if result is True:
            return True
        if result is None:
            unknown = first_unknown([item, what])
    return False if unknown is None else derive(unknown, unknown_call("contains", (where, what)).text)


def first(value: Any) -> Any:
    """Return the first character or member; null of an empty array."""
    if isinstance(value, str):
        return value[:1]
    items = want_list("first", value)
    return items[0] if items else None


def last(value: Any) -> Any:
    """Return the last character or member; null of an empty array."""
    if isinstance(value, str):
        return value[-1:]
    items = want_list("last", value)
    return items[-1] if items else None


def take(value: Any, count: Any) -> Any:
    """Return the first characters or members."""
    count = max(want_int("take", count), 0)
    return value[:count] if isinstance(value, str) else want_list("take", value)[:count]


def skip(value: Any, count: Any) -> Any:
    """Return what comes after the first characters or members."""
    count = max(want_int("skip", count), 0)
    return value[count:] if isinstance(value, str) else want_list("skip", value)[count:]


def index_of(value: Any, what: Any) -> Any:
    """Return where a part (without case) or member is first; -1 where it is not."""
    if isinstance(value, str):
        return value.lower().find(want_text("indexOf", what).lower())
    return _index("indexOf", want_list("indexOf", value), what, range(len(value)))


def last_index_of(value: Any, what: Any) -> Any:
    """Return where a part (without case) or member is last; -1 where it is not."""
    if isinstance(value, str):
        return value.lower().rfind(want_text("lastIndexOf", what).lower())
    return _index("lastIndexOf", want_list("lastIndexOf", value), what, range(len(value) - 1, -1, -1))


def _index(name: str, items: list[Any], what: Any, order: range) -> Any:
    for index in order:
        result = same(items[index], what)
        if result is None:
            return unknown_call(name, (items, what))
        if result:
            return index
    return -1


def range_(start: Any, count: Any) -> list[int]:
    """Return ``count`` whole numbers from ``start``."""
    start, count = want_int("range", start), want_int("range", count)
    if not 0 <= count <= _MAX_RANGE:
        raise EvaluationError(f"range() wants a count from 0 to {_MAX_RANGE}, not {count}", by_value=True)
    return list(range(start, start + count))


def flatten(value: Any) -> Any:
    """Return the members of the members."""
    items: list[Any] = []
    for item in want_list("flatten", value):
        if isinstance(item, Unknown):
            return unknown_call("flatten", (value,))
        items += want_list("flatten", item)
    return bounded_list(items)


def distinct(items: list[Any]) -> list[Any]:
    """Return ``items`` without what came before; what may be the same stays."""
    found: list[Any] = []
    seen: set[Any] = set()
    for item in items:
        key = identity(item)
        if key is None or key not in seen:
            seen.add(key)
            found.append(item)
    return found


def identity(value: Any) -> Any:
    """Return what is equal for equal values and can be hashed; None where something in ``value`` is not known."""
    if isinstance(value, (str, int)):
        return type(value), value
    if first_unknown([value]):
        return None
    written_size(value)
    return json.dumps(value, sort_keys=True)


def index_from_end(value: Any, position: Any) -> Any:
    """Return the member at a position from the end; 1 is the last."""
    items, position = want_list("indexFromEnd", value), want_int("indexFromEnd", position)
    if not 1 <= position <= len(items):
        raise EvaluationError(f"indexFromEnd(): there is no member {position} from the end", by_value=True)
    return items[-position]


def try_index_from_end(value: Any, position: Any) -> Any:
    """Return the same, and null where there is no such member."""
    items, position = want_list("tryIndexFromEnd", value), want_int("tryIndexFromEnd", position)
    return items[-position] if 1 <= position <= len(items) else None


def member(value: Any, key: Any, *, safe: bool) -> Any:
    """Return ``value.key`` or ``value[key]``; null where it is not there and ``safe``."""
    if isinstance(value, dict) and isinstance(key, str):
        found = key if key in value else find_key(value, key)
        if found is not None:
            return value[found]
        if safe:
            return None
        names = ", ".join(list(value)[:8])
        raise EvaluationError(f"there is no property '{key[:80]}'; there are {names or 'none'}", by_value=True)
    if isinstance(value, list) and isinstance(key, int) and not isinstance(key, bool):
        if 0 <= key < len(value):
            return value[key]
        if safe:
            return None
        raise EvaluationError(f"there is no member {key} in an array of {len(value)}", by_value=True)
    if isinstance(value, Token):
        try:
            return value.member(key)
        except EvaluationError:
            if safe:
                return None
            raise
    if isinstance(value, Unknown) or isinstance(key, Unknown):
        return unknown_call("item", (value, key))
    if safe:
        return None
    raise EvaluationError(f"cannot read '{text_of(key)[:80]}' of {kind_of(value)}", by_value=True)


def try_get(value: Any, *keys: Any) -> Any:
    """Return what is found along ``keys``; null where a step is missing."""
    for key in keys:
        if value is None:
            return None
        value = member(value, key, safe=True)
    return value


TABLE: Final = {
    "array": Function(array, 1, 1, lenient=True),
    "contains": Function(contains, 2, 2, lenient=True),
    "createarray": Function(create_array, 0, None, lenient=True),
    "empty": Function(empty, 1, 1, lenient=True),
    "first": Function(first, 1, 1),
    "flatten": Function(flatten, 1, 1),
    "indexfromend": Function(index_from_end, 2, 2),
    "indexof": Function(index_of, 2, 2),
    "last": Function(last, 1, 1),
    "lastindexof": Function(last_index_of, 2, 2),
    "length": Function(length, 1, 1),
    "range": Function(range_, 2, 2),
    "skip": Function(skip, 2, 2),
    "take": Function(take, 2, 2),
    "tryget": Function(try_get, 2, None, lenient=True),
    "tryindexfromend": Function(try_index_from_end, 2, 2),
}
