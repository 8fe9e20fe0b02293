"""``helm_release``: what is installed and with which values; the chart itself is not rendered here."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from scanner.canonical.declared import Declared
from scanner.canonical.instance import Instance
from scanner.model.path import Path
from scanner.model.unknown import Unknown

_HIDDEN = Unknown("marked sensitive")


def helm_release(instance: Instance, key: str) -> Declared:
    """Return a release: its attributes, ``values`` as data, values of ``set_sensitive`` hidden."""
    attributes = {name: value for name, value in instance.attributes.items() if value is not None}
    values = attributes.get("values")
    if isinstance(values, list):
        attributes["values"] = [_parsed(value) for value in values]
    for name in ("set_sensitive", "set_wo"):
        hidden = attributes.get(name)
        if isinstance(hidden, list):
            attributes[name] = [{**item, "value": _HIDDEN} if isinstance(item, Mapping) else _HIDDEN for item in hidden]
    if "repository_password" in attributes:
        attributes["repository_password"] = _HIDDEN
    release, namespace = attributes.get("name"), attributes.get("namespace", "default")
    return Declared(
        "terraform/HelmRelease",
        release if isinstance(release, str) else "",
        namespace if isinstance(namespace, str) else "",
        attributes,
        key,
        instance,
        partial(_trace, instance.attributes),
    )


def _parsed(value: Any) -> Any:
    """Return a text of values as data; as it is where it cannot be read."""
    if not isinstance(value, str):
        return value
    from scanner.documents import read_yaml

    stream = read_yaml(value)
    if stream.problems:
        return Unknown("the text of values cannot be read")
    return stream.documents[0].value if stream.documents else {}


def _trace(attributes: Mapping[str, Any], path: Path) -> Path:
    return path[:2] if path[:1] == ("values",) else path
