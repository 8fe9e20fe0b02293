"""Lets nothing out but reads of one host: the last word before the token is added, on every attempt.

Azure's own client follows a ``nextLink`` to any host and takes the token along, and it registers providers by itself,
which is a write. Both end here.
"""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from azure.core.pipeline.policies import SansIOHTTPPolicy

from scanner.sources.azure.clouds import Cloud

if TYPE_CHECKING:
    from azure.core.pipeline import PipelineRequest

GRAPH_PATH = "/providers/Microsoft.ResourceGraph/resources"
_READS = frozenset(("GET", "HEAD"))


class RefusedError(Exception):
    """A request that must not be sent; the message says why, without its query."""


class Guard(SansIOHTTPPolicy[Any, Any]):
    """The pipeline policy. It stands behind whatever makes requests anew, and before authentication."""

    def __init__(self, cloud: Cloud) -> None:
        super().__init__()
        self._host = cloud.host

    def on_request(self, request: "PipelineRequest[Any]") -> None:
        """Raise RefusedError unless the request may be sent."""
        check(request.http_request.method, request.http_request.url, self._host)


def check(method: str, url: str, host: str) -> None:
    """Raise RefusedError for all but GET and HEAD to ``host``, and the one POST that asks Resource Graph."""
    address = urlsplit(url)
    if address.scheme != "https":
        raise RefusedError("refused: the address is not https")
    if address.netloc.lower() != host:
        raise RefusedError(f"refused: the answer leads to another host, '{address.hostname or ''}'")
    if method in _READS or (method == "POST" and address.path == GRAPH_PATH):
        return
    raise RefusedError(f"refused: {method} would change something")
