"""What may be chosen about a webhook that runs in a cluster."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from scanner.errors import UsageError

_NAME = re.compile(r"[a-z0-9]([-a-z0-9]{0,50}[a-z0-9])?")
_DIGEST = re.compile(r"[^\s@]+@sha256:[0-9a-f]{64}")
_MOST_BYTES = 1_000_000
"""A ConfigMap holds 1 MiB with its names."""
CERT_MANAGER, SECRET = CERTIFICATES = ("cert-manager", "secret")
"""Who makes the certificate: cert-manager, or somebody who keeps the Secret up to date."""
REVIEWS, HEALTH = 8443, 8080
"""Ports of the container."""


@dataclass(frozen=True, slots=True)
class Settings:
    """One webhook as it is deployed. Made by :func:`checked`."""

    image: str
    cluster: str = ""
    """As the Estate names it."""
    namespace: str = "bulkhead-system"
    name: str = "bulkhead-webhook"
    replicas: int = 3
    certificates: str = CERT_MANAGER
    ca_bundle: str = ""
    """Base64 of the CA's PEM; cert-manager puts in its own."""
    config: Mapping[str, str] = field(default_factory=dict)
    """File name → text of ``bulkhead.yaml`` and exemptions files."""
    estate: Mapping[str, str] = field(default_factory=dict)
    """File name → text; empty for none."""
    exclude: tuple[str, ...] = ("kube-system",)
    """Namespaces that are not sent for review, beside its own."""
    api_servers: tuple[str, ...] = ("0.0.0.0/0",)
    """Networks of the API servers: they alone send reviews, and are asked for lookups."""
    monitoring: str = ""
    """Namespace of the Prometheus that reads metrics; empty for none: then there is no ServiceMonitor either."""
    cpu: str = "1"
    memory: str = "512Mi"

    @property
    def labels(self) -> dict[str, str]:
        """Labels of all objects, and what its Pods are selected by."""
        return {
            "app.kubernetes.io/name": "bulkhead",
            "app.kubernetes.io/component": "webhook",
            "app.kubernetes.io/part-of": "platform",
        }

    @property
    def secret(self) -> str:
        """Name of the Secret with ``tls.crt`` and ``tls.key``."""
        return f"{self.name}-tls"


def checked(settings: Settings) -> Settings:
    """Return ``settings`` as they are. Raises UsageError for what a cluster or this program would stumble over."""
    for what, value in (("name", settings.name), ("namespace", settings.namespace)):
        if not _NAME.fullmatch(value):
            raise UsageError(f"cannot use {what} {value!r}: at most 52 of a-z, 0-9 and '-' are expected")
    if not _DIGEST.fullmatch(settings.image):
        raise UsageError(
            f"cannot use image {settings.image!r}: it has no digest",
            hint="name it as registry.example.net/bulkhead@sha256:…, so that what decides is what was reviewed",
        )
    if settings.replicas < 2:
        raise UsageError("cannot run fewer than 2 replicas: while one is replaced, nothing could be stored")
    if settings.certificates == SECRET and not settings.ca_bundle:
        raise UsageError(
            "cannot register a webhook without its CA",
            hint="name the file: --ca-file ca.crt; 'bulkhead webhook certificates' makes one",
        )
    for texts in (settings.config, settings.estate):
        if sum(len(text.encode()) for text in texts.values()) > _MOST_BYTES:
            raise UsageError("cannot put that much into a ConfigMap: 1 MiB at most", hint="build it into the image")
    return settings
