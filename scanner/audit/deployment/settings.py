"""What may be chosen about an audit that runs in a cluster."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from scanner.errors import UsageError

_NAME = re.compile(r"[a-z0-9]([-a-z0-9]{0,50}[a-z0-9])?")
"""A DNS label of 52 characters at most: a CronJob gives its Jobs a suffix of 11 (batch/v1, validation of CronJob)."""
_DIGEST = re.compile(r"[^\s@]+@sha256:[0-9a-f]{64}")
_MOST_BYTES = 1_000_000
"""A ConfigMap holds 1 MiB with its names."""
STATE = "/var/lib/bulkhead"
"""Where the volume of the audit is mounted."""
SQLITE = f"sqlite:///{STATE}/audit.db"
"""Where the store is without a database server: a volume of the audit's own."""


@dataclass(frozen=True, slots=True)
class Settings:
    """One audit as it is deployed. Made by :func:`checked`."""

    namespace: str
    image: str
    estate: Mapping[str, str]
    """File name → text."""
    name: str = "bulkhead-audit"
    schedule: str = "17 1 * * *"
    """Five fields of cron. Not on the hour: that is when everything else starts."""
    time_zone: str = "Etc/UTC"
    cluster: str = ""
    """Name of the cluster it runs in, which it reads as its ServiceAccount; without meaning with a kubeconfig."""
    subscriptions: tuple[str, ...] = ()
    """Ids of the subscriptions it reads beside that cluster."""
    shards: int = 0
    """Pods that share the audit; 0 for one Pod that does all of it."""
    store: str = SQLITE
    store_secret: str = ""
    """Secret with the key ``password``, of the store's user; empty where it needs none."""
    kubeconfig_secret: str = ""
    """Secret with the key ``config``: a kubeconfig with a context of the name of each cluster, this one too."""
    client_id: str = ""
    """Of the managed identity that the ServiceAccount is federated with; empty where Azure is not audited."""
    tenant_id: str = ""
    egress: tuple[str, ...] = ("0.0.0.0/0",)
    """Networks that the audit may reach over HTTPS."""
    cpu: str = "2"
    memory: str = "1Gi"
    storage: str = "10Gi"
    backup_class: str = ""
    """Of the volume, as the Estate calls it; empty for no label."""
    arguments: tuple[str, ...] = ()
    """More arguments of ``bulkhead audit``."""
    labels: Mapping[str, str] = field(
        default_factory=lambda: {
            "app.kubernetes.io/name": "bulkhead",
            "app.kubernetes.io/component": "audit",
            "app.kubernetes.io/part-of": "platform",
        }
    )


def checked(settings: Settings) -> Settings:
    """Return ``settings`` as they are. Raises UsageError for what a cluster or this program would stumble over."""
    for what, value in (("name", settings.name), ("namespace", settings.namespace)):
        if not _NAME.fullmatch(value):
            raise UsageError(f"cannot use {what} {value!r}: at most 52 of a-z, 0-9 and '-' are expected")
    if not _DIGEST.fullmatch(settings.image):
        raise UsageError(
            f"cannot use image {settings.image!r}: it has no digest",
            hint="a tag can be moved under an audit's feet; write REGISTRY/NAME@sha256:…",
        )
    if len(settings.schedule.split()) != 5:
        raise UsageError(f"cannot use schedule {settings.schedule!r}: five fields of cron are expected")
    if sum(len(name) + len(text.encode()) for name, text in settings.estate.items()) > _MOST_BYTES:
        raise UsageError(
            "cannot put the estate into a ConfigMap: it is larger than 1 MB",
            hint="keep it in a repository and let an init container fetch it, or leave out tenants that have left",
        )
    _store(settings)
    return settings


def _store(settings: Settings) -> None:
    try:
        parts = urlsplit(settings.store)
        password = parts.password
    except ValueError as error:
        raise UsageError(f"cannot use the store: its URL is not understood: {error}") from error
    if password is not None:
        raise UsageError(
            "cannot put the store's password into a manifest",
            hint="leave it out of the URL and name a Secret with the key 'password': --store-secret NAME",
        )
    if settings.shards and not settings.kubeconfig_secret:
        raise UsageError(
            "cannot share an audit of several clusters without a way into each of them",
            hint="name a Secret with a kubeconfig whose contexts are called as the clusters: --kubeconfig-secret NAME",
        )
    if settings.shards and parts.scheme.startswith("sqlite"):
        raise UsageError(
            "cannot share a SQLite store among several Pods",
            hint="name a PostgreSQL one: --store postgresql+psycopg://bulkhead@HOST/bulkhead --store-secret NAME",
        )
