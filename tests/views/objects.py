"""Resources for tests of views, written as the YAML that people write."""

from typing import Any

import yaml

from scanner.model.location import Origin
from scanner.model.resource import Resource
from scanner.model.tenancy import UNDECLARED, Tenancy
from scanner.model.unknown import Unknown, find_unknowns


class _Loader(yaml.SafeLoader):
    """Reads ``!unknown`` as a value that is not known."""


_Loader.add_constructor("!unknown", lambda loader, node: Unknown("it was made so by a test"))


def resource(text: str, *, cluster: str = "", tenancy: Tenancy = UNDECLARED) -> Resource:
    """Return the Resource that one YAML document describes."""
    attributes: dict[str, Any] = yaml.load(text, _Loader)
    group = attributes["apiVersion"].rpartition("/")[0] or "core"
    metadata = attributes.get("metadata") or {}
    return Resource(
        key=f"{cluster}/{group}/{attributes['kind']}/{metadata.get('namespace')}/{metadata.get('name')}",
        type=f"{group}/{attributes['kind']}",
        attributes=attributes,
        origin=Origin("manifests", "test.yaml"),
        cluster=cluster,
        namespace=metadata.get("namespace", ""),
        name=metadata.get("name", ""),
        tenancy=tenancy,
        unknowns=tuple(find_unknowns(attributes)),
    )
