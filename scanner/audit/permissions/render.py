"""Permissions as people and control planes read them: text, JSON, a ClusterRole, an Azure custom role."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from scanner.audit.permissions.needed import Needed
from scanner.sources.azure.permissions import EVERYTHING

_SECRETS = "core/Secret"
"""A role cannot allow their names without their values, though only metadata is asked for."""
DESCRIPTION = "Lists what the rules of Bulkhead read. Made by 'bulkhead permissions'."


def as_text(needed: Needed) -> str:
    """Return one line for each permission, with the Rules that need it."""
    lines = ["Kubernetes (ClusterRole)" if needed.cluster else "Kubernetes: nothing is read"]
    for one in needed.cluster:
        name = f"{one.resource}.{one.group}" if one.group else one.resource
        lines.append(f"  {','.join(one.verbs):<6}{name:<58} {_rules(one.rules) or 'every audit'}")
    if any(one.type == _SECRETS for one in needed.cluster):
        lines.append("  note: 'list' on secrets also lets its holder read values; the audit asks for metadata only")
    if guessed := [one.type for one in needed.cluster if one.is_guessed]:
        lines.append(f"  note: named as Kubernetes names kinds by default: {', '.join(guessed)}")
    lines += ["", "Azure (actions)" if needed.azure else "Azure: nothing is read"]
    lines += [f"  {one.action:<64} {_rules(one.rules) or 'every audit'}" for one in needed.azure]
    if len(needed.azure) > len(needed.actions):
        rules = next(one.rules for one in needed.azure if one.action == EVERYTHING)
        lines.append(f"  note: {EVERYTHING} covers all others; without {_rules(rules)} the others are enough")
    return "\n".join(lines) + "\n"


def as_json(needed: Needed) -> str:
    """Return both lists as JSON, with the Rules that need each."""
    parts = {
        "cluster": [one._asdict() for one in needed.cluster],
        "azure": [one._asdict() for one in needed.azure],
    }
    return json.dumps(parts, indent=2)


def cluster_role(needed: Needed, name: str, labels: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the ClusterRole, one rule for each API group."""
    resources: defaultdict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)
    for one in needed.cluster:
        resources[one.group, one.verbs].append(one.resource)
    metadata: dict[str, Any] = {"name": name}
    if labels:
        metadata["labels"] = dict(labels)
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": metadata,
        "rules": [
            {"apiGroups": [group], "resources": sorted(plurals), "verbs": list(verbs)}
            for (group, verbs), plurals in sorted(resources.items())
        ],
    }


def azure_role(needed: Needed, name: str, scopes: Sequence[str]) -> str:
    """Return the custom role as ``az role definition create --role-definition`` takes it."""
    role = {
        "Name": name,
        "IsCustom": True,
        "Description": DESCRIPTION,
        "Actions": list(needed.actions),
        "NotActions": [],
        "DataActions": [],
        "NotDataActions": [],
        "AssignableScopes": list(scopes),
    }
    return json.dumps(role, indent=2)


def _rules(ids: Sequence[str]) -> str:
    shown = ", ".join(ids[:6])
    return f"{shown} and {len(ids) - 6} more" if len(ids) > 6 else shown
