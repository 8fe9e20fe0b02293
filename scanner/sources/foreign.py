"""What a document is that is no Kubernetes object, in words for the ledger: a guess that saves a look at the file."""

import codecs
import os
from collections.abc import Callable, Mapping
from typing import Any

NO_OBJECT = "no apiVersion and kind"
CHART_TEMPLATE = "Helm chart template; render the chart"

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ARM_SCHEMA = b"://schema.management.azure.com/"

_BY_NAME: tuple[tuple[Callable[[str], bool], str], ...] = (
    (lambda name: name in ("Chart.yaml", "Chart.lock", "requirements.yaml"), "Helm chart metadata; render the chart"),
    (lambda name: name.startswith(("values.", "values-", "values_")), "Helm values file"),
    (lambda name: name in ("kustomization.yaml", "kustomization.yml"), "Kustomization; build it with kustomize"),
    (lambda name: name.startswith(("docker-compose", "compose.y")), "docker compose"),
    (lambda name: name.startswith("azure-pipelines"), "Azure Pipelines"),
    (lambda name: name == ".gitlab-ci.yml", "GitLab pipeline"),
    (lambda name: name == "package.json", "npm package"),
)
_BY_KEYS: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset(("$schema", "contentVersion")), "ARM template"),
    (frozenset(("$schema", "runs")), "SARIF report"),
    (frozenset(("terraform_version", "planned_values")), "Terraform plan"),
    (frozenset(("terraform_version", "lineage")), "Terraform state"),
    (frozenset(("true", "jobs")), "GitHub workflow"),  # the key "on" is the boolean true
    (frozenset(("on", "jobs")), "GitHub workflow"),
    (frozenset(("name", "runs", "description")), "GitHub action"),
    (frozenset(("trigger", "steps")), "Azure Pipelines"),
    (frozenset(("trigger", "stages")), "Azure Pipelines"),
    (frozenset(("trigger", "jobs")), "Azure Pipelines"),
    (frozenset(("parameters", "steps")), "Azure Pipelines"),
    (frozenset(("parameters", "jobs")), "Azure Pipelines"),
    (frozenset(("parameters", "stages")), "Azure Pipelines"),
    (frozenset(("pool", "steps")), "Azure Pipelines"),
    (frozenset(("openapi", "paths")), "OpenAPI description"),
    (frozenset(("swagger", "paths")), "OpenAPI description"),
    (frozenset(("AWSTemplateFormatVersion",)), "CloudFormation template"),
)
_COMPOSE_KEYS = frozenset(("image", "build"))


def describe(value: Any, file: str) -> str:
    """Return what the document ``value`` of ``file`` may be, given that it has no ``apiVersion`` or no ``kind``."""
    by_name = describe_by_name(file)
    if by_name:
        return by_name
    if not isinstance(value, dict):
        return f"{NO_OBJECT}: a {'list' if isinstance(value, list) else 'single value'}"
    for keys, description in _BY_KEYS:
        if keys <= value.keys():
            return description
    return "docker compose" if _is_compose(value.get("services")) else NO_OBJECT


def describe_by_name(file: str) -> str:
    """Return what a file of this name is known to be, or ``""``."""
    name = os.path.basename(file)
    if ".github/workflows/" in file:
        return "GitHub workflow"
    return next((description for matches, description in _BY_NAME if matches(name)), "")


def is_kubernetes_text(data: bytes) -> bool:
    """Whether text that cannot be parsed may have been meant as a Kubernetes object, so that it is missed."""
    if data.startswith(_UTF16):
        return True
    return b"apiVersion" in data and b"kind" in data and _ARM_SCHEMA not in data


def is_chart_template(path: str) -> bool:
    """Whether the file at ``path`` stands in the ``templates`` folder of a Helm chart."""
    if "templates" not in path:
        return False
    parts = path.replace(os.sep, "/").split("/")
    return any(
        part == "templates" and os.path.exists("/".join((*parts[:index], "Chart.yaml")))
        for index, part in enumerate(parts[:-1])
    )


def _is_compose(services: Any) -> bool:
    return isinstance(services, Mapping) and any(
        isinstance(service, Mapping) and not _COMPOSE_KEYS.isdisjoint(service) for service in services.values()
    )
