"""What a Service is to an API server: one address, and whoever of its endpoints is ready behind it, by connection."""

import asyncio
import contextlib
import threading
from collections.abc import Iterable

from tests.points.admission.serving.running import Connection, Webhook

LOOK_S = 0.1
"""Between two looks at who is ready."""


class Service:
    """Hands connections on, as kube-proxy does: it knows nothing of TLS or requests, and keeps what is open open.

    Who is not ready gets no new connection, as once kubelet and the controller of endpoints have seen it.
    """

    def __init__(self, endpoints: Iterable[Webhook]) -> None:
        self._endpoints = list(endpoints)
        self._ready: list[Webhook] = list(self._endpoints)
        self._turn = 0
        self.port = 0
        self._open = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._thread.start()
        assert self._open.wait(10)

    def add(self, endpoint: Webhook) -> None:
        """Take in a replica that is new."""
        self._endpoints.append(endpoint)

    def remove(self, endpoint: Webhook) -> None:
        """Let go of a replica that has ended."""
        self._endpoints.remove(endpoint)

    def close(self) -> None:
        """End it, with all that is open."""
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(10)

    async def _run(self) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        looking = asyncio.create_task(self._look())
        self._open.set()
        await self._over.wait()
        server.close()
        looking.cancel()  # and whoever hands on is cancelled with the loop
        await asyncio.gather(looking, return_exceptions=True)
        await asyncio.sleep(0.05)  # what was being opened is closed in the next rounds of the loop

    async def _look(self) -> None:
        while True:
            self._ready = [one for one in list(self._endpoints) if await _is_ready(one)]
            await asyncio.sleep(LOOK_S)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._turn += 1
        opened = [writer]
        try:
            chosen = self._ready[self._turn % len(self._ready)]
            inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", chosen.port)
            opened.append(inner_writer)
            await asyncio.gather(_pipe(reader, inner_writer), _pipe(inner_reader, writer))
        except (OSError, ZeroDivisionError, asyncio.CancelledError):
            pass  # nobody is ready, or it is over: the client sees the connection end
        finally:
            for one in opened:
                one.transport.abort()


async def _is_ready(one: Webhook) -> bool:
    with contextlib.suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
        connection = Connection(one.health, None)
        try:
            async with asyncio.timeout(1):
                return (await connection.ask(b"", "/readyz", "GET"))[0] == 200
        finally:
            connection.close()
    return False


async def _pipe(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while content := await source.read(65536):
            target.write(content)
            await target.drain()
    with contextlib.suppress(OSError):
        target.close()
