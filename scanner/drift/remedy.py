"""What would make a Resource as it is declared: the command of the tool that applies it, for a person to run.

Nothing here, and nothing else in this program, ever runs one. What a name holds is quoted for the shell.
"""

import re
from shlex import quote
from typing import Any

from scanner.drift.matching import identity
from scanner.drift.model import Drift, DriftClass, Standing
from scanner.model.resource import Resource
from scanner.model.types import is_azure
from scanner.views import azure_ids

_FLUX = "kustomize.toolkit.fluxcd.io"
_FLUX_HELM = "helm.toolkit.fluxcd.io"
_ARGO = "argocd.argoproj.io/tracking-id"
_HELM = "meta.helm.sh"
_SAFE = re.compile(r"[`\n\r]")
_TOOLS = {"helm": "Helm", "kustomize": "Kustomize"}


def remedy(drift: Drift, standing: Standing | None, *, heals: bool = False) -> str:
    """Return a sentence or two with the command in backticks; empty where nothing is to be done.

    ``standing`` is that of the change it is about. ``heals``: a rule passes because of the drift.
    """
    if drift.class_ is DriftClass.UNREADABLE:
        return "Give the permission or the input that is missing."
    if standing is Standing.REMOVED:
        return "Look whether what was changed is still needed: merging the branch may delete it."
    text = _azure(drift) if is_azure(drift.resource.type) else _kubernetes(drift)
    if heals:
        text = f"Declare what is live: applying the declaration again would break the rule. Else: {text}"
    elif standing is Standing.OTHERS:
        text = f"Take the attribute out of the declaration, or make its writer stop. {text}"
    elif standing is Standing.NOT_APPLIED and drift.class_ is DriftClass.CHANGED:
        text = f"Nobody changed it: let the declaration be applied. {text}"
    return text


def _azure(drift: Drift) -> str:
    if drift.declared is None:
        return _undeclared(drift.resource)
    origin = drift.declared.origin
    if origin.kind == "terraform":
        folder = origin.declared.partition(":")[0] or "."
        where = "" if folder == "." else f" -chdir={quote(folder)}"
        target = f" -target={quote(origin.address)}" if origin.address else ""
        return f"Look with {_command(f'terraform{where} plan{target}')}, then apply that plan."
    if origin.kind in ("arm", "bicep"):
        parsed = azure_ids.parse(identity(drift.live or drift.declared) or "/")
        group = parsed.group if parsed is not None and parsed.group and "{" not in parsed.group else "GROUP"
        file = quote(origin.file)
        look = _command(f"az deployment group what-if -g {quote(group)} -f {file}")
        return f"Look with {look}, then {_command(f'az deployment group create -g {quote(group)} -f {file}')}."
    return "Deploy the declaration again, or declare what is live."


def _undeclared(live: Resource) -> str:
    id_ = quote(str(live.attributes.get("id") or live.key))
    return (
        f"Declare it and take it over with {_command(f'terraform import ADDRESS {id_}')}, or delete it with "
        f"{_command(f'az resource delete --ids {id_}')}."
    )


def _kubernetes(drift: Drift) -> str:
    tool = _by_tool(drift)
    if drift.class_ is DriftClass.ORPHANED:
        return tool or f"Delete it with {_command(_kubectl('delete', drift.resource))}."
    if drift.declared is None:
        return f"Declare it, or delete it with {_command(_kubectl('delete', drift.resource))}."
    if tool:
        return tool
    origin = drift.declared.origin
    if origin.kind in _TOOLS:
        return f"Render {origin.file} with {_TOOLS[origin.kind]} again and apply it."
    file = quote(origin.file)
    return f"Look with {_command(f'kubectl diff -f {file}')}, then {_command(f'kubectl apply -f {file}')}."


def _by_tool(drift: Drift) -> str:
    """Return what the tool is told that applied the object; empty where none left its mark."""
    marked = drift.live or drift.declared
    if marked is None:
        return ""
    labels, annotations = _texts(marked, "labels"), _texts(marked, "annotations")
    orphaned = drift.class_ is DriftClass.ORPHANED
    if f"{_FLUX}/name" in labels:
        name, namespace = quote(labels[f"{_FLUX}/name"]), quote(labels.get(f"{_FLUX}/namespace", "flux-system"))
        text = _command(f"flux reconcile kustomization {name} -n {namespace} --with-source")
        return f"Set 'prune: true' of the Kustomization, then {text}." if orphaned else f"Let Flux do it: {text}."
    if f"{_FLUX_HELM}/name" in labels:
        name, namespace = quote(labels[f"{_FLUX_HELM}/name"]), quote(labels.get(f"{_FLUX_HELM}/namespace", "default"))
        return f"Let Flux do it: {_command(f'flux reconcile helmrelease {name} -n {namespace} --force')}."
    if _ARGO in annotations:
        application, _, of = annotations[_ARGO].partition(":")
        group_kind, _, name = of.partition(":")
        only = f" --resource {quote(group_kind.replace('/', ':') + ':' + name)}" if name and not orphaned else ""
        prune = " --prune" if orphaned else ""
        return f"Let Argo CD do it: {_command(f'argocd app sync {quote(application)}{only}{prune}')}."
    if f"{_HELM}/release-name" in annotations:
        release, namespace = annotations[f"{_HELM}/release-name"], annotations.get(f"{_HELM}/release-namespace", "")
        text = _command(f"helm upgrade {quote(release)} CHART -n {quote(namespace or 'default')}")
        return f"Upgrade the release with the chart and the values that are declared: {text}."
    return ""


def _texts(resource: Resource, kind: str) -> dict[str, str]:
    there: Any = resource.value("metadata", kind)
    return {key: one for key, one in there.items() if isinstance(one, str)} if isinstance(there, dict) else {}


def _kubectl(verb: str, resource: Resource) -> str:
    group, _, kind = resource.type.partition("/")
    type_ = kind.lower() if group == "core" else f"{kind.lower()}.{group}"
    namespace = f" -n {quote(resource.namespace)}" if resource.namespace else ""
    return f"kubectl {verb} {quote(type_)} {quote(resource.name)}{namespace}"


def _command(text: str) -> str:
    return f"`{_SAFE.sub(' ', text)}`"
