"""What a review costs: the webhook beside an empty handler on the same server, in one run, over TLS and keep-alive.

    python -m benchmarks.webhook [--seconds 10] [--rate 800] [--cached 50000] [--new]

Both are asked in turns, so that whatever else the machine does hits both. The server has one core and the client
another; on a machine that does other things, the CPU time of the server is the figure that transfers. There are 2,000
objects, no two alike, asked about again and again; with --new, objects that the webhook has never seen.

Three ways: over one connection, one review after the other; over 16, so many a second as --rate says; over 16, as many
as it answers. A review that is due while all connections are busy waits, and that counts. In the third the 16 wait for
each other, so its latency says nothing but how many there are.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import signal
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.points.admission.reviews import CONTAINER, deployment, review
from tests.points.admission.serving.pki import authority, write
from tests.points.admission.serving.running import Connection, Webhook

SIZE_BYTES = 8192
ROUNDS = 5
WARM_UP_S = 5.0
"""Until the webhook remembers as many answers as it does at most."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="per number of connections and server")
    parser.add_argument("--rate", type=float, default=800.0, help="reviews a second over 16 connections")
    parser.add_argument("--cached", type=int, default=0, help="objects in the inventory")
    parser.add_argument("--new", action="store_true", help="ask about objects that were never seen")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        objects = int(max(20_000, options.rate * options.seconds)) if options.new else 2_000
        measure(Path(folder), options.seconds, options.rate, options.cached, objects)


def measure(folder: Path, seconds: float, rate: float, cached: int, objects: int) -> None:
    """Start both servers, ask them in turns, print what it took."""
    ca = authority()
    files = write(folder, ca.leaf())
    dump = inventory(folder / "dump.json", cached) if cached else ""
    servers: dict[str, Any] = {}
    for name in ("empty", "webhook"):
        receiving, sending = multiprocessing.Pipe(duplex=False)
        context = multiprocessing.get_context("spawn")
        process = context.Process(target=run_server, args=(name, files, dump, sending))
        process.start()
        port, health = receiving.recv()
        servers[name] = Webhook(process, port, health, ca, folder, [], None)  # type: ignore[arg-type]
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[-1]})
    reviews = [sized(number) for number in range(objects)]
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {len(reviews[0])} bytes, {cached} cached objects")
    print(f"{'':>16}  {'':8} {'reviews/s':>9} {'p50 ms':>8} {'p99 ms':>8} {'CPU ms':>7} {'resident MB':>16}")
    try:
        for connections, paced in ((1, 0.0), (16, rate), (16, 0.0)):
            way = f"{connections} at {paced:.0f}/s" if paced else f"{connections} at once"
            taken: dict[str, list[float]] = {"empty": [], "webhook": []}
            spent, cpu = dict.fromkeys(taken, 0.0), dict.fromkeys(taken, 0.0)
            asyncio.run(load(servers["webhook"], reviews, connections, WARM_UP_S))
            before_mb = {name: resident_mb(server) for name, server in servers.items()}
            for _ in range(ROUNDS):
                for name, server in servers.items():
                    began, before = time.perf_counter(), cpu_s(server)
                    taken[name] += asyncio.run(load(server, reviews, connections, seconds / ROUNDS, paced))
                    spent[name] += time.perf_counter() - began
                    cpu[name] += cpu_s(server) - before
            for name, server in servers.items():
                row = f"{len(taken[name]) / spent[name]:9.0f} {p(taken[name], 50):8.2f} {p(taken[name], 99):8.2f}"
                row += f" {cpu[name] * 1000 / len(taken[name]):7.2f}"
                print(f"{way:>16}  {name:8} {row} {before_mb[name]:7.1f} -> {resident_mb(server):5.1f}", flush=True)
            added = [p(taken["webhook"], at) - p(taken["empty"], at) for at in (50, 99)]
            print(f"{way:>16}  {'added':8} {'':9} {added[0]:8.2f} {added[1]:8.2f}", flush=True)
    finally:
        for server in servers.values():
            os.kill(server.process.pid, signal.SIGTERM)
            server.process.join(10)


def run_server(name: str, files: tuple[str, str], dump: str, ports: Any) -> None:
    """Serve, in a process of its own on the first core."""
    from dataclasses import dataclass

    from scanner.points.admission.serving import start
    from scanner.points.admission.serving.app import App

    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    sys.stderr = open(os.devnull, "w")  # noqa: SIM115 - as long as the process
    answer = b'{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","response":{"uid":"x","allowed":true}}'

    @dataclass(slots=True)
    class Empty(App):
        """Reads the body and answers, without looking at it."""

        async def _review(self, _: object, scope: Any, receive: Any, started: float) -> bytes:
            await self._read(dict(scope["headers"]), receive, 5.0)
            return answer

    if name == "empty":
        start.App = Empty  # type: ignore[misc]
    flags = dict.fromkeys(("client_ca", "context", "kubeconfig", "health_listen"))
    flags |= {"in_cluster": False, "inventory": dump, "log": "findings", "drain": 0.0, "renew": 10.0, "cluster": "c"}
    flags |= {"listen": "127.0.0.1:0", "tls_cert": files[0], "tls_key": files[1], "health_listen": "127.0.0.1:0"}
    start.serve(flags, lambda serving: ports.send(serving.ports))


_asked = 0
"""Reviews that were sent so far, so that the next load goes on with others."""


async def load(
    server: Webhook, reviews: list[bytes], connections: int, seconds: float, rate: float = 0.0
) -> list[float]:
    """Ask for some seconds over several connections; return what each answer took, in milliseconds.

    With a ``rate``, so many a second; else as fast as answers come.
    """
    taken: list[float] = []
    tls, starts = server.tls(), time.perf_counter()
    ends, first = starts + seconds, _asked

    async def one() -> None:
        global _asked
        connection = Connection(server.port, tls)
        while time.perf_counter() < ends:
            _asked += 1
            content, began = reviews[_asked % len(reviews)], time.perf_counter()
            due = starts + (_asked - first) / rate if rate else began
            if due > began:  # this connection was free in time; how late its timer is, is none of the server's business
                await asyncio.sleep(due - began)
                due = time.perf_counter()
            began = due
            code, _ = await connection.ask(content)
            taken.append((time.perf_counter() - began) * 1000)
            assert code == 200
        connection.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    return taken


def sized(number: int) -> bytes:
    """The review of a Deployment that nothing is wrong with, unlike all others, of about 8 KB."""
    value = deployment(f"web-{number}", f"ns-{number % 50}")
    containers = value["spec"]["template"]["spec"]["containers"]
    for index in range(3):
        digest = f"{number * 4 + index:064x}"
        containers.append({**CONTAINER, "name": f"c{number}-{index}", "image": f"r.example.net/i@sha256:{digest}"})
    found = review(value)
    left = SIZE_BYTES - len(json.dumps(found))
    value["metadata"]["annotations"] = {"filler": "x" * max(left - 40, 0)}
    return json.dumps(review(value)).encode()


def inventory(path: Path, objects: int) -> str:
    """Write a dump of so many objects that rules look up."""
    items: list[dict[str, Any]] = []
    for number in range(objects):
        home = f"ns-{number % 500}"
        metadata = {"name": f"o{number}", "namespace": home, "labels": {"app": f"a{number % 20}"}}
        if number < 500:
            items.append({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": home}})
        elif number % 2:
            backend = {"service": {"name": "web", "port": {"number": 80}}}
            paths = [{"path": "/", "pathType": "Prefix", "backend": backend}]
            spec: dict[str, Any] = {"rules": [{"host": f"h{number}.example.net", "http": {"paths": paths}}]}
            items.append({"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": metadata, "spec": spec})
        else:
            spec = {"podSelector": {}, "policyTypes": ["Ingress"], "ingress": [{"from": [{"podSelector": {}}]}]}
            kind = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy"}
            items.append({**kind, "metadata": metadata, "spec": spec})
    path.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": items}), "utf-8")
    return str(path)


def resident_mb(server: Webhook) -> float:
    """Memory of the process."""
    return server.resident_kb() / 1024


def cpu_s(server: Webhook) -> float:
    """CPU seconds of the process so far."""
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def p(values: list[float], at: int) -> float:
    """Return a percentile."""
    return statistics.quantiles(values, n=100)[at - 1]


if __name__ == "__main__":
    main()
