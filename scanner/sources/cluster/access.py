"""Where a cluster is and how one gets in: kubeconfig contexts and the service account of a Pod.

All of authentication is left to the ``kubernetes`` package: plugins such as ``kubelogin``, tokens, certificates.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from scanner.errors import ClusterError
from scanner.sources.cluster.packages import require
from scanner.sources.cluster.read_only import make_read_only
from scanner.sources.walk import printable

_DEFAULT_FILE = "~/.kube/config"


class Access(NamedTuple):
    """How to reach one cluster."""

    context: str = ""
    """Of the kubeconfig; empty for its current one."""
    kubeconfig: str = ""
    """Path, or several as in ``$KUBECONFIG``, which counts where this is empty; else ``~/.kube/config``."""
    in_cluster: bool = False
    """Use the service account of the Pod that this runs in. It is used too where there is no kubeconfig."""


class Session(NamedTuple):
    """Configuration, credentials and connections, as they were read at one moment."""

    host: str
    """``https://host:port``, perhaps with a path; no slash at the end."""
    pool: Any
    """``urllib3.PoolManager`` that refuses writes; dry runs too, unless they were asked for."""
    configuration: Any
    """``kubernetes.client.Configuration``: refreshes tokens that expire, where it knows when they do."""

    @property
    def is_verified(self) -> bool:
        """Whether the server has to prove who it is; the kubeconfig may say that it need not."""
        return self.host.startswith("https://") and bool(self.configuration.verify_ssl)

    def authorization(self) -> str:
        """Return the header of this moment; empty where a client certificate is what authenticates."""
        try:
            settings = self.configuration.auth_settings()
        except Exception as error:
            raise ClusterError(f"cannot renew the credentials: {_told(error)}") from error
        return str(settings.get("BearerToken", {}).get("value") or "")


def open_session(access: Access, *, dry_runs: bool = False) -> Session:
    """Read configuration and credentials anew. Raises ClusterError where they cannot be used.

    Nothing but reads passes its connections, with ``dry_runs`` those too.
    """
    client = require("kubernetes.client")
    configuration = client.Configuration()
    # No proxy but the one the kubeconfig names: whoever sets HTTPS_PROXY for package downloads does not mean that
    # clusters be asked through it, and a Pod must not be led away from its own API server.
    configuration.proxy = None
    configuration.no_proxy = None
    with _overhearing() as told:
        source = _load(access, configuration)
    if not configuration.host.startswith(("https://", "http://")):
        raise ClusterError(f"cannot use {source}: its server is {configuration.host!r}; an URL is expected")
    if not configuration.api_key and not configuration.cert_file:
        raise ClusterError(
            f"cannot use {source}: it gives no credentials" + (f" ({told[0]})" if told else ""),
            hint="its user needs a token, a client certificate or a plugin; 'kubectl auth whoami' shows what it gives",
        )
    try:
        pool = client.ApiClient(configuration).rest_client.pool_manager
    except Exception as error:  # files of certificates that are no certificates, proxies that are no URL
        raise ClusterError(f"cannot use {source}: {_told(error)}") from error
    make_read_only(pool, dry_runs=dry_runs)
    if not configuration.verify_ssl:
        urllib3 = require("urllib3")
        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)  # the ledger says it, once
    return Session(configuration.host.rstrip("/"), pool, configuration)


def _load(access: Access, configuration: Any) -> str:
    """Fill ``configuration`` and return what it came from, in words."""
    config = require("kubernetes.config")
    files = access.kubeconfig or os.environ.get("KUBECONFIG", "") or _DEFAULT_FILE
    paths = [os.path.expanduser(path) for path in files.split(os.pathsep) if path]
    is_there = any(os.path.exists(path) for path in paths)
    in_pod = bool(os.environ.get("KUBERNETES_SERVICE_HOST"))
    if access.in_cluster or (not is_there and not access.kubeconfig and not access.context and in_pod):
        source = "the service account of this Pod"
        try:
            config.load_incluster_config(client_configuration=configuration)
        except Exception as error:
            raise ClusterError(f"cannot use {source}: {_told(error)}", hint=_HINT) from error
        return source
    named = printable(os.pathsep.join(paths))
    if not is_there:
        raise ClusterError(f"cannot find a kubeconfig: there is no {named}", hint=_HINT)
    source = f"context {access.context!r} of {named}" if access.context else f"the current context of {named}"
    try:
        config.load_kube_config(
            config_file=os.pathsep.join(paths),
            context=access.context or None,
            client_configuration=configuration,
            persist_config=False,  # what is not ours is not written
        )
    except Exception as error:
        raise ClusterError(f"cannot use {source}: {_told(error)}", hint=_HINT) from error
    return source


@contextmanager
def _overhearing() -> Iterator[list[str]]:
    """Collect what the package says of plugins that fail: it logs that, and goes on without credentials."""
    said: list[str] = []
    handler = logging.Handler(logging.ERROR)
    handler.emit = lambda record: said.append(_told(Exception(record.getMessage())))  # type: ignore[method-assign]
    logger = logging.getLogger()
    logger.addHandler(handler)
    try:
        yield said
    finally:
        logger.removeHandler(handler)


_HINT = "'kubectl config get-contexts' shows what there is; name the context as it is called there"


def _told(error: Exception) -> str:
    """Return the first line of what went wrong, without what could hold a secret: only the library's own sentences."""
    lines = str(error).strip().splitlines()
    text = lines[0][:200] if lines else type(error).__name__
    return text[:1].lower() + text[1:]
