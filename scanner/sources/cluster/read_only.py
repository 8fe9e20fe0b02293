"""The lowest place that a request passes: what is no read does not leave this process, whoever asks for it."""

from typing import Any

ACCESS_REVIEW = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
"""Asks what the caller may do and stores nothing (Kubernetes API, authorization.k8s.io/v1); the only POST."""


class WriteRefusedError(RuntimeError):
    """Something in this program tried to change a cluster: a fault of the program, never of an input."""


def refuse_writes(method: str, url: str) -> None:
    """Raise WriteRefusedError unless the request reads."""
    if method == "GET" or (method == "POST" and url.endswith(ACCESS_REVIEW)):
        return
    raise WriteRefusedError(f"refused to send {method} {url}: clusters are only read")


def make_read_only(pool_manager: Any) -> None:
    """Make every connection pool that an ``urllib3.PoolManager`` opens from now on refuse writes."""
    classes = pool_manager.pool_classes_by_scheme
    pool_manager.pool_classes_by_scheme = {scheme: _read_only(pool) for scheme, pool in classes.items()}


def _read_only(pool_class: Any) -> Any:
    def urlopen(self: Any, method: str, url: str, *arguments: Any, **options: Any) -> Any:
        refuse_writes(method, url)
        return pool_class.urlopen(self, method, url, *arguments, **options)

    return type(f"ReadOnly{pool_class.__name__}", (pool_class,), {"urlopen": urlopen})
