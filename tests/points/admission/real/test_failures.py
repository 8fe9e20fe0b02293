"""What becomes of requests when the webhook is not there, when its certificate is renewed, and when it comes back."""

import threading
import time
from pathlib import Path

import pytest

from tests.cli.running import bulkhead
from tests.points.admission.real.conftest import CLUSTER, ESTATE, Guarded, define, register, wait_until_ready
from tests.points.admission.real.test_requests import DEPLOYMENTS, STRATEGIC, denied, namespace
from tests.points.admission.reviews import PRIVILEGED, deployment
from tests.points.admission.serving.running import webhook
from tests.tools.kube import running_kube

pytestmark = pytest.mark.slow


def test_certificates_are_renewed_while_the_api_server_asks(guarded: Guarded) -> None:
    home = namespace(guarded, "renewal")
    path = DEPLOYMENTS.format(home)
    assert guarded.create(path, deployment("web", home)).code == 201
    failures: list[str] = []
    stop = threading.Event()

    def change() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            patch = {"metadata": {"labels": {"n": str(number)}}}
            answer = guarded.send("PATCH", f"{path}/web", patch, STRATEGIC)
            if answer.code not in (200, 409):
                failures.append(answer.text)

    threads = [threading.Thread(target=change) for _ in range(2)]
    for thread in threads:
        thread.start()
    for days in (40, 50, 60):
        guarded.webhook.renew(days)
        time.sleep(0.7)
    stop.set()
    for thread in threads:
        thread.join()
    renewed = [line for line in guarded.webhook.lines if line["event"] == "certificate"]
    outcomes = [line["outcome"] for line in renewed]
    assert [outcome for outcome in outcomes if not outcome.endswith("stays until they settle")] == ["renewed"] * 3
    assert failures == []


def test_without_the_webhook_the_failure_policy_decides_and_it_recovers(tmp_path: Path) -> None:
    with running_kube(tmp_path / "kube", "--disable-admission-plugins=PodSecurity") as kube:
        define(kube)
        arguments = ("--kubeconfig", kube.kubeconfig, "--estate", ESTATE, "--cluster", CLUSTER, "--drain", "0")
        first = webhook(tmp_path, *arguments)
        wait_until_ready(first)
        guarded = Guarded(kube, first)
        stored = namespace(guarded, "stored-before")
        bad = deployment("old", stored, containers=PRIVILEGED)
        assert guarded.create(DEPLOYMENTS.format(stored), bad).code == 201
        register(kube, first)
        where = ("--kubeconfig", kube.kubeconfig, "--estate", ESTATE, "--cluster", CLUSTER)
        foreseen = bulkhead("webhook", "simulate", *where)
        assert foreseen.code == 1, foreseen.stderr
        assert "OK  registration of blocking.admission.bulkhead.dev" in foreseen.stdout
        assert "  Deployment stored-before/old: ISO-029, ISO-030" in foreseen.stdout
        refused = bulkhead("webhook", "simulate", *where, "--context", "nobody")
        assert refused.code in (1, 3)
        assert "NOT READ" in refused.stdout
        home = namespace(guarded, "failure")
        path = DEPLOYMENTS.format(home)
        assert guarded.create(path, deployment("before", home)).code == 201
        first.process.kill()
        first.end()
        answer = guarded.create(path, deployment("during", home))
        assert answer.code == 500
        assert 'failed calling webhook "blocking.admission.bulkhead.dev"' in answer.text, "Fail blocks"
        unguarded = guarded.create(f"/api/v1/namespaces/{home}/configmaps", _config_map(home))
        assert unguarded.code == 201, "what no rule is about is not sent to it"
        assert guarded.send("DELETE", f"{path}/before").code == 200, "a deletion is not sent to it either"

        again = webhook(tmp_path, *arguments, "--listen", f"127.0.0.1:{first.port}", ca=first.authority)
        try:
            wait_until_ready(again)
            assert guarded.create(path, deployment("after", home)).code == 201
            assert denied(guarded.create(path, deployment("bad", home, containers=PRIVILEGED)), "ISO-029")
        finally:
            again.end()


def _config_map(home: str) -> dict[str, object]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c", "namespace": home}}
