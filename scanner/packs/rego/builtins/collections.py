"""Arrays."""

from scanner.packs.rego.builtins.operands import array, integer, is_set


def flatten(nested: object) -> list[object]:
    """`array.flatten`: an array with the members of inner arrays in their place, one level deep."""
    flat: list[object] = []
    for item in array(nested, 1):
        if isinstance(item, list) and not is_set(item):
            flat += item
        else:
            flat.append(item)
    return flat


def array_slice(items: object, start: object, stop: object) -> list[object]:
    """`array.slice`: the members from one index to before another; the engine's is undefined for fractions."""
    found, first, last = array(items, 1), integer(start, 2), integer(stop, 3)
    return found[max(first, 0) : max(last, 0)]
