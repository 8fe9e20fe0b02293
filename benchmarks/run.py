"""Measures whole runs: one file, a corpus, 20,000 manifests; beside each the floor (walk, read, parse only).

    python -m benchmarks.run                       all scenarios
    python -m benchmarks.run --only many --peer conftest

Machines are noisy: compare ratios within one run, never figures between runs.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.generate import deployment, write

ROOT = Path(__file__).resolve().parent.parent
CORPUS = Path(os.environ.get("BULKHEAD_CORPUS", ROOT.parent / "shared" / "corpus"))
ESTATE = ROOT / "fixtures" / "erp-hosting" / "estate.yaml"
PEER_RULES = ROOT / "benchmarks" / "peer"


class Cost(NamedTuple):
    """What one process tree used."""

    wall_s: float
    cpu_s: float
    peak_mb: float
    """Of the largest single process."""
    exit_code: int


def measure(command: Sequence[str]) -> Cost:
    """Run ``command`` to its end and return what it used; its output is dropped."""
    script = (
        "import json,resource,subprocess,sys,time\n"
        "t=time.perf_counter()\n"
        "c=subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL).returncode\n"
        "w=time.perf_counter()-t\n"
        "u=resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(json.dumps([w,u.ru_utime+u.ru_stime,u.ru_maxrss/1024,c]))\n"
    )
    result = subprocess.run([sys.executable, "-c", script, *command], capture_output=True, text=True, check=True)
    return Cost(*json.loads(result.stdout))


def best(command: Sequence[str], times: int) -> Cost:
    """Return the cheapest of several runs, after one to warm caches."""
    measure(command)
    return min((measure(command) for _ in range(times)), key=lambda cost: cost.cpu_s)


def bulkhead(*arguments: str) -> list[str]:
    """Return the command line of this interpreter's ``bulkhead``."""
    return [sys.executable, "-m", "scanner", *arguments]


def floor(path: Path) -> list[str]:
    """Return the command line that walks, reads and parses what is below ``path``, and nothing else."""
    return [sys.executable, "-m", "benchmarks.floor", str(path)]


def pyyaml_floor(path: Path) -> list[str]:
    """Return the command line that walks, reads and parses with PyYAML's C loader: what others start from."""
    script = (
        "import sys,os,yaml\n"
        "for folder,_,names in os.walk(sys.argv[1]):\n"
        "    for name in names:\n"
        "        with open(os.path.join(folder,name),'rb') as stream: list(yaml.load_all(stream,yaml.CSafeLoader))\n"
    )
    return [sys.executable, "-c", script, str(path)]


def show(name: str, cost: Cost, resources: int = 0) -> None:
    """Print one line of the table."""
    rate = f"{resources / cost.wall_s:9.0f}/s" if resources else " " * 11
    print(
        f"  {name:<26} wall {cost.wall_s:7.2f} s   cpu {cost.cpu_s:7.2f} s   peak {cost.peak_mb:6.0f} MB  {rate}"
        f"   exit {cost.exit_code}",
        flush=True,
    )


def resources_of(path: Path, *arguments: str) -> int:
    """Return how many resources a scan of ``path`` sees."""
    command = bulkhead("scan", str(path), "--report", "json=-", *arguments)
    return int(
        json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)["counts"]["resources"]
    )


def one_file(folder: Path) -> None:
    """Measure start-up: the version, and one small file with all rules."""
    path = folder / "one.yaml"
    path.write_text(deployment(0), "utf-8")
    print("one file")
    show("bulkhead --version", best(bulkhead("--version"), 5))
    show("bulkhead scan one.yaml", best(bulkhead("scan", str(path)), 5))
    show("with an estate", best(bulkhead("scan", str(path), "--estate", str(ESTATE)), 5))


def corpus() -> None:
    """Measure the whole corpus of real manifests."""
    path = CORPUS / "kubernetes"
    print(f"corpus: {path}")
    if not path.is_dir():
        print("  skipped: the corpus is not here; name it in BULKHEAD_CORPUS")
        return
    base = best([*floor(path)], 2)
    show("floor", base)
    cost = best(bulkhead("scan", str(path), "--report", "json=-", "--jobs", "1"), 2)
    show("bulkhead, 1 job", cost, resources_of(path))
    print(f"  {cost.cpu_s / base.cpu_s:.2f} x the floor")


def many(folder: Path, number: int, peer: str) -> None:
    """Measure many manifests: the floor, one job, two jobs, and a peer."""
    size = write(folder / "many", number)
    path = folder / "many"
    arguments = ("--estate", str(ESTATE), "--cluster", "aks-prd-weu-01")
    print(f"{number} manifests, {size / 1e6:.0f} MB")
    base = best(floor(path), 2)
    show("floor: walk, read, parse", base)
    yaml_base = best(pyyaml_floor(path), 1)
    show("the same with PyYAML", yaml_base)
    one = best(bulkhead("scan", str(path), "--report", "json=-", "--jobs", "1", *arguments), 2)
    show("bulkhead, 1 job", one, number)
    two = best(bulkhead("scan", str(path), "--report", "json=-", "--jobs", "2", *arguments), 2)
    show("bulkhead, 2 jobs", two, number)
    ratios = f"{one.cpu_s / base.cpu_s:.2f} x the floor, {one.cpu_s / yaml_base.cpu_s:.2f} x the one with PyYAML"
    print(f"  {ratios}; two jobs are {one.wall_s / two.wall_s:.2f} x as fast as one")
    if peer and (found := _peer(peer)):
        cost = measure([found, "test", "--policy", str(PEER_RULES), "--no-color", str(path)])
        show(f"{peer}, 2 rules", cost, number)
        print(f"  bulkhead {one.cpu_s / cost.cpu_s:.2f} x the CPU of {peer}")


def _peer(name: str) -> str:
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    tools = Path(os.environ.get("BULKHEAD_TOOLS", cache / "bulkhead-tools" / "bin"))
    found = shutil.which(name) or shutil.which(name, path=str(tools)) or ""
    if not found:
        print(f"  {name} is not installed: no comparison")
    return found


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=["one", "corpus", "many"])
    parser.add_argument("--number", type=int, default=20_000)
    parser.add_argument("--peer", default="conftest", help="an installed peer to run beside; empty for none")
    arguments = parser.parse_args()
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="bulkhead-bench-") as name:
        folder = Path(name)
        if arguments.only in (None, "one"):
            one_file(folder)
        if arguments.only in (None, "corpus"):
            corpus()
        if arguments.only in (None, "many"):
            many(folder, arguments.number, arguments.peer)
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"took {time.perf_counter() - started:.0f} s (the runner itself: {own:.0f} MB)")


if __name__ == "__main__":
    main()
