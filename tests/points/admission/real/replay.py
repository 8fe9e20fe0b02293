"""Sends the objects of a case to a real API server in requests of every kind, and compares with what the gate says."""

import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from scanner.estate import Estate
from scanner.inventory import NAMESPACE
from scanner.model.verdict import Verdict
from scanner.points.admission.policy import KUBERNETES_NAMESPACES
from scanner.scan import Options, scan
from scanner.sources.repository import RepositorySource
from tests.points.admission.real.cases import Case, type_of
from tests.points.admission.real.stage import MERGE, STRATEGIC, Client, Said, Stage, Stored, collection, listed
from tests.points.admission.worlds import PACKS, RULES
from tests.tools.kube import Kube

APPLY = "application/apply-patch+yaml"
SCALED = frozenset(("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"))
LISTED = (
    ("v1", "Namespace"),
    ("v1", "Node"),
    ("v1", "Service"),
    ("rbac.authorization.k8s.io/v1", "ClusterRole"),
    ("rbac.authorization.k8s.io/v1", "Role"),
    ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"),
    ("rbac.authorization.k8s.io/v1", "RoleBinding"),
)
"""What an API server has of its own before anybody made anything."""
HEARD_S = 5.0
"""Longest time until the webhook has heard of what was stored."""
INVALID = (400, 422, 500)
"""Codes of what the API server itself finds wrong; 500 is what it says of a patch that fits no schema."""
NO_NODE = "does not have a host assigned"
"""What becomes of running something in a Pod that admission lets through, where there are no nodes."""


class Asked(NamedTuple):
    """A request, and the ids of rules that are to deny it or to warn of it."""

    label: str
    request: tuple[Any, ...]
    denied: frozenset[str]
    warned: frozenset[str]

    def why_not(self, said: Said) -> str:
        """Return how the answer differs; empty where it does not."""
        found = _ids(said.text) if "denied the request" in said.text else frozenset()
        if found != self.denied:
            return f"{self.label}: gate {sorted(self.denied)}, webhook {sorted(found)}: {said.text[:300]}"
        if not self.denied and _ids(" ".join(said.warnings)) != self.warned and len(said.warnings) < 10:
            return f"{self.label}: gate {sorted(self.warned)}, warnings {said.warnings}"
        return ""


def _ids(text: str) -> frozenset[str]:
    return frozenset(rule.id for rule in RULES if rule.id in text)


class Replay:
    """Sends cases to one API server, and notes what became of them."""

    def __init__(self, kube: Kube) -> None:
        self.user, self.builder = Client(kube, "admin"), Client(kube, "builder")
        self._own = {f"{collection(one)}/{one['metadata']['name']}": one for one in _own(self.builder)}
        self.refused: dict[str, str] = {}
        self.different: list[str] = []
        self.sent: Counter[str] = Counter()
        self.seen: set[tuple[str, Verdict]] = set()
        """Rules with what they said of some object that was sent, in a case of their own."""

    def case(self, case: Case, estate: Estate, folder: Path) -> None:
        """Store what is in a case, send a request of every kind about each object, and take it away again."""
        stage = Stage(self.builder)
        try:
            stored = list(self._stored(case, stage))
            for asked in self._asked(case, stored, estate, folder):
                self.sent[asked.label.rpartition(": ")[2]] += 1
                self._ask(asked)
        finally:
            stage.clear()

    def _stored(self, case: Case, stage: Stage) -> Iterator[tuple[Stored, dict[str, Any]]]:
        for value in sorted(case.objects, key=lambda one: one["kind"] != "Namespace"):
            said = stage.put(value)
            if isinstance(said, Stored):
                yield said, value
            else:
                self.refused[case.label(value)] = said.text

    def _ask(self, asked: Asked) -> None:
        until = time.monotonic() + (HEARD_S if len(self.different) < 5 else 0)
        said = self.user.send(*asked.request)
        while why := asked.why_not(said):
            if said.code in INVALID or time.monotonic() >= until:
                break
            time.sleep(0.02)
            said = self.user.send(*asked.request)
        if said.code in INVALID and NO_NODE not in said.text:
            self.refused[asked.label] = said.text
        elif why:
            self.different.append(why)

    def _asked(
        self, case: Case, stored: list[tuple[Stored, dict[str, Any]]], estate: Estate, folder: Path
    ) -> Iterator[Asked]:
        world = dict(self._own)
        world |= {f"{collection(one)}/{one['metadata']['name']}": one for one in listed(self.builder, *LISTED[0])}
        world |= {one.path: one.kept for one, _ in stored}
        verdicts = judged(world.values(), case.place.cluster, estate, folder)
        debugged = {one.path: _debugged(one.kept, value) for one, value in stored if one.kept["kind"] == "Pod"}
        if debugged:
            of_debugged = judged({**world, **debugged}.values(), case.place.cluster, estate, folder)
        for one, _ in stored:
            found, label = verdicts[_key(one.kept)], case.label(one.kept)
            self.seen |= {(case.rule, verdict) for rule, verdict in found.items() if rule == case.rule}
            own, dry = one.kept, "dryRun=All"
            yield _ask(f"{label}: create", ("POST", f"{collection(own)}?{dry}", one.sent), own, found, is_new=True)
            yield _ask(f"{label}: update", ("PUT", f"{one.path}?{dry}", own), own, found)
            applied = f"{one.path}?fieldManager=t&force=true&{dry}"
            yield _ask(f"{label}: apply", ("PATCH", applied, one.sent, APPLY), own, found)
            if own["kind"] in SCALED:
                scale = ("PATCH", f"{one.path}/scale?{dry}", {"spec": {"replicas": 7}}, MERGE)
                yield _ask(f"{label}: scale", scale, own, {})
            if one.path in debugged:
                spec = {"ephemeralContainers": debugged[one.path]["spec"]["ephemeralContainers"]}
                request = ("PATCH", f"{one.path}/ephemeralcontainers?{dry}", {"spec": spec}, STRATEGIC)
                yield _ask(f"{label}: debug", request, own, of_debugged[_key(own)])
                where = f"container={own['spec']['containers'][0]['name']}"
                yield _ask(f"{label}: exec", ("POST", f"{one.path}/exec?command=true&{where}"), own, {})

    def close(self) -> None:
        """Close the connections."""
        self.user.close()
        self.builder.close()


def _own(builder: Client) -> Iterator[dict[str, Any]]:
    for kind in LISTED:
        yield from listed(builder, *kind)


def _ask(
    label: str, request: tuple[Any, ...], value: dict[str, Any], verdicts: Mapping[str, Verdict], is_new: bool = False
) -> Asked:
    """Return what is to become of a request, given what the gate says of the object."""
    fails = {rule for rule, verdict in verdicts.items() if verdict is Verdict.FAIL}
    unknown = {rule for rule, verdict in verdicts.items() if verdict is Verdict.UNKNOWN}
    home = value["metadata"]["name"] if type_of(value) == NAMESPACE else value["metadata"].get("namespace")
    if home == "kube-system":  # what a cluster cannot run without is not sent for review
        return Asked(label, request, frozenset(), frozenset())
    excused = set(fails) if home in KUBERNETES_NAMESPACES else set()
    if is_new and type_of(value) == NAMESPACE:  # what must be in it can only be made once it is there
        excused |= {rule.id for rule in RULES if rule.looks_up}
    return Asked(label, request, frozenset(fails - excused), frozenset((fails & excused) | unknown))


def _debugged(kept: dict[str, Any], case: dict[str, Any]) -> dict[str, Any]:
    """The Pod with the ephemeral containers of the case, or with one like each of its containers."""
    allowed = ("image", "securityContext", "volumeMounts")
    found = case["spec"].get("ephemeralContainers") or [
        {"name": f"debug-{number}", **{key: one[key] for key in allowed if key in one}}
        for number, one in enumerate(kept["spec"]["containers"])
    ]
    return {**kept, "spec": {**kept["spec"], "ephemeralContainers": found}}


def _key(value: dict[str, Any]) -> tuple[str, str, str]:
    return type_of(value), value["metadata"].get("namespace", ""), value["metadata"]["name"]


def judged(
    objects: Iterable[dict[str, Any]], cluster: str, estate: Estate, folder: Path
) -> dict[tuple[str, str, str], dict[str, Verdict]]:
    """What the gate says of all objects together, by type, namespace and name."""
    (folder / "all.json").write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": list(objects)}), "utf-8")
    source = RepositorySource(["all.json"], base=str(folder), default_cluster=cluster)
    report = scan([source], PACKS, RULES, estate, options=Options(jobs=1))
    return {(one.type, one.namespace, one.name): dict(one.verdicts()) for one in report.judged}
