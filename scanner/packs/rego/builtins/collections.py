"""Arrays."""

from scanner.packs.rego.builtins.operands import array, is_set


def flatten(nested: object) -> list[object]:
    """Return an array with the members of inner arrays in their place, one level deep."""
    flat: list[object] = []
    for item in array(nested, 1):
        if isinstance(item, list) and not is_set(item):
            flat += item
        else:
            flat.append(item)
    return flat
