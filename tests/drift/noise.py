"""What control planes do to what they are given, and what people do to it by hand: for tests and for the benchmark.

Noise changes nothing that anybody declared; a blow changes one thing. Both are made by a ``random.Random``, so that the
same seed gives the same estate.
"""

import copy
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from scanner.drift.facts import facts_of
from scanner.drift.matching import identity
from scanner.model.path import Path
from scanner.model.resource import Resource
from scanner.model.types import is_azure
from scanner.model.unknown import Unknown


def live_of(declared: Resource, chance: random.Random) -> Resource:
    """Return ``declared`` as its control plane would answer: the same, with noise."""
    attributes = known(copy.deepcopy(dict(declared.attributes)), references=is_azure(declared.type))
    noisy = _azure(declared.type, attributes, chance) if is_azure(declared.type) else _kubernetes(declared, attributes)
    return replace(declared, attributes=noisy, unknowns=())


def known(value: Any, *, references: bool) -> Any:
    """Return ``value`` with everything that is not known beforehand as it might have become."""
    if isinstance(value, Unknown):
        return "known-by-now"
    if isinstance(value, dict):
        return {key: known(below, references=references) for key, below in value.items()}
    if isinstance(value, list):
        return [known(below, references=references) for below in value]
    if references and isinstance(value, str) and "{" in value:
        return "".join("00000000-0000-0000-0000-00000000abcd" if part else text for part, text in _braces(value))
    return value


def _braces(text: str) -> Iterator[tuple[bool, str]]:
    depth, start = 0, 0
    for index, character in enumerate(text):
        if character == "{":
            if depth == 0:
                yield False, text[start:index]
                start = index
            depth += 1
        elif character == "}" and depth:
            depth -= 1
            if depth == 0:
                yield True, text[start : index + 1]
                start = index + 1
    yield False, text[start:]


def _azure(type_: str, attributes: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    attributes = _stirred(type_, attributes, (), chance)
    attributes["systemData"] = {"createdAt": "2026-01-01T00:00:00Z", "lastModifiedBy": "somebody"}
    attributes["etag"] = 'W/"7"'
    properties = attributes.setdefault("properties", {})
    if isinstance(properties, dict):
        properties["provisioningState"] = "Succeeded"
        properties["privateEndpointConnections"] = []
        properties["somethingNew"] = {"enabled": True}
    for key in ("identity", "plan", "sku", "zones", "kind", "managedBy"):
        attributes.setdefault(key, chance.choice([None, ""]))
    return attributes


def _stirred(type_: str, value: Any, path: Path, chance: random.Random) -> Any:
    """Return ``value`` with its order, its case and its spelling changed where that says nothing."""
    facts = facts_of(type_)
    if isinstance(value, dict):
        items = [(key, _stirred(type_, below, (*path, key), chance)) for key, below in value.items()]
        chance.shuffle(items)
        return dict(items)
    if isinstance(value, list):
        found = [_stirred(type_, below, (*path, 0), chance) for below in value]
        if not facts.of(type_, path).ordered:
            chance.shuffle(found)
        return found
    fact = facts.of(type_, path)
    if isinstance(value, str) and not fact.kind and path[:1] != ("tags",):
        return chance.choice([value, value.upper(), value.lower(), value.title()])
    if fact.kind == "region" and isinstance(value, str):
        return chance.choice([value, value.upper(), f"{value[:4]} {value[4:]}"])
    if isinstance(value, int) and not isinstance(value, bool):
        return chance.choice([value, str(value)])
    return value


_POD_NOISE = {
    "dnsPolicy": "ClusterFirst",
    "restartPolicy": "Always",
    "schedulerName": "default-scheduler",
    "terminationGracePeriodSeconds": 30,
    "securityContext": {},
}
_CONTAINER_NOISE = {
    "terminationMessagePath": "/dev/termination-log",
    "terminationMessagePolicy": "File",
    "imagePullPolicy": "IfNotPresent",
    "resources": {},
}


def _kubernetes(declared: Resource, attributes: dict[str, Any]) -> dict[str, Any]:
    attributes["metadata"] = {
        **attributes.get("metadata", {}),
        "uid": "5f6e",
        "resourceVersion": "81",
        "generation": 3,
        "creationTimestamp": "2026-11-01T00:00:00Z",
        "managedFields": [{"manager": "kustomize-controller", "operation": "Apply"}],
    }
    labels = attributes["metadata"].setdefault("labels", {})
    if isinstance(labels, dict):
        labels["added.example.net/by-policy"] = "yes"
    attributes["status"] = {"observedGeneration": 3}
    _fill_pods(attributes)
    attributes.pop("apiVersion", None)
    return _dropped(_quantities(attributes))


def _fill_pods(value: Any) -> None:
    """Fill in what the API server fills in for every Pod template."""
    if isinstance(value, list):
        for below in value:
            _fill_pods(below)
    if not isinstance(value, dict):
        return
    if isinstance(value.get("containers"), list) and all(isinstance(one, dict) for one in value["containers"]):
        for key, filled in _POD_NOISE.items():
            value.setdefault(key, copy.deepcopy(filled))
        for container in value["containers"]:
            for key, filled in _CONTAINER_NOISE.items():
                container.setdefault(key, copy.deepcopy(filled))
            for port in container.get("ports", ()):
                port.setdefault("protocol", "TCP")
            container.get("env", []).reverse()
        value["containers"].append({"name": "istio-proxy", "image": "mesh"})
        value.setdefault("volumes", []).append({"name": "istio-envoy", "emptyDir": {}})
    for below in value.values():
        _fill_pods(below)


def _quantities(value: Any) -> Any:
    """Return ``value`` with CPU of whole cores in thousandths and back, as some clients write it."""
    if isinstance(value, dict):
        return {
            key: f"{int(below) * 1000}m" if key == "cpu" and str(below).isdigit() else _quantities(below)
            for key, below in value.items()
        }
    return [_quantities(below) for below in value] if isinstance(value, list) else value


def _dropped(value: Any) -> Any:
    """Return ``value`` without what the encoding of Kubernetes leaves out."""
    if isinstance(value, dict):
        return {key: _dropped(below) for key, below in value.items() if below is not None and below is not False}
    return [_dropped(below) for below in value] if isinstance(value, list) else value


Blow = Callable[[Resource, random.Random], "Resource | None"]
"""Changes one thing that is declared of a live Resource; None where there is nothing to change."""


def struck(declared: Resource, live: Resource, chance: random.Random) -> tuple[Path, Resource] | None:
    """Return (path, ``live`` with another value there) for one declared attribute that counts; None without any."""
    places = [path for path in _scalars(declared.attributes, ()) if _counts(declared.type, path)]
    if not places:
        return None
    path = chance.choice(places)
    attributes = copy.deepcopy(dict(declared.attributes))
    parent: Any = attributes
    for step in path[:-1]:
        parent = parent[step]
    parent[path[-1]] = _other(parent[path[-1]])
    return path, live_of(replace(declared, attributes=attributes), chance)


def _scalars(value: Any, path: Path) -> Iterator[Path]:
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _scalars(below, (*path, key))
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from _scalars(below, (*path, index))
    elif value not in (None, "", False) and not isinstance(value, Unknown) and "{" not in str(value):
        yield path


def _counts(type_: str, path: Path) -> bool:
    facts = facts_of(type_)
    for length in range(1, len(path) + 1):
        fact = facts.of(type_, path[:length])
        if fact.ignored or fact.unreadable or any(not one.element for one in fact.expected):
            return False
    return not (facts.azure is False and path[:1] == ("metadata",) and path[1] in ("name", "namespace"))


def _other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 7
    return f"{value}7" if str(value)[-1:].isdigit() else f"{value}-by-hand"


def real(declared: list[Resource]) -> list[Resource]:
    """Return one Resource for each thing whose id is known: the first declaration of it."""
    found: dict[str, Resource] = {}
    for resource in declared:
        key = identity(resource)
        if key and "{" not in key:
            found.setdefault(key, resource)
    return list(found.values())


def copied(resources: list[Resource], number: int) -> Iterator[Resource]:
    """Yield ``number`` Resources: ``resources`` again and again, each time somewhere else."""
    for index in range(number):
        original = resources[index % len(resources)]
        yield original if index < len(resources) else _elsewhere(original, index // len(resources))


def _elsewhere(original: Resource, copy: int) -> Resource:
    attributes: dict[str, Any] = dict(original.attributes)
    if original.type.startswith("Microsoft."):
        id_ = str(attributes["id"]).replace("/resourceGroups/", f"/resourceGroups/c{copy}-")
        attributes["id"] = id_ if id_ != attributes["id"] else f"{id_}-{copy}"
        return replace(original, key=attributes["id"].lower(), attributes=attributes)
    cluster = f"{original.cluster}-{copy}"
    key = "/".join((cluster, *original.key.split("/")[1:]))
    return replace(original, key=key, cluster=cluster)
