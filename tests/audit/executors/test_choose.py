"""What ``--executor`` may say."""

import sys
from pathlib import Path

import pytest

from scanner.audit.executors.choose import ExecutorChoice, parse_executor
from scanner.errors import ExecutorError, UsageError
from tests.audit.executors.crafts import Doubling


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("local", ExecutorChoice()),
        ("local=3", ExecutorChoice(workers=3)),
        ("dask=local:2", ExecutorChoice(dask=True, workers=2)),
        ("dask=tcp://127.0.0.1:8786", ExecutorChoice(dask=True, address="tcp://127.0.0.1:8786")),
        ("dask=tcp://[::1]:8786/", ExecutorChoice(dask=True, address="tcp://[::1]:8786")),
        ("dask=tcp://dask:8786?insecure=yes", ExecutorChoice(dask=True, address="tcp://dask:8786")),
        ("dask=tls://dask.audit.svc:8786", ExecutorChoice(dask=True, address="tls://dask.audit.svc:8786")),
    ],
)
def test_what_is_understood(text: str, choice: ExecutorChoice) -> None:
    assert parse_executor(text) == choice


def test_certificates_go_together_and_are_there(tmp_path: Path) -> None:
    for name in ("ca", "cert", "key"):
        (tmp_path / name).touch()
    query = "&".join(f"{name}={tmp_path / name}" for name in ("ca", "cert", "key"))
    choice = parse_executor(f"dask=tls://dask:8786?{query}")
    assert (choice.ca, choice.cert, choice.key) == tuple(str(tmp_path / name) for name in ("ca", "cert", "key"))
    with pytest.raises(UsageError, match="'key' is missing"):
        parse_executor(f"dask=tls://dask:8786?ca={tmp_path / 'ca'}&cert={tmp_path / 'cert'}")
    (tmp_path / "key").unlink()
    with pytest.raises(UsageError, match="there is no file"):
        parse_executor(f"dask=tls://dask:8786?{query}")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "cannot understand the executor ''"),
        ("ray", "cannot understand the executor 'ray'"),
        ("local=", "'' is no number of processes"),
        ("local=0", "'0' is no number of processes"),
        ("local=-1", "'-1' is no number of processes"),
        ("local=٣", "is no number of processes"),
        ("local=99999", "'99999' is no number of processes"),
        ("dask", "cannot understand the executor 'dask'"),
        ("dask=local:x", "'x' is no number of processes"),
        ("dask=http://dask:8786", "cannot understand the executor"),
        ("dask=tcp://127.0.0.1", "host and port are expected"),
        ("dask=tcp://127.0.0.1:99999", "Port out of range"),
        ("dask=tcp://127.0.0.1:1/path", "host and port are expected"),
        ("dask=tls://me:pw@dask:8786", "host and port are expected"),
        ("dask=tls://dask:8786?ca_file=x", "unknown option 'ca_file'"),
        ("dask=tcp://127.0.0.1:8786?ca=x", "write tls:// instead of tcp://"),
        ("dask=tcp://dask.audit.svc:8786", "without TLS whoever reaches that port runs code"),
    ],
)
def test_what_is_not(text: str, said: str) -> None:
    with pytest.raises(UsageError) as raised:
        parse_executor(text)
    assert said in str(raised.value)


def test_dask_that_is_not_installed_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "scanner.audit.executors.dask", raising=False)
    import scanner.audit.executors as package

    monkeypatch.delattr(package, "dask", raising=False)
    with pytest.raises(ExecutorError) as raised:
        parse_executor("dask=local:1").open(Doubling())
    assert "bulkhead-scanner[dask]" in raised.value.diagnostics()
