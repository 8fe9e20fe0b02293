"""A real API server with the webhook registered at it, for all tests here."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from scanner.engine.selection import select
from scanner.points.admission.registration import Target, registration
from scanner.points.admission.reviewer import ADVISORY, BLOCKING, POINT
from scanner.points.admission.setup import setup_of
from tests.conftest import ROOT
from tests.points.admission.serving.running import Webhook, webhook
from tests.tools.kube import Kube, running_kube

CLUSTER = "aks-prd-weu-01"
ESTATE = str(ROOT / "scanner" / "points" / "proof_estate.yaml")
WEBHOOKS = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"
KINDS = {
    "traefik.io": ("IngressRoute", "IngressRouteTCP", "IngressRouteUDP", "Middleware", "TraefikService"),
    "traefik.containo.us": ("IngressRoute", "IngressRouteTCP", "Middleware"),
    "gateway.networking.k8s.io": ("Gateway", "HTTPRoute", "ReferenceGrant"),
    "cilium.io": ("CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy"),
    "crd.projectcalico.org": ("NetworkPolicy", "GlobalNetworkPolicy"),
    "projectcalico.org": ("NetworkPolicy", "GlobalNetworkPolicy"),
}
CLUSTER_WIDE = ("CiliumClusterwideNetworkPolicy", "GlobalNetworkPolicy")


class Answer(NamedTuple):
    """What the API server said to a request."""

    code: int
    value: dict[str, Any]

    @property
    def text(self) -> str:
        return str(self.value.get("message", ""))


class Guarded:
    """An API server that asks a webhook."""

    def __init__(self, kube: Kube, running: Webhook) -> None:
        self.kube = kube
        self.webhook = running

    def send(self, method: str, path: str, value: Any = None, kind: str = "application/json") -> Answer:
        """Send a request as admin."""
        import http.client
        import ssl

        host = self.kube.server.removeprefix("https://")
        connection = http.client.HTTPSConnection(
            host, context=ssl.create_default_context(cafile=self.kube.authority), timeout=60
        )
        try:
            headers = {"Authorization": "Bearer token-of-admin", "Content-Type": kind}
            connection.request(method, path, None if value is None else json.dumps(value), headers)
            answer = connection.getresponse()
            return Answer(answer.status, json.loads(answer.read() or b"{}"))
        finally:
            connection.close()

    def create(self, path: str, value: Any, query: str = "") -> Answer:
        """Create an object in the collection at ``path``."""
        return self.send("POST", f"{path}{query}", value)


def register(kube: Kube, running: Webhook) -> None:
    """Register both hooks by URL, for what the loaded rules need."""
    setup, _ = setup_of({"estate": ESTATE, "cluster": CLUSTER})
    hooks = {hook: select(setup.asked_by(hook), point=POINT, estate=True) for hook in (BLOCKING, ADVISORY)}
    target = Target(bundle_of(running), url=f"https://127.0.0.1:{running.port}")
    kube.request("POST", WEBHOOKS, registration(hooks, target))


def bundle_of(running: Webhook) -> str:
    """What a registration trusts."""
    return base64.b64encode(running.authority.pem).decode()


def define(kube: Kube) -> None:
    """Make the kinds of operators known, without their controllers."""
    for group, kinds in KINDS.items():
        for kind in kinds:
            from scanner.points.admission.registration import plural

            name = plural(kind)
            schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
            annotations = {"api-approved.kubernetes.io": "https://example.net/for-a-test"}
            definition = {
                "apiVersion": "apiextensions.k8s.io/v1",
                "kind": "CustomResourceDefinition",
                "metadata": {"name": f"{name}.{group}", "annotations": annotations},
                "spec": {
                    "group": group,
                    "names": {"kind": kind, "plural": name},
                    "scope": "Cluster" if kind in CLUSTER_WIDE else "Namespaced",
                    "versions": [
                        {"name": version, "served": True, "storage": version == "v1", "schema": schema}
                        for version in ("v1", "v1alpha1", "v1beta1", "v2", "v3")
                    ],
                },
            }
            kube.request("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition)
    kube.kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=30s")


@pytest.fixture(scope="session")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    """An API server that asks the webhook before it stores anything; tests have namespaces of their own."""
    pytest.importorskip("kubernetes", reason="the extra [kubernetes] is not installed")
    folder: Path = tmp_path_factory.mktemp("guarded")
    # what the API server would refuse by itself is to be refused by the webhook
    with running_kube(folder / "kube", "--disable-admission-plugins=PodSecurity") as kube:
        define(kube)
        arguments = ("--kubeconfig", kube.kubeconfig, "--estate", ESTATE, "--cluster", CLUSTER, "--drain", "0.3")
        running = webhook(folder, *arguments, "--renew", "0.2", "--log", "all")
        try:
            wait_until_ready(running)
            register(kube, running)
            yield Guarded(kube, running)
        finally:
            running.end()


def wait_until_ready(running: Webhook) -> None:
    """Wait until everything that rules look up has been read."""
    import time

    from tests.points.admission.serving.running import ask_once

    deadline = time.monotonic() + 30
    while True:
        code, why = ask_once(running.health, None, b"", "/readyz", "GET")
        if code == 200:
            return
        assert time.monotonic() < deadline, why
        time.sleep(0.1)
