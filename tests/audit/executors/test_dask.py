"""A Dask cluster as the crew: real schedulers and workers on loopback, plain and over TLS."""

import datetime
import ipaddress
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from scanner.audit.executors.choose import parse_executor
from scanner.audit.executors.interface import Unread
from scanner.errors import ExecutorError
from tests.audit.estates import audit, flags, write_dumps
from tests.audit.executors.crafts import Doubling, Item, tasks_of

pytest.importorskip("distributed", reason="the extra 'dask' is not installed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # distributed leaves sockets to the collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


def run(executor: str, items: list[Item], *, size: int = 4, takes_s: float = 0.0) -> list[int | Unread]:
    with parse_executor(executor).open(Doubling(takes_s)) as crew:
        return [answer for result in crew.run(tasks_of(items, size)) for answer in result.answers]


def test_the_same_answers_in_the_same_order() -> None:
    items = [Item(number, "raises" if number == 11 else "answers") for number in range(60)]
    assert run("dask=local:2", items) == run("local=2", items)


def test_a_worker_killed_in_the_middle_loses_nothing(tmp_path: Path) -> None:
    note = tmp_path / "note"
    items = [Item(number, note=str(note)) for number in range(80)]
    killed: list[int] = []

    def kill_one() -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if note.exists() and len(lines := note.read_text().splitlines()) > 20:
                killed.append(int(lines[-1].split()[1]))
                os.kill(killed[0], signal.SIGKILL)
                return
            time.sleep(0.02)

    thread = threading.Thread(target=kill_one)
    thread.start()
    found = run("dask=local:2", items, takes_s=0.05)
    thread.join()
    assert found == [number * 2 for number in range(80)]
    pids = {int(line.split()[1]) for line in note.read_text().splitlines()}
    assert killed
    assert len(pids) == 3, "two workers and the one that took the place of the dead"


def test_an_item_that_kills_its_worker_is_given_up_and_nothing_else() -> None:
    found = run("dask=local:2", [Item(number, "exits" if number == 5 else "answers") for number in range(16)])
    given_up = found[5]
    assert isinstance(given_up, Unread)
    assert given_up.reason == f"the process that read it died {given_up.deaths} times"
    assert [answer for number, answer in enumerate(found) if number != 5] == [n * 2 for n in range(16) if n != 5]


def test_a_scheduler_that_is_not_there_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanner.audit.executors.dask.CONNECT_S", 1)
    with pytest.raises(ExecutorError, match=r"cannot connect to the Dask scheduler tcp://127\.0\.0\.1:1:"):
        run("dask=tcp://127.0.0.1:1", [Item(1)])


def test_a_cluster_with_tls(tmp_path: Path) -> None:
    files = certificates(tmp_path)
    with cluster(files, tmp_path) as address:
        query = f"ca={files['ca']}&cert={files['cert']}&key={files['key']}"
        assert run(f"dask={address}?{query}", [Item(number) for number in range(20)]) == list(range(0, 40, 2))
        with parse_executor(f"dask={address}?{query}").open(Doubling()) as crew:
            assert not crew.is_here


def test_an_audit_on_a_cluster_gives_the_verdicts_of_one_machine(tmp_path: Path) -> None:
    files = certificates(tmp_path)
    dumps = write_dumps("erp-hosting-broken", tmp_path / "dumps")

    def findings(executor: str) -> list[tuple[str, str, str]]:
        report = audit(flags(dumps, tmp_path / executor[:5], executor=executor, only=("ISO-00*", "ISO-01*")))
        return sorted((one.rule, one.resource, one.message) for one in report.findings)

    with cluster(files, tmp_path) as address:
        query = f"ca={files['ca']}&cert={files['cert']}&key={files['key']}"
        found = findings(f"dask={address}?{query}")
    assert found == findings("local")
    assert len(found) > 5


def test_a_cluster_whose_scheduler_ends_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanner.audit.executors.dask.CONNECT_S", 3)
    files = certificates(tmp_path)
    served = cluster(files, tmp_path)
    address = served.__enter__()
    query = f"ca={files['ca']}&cert={files['cert']}&key={files['key']}"
    with parse_executor(f"dask={address}?{query}").open(Doubling(0.05)) as crew:
        results = crew.run(tasks_of([Item(number) for number in range(400)], 1))
        next(results)
        served.__exit__()
        with pytest.raises(ExecutorError) as raised:
            list(results)
    assert "Dask scheduler" in str(raised.value)
    assert "--resume" in raised.value.diagnostics()


def certificates(folder: Path) -> dict[str, str]:
    """Return the files of a new authority and of one certificate that it signed."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    now = datetime.datetime.now(datetime.UTC)
    keys = {name: ec.generate_private_key(ec.SECP256R1()) for name in ("ca", "cert")}
    names = {name: x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in keys}
    for name, key in keys.items():
        certificate = (
            x509.CertificateBuilder()
            .subject_name(names[name])
            .issuer_name(names["ca"])
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(hours=1))
            .add_extension(x509.BasicConstraints(ca=name == "ca", path_length=None), critical=True)
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
            )
            .sign(keys["ca"], hashes.SHA256())
        )
        (folder / f"{name}.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        keys["cert"].private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return {"ca": str(folder / "ca.pem"), "cert": str(folder / "cert.pem"), "key": str(folder / "key.pem")}


class cluster:  # noqa: N801
    """A scheduler and one worker in processes of their own, over TLS."""

    def __init__(self, files: dict[str, str], folder: Path) -> None:
        self.files = files
        self.folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> str:
        tls = ["--tls-ca-file", self.files["ca"], "--tls-cert", self.files["cert"], "--tls-key", self.files["key"]]
        scheduler = self.folder / "scheduler.json"
        self._start("scheduler", "--protocol", "tls", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
                    "--scheduler-file", str(scheduler), *tls)  # fmt: skip
        deadline = time.monotonic() + 30
        while not scheduler.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        self._start("worker", "--scheduler-file", str(scheduler), "--nthreads", "1", "--no-dashboard", "--no-nanny",
                    "--local-directory", str(self.folder), *tls)  # fmt: skip
        return str(json.loads(scheduler.read_text())["address"])

    def __exit__(self, *_: object) -> None:
        for process in self.processes:
            process.kill()
            process.wait()

    def _start(self, kind: str, *arguments: str) -> None:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        self.processes.append(
            subprocess.Popen(
                [sys.executable, "-m", "distributed.cli.dask_" + kind, *arguments],
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )
