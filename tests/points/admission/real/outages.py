"""Requests to an API server that asks a webhook of two replicas, while these and their certificates are replaced."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from scanner.engine.selection import select
from scanner.points.admission.registration import Target, registration
from scanner.points.admission.reviewer import ALL, BLOCKING, POINT
from scanner.points.admission.setup import setup_of
from tests.points.admission.real.conftest import CLUSTER, ESTATE, WEBHOOKS, bundle_of, define, wait_until_ready
from tests.points.admission.real.service import Service
from tests.points.admission.real.stage import STRATEGIC, Client
from tests.points.admission.reviews import PRIVILEGED, deployment
from tests.points.admission.serving.pki import Authority, authority
from tests.points.admission.serving.running import Webhook, webhook
from tests.tools.kube import Kube, running_kube

HOME = "erp-aldersyde-prd"
DEPLOYMENTS = f"/apis/apps/v1/namespaces/{HOME}/deployments"
DRAIN_S = 1.5
"""Longer than it takes until a replica that ends gets no new connections."""


@dataclass
class Made:
    """What became of the requests."""

    let_through: int = 0
    denied: int = 0
    failures: list[str] = field(default_factory=list)

    @property
    def requests(self) -> int:
        """All of them."""
        return self.let_through + self.denied + len(self.failures)


@dataclass
class Replicas:
    """Two replicas behind one address, and what replaces them."""

    kube: Kube
    folder: Path
    authority: Authority
    started: int = 0
    running: list[Webhook] = field(default_factory=list)
    service: Service | None = None

    def start(self) -> Webhook:
        """Start one; it is ready when this returns."""
        self.started += 1
        folder = self.folder / f"replica-{self.started}"
        folder.mkdir(parents=True)
        arguments = ("--kubeconfig", self.kube.kubeconfig, "--estate", ESTATE, "--cluster", CLUSTER)
        found = webhook(folder, *arguments, "--drain", str(DRAIN_S), "--renew", "0.2", ca=self.authority)
        wait_until_ready(found)
        self.running.append(found)
        return found

    def replace(self) -> None:
        """Replace all of them one after the other, as a Deployment with maxUnavailable 0 does."""
        assert self.service is not None
        for old in list(self.running):
            self.service.add(self.start())
            time.sleep(0.3)  # until it is known to be ready
            assert old.end() == 0
            self.service.remove(old)
            self.running.remove(old)

    def renew(self, days: float) -> None:
        """Put a new certificate where each of them looks for it."""
        for one in self.running:
            one.renew(days)


@contextmanager
def two_replicas(folder: Path) -> Iterator[Replicas]:
    """Give two replicas that a new API server asks by one address."""
    with running_kube(folder / "kube", "--disable-admission-plugins=PodSecurity") as kube:
        define(kube)
        found = Replicas(kube, folder, authority())
        try:
            found.service = Service([found.start(), found.start()])
            _prepare(found)
            yield found
        finally:
            if found.service is not None:
                found.service.close()
            for one in found.running:
                one.end()


def _prepare(replicas: Replicas) -> None:
    kube = replicas.kube
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": HOME}}
    kube.request("POST", "/api/v1/namespaces", namespace)
    kube.request("POST", DEPLOYMENTS, deployment("web", HOME))
    setup, _ = setup_of({"estate": ESTATE, "cluster": CLUSTER})
    assert replicas.service is not None
    target = Target(bundle_of(replicas.running[0]), url=f"https://127.0.0.1:{replicas.service.port}")
    hooks = {BLOCKING: select(setup.asked_by(ALL), point=POINT, estate=True)}
    kube.request("POST", WEBHOOKS, registration(hooks, target))


def under_load(kube: Kube, meanwhile: Callable[[Made], None], clients: int = 4) -> Made:
    """Send requests of several clients for as long as ``meanwhile`` takes; every tenth one is to be denied."""
    made, stop = Made(), threading.Event()
    threads = [threading.Thread(target=_ask, args=(kube, made, stop)) for _ in range(clients)]
    for thread in threads:
        thread.start()
    try:
        meanwhile(made)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    return made


def _ask(kube: Kube, made: Made, stop: threading.Event) -> None:
    client, number = Client(kube, "admin"), 0
    bad = {"spec": {"template": {"spec": {"containers": PRIVILEGED}}}}
    try:
        while not stop.is_set():
            number += 1
            patch = {"metadata": {"labels": {"n": str(number)}}} if number % 10 else bad
            said = client.send("PATCH", f"{DEPLOYMENTS}/web?dryRun=All", patch, STRATEGIC)
            if said.code == 200 and number % 10:
                made.let_through += 1
            elif said.code == 403 and "denied the request" in said.text and not number % 10:
                made.denied += 1
            else:
                made.failures.append(f"{said.code}: {said.text[:200]}")
    finally:
        client.close()
