"""What keeping an audit costs: seconds of CPU and of time for recording, reading and comparing runs of many Findings.

    python -m benchmarks.store [--findings 100000] [--store postgresql+psycopg://bulkhead@127.0.0.1:15432/bench]

Three runs are recorded one after the other: everything new, nothing changed, everything gone. Without ``--store`` a
SQLite file is made and removed.
"""

import argparse
import gc
import os
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.reports import report_of


def timed(what: str, work: Callable[[], Any]) -> Any:
    """Do ``work`` and print what it took."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what:<34} {time.perf_counter() - wall:>7.1f} s {time.process_time() - cpu:>7.1f} s CPU {peak_mb:>7.0f} MB")
    return result


def measure(url: str, findings: int) -> None:
    """Record, read, compare and prune."""
    from scanner.audit.store import RunStart, open_store

    full = report_of(findings, 6_000)
    store = timed("open and migrate", lambda: open_store(url))
    start = RunStart(datetime.now(UTC), full.tool_version, full.packs, scopes=("aks-prd-weu-01",))
    numbers = []
    for what, report in (("new", full), ("unchanged", full), ("gone", replace(full, findings=()))):
        number = store.begin(start)
        timed(f"record {findings:,} findings, {what}", lambda n=number, r=report: store.record(n, r))  # type: ignore[misc]
        numbers.append(number)
    timed("read the findings of a run", lambda: store.findings(numbers[0]))
    timed("compare two runs", lambda: store.compare(numbers[0], numbers[2]))
    timed("history", store.history)
    timed("prune", lambda: store.prune(keep=1))
    store.close()


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--findings", type=int, default=100_000)
    parser.add_argument("--store")
    arguments = parser.parse_args()
    gc.set_threshold(100_000, 20, 50)  # as the command line does
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "audit.db")
        measure(arguments.store or f"sqlite:///{path}", arguments.findings)
        if path.exists():
            print(f"file {os.path.getsize(path) / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
