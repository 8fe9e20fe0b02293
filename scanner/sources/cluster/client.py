"""Reads from one API server: GET of raw bytes, patient with a busy server, clear about one that does not answer."""

import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlencode, urlsplit

from scanner.errors import ClusterError
from scanner.sources.cluster.access import Access, Session, open_session
from scanner.sources.cluster.answers import ApiError, refusal, unanswered
from scanner.sources.cluster.packages import require
from scanner.sources.cluster.read_only import ACCESS_REVIEW

JSON = "application/json"
METADATA_LIST = f"{JSON};as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
METADATA = f"{JSON};as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
"""Both ask for the metadata of objects only (Kubernetes API concepts, "Metadata-only fetches")."""
APPLY = "application/apply-patch+yaml"
"""Of server-side apply; JSON is YAML."""
MAX_ANSWER_BYTES = 256 << 20
"""A page of a list that is larger is not read: the memory of a run is bounded."""

_CONNECT_S = 10.0
_READ_S = 65.0
"""The API server itself gives up on a list after 60 s (``--request-timeout``)."""
_WHOLE_S = 300.0
"""For one answer altogether, however it trickles in."""
_LOOPBACK = ("127.", "localhost", "::1")
_BLOCK_BYTES = 1 << 20

T = TypeVar("T")


class Pacing(NamedTuple):
    """How a request is tried again."""

    attempts: int = 4
    """Altogether, of one request."""
    first_s: float = 0.5
    """Before the second attempt; doubled each time, where the server says nothing."""
    longest_s: float = 30.0
    """However long the server asks to wait."""
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random
    """0 to 1: how much of a quarter is added, so that many clients do not come back at once."""

    def wait(self, attempt: int, retry_after_s: float | None) -> None:
        """Wait after the ``attempt``-th attempt, from 1."""
        wanted = retry_after_s if retry_after_s is not None else self.first_s * 2 ** (attempt - 1)
        self.sleep(min(wanted, self.longest_s) * (1 + self.jitter() / 4))


class _Sent(NamedTuple):
    """What goes to the server."""

    method: str
    content_type: str
    body: bytes


class ClusterClient:
    """A connection to one API server that reads and nothing else. Threads may share it."""

    def __init__(self, access: Access, pacing: Pacing | None = None, *, dry_runs: bool = False) -> None:
        """Read configuration and credentials; nothing is sent yet. Without ``dry_runs`` those are refused too.

        Raises ClusterError where they cannot be used, and UsageError where the packages are not installed.
        """
        require("orjson")
        self._access = access
        self._pacing = pacing or Pacing()
        self._dry_runs = dry_runs
        self._lock = threading.Lock()
        self._session = open_session(access, dry_runs=dry_runs)

    @property
    def host(self) -> str:
        """``https://host:port`` of the API server."""
        return self._session.host

    @property
    def is_verified(self) -> bool:
        """Whether the server had to prove who it is."""
        return self._session.is_verified

    def get(self, path: str, query: Mapping[str, str | int] | None = None, accept: str = JSON) -> bytes:
        """Return the body of the answer to a GET of ``path``, which begins with ``/``.

        A server that is busy or breaks off is asked again; credentials that are refused are renewed once. Raises
        ApiError for anything but 200.
        """
        return self._patiently(lambda session: _body(_ask(session, path, query, accept)))

    def json(self, path: str, query: Mapping[str, str | int] | None = None, accept: str = JSON) -> Any:
        """Return the parsed body of the answer to a GET; raises ApiError, also for one that is no JSON."""
        orjson = require("orjson")
        try:
            return orjson.loads(self.get(path, query, accept))
        except orjson.JSONDecodeError as error:
            raise ApiError(200, "the answer is no JSON: this is not the API server") from error

    def may(self, verb: str, group: str, plural: str, namespace: str = "") -> bool:
        """Ask the API server whether these credentials may do something: the one POST, which changes nothing."""
        orjson = require("orjson")
        attributes = {"verb": verb, "group": group, "resource": plural, "namespace": namespace}
        review = {
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SelfSubjectAccessReview",
            "spec": {"resourceAttributes": attributes},
        }
        sent = _Sent("POST", JSON, orjson.dumps(review))
        answer = self._patiently(lambda session: _body(_ask(session, ACCESS_REVIEW, sent=sent)))
        return bool(orjson.loads(answer).get("status", {}).get("allowed"))

    def dry_run(self, path: str, manager: str, body: bytes) -> Any:
        """Return the object that server-side apply of ``body`` (JSON) would make of the one at ``path``.

        It is asked as ``manager``, whose fields are taken from others, and stores nothing. Raises ApiError, also where
        the answer is no JSON.
        """
        query = {"dryRun": "All", "fieldManager": manager, "force": "true"}
        sent = _Sent("PATCH", APPLY, body)

        def ask(session: Session) -> bytes:
            try:
                return _body(_ask(session, path, query, sent=sent))
            except ApiError as error:
                error.is_passing &= error.status != 500  # so the server answers what does not fit its schema
                raise

        orjson = require("orjson")
        try:
            return orjson.loads(self._patiently(ask))
        except orjson.JSONDecodeError as error:
            raise ApiError(200, "the answer is no JSON: this is not the API server") from error

    @contextmanager
    def stream(
        self, path: str, query: Mapping[str, str | int], accept: str, silence_s: float
    ) -> Iterator[Iterator[bytes]]:
        """Open a long answer and give its lines as they arrive; ApiError where it breaks or is silent for so long.

        It is not tried again: whoever follows it knows from where to go on. Refused credentials are renewed once.
        """
        response = self._patiently(lambda session: _ask(session, path, query, accept, silence_s), attempts=1)
        try:
            yield _lines(response)
        finally:
            response.close()

    def _patiently(self, ask: Callable[[Session], T], attempts: int = 0) -> T:
        is_renewed = False
        attempt = 1
        while True:
            session = self._session
            try:
                return ask(session)
            except ApiError as error:
                if error.status == 401 and not is_renewed:
                    is_renewed = True
                elif error.is_passing and attempt < (attempts or self._pacing.attempts):
                    self._pacing.wait(attempt, error.retry_after_s)
                    attempt += 1
                    continue
                else:
                    raise
            self._renew(session)

    def _renew(self, refused: Session) -> None:
        """Read configuration and credentials again, unless another thread has done so since."""
        with self._lock:
            if self._session is not refused:
                return
            try:
                self._session = open_session(self._access, dry_runs=self._dry_runs)
            except ClusterError as error:
                raise ApiError(401, str(error)) from error


def _ask(
    session: Session,
    path: str,
    query: Mapping[str, str | int] | None = None,
    accept: str = JSON,
    silence_s: float = _READ_S,
    sent: _Sent | None = None,
) -> Any:
    """Send one request and return the ``urllib3`` response with its body not read yet; ApiError unless it is 2xx."""
    if not path.startswith("/"):
        raise ValueError(f"no path of an API server: {path!r}")
    urllib3 = require("urllib3")
    headers = {"Accept": accept, "User-Agent": "bulkhead"}
    if not is_loopback(session.host):
        headers["Accept-Encoding"] = "gzip"
    try:
        authorization = session.authorization()
    except ClusterError as error:
        raise ApiError(401, str(error)) from error
    if authorization:
        headers["Authorization"] = authorization
    if sent is not None:
        headers["Content-Type"] = sent.content_type
    try:
        response = session.pool.request(
            "GET" if sent is None else sent.method,
            session.host + path + (f"?{urlencode(query)}" if query else ""),
            body=None if sent is None else sent.body,
            headers=headers,
            timeout=urllib3.Timeout(connect=_CONNECT_S, read=silence_s),
            retries=False,  # neither of these nor of redirects: what is tried again is decided here
            redirect=False,
            preload_content=False,
        )
        if 200 <= response.status < 300:
            return response
        told = response.read(_BLOCK_BYTES, decode_content=True)
        response.drain_conn()
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise unanswered(error) from error
    raise refusal(response.status, response.headers, told)


def _body(response: Any) -> bytes:
    urllib3 = require("urllib3")
    blocks: list[bytes] = []
    size, deadline = 0, time.monotonic() + _WHOLE_S
    try:
        for block in response.stream(_BLOCK_BYTES, decode_content=True):
            blocks.append(block)
            size += len(block)
            if size > MAX_ANSWER_BYTES:
                response.close()
                raise ApiError(200, f"the answer is larger than {MAX_ANSWER_BYTES >> 20} MiB")
            if time.monotonic() > deadline:
                response.close()
                raise ApiError(0, f"no answer: it takes longer than {_WHOLE_S:g} s")
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise unanswered(error) from error
    finally:
        response.release_conn()
    return b"".join(blocks)


def _lines(response: Any) -> Iterator[bytes]:
    urllib3 = require("urllib3")
    rest = b""
    try:
        for block in response.stream(None, decode_content=True):
            *lines, rest = (rest + block).split(b"\n")
            yield from (line for line in lines if line)
            if len(rest) > MAX_ANSWER_BYTES:
                raise ApiError(200, f"an event is larger than {MAX_ANSWER_BYTES >> 20} MiB")
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise unanswered(error) from error


def is_loopback(host: str) -> bool:
    """Whether an URL leads to this machine, where compressing costs more than it saves."""
    return (urlsplit(host).hostname or "").startswith(_LOOPBACK)
