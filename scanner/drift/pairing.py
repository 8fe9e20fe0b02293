"""Which element of a declared list is which element of the live one."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from scanner.drift.facts import Fact
from scanner.model.unknown import Unknown

NAMES = ("name", "key", "id", "objectId", "host", "ip", "path", "mountPath", "value")
"""What tells elements apart where the tables say nothing, as long as it does in both lists."""


class Pairs(NamedTuple):
    """A declared list beside a live one, by index."""

    both: tuple[tuple[int, int], ...]
    """In the order of the declared list."""
    only_declared: tuple[int, ...]
    only_live: tuple[int, ...]
    moved: bool = False
    """Whether elements that are in both stand in another order, where the order says something."""


def pair(
    declared: Sequence[Any],
    live: Sequence[Any],
    fact: Fact,
    absent: Mapping[str, Any],
    agree: Callable[[Any, Any], bool],
    *,
    azure: bool,
) -> Pairs:
    """Return which elements belong together; ``absent`` says what a key means that an element lacks.

    By the keys that the tables name; else by a name that is unique in both lists; else, where order says something, by
    their places; else by what they hold, as ``agree`` says, and what is left over by place.
    """
    for keys in [fact.keys] if fact.keys else [(name,) for name in NAMES]:
        found = _by_keys(declared, live, keys, absent, needs_all=not fact.keys, azure=azure)
        if found is not None:
            found = _with_agreeing(found, declared, live, agree) if azure else found
            order = [right for _, right in found.both]
            return found._replace(moved=fact.ordered and not fact.keys and order != sorted(order))
    if fact.ordered:
        return _rest((), range(len(declared)), range(len(live)))
    return _by_content(declared, live, agree)


def _by_keys(
    declared: Sequence[Any],
    live: Sequence[Any],
    keys: Sequence[str],
    absent: Mapping[str, Any],
    *,
    needs_all: bool,
    azure: bool,
) -> Pairs | None:
    """Return the pairs by ``keys``; None where they do not tell all elements apart."""
    left, right = (_index(elements, keys, absent, needs_all, azure) for elements in (declared, live))
    if left is None or right is None:
        return None
    both = tuple((index, right[name]) for name, index in left.items() if name in right)
    return Pairs(
        both,
        tuple(index for name, index in left.items() if name not in right),
        tuple(index for name, index in right.items() if name not in left),
    )


def _with_agreeing(
    pairs: Pairs, declared: Sequence[Any], live: Sequence[Any], agree: Callable[[Any, Any], bool]
) -> Pairs:
    """Return ``pairs`` and those that agree though their names differ: ids that are not known beforehand."""
    more: list[tuple[int, int]] = []
    free = list(pairs.only_live)
    for left in pairs.only_declared:
        right = next((right for right in free if agree(declared[left], live[right])), None)
        if right is not None:
            free.remove(right)
            more.append((left, right))
    if not more:
        return pairs
    taken = {left for left, _ in more}
    rest = tuple(left for left in pairs.only_declared if left not in taken)
    return Pairs(tuple(sorted((*pairs.both, *more))), rest, tuple(free))


def _index(
    elements: Sequence[Any], keys: Sequence[str], absent: Mapping[str, Any], needs_all: bool, azure: bool
) -> dict[Any, int] | None:
    found: dict[Any, int] = {}
    for index, element in enumerate(elements):
        if not isinstance(element, dict):
            return None
        values = tuple(_name(element.get(key, absent.get(key)), azure) for key in keys)
        if all(value is None for value in values) or (needs_all and None in values) or values in found:
            return None
        found[values] = index
    return found


def _name(value: Any, azure: bool) -> str | None:
    if value is None or isinstance(value, dict | list | Unknown):
        return None
    return str(value).casefold() if azure else str(value)


def _by_content(declared: Sequence[Any], live: Sequence[Any], agree: Callable[[Any, Any], bool]) -> Pairs:
    """Return the pairs whose elements agree; equal texts first, so that long lists are not compared pair by pair."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for right, element in enumerate(live):
        places[_written(element)].append(right)
    both: list[tuple[int, int]] = []
    left_over: list[int] = []
    for left, element in enumerate(declared):
        same = places.get(_written(element))
        if same:
            both.append((left, same.pop(0)))
        else:
            left_over.append(left)
    free = sorted(right for rights in places.values() for right in rights)
    unmatched: list[int] = []
    for left in left_over:
        match = next((right for right in free if agree(declared[left], live[right])), None)
        if match is None:
            unmatched.append(left)
        else:
            free.remove(match)
            both.append((left, match))
    return _rest(tuple(sorted(both)), unmatched, free)


def _rest(both: tuple[tuple[int, int], ...], left: Sequence[int], right: Sequence[int]) -> Pairs:
    """Return ``both`` and, by place, what is left: a changed element is one change and not two."""
    number = min(len(left), len(right))
    more = tuple(zip(left[:number], right[:number], strict=True))
    return Pairs(tuple(sorted((*both, *more))), tuple(left[number:]), tuple(right[number:]))


def _written(element: Any) -> str:
    return json.dumps(element, sort_keys=True, default=repr).casefold()
