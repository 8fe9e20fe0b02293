"""What it costs to read a cluster: a real API server over TLS, and a dump of hundreds of megabytes.

    python -m benchmarks.cluster                     10,000 Pods of 6 KB, and a dump of 500 MB
    python -m benchmarks.cluster --pods 2000 --dump-mb 50

The floor is what no program gets below: the same requests and ``orjson``, nothing kept. Each row is a process of its
own; CPU time is its, not the server's. Needs the extra [kubernetes] and ``tests/tools/oracles.sh kube``.
"""

import argparse
import gc
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from scanner.sources.cluster.access import Access
from scanner.sources.cluster.client import ClusterClient
from scanner.sources.cluster.dump import ClusterDump
from scanner.sources.cluster.kinds import Kind
from scanner.sources.cluster.live import LiveCluster
from scanner.sources.interface import Page

PODS = Kind("", "v1", "pods", "Pod")
NAMESPACES = 20


def main() -> None:
    """Print a table, or measure one row of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pods", type=int, default=10_000)
    parser.add_argument("--dump-mb", type=int, default=500)
    parser.add_argument("--measure", nargs=2, metavar=("ROW", "INPUT"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        measure(*arguments.measure)
        return
    print(f"{'':34} {'objects':>8} {'objects/s':>10} {'CPU µs each':>12} {'wall s':>7} {'peak MB':>8}")
    with tempfile.TemporaryDirectory() as folder:
        live(Path(folder), arguments.pods)
        dump(Path(folder), arguments.dump_mb)


def live(folder: Path, pods: int) -> None:
    """Fill a real API server and read it."""
    from tests.tools.kube import running_kube

    with running_kube(folder / "kube") as kube:
        for number in range(NAMESPACES):
            kube.create("/api/v1/namespaces", {"metadata": {"name": f"space-{number}"}})
            names = range(number, pods, NAMESPACES)
            kube.create(f"/api/v1/namespaces/space-{number}/pods", *(pod(f"pod-{name}") for name in names))
        for row in ("floor", "list", "list-and-read"):
            show(row, kube.kubeconfig, pods)


def dump(folder: Path, megabytes: int) -> None:
    """Write a dump as kubectl does, indented and as one line, and read it."""
    for name, indent in (("indented", 4), ("one-line", None)):
        path = folder / f"{name}.json"
        pods = write_dump(path, megabytes << 20, indent)
        for row in ("split", "split-and-read"):
            show(row, str(path), pods)
        path.unlink()


def show(row: str, source: str, pods: int) -> None:
    """Measure a row in a process of its own and print it."""
    command = [sys.executable, "-m", "benchmarks.cluster", "--measure", row, source]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    found, wall, cpu, peak = json.loads(result.stdout)
    assert not found or found >= pods, f"{found} of {pods} Pods were read"
    label = f"{row} ({Path(source).name})"
    print(f"{label:34} {pods:8} {pods / wall:10.0f} {cpu / pods * 1e6:12.0f} {wall:7.2f} {peak:8.0f}", flush=True)


def measure(row: str, source: str) -> None:
    """Do what a row says and print Resources, wall seconds, CPU seconds and the peak of resident memory in MB."""
    rows: Mapping[str, Callable[[str], int]] = {
        "floor": floor,
        "list": lambda it: only_take(LiveCluster("c", Access(kubeconfig=it), [PODS.type]).pages()),
        "list-and-read": lambda it: count(LiveCluster("c", Access(kubeconfig=it), [PODS.type]).pages()),
        "split": lambda it: only_take(ClusterDump("c", it).pages()),
        "split-and-read": lambda it: count(ClusterDump("c", it).pages()),
    }
    gc.set_threshold(200_000, 20, 100)  # as the command line sets it for whole estates
    wall, cpu = time.perf_counter(), time.process_time()
    objects = rows[row](source)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(json.dumps([objects, wall, cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))


def floor(kubeconfig: str) -> int:
    """List all Pods and parse them; return how many there are."""
    import orjson

    client = ClusterClient(Access(kubeconfig=kubeconfig))
    found, token = 0, ""
    while True:
        value = orjson.loads(client.get(PODS.path(), {"limit": 500, "continue": token}))
        found += len(value["items"])
        token = value["metadata"].get("continue", "")
        if not token:
            return found


def count(pages: Iterator[Page]) -> int:
    """Read all pages, keeping none; return how many Resources they hold."""
    return sum(len(page.read().resources) for page in pages)


def only_take(pages: Iterator[Page]) -> int:
    """Take all pages without reading them, as the process does that hands them to workers."""
    for _ in pages:
        pass
    return 0


def write_dump(path: Path, size: int, indent: int | None) -> int:
    """Write a List of Pods of about that many bytes; return how many they are."""
    mark = "POD-NAME"
    opening, _, rest = json.dumps({"items": [pod(mark)]}, indent=indent).partition("[")
    item, _, closing = rest.rpartition("]")
    space = item[len(item.rstrip()) :]
    pods = size // len(item)
    with path.open("w", encoding="utf-8") as stream:
        stream.write(opening + "[")
        for number in range(pods):
            stream.write(("," if number else "") + item.rstrip().replace(mark, f"pod-{number}"))
        stream.write(f"{space}]{closing}")
    return pods


def pod(name: str) -> dict[str, Any]:
    """A Pod of the usual size: two containers with probes, limits, variables and volumes."""
    probe = {"httpGet": {"path": "/healthz", "port": 8080}, "periodSeconds": 10, "failureThreshold": 3}
    container = {
        "image": "registry.example/team/application@sha256:" + "0" * 64,
        "env": [{"name": f"VARIABLE_{number}", "value": f"value of variable {number}"} for number in range(20)],
        "resources": {"limits": {"cpu": "1", "memory": "1Gi"}, "requests": {"cpu": "100m", "memory": "256Mi"}},
        "securityContext": {"runAsNonRoot": True, "capabilities": {"drop": ["ALL"]}},
        "livenessProbe": probe,
        "readinessProbe": probe,
        "volumeMounts": [{"name": f"volume-{number}", "mountPath": f"/mnt/{number}"} for number in range(4)],
    }
    labels = {f"label.example/{number}": f"value-{number}" for number in range(8)}
    volumes = [{"name": f"volume-{number}", "emptyDir": {}} for number in range(4)]
    containers = [{"name": which, **container} for which in ("web", "sidecar")]
    annotations = {"note.example/text": "x" * 800}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "labels": labels, "annotations": annotations},
        "spec": {"containers": containers, "volumes": volumes},
    }


if __name__ == "__main__":
    main()
