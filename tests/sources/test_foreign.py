from pathlib import Path
from typing import Any

import pytest

from scanner.documents import read_yaml
from scanner.sources.foreign import describe, is_chart_template, is_kubernetes_text


@pytest.mark.parametrize(
    ("file", "text", "description"),
    [
        ("x/Chart.yaml", "apiVersion: v2\nname: a\n", "Helm chart metadata; render the chart"),
        ("x/values.yaml", "a: 1\n", "Helm values file"),
        ("x/values-prod.yaml", "- a\n", "Helm values file"),
        ("x/kustomization.yaml", "resources: [a.yaml]\n", "Kustomization; build it with kustomize"),
        ("azure-pipelines.yml", "steps: []\n", "Azure Pipelines"),
        ("x.yml", "trigger: [main]\nsteps: []\n", "Azure Pipelines"),
        ("x.yml", "parameters: []\nstages: []\n", "Azure Pipelines"),
        (".github/workflows/ci.yml", "a: 1\n", "GitHub workflow"),
        ("x.yml", "on: push\njobs: {}\n", "GitHub workflow"),
        ("x.yml", "'on': push\njobs: {}\n", "GitHub workflow"),
        ("docker-compose.prod.yml", "a: 1\n", "docker compose"),
        ("stack.yml", "services:\n  web: {image: nginx}\n", "docker compose"),
        (".gitlab-ci.yml", "a: 1\n", "GitLab pipeline"),
        ("package.json", '{"name": "a"}', "npm package"),
        ("a.json", '{"$schema": "x", "contentVersion": "1"}', "ARM template"),
        ("a.json", '{"$schema": "x", "runs": []}', "SARIF report"),
        ("a.json", '{"terraform_version": "1", "planned_values": {}}', "Terraform plan"),
        ("a.yaml", "openapi: 3.1.0\npaths: {}\n", "OpenAPI description"),
        ("a.yaml", "services: [a]\n", "no apiVersion and kind"),
        ("a.yaml", "- a\n", "no apiVersion and kind: a list"),
        ("a.yaml", "text\n", "no apiVersion and kind: a single value"),
    ],
)
def test_what_a_document_may_be(file: str, text: str, description: str) -> None:
    (document,) = read_yaml(text).documents
    value: Any = document.value
    assert describe(value, file) == description


def test_templates_of_charts(tmp_path: Path) -> None:
    for file in ("chart/Chart.yaml", "chart/templates/deep/a.yaml", "chart/crds/b.yaml", "templates/c.yaml"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).touch()
    assert is_chart_template(f"{tmp_path}/chart/templates/deep/a.yaml")
    assert not is_chart_template(f"{tmp_path}/chart/crds/b.yaml")
    assert not is_chart_template(f"{tmp_path}/templates/c.yaml")


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        (b"apiVersion: v1\nkind: Pod\n\tx", True),
        ("apiVersion: v1".encode("utf-16"), True),
        (b"name: [\n", False),
        (
            b'{"$schema": "https://schema.management.azure.com/schemas/x.json#", "apiVersion": "", "kind": "" // c',
            False,
        ),
    ],
)
def test_what_cannot_be_parsed_may_have_been_meant_as_an_object(data: bytes, answer: bool) -> None:
    assert is_kubernetes_text(data) is answer
