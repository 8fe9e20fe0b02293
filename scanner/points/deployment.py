"""The audit as it is deployed: the rules and the estate that flags name, and the manifests they make."""

import os
from collections.abc import Mapping
from typing import Any

from scanner.audit.deployment.render import render
from scanner.audit.deployment.settings import SQLITE, Settings, checked
from scanner.audit.permissions import needed
from scanner.errors import UsageError
from scanner.estate import Estate
from scanner.points.inputs import load_inputs
from scanner.points.request import Request
from scanner.validation import Text, read_text


def deployed_audit(flags: Mapping[str, Any]) -> Mapping[str, str]:
    """Return file name → manifests for what ``flags`` of ``bulkhead deploy audit`` ask. Raises BulkheadError."""
    request = Request.of(flags)
    inputs = load_inputs(request)
    if inputs.estate is None:
        raise UsageError("cannot deploy an audit without an estate", hint="name it: --estate estate.yaml")
    namespace = str(flags["namespace"])
    if namespace not in inputs.estate.platform_namespaces:
        raise UsageError(
            f"cannot put the audit into namespace '{namespace}': the estate does not list it in platformNamespaces",
            hint="add it there, so that the audit does not report itself; --namespace chooses another",
        )
    same = {name: flags[name] for name in _SAME}
    settings = Settings(
        **same,
        estate=_texts(request.estate),
        cluster=_cluster(flags["cluster"] or "", inputs.estate, kubeconfig=bool(flags["kubeconfig_secret"])),
        subscriptions=tuple(one.id for one in inputs.estate.subscriptions) if flags["client_id"] else (),
        shards=_shards(inputs.estate) if flags["indexed"] else 0,
        store=flags["store"] or SQLITE,
        backup_class=_backup_class(flags["backup_class"] or "", inputs.estate),
        egress=tuple(flags["egress"]) or ("0.0.0.0/0",),
        arguments=tuple(flags["arguments"]),
    )
    return render(checked(settings), needed(inputs.rules))


_SAME = (
    "image", "namespace", "name", "schedule", "time_zone", "store_secret", "kubeconfig_secret", "client_id",
    "tenant_id", "cpu", "memory", "storage",
)  # fmt: skip
"""Flags that are settings as they are."""


def _shards(estate: Estate) -> int:
    """One for each cluster and one for Azure, whose rules look across subscriptions."""
    return len(estate.clusters) + bool(estate.subscriptions)


def _cluster(name: str, estate: Estate, *, kubeconfig: bool) -> str:
    known = [cluster.name for cluster in estate.clusters]
    if name and name not in known:
        raise UsageError(f"cannot deploy to cluster '{name}': the estate does not declare it", hint=", ".join(known))
    if not name and not kubeconfig and len(known) != 1:
        raise UsageError(
            "cannot tell which cluster the audit runs in, and so which it reads",
            hint=f"say --cluster NAME ({', '.join(known)}), or name a way into all: --kubeconfig-secret NAME",
        )
    return name or (known[0] if not kubeconfig else "")


def _backup_class(name: str, estate: Estate) -> str:
    known = estate.backup_classes
    if name and name not in known:
        raise UsageError(f"cannot use backup class '{name}': the estate does not declare it", hint=", ".join(known))
    return name or min(known, key=lambda one: known[one], default="")


def _texts(path: str) -> Mapping[str, str]:
    """Return file name → text of the Estate at ``path``, which has been loaded before."""
    names = [path]
    if os.path.isdir(path):
        names = [os.path.join(path, name) for name in sorted(os.listdir(path)) if name.endswith((".yaml", ".yml"))]
    read = {os.path.basename(name): read_text(name) for name in names if not os.path.basename(name).startswith(".")}
    return {name: text.content.decode("utf-8-sig") for name, text in read.items() if isinstance(text, Text)}
