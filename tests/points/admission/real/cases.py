"""The cases of rules as objects that an API server takes: a case holds only what its rule needs."""

import copy
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from scanner.documents import read_yaml
from scanner.model.types import CLUSTER_SCOPED
from scanner.model.unknown import find_unknowns
from scanner.views.pods import pod_path
from tests.conftest import ROOT
from tests.points.admission.real.conftest import CLUSTER, ESTATE
from tests.points.admission.worlds import RULES

_CLUSTER = re.compile(r"\A# cluster: (\S+)")
_TEMPLATED = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController")
_FILLED = ("Ingress", "Service", "PersistentVolume")
_BACKEND = {"service": {"name": "web", "port": {"number": 80}}}


class Place(NamedTuple):
    """What a webhook is started for."""

    cluster: str
    estate: str


class Case(NamedTuple):
    """The objects of one file."""

    rule: str
    name: str
    place: Place
    objects: tuple[dict[str, Any], ...]

    def label(self, value: dict[str, Any]) -> str:
        """What the tests call one of its objects."""
        return f"{self.rule} {self.name} {value['kind']} {value['metadata'].get('name')}"


def cases() -> Iterator[Case]:
    """Yield every case of every rule that is asked at admission and whose values are all known."""
    for rule in RULES:
        folder = Path(rule.folder, "cases")
        for path in sorted(folder.glob("*.yaml")):
            if path.name.startswith(("pass", "fail")):
                text = path.read_text("utf-8")
                cluster = _CLUSTER.match(text)
                own = folder / "estate.yaml"
                estate = str(own) if own.is_file() else ESTATE
                place = Place(cluster[1] if cluster else CLUSTER, estate)
                yield Case(rule.id, path.name, place, tuple(_objects(text)))


def unresolved() -> set[str]:
    """Return the cases that are about values which are not known: no request has such."""
    found = (path for rule in RULES for path in Path(rule.folder, "cases").glob("unknown*.yaml"))
    return {path.relative_to(ROOT).as_posix() for path in found}


def type_of(value: dict[str, Any]) -> str:
    """Return group and kind."""
    return f"{value['apiVersion'].rpartition('/')[0] or 'core'}/{value['kind']}"


def _objects(text: str) -> Iterator[dict[str, Any]]:
    for document in read_yaml(text.encode()).documents:
        value = document.value
        for one in value.get("items", [value]) if isinstance(value, dict) else []:
            assert not any(find_unknowns(one)), "cases that pass or fail are known"
            yield completed(one)


def completed(value: dict[str, Any]) -> dict[str, Any]:
    """The object with what the API server wants and rules have no eye for."""
    value = copy.deepcopy(value)
    type_ = type_of(value)
    if type_ not in CLUSTER_SCOPED:
        value["metadata"].setdefault("namespace", "default")
    path = pod_path(type_)
    if path is None:
        _fill(value)
        return value
    holder: Any = value
    for step in path:
        holder = holder.setdefault(step, {})
    if value["kind"] == "CronJob":
        value["spec"].setdefault("schedule", "* * * * *")
    if value["kind"] in _TEMPLATED:
        labels = holder.setdefault("metadata", {}).setdefault("labels", {"app": "x"})
        is_old = value["kind"] == "ReplicationController"
        value["spec"].setdefault("selector", labels if is_old else {"matchLabels": labels})
    spec = holder.setdefault("spec", {})
    if value["kind"] in ("Job", "CronJob"):
        spec.setdefault("restartPolicy", "Never")
    spec["containers"] = spec.get("containers") or [{}]
    lists = (spec.get(name) or () for name in ("containers", "initContainers", "ephemeralContainers"))
    for index, container in enumerate(one for found in lists for one in found):
        container.setdefault("name", f"c{index}")
        container.setdefault("image", "registry.example.net/i:1")
    return value


def _fill(value: dict[str, Any]) -> None:
    """Put in what a kind must have beside what a case is about."""
    spec: dict[str, Any] = value.setdefault("spec", {}) if value["kind"] in _FILLED else {}
    if value["kind"] == "Ingress":
        for rule in spec.get("rules", ()):
            for path in rule.get("http", {}).get("paths", ()):
                path.setdefault("backend", _BACKEND)
        if not spec.get("rules"):
            spec.setdefault("defaultBackend", _BACKEND)
    elif value["kind"] == "Service":
        spec.setdefault("ports", [{"port": 80}])
    elif value["kind"] == "PersistentVolume":
        spec.setdefault("accessModes", ["ReadWriteOnce"])
        spec.setdefault("capacity", {"storage": "1Gi"})
        if "local" in spec:
            terms = [{"matchExpressions": [{"key": "kubernetes.io/hostname", "operator": "Exists"}]}]
            spec.setdefault("nodeAffinity", {"required": {"nodeSelectorTerms": terms}})
