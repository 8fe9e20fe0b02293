"""`bulkhead webhook simulate`: what locks out or leaves out is refused, and what would be denied is told."""

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from scanner.engine.selection import select
from scanner.points.admission.registration import Target, registration
from scanner.points.admission.reviewer import ADVISORY, BLOCKING
from scanner.points.admission.rollout.coverage import gaps
from scanner.points.admission.rollout.lockout import objections
from scanner.points.admission.rollout.registered import Hook, hooks_in
from tests.cli.running import bulkhead
from tests.conftest import ROOT
from tests.points.admission.reviews import PRIVILEGED, deployment, pod, setup

HOME = "bulkhead-system"


def good() -> dict[str, Any]:
    found = setup()
    hooks = {hook: select(found.asked_by(hook), point="admission", estate=False) for hook in (BLOCKING, ADVISORY)}
    return registration(hooks, Target("QUJD"))


def changed(**spec: Any) -> Hook:
    value = copy.deepcopy(good())
    value["webhooks"][0] |= spec
    return hooks_in([value])[0]


def test_what_we_render_is_not_objected_to() -> None:
    for hook in hooks_in([good()]):
        assert list(objections(hook, HOME)) == []


RULE = {"apiGroups": ["*"], "apiVersions": ["*"], "operations": ["*"], "resources": ["*"]}


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"rules": [{**RULE, "apiGroups": ["coordination.k8s.io"], "resources": ["leases"]}]}, "leases"),
        ({"rules": [{**RULE, "apiGroups": [""], "resources": ["nodes"]}]}, "nodes: none could join"),
        ({"rules": [{**RULE, "apiGroups": [""], "resources": ["*/*"]}]}, "the heartbeats of nodes"),
        ({"rules": [{**RULE, "apiGroups": [""], "resources": ["nodes/status"]}]}, "the heartbeats of nodes"),
        ({"rules": [RULE]}, "nobody could log in"),
        ({"rules": [RULE]}, "registrations, by which it is taken away"),
        ({"namespaceSelector": {}}, "its own recovery"),
        ({"namespaceSelector": {"matchLabels": {"guarded": "yes"}}}, "whoever may label a namespace"),
        ({"namespaceSelector": {}}, "kube-system"),
        ({"objectSelector": {"matchLabels": {"a": "b"}}}, "objectSelector asks for label a"),
        ({"matchPolicy": "Exact"}, "matchPolicy must be Equivalent"),
        ({"clientConfig": {"url": "https://x"}}, "caBundle is missing"),
        ({"sideEffects": "Unknown"}, "dry runs would be refused"),
        ({"admissionReviewVersions": ["v1beta1"]}, "admissionReviewVersions must hold v1"),
        ({"timeoutSeconds": 30}, "may wait 30 s"),
    ],
)
def test_what_locks_out_or_can_be_avoided_is_refused(spec: dict[str, Any], said: str) -> None:
    assert said in "\n".join(objections(changed(**spec), HOME))


def test_a_webhook_that_does_not_block_locks_nobody_out() -> None:
    assert list(objections(changed(failurePolicy="Ignore", rules=[RULE], namespaceSelector={}), HOME)) == []


def test_what_rules_need_and_nobody_sends_is_told() -> None:
    selection = select(setup().rules, point="admission", estate=False)
    assert list(gaps(selection, hooks_in([good()]))) == []
    rules = [rule for rule in good()["webhooks"][0]["rules"] if "pods/ephemeralcontainers" not in rule["resources"]]
    missing = [str(one) for one in gaps(selection, [changed(rules=rules)])]
    assert "UPDATE pods/ephemeralcontainers" in missing
    only_create = [{**rule, "operations": ["CREATE"]} for rule in good()["webhooks"][0]["rules"]]
    assert "UPDATE deployments.apps" in [str(one) for one in gaps(selection, [changed(rules=only_create)])]


def test_on_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "registration.yaml"
    path.write_text(yaml.safe_dump(good()))
    run = bulkhead("webhook", "simulate", "--registration", str(path))
    assert (run.code, run.stderr) == (0, "")
    assert run.stdout.startswith("OK  registration of blocking.admission.bulkhead.dev")
    assert "While no replica answers, nobody could: CREATE " in run.stdout
    value = good()
    value["webhooks"][0]["namespaceSelector"] = {}
    path.write_text(yaml.safe_dump(value))
    run = bulkhead("webhook", "simulate", "--registration", str(path))
    assert run.code == 1
    assert "REFUSED  blocking.admission.bulkhead.dev: without an answer it stops its own recovery" in run.stdout


def test_what_is_there_already_and_would_be_denied(tmp_path: Path) -> None:
    dump = tmp_path / "dump"
    dump.mkdir()
    owned = pod("web-1", containers=PRIVILEGED)
    owned["metadata"]["ownerReferences"] = [
        {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "w", "controller": True}
    ]
    objects = [deployment("good"), deployment("bad", containers=PRIVILEGED), owned]
    (dump / "all.yaml").write_text(yaml.safe_dump_all(objects))
    run = bulkhead("webhook", "simulate", "--inventory", str(dump))
    assert run.code == 1
    assert run.stdout == (
        "\n1 of 2 objects of the cluster would be denied if they were made today\n"
        "  Deployment shop/bad: ISO-029, ISO-030\n"
    )


def test_the_healthy_estate_could_be_enforced_at_once() -> None:
    folder = ROOT / "fixtures" / "erp-hosting"
    arguments = ("--config", str(folder / "bulkhead.yaml"), "--cluster", "aks-prd-weu-01", "--today", "2026-11-21")
    run = bulkhead("webhook", "simulate", *arguments, "--inventory", str(folder / "clusters" / "aks-prd-weu-01"))
    denied = [line for line in run.stdout.splitlines() if line.startswith("  ")]
    # one is exempted by a comment in its manifest, which never reaches a cluster
    assert len(denied) <= 1, run.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "cannot simulate nothing"),
        (("--registration", "absent"), "cannot read registration absent"),
        (("--inventory", "absent"), "there is no such file or folder"),
        (("--registration", "pyproject.toml"), "registration pyproject.toml"),
    ],
)
def test_mistakes_are_told(arguments: tuple[str, ...], said: str) -> None:
    run = bulkhead("webhook", "simulate", *arguments, cwd=ROOT)
    assert run.code == 2
    assert said in run.stderr
    assert "Traceback" not in run.stderr
