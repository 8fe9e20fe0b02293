"""Several processes at once: nothing is lost, nothing is torn."""

import os
import signal
import subprocess
import sys
import time

from scanner.audit.store import Status, open_store
from tests.audit.store.runs import found, recorded
from tests.conftest import ROOT

WRITER = """
import sys
from scanner.audit.store import open_store
from tests.audit.store.runs import *
url, name, runs = sys.argv[1], sys.argv[2], int(sys.argv[3])
store = open_store(url)
print("ready", flush=True)
sys.stdin.readline()
for night in range(runs):
    scopes = ["prod", name]
    mine = [found(f"{name}-{n}", cluster=name) for n in range(40) if n % (night + 1) == 0]
    shared = [found(f"shared-{n}", message=f"{name} {night}") for n in range(40)]
    recorded(store, *mine, *shared, scopes=scopes, day=night)
    if night % 2:
        store.prune(keep=4)
store.close()
"""


def writer(url: str, name: str, runs: int) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, url, name, str(runs)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def test_two_processes_make_record_and_prune_one_store_at_once(url: str) -> None:
    processes = [writer(url, name, 6) for name in ("alpha", "beta")]  # both make the schema
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    ended = [process.communicate("go\n", timeout=120) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], ended

    store = open_store(url)
    kept = store.runs()
    assert len(kept) >= 4
    assert {run.status for run in kept} == {Status.COMPLETE}
    assert max(run.id for run in kept) == 12
    for run in kept:
        findings = store.findings(run.id)
        assert sum(one.resource.startswith("prod/") for one in findings) == 40
        assert run.failing == len(findings)
        assert len({one.fingerprint for one in findings}) == len(findings)
    shared = [one for one in store.findings(kept[0].id) if one.resource.startswith("prod/")]
    assert {(one.first_run, one.last_run, one.resolved_run) for one in shared} == {(1, 12, None)}
    store.close()


KILLED = """
import sys
from scanner.audit.store import open_store
from tests.audit.store.runs import *
store = open_store(sys.argv[1])
run = begin(store)
report = made(*(found(f"web-{n}") for n in range(20_000)))
print(run, flush=True)
store.record(run, report)
"""


def test_a_process_that_is_killed_while_it_records_leaves_all_or_nothing(url: str) -> None:
    store = open_store(url)
    recorded(store, found("before"))
    for delay_s in (0.1, 0.4):
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, url],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert process.stdout is not None
        run = int(process.stdout.readline())
        time.sleep(delay_s)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        status = next(one.status for one in store.runs() if one.id == run)
        assert len(store.findings(run)) == (20_000 if status.recorded else 0)
    last = recorded(store, found("after"))
    assert [one.resource.rpartition("/")[2] for one in store.findings(last)] == ["after"]
    store.close()
