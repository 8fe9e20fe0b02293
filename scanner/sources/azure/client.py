"""Asks Azure Resource Manager: Azure's own pipeline and credentials, read-only, throttled, and patient.

Answers come back as bytes that are known to be JSON, or as a :class:`Failure`; nothing is raised for what the service
does. The azure packages are imported here and where this is imported, never for a scan of files.
"""

import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from scanner.errors import UsageError
from scanner.sources.azure.clouds import PUBLIC, Cloud
from scanner.sources.azure.parsing import parse
from scanner.sources.azure.throttle import Clock, Quotas, Sleep, wait_for
from scanner.views import azure_ids

try:
    from azure.core.exceptions import AzureError, ClientAuthenticationError
    from azure.core.pipeline.policies import ProxyPolicy, UserAgentPolicy
    from azure.core.pipeline.transport import RequestsTransport
    from azure.core.rest import HttpRequest, HttpResponse
    from azure.mgmt.core.policies import ARMChallengeAuthenticationPolicy
    from azure.mgmt.resource.resources import ResourceManagementClient
    from requests import Session
    from requests.adapters import HTTPAdapter

    from scanner.sources.azure.guard import GRAPH_PATH, Guard, RefusedError
except ImportError as missing:
    raise UsageError(
        f"cannot read Azure: the package of '{missing.name}' cannot be imported",
        hint="install the extra: pip install 'bulkhead-scanner[azure]'",
    ) from missing

GRAPH_VERSION = "2022-10-01"
MAX_ATTEMPTS = 8
MAX_SILENCE = 3
"""Questions without any answer, one after the other, after which nothing more is asked."""
_AGAIN = frozenset((408, 429, 500, 502, 503, 504))
_SKEW_S = 300
_CONNECTIONS = 64
_NO_SUBSCRIPTION = "none"
"""Azure's client wants one for its typed operations; only its generic ``send_request`` is used here."""


class Reply(NamedTuple):
    """An answer."""

    data: bytes
    value: Any
    """What ``data`` holds."""
    headers: Mapping[str, str]


class Failure(NamedTuple):
    """Why there is no answer."""

    reason: str
    """In a few words: ``403 AuthorizationFailed``; holds nothing of the answer but its code."""
    status: int = 0
    """HTTP status; 0 where there was no answer."""
    code: str = ""
    """The code of ARM's error."""
    is_final: bool = False
    """Whether nothing else will be answered either: nobody is signed in."""


class Connection(NamedTuple):
    """How the network is reached."""

    ca: str = ""
    """File with the certificates that are trusted; empty for the usual ones."""
    proxy: str = "environment"
    """``environment`` (HTTPS_PROXY and the like), ``none``, or an address."""
    timeout_s: float = 60.0


class ArmClient:
    """Reads from one cloud as one principal. Serves several threads."""

    def __init__(
        self,
        credential: Any,
        cloud: Cloud = PUBLIC,
        connection: Connection | None = None,
        *,
        clock: Clock = time.monotonic,
        sleep: Sleep = time.sleep,
    ) -> None:
        """Take a credential of azure-identity, or for an imitation of the cloud one that has ``is_fake``.

        Raises UsageError where a real credential would be sent to an address that is none of Azure's.
        """
        if not cloud.is_real and not getattr(credential, "is_fake", False):
            raise UsageError(f"cannot use a real credential for {cloud.host}: it is none of Azure's clouds")
        self._connection = connection or Connection()
        self._cloud = cloud
        self._sleep = sleep
        self._quotas = Quotas(clock, sleep)
        self._silence = MAX_SILENCE - 1
        """Questions in a row that nobody answered; the very first one decides alone."""
        self._client = ResourceManagementClient(
            credential,
            _NO_SUBSCRIPTION,
            cloud.endpoint,
            credential_scopes=[cloud.audience],
            policies=self._policies(credential),
            transport=_transport(self._connection),
        )

    def get(self, path: str) -> Reply | Failure:
        """Return the answer to a GET of a path with its query, or of a whole address of the same host."""
        return self._ask(HttpRequest("GET", path if "://" in path else self._cloud.endpoint + path))

    def graph(self, body: Mapping[str, Any]) -> Reply | Failure:
        """Return the answer of Resource Graph to a query."""
        url = f"{self._cloud.endpoint}{GRAPH_PATH}?api-version={GRAPH_VERSION}"
        return self._ask(HttpRequest("POST", url, json=dict(body)))

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _policies(self, credential: Any) -> list[Any]:
        """Return the pipeline. Azure's own has two more that are left out on purpose.

        One registers providers, which is a write; the other retries what this client retries by itself, since it does
        not retry a POST, knows no quota headers and takes an answer that breaks off for a whole one.
        """
        proxy = self._connection.proxy
        proxies = None if proxy in ("environment", "none") else {"https": proxy, "http": proxy}
        return [
            UserAgentPolicy(base_user_agent="bulkhead"),
            ProxyPolicy(proxies=proxies),
            Guard(self._cloud),
            ARMChallengeAuthenticationPolicy(credential, self._cloud.audience),
        ]

    def _ask(self, request: HttpRequest) -> Reply | Failure:
        scope = _quota_of(request)
        failure = Failure("no attempt was made")
        for attempt in range(MAX_ATTEMPTS):
            self._quotas.bucket(scope).take()
            outcome, headers = self._once(request, scope)
            if isinstance(outcome, Reply) or outcome.is_final or not _is_worth_repeating(outcome):
                self._silence = 0
                return outcome
            failure = outcome
            if attempt + 1 < MAX_ATTEMPTS:
                self._sleep(wait_for(headers, attempt))
        self._silence = self._silence + 1 if failure.code == "NoAnswer" else 0
        is_final = self._silence >= MAX_SILENCE
        return failure._replace(reason=f"{failure.reason}, {MAX_ATTEMPTS} times", is_final=is_final)

    def _once(self, request: HttpRequest, scope: str) -> tuple[Reply | Failure, Mapping[str, str]]:
        try:
            response = self._client.send_request(request)
            response.read()
        except RefusedError as error:
            return Failure(str(error), code="Refused"), {}
        except ClientAuthenticationError as error:
            return Failure(f"cannot sign in: {_first_line(error)}", is_final=True), {}
        except AzureError as error:
            return Failure(f"no answer: {type(error.inner_exception or error).__name__}", code="NoAnswer"), {}
        self._quotas.observe(scope, response.headers)
        return _outcome(response), response.headers


def _transport(connection: Connection) -> RequestsTransport:
    """Return what sends requests: as many at once as there are threads, and none of them twice by itself."""
    session = Session()
    session.trust_env = connection.proxy == "environment"
    session.mount("https://", HTTPAdapter(pool_maxsize=_CONNECTIONS, max_retries=0))
    return RequestsTransport(
        session=session,
        session_owner=False,
        connection_verify=connection.ca or True,
        use_env_settings=session.trust_env,
        connection_timeout=connection.timeout_s,
        read_timeout=connection.timeout_s,
    )


def _outcome(response: HttpResponse) -> Reply | Failure:
    """Return what an answer says; 200 alone is not enough, since proxies answer so too."""
    data = response.content
    try:
        value = parse(data)
    except ValueError:
        value = None
    if response.status_code == 200:
        if isinstance(value, dict):
            return Reply(data, value, response.headers)
        return Failure("200 with an answer that is no JSON", 200, "NoJson")
    error = value.get("error") if isinstance(value, dict) else None
    code = str(error.get("code", ""))[:80] if isinstance(error, dict) else ""
    reason = f"{response.status_code} {code}".strip()
    if response.status_code == 401:
        return Failure(_why_not_signed_in(reason, code, response.headers), 401, code, is_final=True)
    return Failure(reason, response.status_code, code)


def _why_not_signed_in(reason: str, code: str, headers: Mapping[str, str]) -> str:
    if code == "ExpiredAuthenticationToken":
        return f"{reason}: the token has expired; sign in again"
    if code == "InvalidAuthenticationTokenTenant":
        return f"{reason}: the token is of another tenant; sign in to the one that the subscriptions are in"
    try:
        skew = parsedate_to_datetime(headers.get("Date", "")).timestamp() - time.time()
    except (ValueError, TypeError):
        return f"{reason}: sign in again"
    if abs(skew) > _SKEW_S:
        return f"{reason}: the clock here is {abs(skew):.0f} s {'behind' if skew > 0 else 'before'} that of Azure"
    return f"{reason}: sign in again"


def _is_worth_repeating(failure: Failure) -> bool:
    return failure.status in _AGAIN or failure.code in ("NoAnswer", "NoJson")


def _quota_of(request: HttpRequest) -> str:
    if request.method == "POST":
        return "graph"
    path = urlsplit(request.url).path
    return azure_ids.subscription("/".join(path.split("/")[:3])).lower() or "tenant"


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0][:200]
