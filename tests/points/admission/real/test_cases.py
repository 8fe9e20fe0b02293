"""Every case of every rule that one object decides, sent to a real API server: denied for what the gate objects to.

Objects that the API server itself finds invalid never reach a webhook; they are counted, and each rule must be left
with one that is denied and one that is not.
"""

import copy
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scanner.documents import read_yaml
from scanner.estate import Estate, load_estate
from scanner.model.types import CLUSTER_SCOPED
from scanner.model.unknown import find_unknowns
from scanner.model.verdict import Verdict
from scanner.points.admission.policy import KUBERNETES_NAMESPACES
from scanner.points.admission.registration import plural
from scanner.scan import Options, scan
from scanner.sources.repository import RepositorySource
from scanner.views.pods import pod_path
from tests.points.admission.real.conftest import CLUSTER, ESTATE, Guarded
from tests.points.admission.test_parity import PACKS, RULES

pytestmark = pytest.mark.slow
ALONE = tuple(rule for rule in RULES if "inventory" not in rule.needs)


def objects(folder: str) -> Iterator[dict[str, Any]]:
    """Every object of the pass and fail cases in a folder that is one."""
    for name in sorted(os.listdir(folder)):
        if not name.startswith(("pass", "fail")) or not name.endswith(".yaml"):
            continue
        for document in read_yaml(Path(folder, name).read_bytes()).documents:
            value = document.value
            for one in value.get("items", [value]) if isinstance(value, dict) else []:
                metadata = one.get("metadata")
                if isinstance(metadata, dict) and isinstance(one.get("kind"), str) and not any(find_unknowns(one)):
                    yield completed(one)


def completed(value: dict[str, Any]) -> dict[str, Any]:
    """The object with what the API server wants and rules have no eye for: a case holds only what its rule needs."""
    value = copy.deepcopy(value)
    type_ = f"{value['apiVersion'].rpartition('/')[0] or 'core'}/{value['kind']}"
    if type_ not in CLUSTER_SCOPED:
        value["metadata"].setdefault("namespace", "default")
    path = pod_path(type_)
    if path is None:
        return value
    holder: Any = value
    for step in path:
        holder = holder.setdefault(step, {})
    if value["kind"] == "CronJob":
        value["spec"].setdefault("schedule", "* * * * *")
    if value["kind"] in ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController"):
        labels = holder.setdefault("metadata", {}).setdefault("labels", {"app": "x"})
        is_old = value["kind"] == "ReplicationController"
        value["spec"].setdefault("selector", labels if is_old else {"matchLabels": labels})
    spec = holder.setdefault("spec", {})
    if value["kind"] in ("Job", "CronJob"):
        spec.setdefault("restartPolicy", "Never")
    if spec.get("ephemeralContainers"):  # which nothing can be created with
        spec["initContainers"] = [*spec.get("initContainers", ()), *spec.pop("ephemeralContainers")]
    spec["containers"] = spec.get("containers") or [{}]
    for index, container in enumerate((*spec["containers"], *(spec.get("initContainers") or ()))):
        container.setdefault("name", f"c{index}")
        container.setdefault("image", "registry.example.net/i:1")
    return value


def expected(value: dict[str, Any], folder: Path, estate: Estate) -> dict[str, Verdict]:
    """What the gate says of one object alone."""
    import json

    (folder / "one.json").write_text(json.dumps(value, default=str), "utf-8")
    source = RepositorySource(["one.json"], base=str(folder), default_cluster=CLUSTER)
    report = scan([source], PACKS, ALONE, estate, options=Options(jobs=1))
    return {rule: verdict for judged in report.judged for rule, verdict in judged.verdicts()}


def test_every_case_is_denied_or_let_through_as_the_gate_says(guarded: Guarded, tmp_path: Path) -> None:
    estate = load_estate(ESTATE)
    homes: set[str] = set()
    denied: set[str] = set()
    passed: set[str] = set()
    different: list[str] = []
    sent = invalid = 0
    for rule in ALONE:
        for value in objects(os.path.join(rule.folder, "cases")):
            answer = _send(guarded, value, homes)
            if answer is None or (answer.code != 201 and "denied the request" not in answer.text):
                invalid += 1
                continue
            sent += 1
            verdicts = expected(value, tmp_path, estate)
            wanted = {one for one, verdict in verdicts.items() if verdict is Verdict.FAIL}
            if value["metadata"].get("namespace") in KUBERNETES_NAMESPACES:
                wanted = set()  # what a cluster cannot run without is not sent for review
            found = {one.id for one in ALONE if one.id in answer.text}
            if found != wanted:
                different.append(f"{rule.id} {value['kind']} {value['metadata']}: gate {wanted}, webhook {found}")
            denied |= found & {rule.id}
            passed |= {rule.id} if verdicts.get(rule.id) is Verdict.PASS and rule.id not in found else set()
    assert invalid < 40
    assert different == []
    assert sent > 150
    assert {one.id for one in ALONE} - denied == set()
    assert {one.id for one in ALONE} - passed == set()


def _send(guarded: Guarded, value: dict[str, Any], homes: set[str]) -> Any:
    group, _, version = value["apiVersion"].rpartition("/")
    type_ = f"{group or 'core'}/{value['kind']}"
    root = f"/apis/{group}/{version}" if group else f"/api/{version}"
    home = value["metadata"].get("namespace")
    if type_ in CLUSTER_SCOPED:
        return guarded.create(f"{root}/{plural(value['kind'])}", value, "?dryRun=All")
    if not isinstance(home, str):
        return None
    if home not in homes:
        homes.add(home)
        _make(guarded, home)
    return guarded.create(f"{root}/namespaces/{home}/{plural(value['kind'])}", value, "?dryRun=All")


def _make(guarded: Guarded, home: str) -> None:
    """Make a namespace without labels, past the webhook: its name says whose it is."""
    config = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/bulkhead"
    stored = guarded.send("GET", config).value
    guarded.send("DELETE", config)
    value = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": home}}
    assert guarded.create("/api/v1/namespaces", value).code in (201, 409, 403, 422)
    stored["metadata"] = {"name": "bulkhead"}
    assert guarded.create(config.rpartition("/")[0], stored).code == 201
