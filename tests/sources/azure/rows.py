"""Answers for the tests of live Azure, in the shape that Resource Graph and Azure Resource Manager give them."""

import json
from typing import Any

from scanner.model.resource import Resource
from scanner.sources.azure.file import read_export
from scanner.sources.interface import PageContent

SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-0000000000a1"
GROUP = f"{SUBSCRIPTION}/resourceGroups/rg-shop"


def row(type_: str, name: str, properties: Any = None, **columns: Any) -> dict[str, Any]:
    """A row of Resource Graph: every column is there, empty ones as null or empty text."""
    provider, *kinds = type_.split("/")
    names = name.split("/")
    below = "/".join(f"{kind}/{one}" for kind, one in zip(kinds, names, strict=True))
    return {
        "id": f"{GROUP}/providers/{provider}/{below}",
        "name": names[-1],
        "type": type_.lower(),
        "location": "westeurope",
        "kind": "",
        "sku": None,
        "plan": None,
        "identity": None,
        "zones": None,
        "managedBy": "",
        "tags": {},
        "properties": {} if properties is None else properties,
        "tenantId": "00000000-0000-0000-0000-000000000001",
        "subscriptionId": SUBSCRIPTION.rpartition("/")[2],
        "resourceGroup": "rg-shop",
        **columns,
    }


def answer(*rows: dict[str, Any], **members: Any) -> dict[str, Any]:
    """An answer of Resource Graph."""
    return {
        "totalRecords": len(rows),
        "count": len(rows),
        "resultTruncated": "false",
        "facets": [],
        "data": list(rows),
        **members,
    }


def content(*documents: Any) -> PageContent:
    """What a file with these documents holds, one a line."""
    found = read_export("\n".join(map(json.dumps, documents)).encode(), "export.json")
    assert found is not None
    return found[0]


def resources(*documents: Any) -> dict[str, Resource]:
    """The Resources of a file with these documents, by name."""
    return {resource.name: resource for resource in content(*documents).resources}


def reason(*documents: Any) -> str:
    """Why a file with these documents is not complete; empty where it is."""
    (entry,) = content(*documents).entries
    assert entry.incomplete == bool(entry.reason)
    return entry.reason
