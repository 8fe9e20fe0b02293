"""From the flags of ``bulkhead deploy webhook`` to manifests: the rules, the Estate and the configuration they name."""

import base64
import os
from collections.abc import Mapping
from typing import Any

from scanner.audit.deployment.render import dump
from scanner.config import AdmissionChoice
from scanner.engine.selection import select
from scanner.errors import UsageError
from scanner.inventory import NAMESPACE
from scanner.packs.loader import builtin_packs, unique_rules
from scanner.points.admission.context import looked_up
from scanner.points.admission.deployment.chart import chart
from scanner.points.admission.deployment.render import render
from scanner.points.admission.deployment.settings import Settings, checked
from scanner.points.admission.policy import Policy
from scanner.points.admission.reviewer import ADVISORY, BLOCKING, POINT, Setup
from scanner.points.admission.setup import setup_of
from scanner.points.request import Request
from scanner.report import Gate
from scanner.validation import Text, read_text

_DECIDING = ("fail_on", "min_severity", "unknown", "incomplete", "rules", "admission", "rego_engine")
"""What of ``bulkhead.yaml`` has a say at admission; the rest is about files."""
_OF_FILES = ("files", "owners_file", "owners", "inline", "inline_in_change")
_SAME = ("image", "namespace", "name", "replicas", "certificates", "cpu", "memory")


def deployed_webhook(flags: Mapping[str, Any]) -> Mapping[str, str]:
    """Return file name → manifests. Raises BulkheadError for what cannot be used."""
    setup, _ = setup_of(flags)
    request = Request.of({**flags, "paths": ("-",)})
    if setup.estate is not None and flags["namespace"] not in setup.estate.platform_namespaces:
        raise UsageError(
            f"cannot put the webhook into namespace '{flags['namespace']}': the estate does not list it in "
            "platformNamespaces",
            hint="add it there; --namespace chooses another",
        )
    if any(not pack.builtin for pack in setup.packs):
        raise UsageError(
            "cannot deploy packs that are not built in: the image does not have them",
            hint="build an image with them and name them in its own bulkhead.yaml",
        )
    hooks = {
        hook: select(setup.asked_by(hook), point=POINT, estate=setup.estate is not None)
        for hook in (BLOCKING, ADVISORY)
    }
    everything = select(setup.rules, point=POINT, estate=setup.estate is not None)
    types = sorted({type_ for found in looked_up(everything, setup.estate).values() for type_ in found})
    settings = Settings(
        **{name: flags[name] for name in _SAME},
        cluster=setup.cluster,
        ca_bundle=_bundle(flags["ca_file"]),
        config=_configuration(request),
        estate=_estate(request.estate),
        exclude=tuple(flags["exclude_namespaces"]),
        api_servers=tuple(flags["api_servers"]) or ("0.0.0.0/0",),
        monitoring=flags["monitoring"] or "",
    )
    return render(checked(settings), hooks, types)


def deployed_chart() -> Mapping[str, str]:
    """Return path → text of the Helm chart, for the built-in rules beside an estate."""
    packs = builtin_packs()
    setup = Setup(packs, tuple(unique_rules(packs).values()), Policy(AdmissionChoice(), Gate()))
    hooks = {hook: select(setup.asked_by(hook), point=POINT, estate=True) for hook in (BLOCKING, ADVISORY)}
    everything = select(setup.rules, point=POINT, estate=True)
    types = sorted({NAMESPACE, *(type_ for rule in everything.rules.values() for type_ in rule.looks_up)})
    return chart(hooks, types)


def _bundle(path: str | None) -> str:
    if not path:
        return ""
    try:
        with open(path, "rb") as stream:
            content = stream.read()
    except OSError as error:
        raise UsageError(f"cannot read CA {path}: {(error.strerror or str(error)).lower()}") from None
    if b"-----BEGIN CERTIFICATE-----" not in content or b"PRIVATE KEY" in content:
        raise UsageError(f"cannot use CA {path}: it must hold certificates in PEM, and no key")
    return base64.b64encode(content).decode()


def _configuration(request: Request) -> dict[str, str]:
    """Return ``bulkhead.yaml`` with what has a say at admission, and the exemptions files under names of their own."""
    found: dict[str, str] = {}
    if request.config.file:
        text = read_text(request.config.file)
        data = text.value if isinstance(text, Text) else {}
        kept = {key: data[key] for key in _DECIDING if key in data}
        terms = {key: value for key, value in data.get("exemptions", {}).items() if key not in _OF_FILES}
        if terms:
            kept["exemptions"] = terms
        if kept:
            found["bulkhead.yaml"] = dump(kept)
    for number, path in enumerate(request.exemptions):
        text = read_text(path)
        if isinstance(text, Text):
            found[f"exemptions-{number}.yaml"] = text.content.decode("utf-8-sig")
    return found


def _estate(path: str) -> dict[str, str]:
    """Return file name → text of the Estate, which has been loaded before."""
    if not path:
        return {}
    names = [path]
    if os.path.isdir(path):
        names = [os.path.join(path, name) for name in sorted(os.listdir(path)) if name.endswith((".yaml", ".yml"))]
    read = {os.path.basename(name): read_text(name) for name in names if not os.path.basename(name).startswith(".")}
    return {name: text.content.decode("utf-8-sig") for name, text in read.items() if isinstance(text, Text)}
