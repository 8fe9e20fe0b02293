"""Azure Resources for tests of views."""

from typing import Any

from scanner.model.location import Origin
from scanner.model.resource import Resource
from scanner.views import azure_ids

GROUP = "/subscriptions/s/resourceGroups/rg"


def azure(id_: str, properties: dict[str, Any] | None = None, **attributes: Any) -> Resource:
    """Return the Resource with this id; its type and name come from it, its ``scope`` or ``parent`` too."""
    parsed = azure_ids.parse(id_)
    assert parsed is not None
    above = {"parent" if "/" in parsed.type.partition("/")[2] else "scope": azure_ids.parent(id_)}
    shape = {"id": id_, "name": parsed.names[-1], "type": parsed.type, **above, "properties": properties or {}}
    return Resource(id_.lower(), parsed.type, {**shape, **attributes}, Origin("arm", id_), name=parsed.names[-1])
