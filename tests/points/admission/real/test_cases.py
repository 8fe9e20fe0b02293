"""Every case of every rule as real requests to a real API server, with the case's other objects stored there before.

Each object is created, updated and applied; a Pod is given a container to debug it and asked to run something; what can
be scaled is scaled. Denied and warned of must be what the gate objects to in the same objects, as stored. Updates are
judged as a whole here (``updates: all``); what an update introduces is tested in test_requests.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

import pytest

from scanner.engine.selection import select
from scanner.estate import load_estate
from scanner.model.verdict import Verdict
from scanner.points.admission.registration import Target, registration
from scanner.points.admission.reviewer import ADVISORY, BLOCKING, POINT
from scanner.points.admission.setup import setup_of
from tests.points.admission.real.cases import Case, Place, cases, unresolved
from tests.points.admission.real.conftest import WEBHOOKS, bundle_of, define, wait_until_ready
from tests.points.admission.real.replay import Replay
from tests.points.admission.serving.running import Webhook, webhook
from tests.points.admission.worlds import RULES
from tests.tools.kube import Kube, running_kube

pytestmark = pytest.mark.slow
REFUSED: Mapping[str, str] = {
    "ENC-028 pass.yaml Ingress shop": "a lowercase RFC 1123 subdomain",
    "ISO-007 fail.yaml ResourceQuota best-effort": "unsupported scope applied to resource",
    "ISO-007 fail.yaml ResourceQuota high": "unsupported scope applied to resource",
    "ISO-007 fail.yaml ResourceQuota tenant-quota": "quantities must match the regular expression",
    "ISO-009 pass.yaml Ingress odoo": "a lowercase RFC 1123 subdomain",
    "ISO-010 fail.yaml Ingress shop": "a lowercase RFC 1123 subdomain",
    "ISO-011 fail.yaml Ingress any": "spec.rules[0].http.paths: Required value",
    "ISO-012 fail.kubernetes.yaml Service borrowed": "a lowercase RFC 1123 subdomain",
    "ISO-019 pass.yaml Pod kube-apiserver-control-plane-0": "must set spec.nodeName if mirror pod annotation is set",
    "ISO-030 fail.yaml Pod web: apply": "allowPrivilegeEscalation: field not declared in schema",
    "ISO-036 fail.yaml CronJob report": "azureDisk.diskURI: Unsupported value",
    "ISO-036 pass.yaml Deployment web": "ephemeral.volumeClaimTemplate.spec.accessModes: Required value",
    "ISO-037 fail.yaml Deployment web": "container not found",
    "ISO-037 pass.yaml Deployment web": "apparmor type in annotation and field must match",
}
"""What an API server refuses by itself, and why: no webhook is ever asked about it. Manifests are read as people write
them, with capital letters in names of hosts and parts left out that the rule of the case does not look at."""


@contextmanager
def asking(kube: Kube, folder: Path, place: Place) -> Iterator[Webhook]:
    """Have an API server ask a webhook of a place about everybody's requests but the builder's."""
    folder.mkdir(parents=True)
    (folder / "bulkhead.yaml").write_text("admission: {updates: all}\n", "utf-8")
    flags = {"estate": place.estate, "cluster": place.cluster, "config": str(folder / "bulkhead.yaml")}
    arguments = [part for name, value in flags.items() for part in (f"--{name}", value)]
    running = webhook(folder, "--kubeconfig", kube.kubeconfig, "--drain", "0", *arguments)
    try:
        wait_until_ready(running)
        setup, _ = setup_of(flags)
        hooks = {hook: select(setup.asked_by(hook), point=POINT, estate=True) for hook in (BLOCKING, ADVISORY)}
        target = Target(bundle_of(running), url=f"https://127.0.0.1:{running.port}")
        configuration = registration(hooks, target)
        condition = {"name": "not-the-builder", "expression": "request.userInfo.username != 'builder'"}
        for hook in configuration["webhooks"]:
            hook["matchConditions"] = [condition]
        kube.request("POST", WEBHOOKS, configuration)
        yield running
        kube.request("DELETE", f"{WEBHOOKS}/{configuration['metadata']['name']}")
    finally:
        running.end()


def test_every_case_is_denied_or_let_through_as_the_gate_says(tmp_path: Path) -> None:
    pytest.importorskip("kubernetes", reason="the extra [kubernetes] is not installed")
    # what the API server would refuse or change by itself is to be left to the webhook
    others = "--disable-admission-plugins=PodSecurity,ResourceQuota,LimitRanger"
    with running_kube(tmp_path / "kube", others) as kube:
        define(kube)
        replay = Replay(kube)
        try:
            for number, (place, found) in enumerate(groupby(sorted(cases(), key=lambda one: one.place), _place)):
                estate = load_estate(place.estate)
                with asking(kube, tmp_path / str(number), place):
                    for case in found:
                        replay.case(case, estate, tmp_path)
        finally:
            replay.close()
    assert replay.different == []
    unexplained = {label: text for label, text in replay.refused.items() if REFUSED.get(label, "-") not in text}
    assert unexplained == {}
    assert set(REFUSED) == set(replay.refused), "what is listed as refused is refused"
    rules = {rule.id for rule in RULES}
    assert {rule for rule in rules if (rule, Verdict.FAIL) not in replay.seen} == set()
    assert {rule for rule in rules if (rule, Verdict.PASS) not in replay.seen} == set()
    assert len(unresolved()) >= len(rules), "and these have no object that could be sent"
    for verb, least in {"create": 400, "update": 400, "apply": 400, "debug": 30, "exec": 30, "scale": 40}.items():
        assert replay.sent[verb] >= least, verb


def _place(case: Case) -> Place:
    return case.place
