"""The crew of several machines: the workers of a Dask cluster (extra ``dask``).

A Dask scheduler runs whatever is sent to it, and what is sent here is what was scanned. So plain TCP is refused but to
this machine; docs/executors.md says how a cluster is set up with TLS.
"""

import logging
import time
import uuid
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass
from typing import Any, Generic

from distributed import Client, KilledWorker, LocalCluster, Worker, WorkerPlugin
from distributed.security import Security

from scanner import __version__
from scanner.audit.executors.dispatch import Dispatch
from scanner.audit.executors.interface import A, Craft, Crew, P, Result, Task
from scanner.audit.executors.workbench import dismiss, equip
from scanner.errors import ExecutorError

AHEAD = 12
"""Tasks for each worker's thread that are under way: through the scheduler a task takes 5 to 10 ms longer."""
CONNECT_S = 30
"""How long to wait for the scheduler and for its first worker."""
WORKERLESS_S = 300.0
"""How long a cluster may be without any worker in the middle of a run: a pod takes minutes on a new node."""

_COUNT_S = 5.0
"""How often workers are counted: each time is a question to the scheduler."""


@dataclass(frozen=True, slots=True)
class Tls:
    """Files of the certificates that scheduler and client show each other; empty: those of Dask's configuration."""

    ca: str = ""
    cert: str = ""
    key: str = ""


class Equip(WorkerPlugin):
    """Gives the craft to every worker, also to those that join or come back later."""

    def __init__(self, crew: str, craft: Craft[Any, Any]) -> None:
        self.name = f"bulkhead-{crew}"
        self._crew = crew
        self._craft = craft
        self._version = __version__

    def setup(self, worker: Worker) -> None:
        """Run by Dask in the worker. RuntimeError where it has another version of Bulkhead."""
        if self._version != __version__:
            raise RuntimeError(f"worker {worker.address} has Bulkhead {__version__}, the audit {self._version}")
        equip(self._crew, self._craft)

    def teardown(self, worker: Worker) -> None:
        """Run by Dask in the worker."""
        dismiss(self._crew)


class DaskCrew(Crew[P, A], Generic[P, A]):
    """The workers that ``client`` is connected to; ``cluster`` is closed with it, where it is ours."""

    def __init__(self, craft: Craft[P, A], client: Client, cluster: LocalCluster | None = None) -> None:
        self._client = client
        self._cluster = cluster
        self._executor: Any = None
        self._places = AHEAD
        self._counted = self._workers_seen = time.monotonic()
        # it logs what this class tells in words of its own, with traces
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        crew = uuid.uuid4().hex
        self._plugin = Equip(crew, craft)
        try:
            client.wait_for_workers(1, timeout=CONNECT_S)
            client.register_plugin(self._plugin)
        except TimeoutError as error:
            self.close()
            raise ExecutorError(
                f"cannot use the Dask cluster {_address(client)}: no worker joined within {CONNECT_S} s",
                hint="start workers with 'dask worker ADDRESS'; each needs this version of Bulkhead installed",
            ) from error
        except Exception as error:
            self.close()
            raise ExecutorError(
                f"cannot use the workers of {_address(client)}: {type(error).__name__}: {error}",
                hint=f"every worker needs Bulkhead {__version__} installed, with the same Python",
            ) from error
        self._executor = client.get_executor(pure=False)
        self._dispatch: Dispatch[P, A] = Dispatch(crew, self._executor, self._ahead, _deaths, self._look)

    @property
    def is_here(self) -> bool:
        """Whether the workers are ours; those of a cluster may be anywhere."""
        return self._cluster is not None

    def run(self, tasks: Iterable[Task[P]]) -> Iterator[Result[A]]:
        """See :meth:`Crew.run`."""
        try:
            yield from self._dispatch.run(tasks)
        except (OSError, CancelledError) as error:  # errors of communication; what was given to one that is gone
            raise ExecutorError(f"cannot reach the Dask scheduler any more: {type(error).__name__}") from error

    def close(self) -> None:
        """Take back what is under way and leave the cluster; end it where it is ours."""
        if self._client.status == "running" and self._executor is not None:
            self._executor.shutdown(wait=False)
            self._client.unregister_worker_plugin(self._plugin.name)
        if self._client.status != "closed":
            self._client.close(timeout=5)
        if self._cluster is not None:
            self._cluster.close(timeout=10)

    def _ahead(self) -> int:
        now = time.monotonic()
        if now - self._counted > _COUNT_S or self._places == AHEAD:
            self._counted = now
            self._places = AHEAD * max(1, sum(self._client.nthreads().values()))
        return self._places

    def _look(self) -> None:
        if self._client.status != "running":
            raise ExecutorError("cannot reach the Dask scheduler any more: it closed the connection")
        if self._client.nthreads():
            self._workers_seen = time.monotonic()
        elif time.monotonic() - self._workers_seen > WORKERLESS_S:
            raise ExecutorError(f"the Dask cluster has had no worker for {WORKERLESS_S:.0f} s")


def connect(craft: Craft[P, A], address: str, tls: Tls | None = None) -> DaskCrew[P, A]:
    """Return the crew of the cluster whose scheduler listens at ``address`` (``tcp://host:port``, ``tls://…``)."""
    security = _security(tls) if address.startswith("tls://") else None
    try:
        client = Client(address, timeout=CONNECT_S, security=security, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:  # TimeoutError is an OSError; bad certificates are too
        raise ExecutorError(
            f"cannot connect to the Dask scheduler {address}: {error}",
            hint="check the address and the certificates; docs/executors.md shows a cluster with TLS",
        ) from error
    return DaskCrew(craft, client)


def start_local(craft: Craft[P, A], workers: int) -> DaskCrew[P, A]:
    """Return a crew of ``workers`` Dask workers on this machine, for trying out; it listens on loopback only."""
    cluster = LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        processes=True,
        dashboard_address=None,
        host="127.0.0.1",
        silence_logs=50,
    )
    return DaskCrew(craft, Client(cluster, set_as_default=False), cluster)


def _security(tls: Tls | None) -> Security:
    if tls is None or tls == Tls():
        return Security(require_encryption=True)
    return Security(require_encryption=True, tls_ca_file=tls.ca, tls_client_cert=tls.cert, tls_client_key=tls.key)


def _address(client: Client) -> str:
    return str(client.scheduler.address) if client.scheduler is not None else "?"


def _deaths(error: BaseException) -> int:
    """Return how often a worker died with the task on it; the scheduler gives up after ``allowed-failures``."""
    return int(error.allowed_failures) + 1 if isinstance(error, KilledWorker) else 0
