"""A local stand-in for Azure Resource Manager and Resource Graph: TLS, paging, quotas, and everything that goes wrong.

It knows no query language: it answers the fixed questions of the scanner by their text, from the same seed as its GETs.
Standard library; the certificates need ``cryptography``, which the azure extra brings.
"""

import json
import re
import socket
import ssl
import struct
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

GRAPH = "/providers/Microsoft.ResourceGraph/resources"
_PARTITION = re.compile(r" \| where hash\(tolower\(id\)\) % (\d+) == (\d+)")
_TYPES = re.compile(r"type (?:in~ \(|=~ )([^)|]*)\)?")
_CONTAINERS = frozenset(
    ("microsoft.resources/subscriptions", "microsoft.resources/subscriptions/resourcegroups",
     "microsoft.management/managementgroups")
)  # fmt: skip
_COLUMNS = (
    "id", "name", "type", "location", "kind", "sku", "plan", "identity", "zones", "managedBy", "tags", "properties",
)  # fmt: skip


class Request(NamedTuple):
    """One request as it arrived."""

    method: str
    path: str
    query: str
    has_token: bool
    body: dict[str, Any]


@dataclass
class Fault:
    """Something that goes wrong, some times, where a path (or the text of a query) contains a word."""

    word: str
    times: int
    status: int = 500
    code: str = "InternalServerError"
    headers: dict[str, str] = field(default_factory=dict)
    how: str = "status"
    """``status``, ``reset``, ``truncate`` or ``html``."""


@dataclass
class AzureServer:
    """The seed, the settings, and the log."""

    resources: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Lower-cased id → body."""
    changes: list[dict[str, Any]] = field(default_factory=list)
    """Rows of ``resourcechanges``."""
    hidden: set[str] = field(default_factory=set)
    """Ids of scopes that nobody may read: absent from Resource Graph, 403 elsewhere."""
    hidden_tables: set[str] = field(default_factory=set)
    """Tables of Resource Graph that nobody may read."""
    faults: list[Fault] = field(default_factory=list)
    token: str = "valid"
    """``valid``, ``expired`` or ``tenant``."""
    page_rows: int = 1000
    oversized_above: int = 1000
    truncated: bool = False
    lost_rows: int = 0
    limit_hit: bool = False
    next_link: str = ""
    """Where lists lead after their first page, if not to the next one."""
    quota: tuple[int, float] | None = None
    """(queries, seconds) that Resource Graph allows."""
    clock: Callable[[], float] = time.monotonic
    log: list[Request] = field(default_factory=list)
    url: str = ""
    ca: str = ""
    _used: list[float] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, id_: str, type_: str = "", **body: Any) -> None:
        """Seed a resource; its type comes from its id."""
        parts = id_.rpartition("/providers/")[2].split("/")
        found = type_ or "/".join((parts[0], *parts[1::2]))
        self.resources[id_.lower()] = {"id": id_, "name": id_.rpartition("/")[2], "type": found, **body}

    def change(self, id_: str, kind: str, by: str, time: str, **values: Any) -> None:
        """Seed a row of ``resourcechanges``: ``Create``, ``Update`` or ``Delete``; values by path, dots as ``__``."""
        changes = {
            path.replace("__", "."): {"newValue": value, "isTruncated": False, "changeCategory": "User"}
            for path, value in values.items()
        }
        said = {"timestamp": time, "changedBy": by, "clientType": "Azure Portal", "operation": "write",
                "correlationId": f"c-{len(self.changes)}"}  # fmt: skip
        properties = {"targetResourceId": id_, "changeType": kind, "changeAttributes": said, "changes": changes}
        name = f"{id_}/providers/Microsoft.Resources/changes/{len(self.changes)}"
        self.changes.append({"id": name, "properties": properties})

    def writes(self) -> list[Request]:
        """Requests that could have changed something."""
        return [one for one in self.log if one.method not in ("GET", "HEAD") and one.path != GRAPH]

    def asked(self, word: str) -> list[Request]:
        """Requests whose path or query text contains a word."""
        return [one for one in self.log if word in one.path or word in str(one.body.get("query", ""))]

    # -- answers: (status, headers, body) --------------------------------------------------------------------------

    def answer(self, request: Request) -> tuple[int, dict[str, str], Any]:
        """Answer one request that no fault was met by."""
        if not request.has_token:
            return _error(401, "AuthenticationFailed", {"WWW-Authenticate": "Bearer authorization_uri=x"})
        if self.token != "valid":
            code = "ExpiredAuthenticationToken" if self.token == "expired" else "InvalidAuthenticationTokenTenant"
            return _error(401, code, {"WWW-Authenticate": "Bearer error=invalid_token"})
        if "api-version" not in parse_qs(request.query):
            return _error(400, "MissingApiVersionParameter")
        if request.path == GRAPH and request.method == "POST":
            return self._graph(request.body)
        if request.method != "GET":
            return _error(405, "MethodNotAllowed")
        return self._get(request.path.lower().rstrip("/"), request.query)

    def _get(self, path: str, query: str) -> tuple[int, dict[str, str], Any]:
        if any(f"{path}/".startswith(f"{scope.lower()}/") for scope in self.hidden):
            return _error(403, "AuthorizationFailed")
        if path in self.resources:
            return 200, {"x-ms-ratelimit-remaining-subscription-reads": "249"}, self.resources[path]
        if path.endswith("/descendants"):
            below = [one for one in self.resources.values() if _type(one) == "microsoft.resources/subscriptions"]
            return 200, {}, {"value": [{"id": one["id"], "type": "/subscriptions"} for one in below]}
        scope, _, collection = path.rpartition("/providers/")
        is_list = collection.count("/") % 2 == 1
        if not is_list or (scope not in self.resources and scope and not scope.startswith("/subscriptions")):
            return _error(404, "ResourceNotFound", {"x-ms-failure-cause": "gateway"})
        deep = collection == "microsoft.authorization/locks"
        found = [
            body
            for id_, body in sorted(self.resources.items())
            if (id_.startswith(f"{scope}/") and f"/providers/{collection}/" in id_ if deep else _is_child(id_, path))
        ]
        start = int(parse_qs(query).get("$skiptoken", ["0"])[0])
        page = found[start : start + self.page_rows]
        answer: dict[str, Any] = {"value": page}
        if start + self.page_rows < len(found):
            answer["nextLink"] = self.next_link or f"{self.url}{path}?api-version=1&%24skiptoken={start + len(page)}"
        return 200, {}, answer

    def _graph(self, body: dict[str, Any]) -> tuple[int, dict[str, str], Any]:
        headers = self._quota_headers()
        if headers is None:
            return _error(429, "RateLimiting", {"x-ms-user-quota-remaining": "0",
                                                "x-ms-user-quota-resets-after": "00:00:05"})  # fmt: skip
        options = body["options"]
        if "subscriptions" in body and all(f"/subscriptions/{one}" in self.hidden for one in body["subscriptions"]):
            return _error(403, "AccessDenied")
        if body["query"].startswith(tuple(self.hidden_tables)):
            return _error(403, "AccessDenied")
        if "summarize" in body["query"]:
            return 200, headers, _answer(self._sizes(body))
        rows = list(self._rows(body))
        start, top = int(options.get("$skipToken", "0")), min(int(options["$top"]), self.page_rows)
        if top > self.oversized_above:
            return _error(400, "ResponsePayloadTooLarge")
        page = rows[start : start + top]
        if self.limit_hit:
            headers["x-ms-tenant-subscription-limit-hit"] = "true"
        answer = _answer(page, len(rows) + self.lost_rows, self.truncated)
        if start + top < len(rows):
            answer["$skipToken"] = str(start + len(page))
        return 200, headers, answer

    def _quota_headers(self) -> dict[str, str] | None:
        if self.quota is None:
            return {"x-ms-user-quota-remaining": "14", "x-ms-user-quota-resets-after": "00:00:05"}
        allowed, seconds = self.quota
        now = self.clock()
        self._used = [moment for moment in self._used if moment > now - seconds]
        if len(self._used) >= allowed:
            return None
        self._used.append(now)
        left = allowed - len(self._used)
        return {"x-ms-user-quota-remaining": str(left), "x-ms-user-quota-resets-after": f"00:00:{seconds:02.0f}"}

    def _visible(self, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
        wanted = body.get("subscriptions")
        for id_, found in sorted(self.resources.items()):
            if any(f"{id_}/".startswith(f"{scope.lower()}/") for scope in self.hidden):
                continue
            inherits = body["options"].get("authorizationScopeFilter") == "AtScopeAboveAndBelow"
            is_above = not id_.startswith("/subscriptions/")
            if wanted is None or (is_above and inherits) or id_.split("/")[2:3] in [[one] for one in wanted]:
                yield found

    def _rows(self, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
        text = body["query"]
        partition = _PARTITION.search(text)
        table = _PARTITION.sub("", text).split(" | project ")[0]
        if table.startswith("resourcechanges"):
            yield from self._changes(body)
            return
        types = _TYPES.search(table)
        wanted = {one.strip(" '").lower() for one in types[1].split(",")} if types else None
        for found in self._visible(body):
            type_ = _type(found)
            of_table = type_ in _CONTAINERS if table.startswith("resourcecontainers") else type_ not in _CONTAINERS
            if not of_table or (wanted is not None and type_ not in wanted):
                continue
            if table == "resources" and type_.count("/") > 1:
                continue
            if partition and zlib.crc32(found["id"].lower().encode()) % int(partition[1]) != int(partition[2]):
                continue
            yield as_row(found)

    def _changes(self, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Yield the changes of the resources that a query names, as far as these may be seen."""
        for row in self.changes:
            target = row["properties"]["targetResourceId"].lower()
            is_hidden = any(f"{target}/".startswith(f"{scope.lower()}/") for scope in self.hidden)
            if f"'{target}'" in body["query"] and target.split("/")[2] in body["subscriptions"] and not is_hidden:
                yield row

    def _sizes(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        types = (_type(found) for found in self._visible(body))
        counts = Counter(type_ for type_ in types if type_.count("/") == 1 and type_ not in _CONTAINERS)
        return [{"type": type_, "n": number} for type_, number in sorted(counts.items())]

    def met(self, request: Request) -> Fault | None:
        """Return the fault that a request meets, and count it."""
        with self._lock:
            text = f"{request.path} {request.body.get('query', '')}"
            for fault in self.faults:
                if fault.times > 0 and fault.word in text:
                    fault.times -= 1
                    return fault
        return None


def as_row(body: dict[str, Any]) -> dict[str, Any]:
    """Return a body as Resource Graph gives it."""
    row = {column: body.get(column) for column in _COLUMNS}
    group = re.search(r"/resourceGroups/([^/]+)", body["id"], re.I)
    row["type"] = _type(body)
    row["kind"], row["managedBy"] = body.get("kind") or "", body.get("managedBy") or ""
    row["tenantId"], row["subscriptionId"] = "40000000-0000-4000-8000-000000000001", (*body["id"].split("/"), "", "")[2]
    row["resourceGroup"] = group[1].lower() if group else ""
    if group:
        row["id"] = body["id"].replace(group[0], f"/resourceGroups/{group[1].lower()}")
    return row


def _type(body: dict[str, Any]) -> str:
    return str(body["type"]).lower()


def _is_child(id_: str, path: str) -> bool:
    return id_.startswith(f"{path}/") and "/" not in id_[len(path) + 1 :]


def _answer(rows: list[Any], total: int | None = None, truncated: bool = False) -> dict[str, Any]:
    return {"totalRecords": len(rows) if total is None else total, "count": len(rows), "facets": [],
            "resultTruncated": "true" if truncated else "false", "data": rows}  # fmt: skip


def _error(status: int, code: str, headers: dict[str, str] | None = None) -> tuple[int, dict[str, str], Any]:
    return status, headers or {}, {"error": {"code": code, "message": f"the message of {code}", "details": []}}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    azure: AzureServer

    def do_GET(self) -> None:
        self._serve()

    do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_GET  # noqa: N815 - the names that the base class looks for

    def log_message(self, *_: Any) -> None:
        """Print nothing."""

    def _serve(self) -> None:
        address = urlsplit(self.path)
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        has_token = self.headers.get("Authorization") == "Bearer FAKE"
        request = Request(
            self.command, unquote(address.path), address.query, has_token, json.loads(data) if data else {}
        )
        self.azure.log.append(request)
        fault = self.azure.met(request)
        if fault is not None and fault.how == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()
            return
        if fault is not None and fault.how == "status":
            self._send(*_error(fault.status, fault.code, fault.headers))
        elif fault is not None and fault.how == "html":
            self._write(200, {"Content-Type": "text/html"}, b"<html><body>sign in to the network</body></html>")
        else:
            self._send(*self.azure.answer(request), truncate=fault is not None)

    def _send(self, status: int, headers: dict[str, str], body: Any, *, truncate: bool = False) -> None:
        data = json.dumps(body).encode()
        self._write(
            status, {"Content-Type": "application/json", **headers}, data[: len(data) // 2] if truncate else data
        )

    def _write(self, status: int, headers: dict[str, str], data: bytes) -> None:
        self.send_response_only(status)
        if "Date" not in headers:
            self.send_header("Date", self.date_time_string())
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def running(azure: AzureServer, folder: Path) -> Iterator[AzureServer]:
    """Serve over TLS on a free port of this machine; ``azure.url`` and ``azure.ca`` say how to get there."""
    certificate = folder / "server.pem"
    if not certificate.exists():
        certificate.write_bytes(_certificate())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"azure": azure}))
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a reset is meant
    server.socket = context.wrap_socket(server.socket, server_side=True)
    azure.url, azure.ca = f"https://127.0.0.1:{server.server_port}", str(certificate)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield azure
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _certificate() -> bytes:
    """Return a key and a certificate of this machine that vouches for itself."""
    from ipaddress import ip_address

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + certificate.public_bytes(serialization.Encoding.PEM)
