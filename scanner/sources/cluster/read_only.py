"""The lowest place that a request passes: what is no read does not leave this process, whoever asks for it."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

ACCESS_REVIEW = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
"""Asks what the caller may do and stores nothing (Kubernetes API, authorization.k8s.io/v1); the only POST."""

_SEGMENT = r"/(?!\.{1,2}(?:/|$))(?:[^/%?#;]|%(?!2[eEfF]|25|00)[0-9a-fA-F]{2})+"
_OBJECT = re.compile(
    rf"(?:(?!/apis?(?:/|$)){_SEGMENT})*"  # what a gateway before the API server has in front
    rf"(?:/api{_SEGMENT}|/apis{_SEGMENT}{_SEGMENT})"
    rf"(?:/namespaces{_SEGMENT})?{_SEGMENT}{_SEGMENT}"
)
"""Path of one object: no subresource, since what is sent to ``proxy`` is handed on, dry run or not."""


class WriteRefusedError(RuntimeError):
    """Something in this program tried to change a cluster: a fault of the program, never of an input."""


def refuse_writes(method: str, url: str, *, dry_runs: bool = False) -> None:
    """Raise WriteRefusedError unless the request reads, or ``dry_runs`` are allowed and it is one."""
    if method == "GET" or (method == "POST" and url.endswith(ACCESS_REVIEW)):
        return
    if dry_runs and method == "PATCH" and is_dry_run(url):
        return
    raise WriteRefusedError(f"refused to send {method} {url}: clusters are only read")


def is_dry_run(url: str) -> bool:
    """Whether a PATCH of ``url`` is of one object, and the API server stores nothing of it: ``dryRun=All``, once."""
    parts = urlsplit(url)
    asked = parse_qs(parts.query, keep_blank_values=True, separator="&").get("dryRun")
    if asked != ["All"] or parts.fragment or "#" in url or ";" in parts.query:
        return False
    return _OBJECT.fullmatch(parts.path) is not None


def make_read_only(pool_manager: Any, *, dry_runs: bool = False) -> None:
    """Make every connection pool that an ``urllib3.PoolManager`` opens from now on refuse writes.

    With ``dry_runs`` a PATCH with ``dryRun=All`` passes too.
    """
    classes = pool_manager.pool_classes_by_scheme
    pool_manager.pool_classes_by_scheme = {scheme: _read_only(pool, dry_runs) for scheme, pool in classes.items()}


def _read_only(pool_class: Any, dry_runs: bool) -> Any:
    def urlopen(self: Any, method: str, url: str, *arguments: Any, **options: Any) -> Any:
        refuse_writes(method, url, dry_runs=dry_runs)
        return pool_class.urlopen(self, method, url, *arguments, **options)

    return type(f"ReadOnly{pool_class.__name__}", (pool_class,), {"urlopen": urlopen})
