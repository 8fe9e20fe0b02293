"""What uvicorn's HTTP protocol lacks against clients that hold on to connections: limits for the head of a request.

uvicorn bounds neither how long a client takes to send it nor how long it gets; the body is bounded by the application.
"""

from asyncio import TimerHandle
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_S = 10.0
"""For the head of the first request of a connection, and of each one that has begun to arrive."""
HEAD_BYTES = 64 << 10
HEAD_FIELDS = 100


class BoundedProtocol(HttpToolsProtocol):
    """Closes a connection whose next request does not arrive in time, or has too long a head."""

    _timer: TimerHandle | None = None
    _head_bytes = 0
    _in_head = False

    def connection_made(self, transport: Any) -> None:
        """Start waiting for the first request."""
        super().connection_made(transport)
        self._begin_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting, and let go of what was received: objects of a connection refer to each other in a circle."""
        self._end_head()
        super().connection_lost(exc)
        self._unset_keepalive_if_required()  # of a connection that was reset, too: else it is held for two minutes
        self.headers, self.scope, self.url, self.cycle = [], None, b"", None  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        """Count what belongs to a head before it is parsed."""
        if not self._in_head and (self.cycle is None or self.cycle.response_complete):
            self._begin_head()
        if self._in_head:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._in_head and self._head_bytes > HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("Request header too large.")

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take one field; what is raised here is answered as a request that cannot be parsed."""
        if len(self.headers) >= HEAD_FIELDS:
            raise ValueError("too many header fields")
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is here: what follows is the body, which the application reads."""
        self._end_head()
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, and count it as the application counts its own answers."""
        self.config.app.figures.responses.add("400")  # type: ignore[union-attr]
        super().send_400_response(msg)

    def _begin_head(self) -> None:
        self._in_head, self._head_bytes = True, 0
        self._timer = self.loop.call_later(HEAD_S, self._give_up)

    def _end_head(self) -> None:
        self._in_head = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        if self._in_head and not self.transport.is_closing():
            self.transport.close()
