"""A deployed audit as files: one for each concern, so that a review reads them in order."""

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from scanner.audit.deployment.objects import (
    estate,
    kubeconfig,
    namespace,
    network_policy,
    roles,
    service_account,
    volume_claim,
)
from scanner.audit.deployment.pod import cron_job
from scanner.audit.deployment.settings import Settings
from scanner.audit.permissions import Needed


def render(settings: Settings, needed: Needed) -> Mapping[str, str]:
    """Return file name → YAML, in the order in which they are applied; the same settings give the same text."""
    parts: dict[str, Sequence[dict[str, Any]]] = {
        "00-namespace.yaml": [namespace(settings)],
        "10-identity.yaml": [service_account(settings), *roles(settings, needed)],
        "20-network.yaml": [network_policy(settings)],
        "30-estate.yaml": [estate(settings), *filter(None, (kubeconfig(settings), volume_claim(settings)))],
        "40-audit.yaml": [cron_job(settings)],
    }
    return {name: "".join(f"---\n{dump(one)}" for one in objects) for name, objects in parts.items()}


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as they are."""

    def ignore_aliases(self, data: Any) -> bool:
        """Never write an alias: each object is read by itself."""
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)


def dump(value: dict[str, Any]) -> str:
    """Return one object as YAML, its keys in their order and texts of several lines as they are."""
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, width=1_000, allow_unicode=True)
