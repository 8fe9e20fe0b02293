"""A deployed webhook as files, in the order in which they are applied; the registration comes last."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from scanner.audit.deployment.render import dump
from scanner.engine.selection import Selection
from scanner.points.admission.deployment.objects import (
    certificates,
    configuration,
    disruption_budget,
    guardrails,
    namespace,
    network_policy,
    priority_class,
    roles,
    service,
    service_account,
    service_monitor,
)
from scanner.points.admission.deployment.pod import deployment
from scanner.points.admission.deployment.settings import CERT_MANAGER, Settings
from scanner.points.admission.registration import Target, registration


def render(settings: Settings, hooks: Mapping[str, Selection], looked_up: Sequence[str]) -> Mapping[str, str]:
    """Return file name → YAML; the same settings and rules give the same text.

    ``hooks`` are the Selections that the registrations deliver for, ``looked_up`` the types that Rules look up.
    """
    texts = "\0".join(f"{name}\0{text}" for found in (settings.config, settings.estate) for name, text in found.items())
    digest = hashlib.sha256(texts.encode()).hexdigest()[:32]
    parts: dict[str, Sequence[dict[str, Any]]] = {
        "00-namespace.yaml": [namespace(settings)],
        "10-identity.yaml": [service_account(settings), *roles(settings, looked_up)],
        "20-network.yaml": [*guardrails(settings), network_policy(settings)],
        "30-configuration.yaml": configuration(settings),
        "40-certificates.yaml": certificates(settings),
        "50-webhook.yaml": [
            priority_class(settings),
            deployment(settings, digest),
            service(settings),
            disruption_budget(settings),
            *service_monitor(settings),
        ],
        "90-registration.yaml": [_registration(settings, hooks)],
    }
    return {name: "".join(f"---\n{dump(one)}" for one in objects) for name, objects in parts.items() if objects}


def _registration(settings: Settings, hooks: Mapping[str, Selection]) -> dict[str, Any]:
    target = Target(settings.ca_bundle, settings.namespace, settings.name)
    injected = {"cert-manager.io/inject-ca-from": f"{settings.namespace}/{settings.secret}"}
    annotations = injected if settings.certificates == CERT_MANAGER else {}
    return registration(hooks, target, name=settings.name, excluded=settings.exclude, annotations=annotations)
