"""Runs the webhook: sockets, signals, the renewal of certificates, and an end at which no request is lost."""

import asyncio
import contextlib
import gc
import signal
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from scanner.errors import ServeError
from scanner.points.admission.serving.certificates import Certificates

if TYPE_CHECKING:
    import uvicorn

    from scanner.points.admission.serving.app import App

KEEP_ALIVE_S = 120
"""Longer than the 90 seconds for which Go keeps an idle connection: the client must be the one who ends it."""
_BACKLOG = 4096
_GC = (10_000, 10, 50)
"""A review leaves hardly a cycle behind, but a connection that breaks off does, with what was received of it."""


class Address(NamedTuple):
    """Where to listen."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> "Address":
        """Return the address in ``HOST:PORT``, ``[IPv6]:PORT`` or ``:PORT`` (all interfaces). Raises ServeError."""
        host, colon, port = text.rpartition(":")
        host = host.removeprefix("[").removesuffix("]")
        if not colon or not port.isdigit() or int(port) > 65535 or (":" in host and f"[{host}]" not in text):
            raise ServeError(f"cannot listen on '{text}'", hint="write HOST:PORT, such as 127.0.0.1:8443")
        return cls(host or "0.0.0.0", int(port))  # noqa: S104 - asked for by leaving the host out


class Timing(NamedTuple):
    """How long things take, in seconds."""

    renew_s: float = 10.0
    """Between two looks at the files of the certificate."""
    drain_s: float = 10.0
    """From the signal to end until nothing is accepted any more: longer than an endpoint takes to be taken out."""
    finish_s: float = 15.0
    """For the requests that are under way then."""


class Serving:
    """One run of the webhook."""

    def __init__(self, app: "App", certificates: Certificates, timing: Timing | None = None) -> None:
        self._app = app
        self._health = replace(app, reviewers={})  # without TLS nobody's objects are taken
        self._certificates = certificates
        self._timing = timing or Timing()
        self._servers: list[uvicorn.Server] = []
        self.ports: list[int] = []
        """Of the sockets, in the order of :meth:`run`'s addresses."""

    def run(self, address: Address, health: Address | None = None, announce: Callable[[], None] | None = None) -> None:
        """Serve until a signal says to end. Raises ServeError where an address cannot be listened on.

        ``health`` is a second one without TLS, for probes and metrics; it answers no reviews. ``announce`` is called
        when both are open.
        """
        _raise_file_limit()
        settle()
        gc.set_threshold(*_GC)
        with contextlib.ExitStack() as stack:
            sockets = [stack.enter_context(_listen(one)) for one in (address, health) if one is not None]
            self.ports = [one.getsockname()[1] for one in sockets]
            _run(self._serve(sockets, announce))

    async def _serve(self, sockets: list[socket.socket], announce: Callable[[], None] | None) -> None:
        loop = asyncio.get_running_loop()
        ending = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, ending.set)
        tls = (self._app, self._certificates.listening_context())
        self._servers = [self._server(*one) for _, one in zip(sockets, (tls, (self._health, None)), strict=False)]
        tasks = [
            asyncio.create_task(server._serve([listening]))
            for server, listening in zip(self._servers, sockets, strict=True)
        ]
        renewing = asyncio.create_task(self._renew())
        ended = asyncio.create_task(ending.wait())
        if announce is not None:
            announce()
        try:
            await asyncio.wait((ended, renewing, *tasks), return_when=asyncio.FIRST_COMPLETED)
            await self._drain()
        finally:
            renewing.cancel()
            ended.cancel()
            await asyncio.gather(*tasks)
            await asyncio.gather(renewing, ended, return_exceptions=True)

    async def _drain(self) -> None:
        """Say that it is over, answer what still comes, closing each connection, and only then stop listening."""
        self._app.draining = self._health.draining = True
        self._app.journal.tell("info", "draining", seconds=self._timing.drain_s)
        await asyncio.sleep(self._timing.drain_s)
        for server in self._servers:
            server.should_exit = True
        self._app.journal.tell("info", "ended")

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(self._timing.renew_s)
            outcome = self._certificates.renew()
            if not outcome:
                continue
            renewed = outcome == "renewed"
            self._app.figures.reloads.add("renewed" if renewed else "refused")
            expires = self._certificates.expires.isoformat()
            self._app.journal.tell("info" if renewed else "error", "certificate", outcome=outcome, expires=expires)

    def _server(self, app: "App", context: ssl.SSLContext | None) -> "uvicorn.Server":
        import logging

        import uvicorn

        logging.getLogger("uvicorn").disabled = True  # what is worth a line is in the journal, as JSON
        logging.getLogger("uvicorn.error").disabled = True
        from scanner.points.admission.serving.protocol import BoundedProtocol

        config = uvicorn.Config(
            app,
            interface="asgi3",
            http=BoundedProtocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=int(self._timing.finish_s),
            backlog=_BACKLOG,
        )
        config.load()
        config.ssl = context
        return uvicorn.Server(config)


def settle() -> None:
    """Have the garbage collector never look again at what there is now: rules, packs, estate, what lookups need.

    They live as long as the process. With 50,000 cached objects a look at all of them keeps reviews waiting for 0.3 s.
    """
    gc.collect()
    gc.freeze()


def _run(main: object) -> None:
    try:
        import uvloop
    except ImportError:
        asyncio.run(main)  # type: ignore[arg-type]
        return
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main)  # type: ignore[arg-type]


@contextlib.contextmanager
def _listen(address: Address) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(address)
        except OSError as error:
            cause = (error.strerror or str(error)).lower()
            raise ServeError(f"cannot listen on {address.host}:{address.port}: {cause}") from None
        listening.setblocking(False)
        listening.listen(_BACKLOG)  # so that whoever is told the port can connect
        yield listening


def _raise_file_limit() -> None:
    """Allow as many connections as the system does: idle ones must not keep others out."""
    try:
        import resource
    except ImportError:  # not on this system
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY or soft < hard:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard if hard != resource.RLIM_INFINITY else 65536, hard))
