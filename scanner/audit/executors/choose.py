"""What ``--executor`` says, and the crew it stands for."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from scanner.audit.executors.interface import A, Craft, Crew, P
from scanner.errors import ExecutorError, UsageError

_EXPECTED = (
    "write 'local', 'local=N', 'dask=local:N', 'dask=tls://HOST:PORT?ca=FILE&cert=FILE&key=FILE' "
    "or 'dask=tcp://127.0.0.1:PORT'"
)
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_MOST = 1024
"""More processes than any one machine has cores; above it the number is a slip."""


@dataclass(frozen=True, slots=True)
class ExecutorChoice:
    """Where an audit is judged."""

    dask: bool = False
    workers: int = 0
    """Processes on this machine; 0 chooses by its cores. Without meaning where there is an ``address``."""
    address: str = ""
    """Of a Dask scheduler."""
    ca: str = ""
    cert: str = ""
    key: str = ""

    def open(self, craft: Craft[P, A]) -> Crew[P, A]:
        """Start or reach the processes. Raises ExecutorError where that cannot be done."""
        if not self.dask:
            from scanner.audit.executors.local import LocalCrew

            return LocalCrew(craft, self.workers)
        try:
            from scanner.audit.executors import dask
        except ModuleNotFoundError as error:
            raise ExecutorError(
                f"cannot use Dask: {error.name} is not installed", hint="install the extra: 'bulkhead-scanner[dask]'"
            ) from error
        if self.address:
            return dask.connect(craft, self.address, dask.Tls(self.ca, self.cert, self.key))
        return dask.start_local(craft, self.workers)


def parse_executor(text: str) -> ExecutorChoice:
    """Return what ``text`` chooses. Raises UsageError where it is not understood or would not be safe."""
    kind, equals, value = text.strip().partition("=")
    if kind == "local":
        return ExecutorChoice(workers=_number(text, value) if equals else 0)
    if kind == "dask" and value.startswith("local:"):
        return ExecutorChoice(dask=True, workers=_number(text, value.removeprefix("local:")))
    if kind == "dask" and value.startswith(("tcp://", "tls://")):
        return _cluster(text, value)
    raise UsageError(f"cannot understand the executor {text!r}", hint=_EXPECTED)


def _number(text: str, digits: str) -> int:
    if not (digits.isascii() and digits.isdigit() and 1 <= int(digits) <= _MOST):
        raise UsageError(f"cannot understand the executor {text!r}: {digits!r} is no number of processes")
    return int(digits)


def _cluster(text: str, url: str) -> ExecutorChoice:
    parts = urlsplit(url)
    try:
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise UsageError(f"cannot understand the executor {text!r}: {error}", hint=_EXPECTED) from error
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    unknown = sorted(options.keys() - {"ca", "cert", "key", "insecure"})
    if not host or port is None or parts.path not in ("", "/") or parts.username or unknown:
        what = f"unknown option {unknown[0]!r}" if unknown else "host and port are expected, and no more"
        raise UsageError(f"cannot understand the executor {text!r}: {what}", hint=_EXPECTED)
    files: dict[str, str] = {name: value for name, value in options.items() if name != "insecure"}
    if parts.scheme == "tls":
        _complete(text, files)
    elif files:
        raise UsageError(f"cannot use certificates with {url!r}: write tls:// instead of tcp://")
    elif host not in _LOOPBACK and options.get("insecure") != "yes":
        raise UsageError(
            f"cannot use {url!r}: without TLS whoever reaches that port runs code there and reads what is scanned",
            hint="set the cluster up with TLS (docs/executors.md), or add '?insecure=yes' on a closed network",
        )
    host = f"[{host}]" if ":" in host else host
    return ExecutorChoice(
        dask=True,
        address=f"{parts.scheme}://{host}:{port}",
        ca=files.get("ca", ""),
        cert=files.get("cert", ""),
        key=files.get("key", ""),
    )


def _complete(text: str, files: dict[str, str]) -> None:
    """Raise UsageError unless ``files`` are all three and there, or none (then Dask's own configuration counts)."""
    if not files:
        return
    for name in ("ca", "cert", "key"):
        if not files.get(name):
            raise UsageError(f"cannot use the executor {text!r}: {name!r} is missing; ca, cert and key go together")
        if not Path(files[name]).is_file():
            raise UsageError(f"cannot use the executor {text!r}: there is no file {files[name]!r}")
