"""What means the same for every type of azurerm and so needs no row: location, tags, the managed identity."""

from collections.abc import Mapping, Set
from typing import Any

from scanner.canonical.templates import Resolve
from scanner.canonical.values import settled
from scanner.model.unknown import Unknown


def add_envelope(attributes: Mapping[str, Any], known: Set[str], body: dict[str, Any], resolve: Resolve) -> None:
    """Write ``location``, ``tags`` and ``identity`` into ``body``, unless rows (of the attributes ``known``) did."""
    for name in ("location", "tags"):
        value = attributes.get(name)
        if value is not None and name not in known and name not in body:
            body[name] = settled(value, resolve)
    identity = attributes.get("identity")
    if identity is not None and "identity" not in known:
        body["identity"] = managed_identity(identity, resolve)


def keep_aside(attributes: Mapping[str, Any], understood: Set[str], body: dict[str, Any]) -> None:
    """Keep what no row reads as ``_tf``: a rule that needs it can say so, and nobody takes it for absent."""
    kept = {
        name: value
        for name, value in attributes.items()
        if name not in understood and value is not None and value != []
    }
    if kept:
        body["_tf"] = kept


def managed_identity(value: Any, resolve: Resolve) -> Any:
    """Return the block ``identity`` as ARM has it."""
    block = value[0] if value.__class__ is list and value else value
    if not isinstance(block, Mapping):
        return block if isinstance(block, Unknown) else {}
    body: dict[str, Any] = {}
    kind = block.get("type")
    if kind is not None:
        body["type"] = kind.replace(", ", ",") if isinstance(kind, str) else kind
    ids = settled(block.get("identity_ids"), resolve)
    if isinstance(ids, list) and ids:
        lost = next((each for each in ids if isinstance(each, Unknown)), None)
        body["userAssignedIdentities"] = lost or {str(each): {} for each in ids}
    elif isinstance(ids, Unknown):
        body["userAssignedIdentities"] = ids
    return body
