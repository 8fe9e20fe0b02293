"""The files that bring Bulkhead into other people's pipelines: their shape, and their commands, executed."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT
from tests.points.histories import commit, git
from tests.sources.rendered.trees import needs, write

pytestmark = pytest.mark.skipif(
    shutil.which("git") is None or shutil.which("bash") is None, reason="git or bash is not installed"
)

BAD = """apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {containers: [{name: web, image: "web:1.0", securityContext: {privileged: true}}]}
"""


def loaded(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text("utf-8"))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A clone that has a change: `origin/main` holds one privileged Pod, the change adds another."""
    origin, folder = tmp_path / "origin", tmp_path / "clone"
    origin.mkdir()
    git(origin, "init", "-q", "-b", "main")
    (origin / "bulkhead.yaml").write_text("rules: {only: [ISO-029]}\n")
    (origin / "old.yaml").write_text(BAD.replace("web", "old"))
    commit(origin)
    git(tmp_path, "clone", "-q", str(origin), str(folder))
    git(folder, "checkout", "-q", "-b", "change")
    (folder / "readme.md").write_text("text")
    commit(folder)
    return folder


@pytest.fixture
def on_path(tmp_path: Path) -> str:
    """A PATH on which `bulkhead` is the package under test."""
    folder = tmp_path / "bin"
    folder.mkdir()
    script = folder / "bulkhead"
    script.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m scanner "$@"\n')
    script.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def shell(script: str, folder: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    scrubbed = {key: value for key, value in os.environ.items() if not key.startswith(("GITHUB_", "CI_", "SYSTEM_"))}
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=folder,
        env={**scrubbed, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_hooks_are_what_pre_commit_expects() -> None:
    clientlib = pytest.importorskip("pre_commit.clientlib", reason="pre-commit is not installed")
    hooks = clientlib.load_manifest(str(ROOT / ".pre-commit-hooks.yaml"))
    assert [hook["id"] for hook in hooks] == ["bulkhead", "bulkhead-files"]


@pytest.mark.parametrize("hook", loaded(".pre-commit-hooks.yaml"), ids=lambda hook: hook["id"])
def test_a_hook_blocks_on_what_a_commit_introduces(hook: dict[str, Any], repository: Path, on_path: str) -> None:
    assert re.search(hook["files"], "infra/main.tf")
    assert not re.search(hook["files"], "readme.md")
    files = " old.yaml" if hook.get("pass_filenames", True) else ""
    (repository / "old.yaml").write_text(BAD.replace("web", "old") + "# edited\n")
    git(repository, "add", "-A")
    assert shell(hook["entry"] + files, repository, PATH=on_path).returncode == 0
    (repository / "new.yaml").write_text(BAD)
    git(repository, "add", "-A")
    run = shell(hook["entry"] + files + (" new.yaml" if files else ""), repository, PATH=on_path)
    assert run.returncode == 1, run.stderr
    assert "1 introduced" in run.stdout


CHART = {
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "charts/web/values.yaml": "root: false\n",
    "charts/web/templates/_names.tpl": '{{ define "root" }}{{ .Values.root }}{{ end }}\n',
    "charts/web/templates/pod.yaml": BAD.replace("true", '{{ include "root" . }}').replace("namespace: shop", ""),
    "base/kustomization.yaml": "resources: [pod.yaml]\n",
    "base/pod.yaml": BAD.replace("true", "false"),
    "prod/Kustomization": "resources: [../base]\nnamePrefix: prod-\n",
}


@pytest.mark.parametrize("hook", loaded(".pre-commit-hooks.yaml"), ids=lambda hook: hook["id"])
@pytest.mark.parametrize(
    "changed", ["charts/web/values.yaml", "charts/web/templates/_names.tpl", "base/pod.yaml", "prod/Kustomization"]
)
def test_a_hook_judges_a_changed_part_through_its_chart_or_overlay(
    hook: dict[str, Any], changed: str, repository: Path, on_path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs(monkeypatch, "helm", "kustomize")
    write(repository, CHART)
    commit(repository)
    assert re.search(hook["files"], changed)
    path = repository / changed
    patch = [{"op": "replace", "path": "/spec/containers/0/securityContext/privileged", "value": True}]
    text = {
        "charts/web/values.yaml": "root: true\n",
        "charts/web/templates/_names.tpl": '{{ define "root" }}true{{ end }}\n',
        "base/pod.yaml": BAD,
        "prod/Kustomization": CHART["prod/Kustomization"]
        + f"patches: [{{target: {{kind: Pod}}, patch: '{json.dumps(patch)}'}}]\n",
    }[changed]
    files = f" {changed}" if hook.get("pass_filenames", True) else ""
    path.write_text(CHART[changed] + "# edited\n" * (not changed.endswith(".tpl")))
    git(repository, "add", "-A")
    run = shell(hook["entry"] + files, repository, PATH=on_path)
    assert run.returncode == 0, run.stdout + run.stderr
    path.write_text(text)
    git(repository, "add", "-A")
    run = shell(hook["entry"] + files, repository, PATH=on_path)
    assert (run.returncode, "1 introduced" in run.stdout) == (1, True), run.stdout + run.stderr


def test_the_action_is_a_composite_one_that_takes_no_input_as_code() -> None:
    action = loaded("action.yml")
    assert set(action) <= {"name", "description", "branding", "inputs", "outputs", "runs", "author"}
    assert action["runs"]["using"] == "composite"
    assert len(action["description"]) <= 125
    for step in action["runs"]["steps"]:
        assert ("run" in step) != ("uses" in step)
        if "run" in step:
            assert step["shell"] == "bash"
            assert "${{" not in step["run"], "an expression in a script is code that a pull request can write"
    text = (ROOT / "action.yml").read_text("utf-8")
    assert set(re.findall(r"inputs\.([\w-]+)", text)) == set(action["inputs"])


def action_scan(folder: Path, path: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    (step,) = (step for step in loaded("action.yml")["runs"]["steps"] if step.get("id") == "scan")
    inputs = loaded("action.yml")["inputs"]
    values = {
        name: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda found: inputs[found[1]]["default"], text)
        for name, text in step["env"].items()
    }
    outputs = {name: str(folder / f".{name}") for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    return shell(step["run"], folder, PATH=path, **{**values, **outputs, **environment})


def test_the_action_judges_a_pull_request_against_its_branch(repository: Path, on_path: str) -> None:
    run = action_scan(repository, on_path, GITHUB_BASE_REF="main")
    assert run.returncode == 0, run.stderr
    assert (repository / ".GITHUB_OUTPUT").read_text() == "exit-code=0\n"
    assert "bulkhead" in (repository / ".GITHUB_STEP_SUMMARY").read_text().lower()
    assert (repository / "bulkhead.sarif").stat().st_size > 0


def test_the_action_judges_everything_where_there_is_no_pull_request(repository: Path, on_path: str) -> None:
    run = action_scan(repository, on_path)
    assert run.returncode == 1
    assert (repository / ".GITHUB_OUTPUT").read_text() == "exit-code=1\n"


def test_the_inputs_of_the_action_become_arguments(repository: Path, on_path: str) -> None:
    more = {"BULKHEAD_ARGUMENTS": "--rule ISO-030 --unknown ignore", "BULKHEAD_FAIL_ON": "critical"}
    run = action_scan(repository, on_path, **more, BULKHEAD_BASE="none", GITHUB_BASE_REF="main")
    assert run.returncode == 0, run.stderr + run.stdout


def test_the_steps_for_azure_pipelines(repository: Path, on_path: str, tmp_path: Path) -> None:
    template = loaded("deploy/ci/azure-pipelines.yml")
    names = {parameter["name"] for parameter in template["parameters"]}
    text = (ROOT / "deploy/ci/azure-pipelines.yml").read_text("utf-8")
    assert set(re.findall(r"parameters\.(\w+)", text)) == names
    scripts = [step["bash"] for step in template["steps"] if "bash" in step]
    assert not any("${{" in script or "$(" in script for script in scripts)
    given = {"BULKHEAD_PATHS": ".", "BULKHEAD_ARGUMENTS": "", "BUILD_ARTIFACTSTAGINGDIRECTORY": str(tmp_path / "out")}
    run = shell(scripts[1], repository, PATH=on_path, **given, SYSTEM_PULLREQUEST_TARGETBRANCH="refs/heads/main")
    assert run.returncode == 0, run.stderr
    assert sorted(path.name for path in (tmp_path / "out/bulkhead").iterdir()) == ["bulkhead.md", "bulkhead.sarif"]
    assert shell(scripts[1], repository, PATH=on_path, **given).returncode == 1


def test_the_job_for_gitlab(repository: Path, on_path: str) -> None:
    job = loaded("deploy/ci/gitlab.yml")[".bulkhead"]
    script = "\n".join(job["script"])
    given = {key: str(value) for key, value in job["variables"].items()}
    base = git(repository, "rev-parse", "origin/main")
    run = shell(script, repository, PATH=on_path, **given, CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
    assert run.returncode == 0, run.stderr
    reports = job["artifacts"]["reports"]
    assert all((repository / name).is_file() for name in reports.values())
    assert shell(script, repository, PATH=on_path, **given).returncode == 1


@pytest.mark.parametrize("name", ["github-actions.yml", "azure-pipelines.yml"])
def test_the_schedules_of_the_audit(name: str) -> None:
    text = (ROOT / "deploy" / "audit" / name).read_text("utf-8")
    pipeline = loaded(f"deploy/audit/{name}")
    schedules = pipeline[True]["schedule"] if name.startswith("github") else pipeline["schedules"]
    assert [schedule["cron"] for schedule in schedules] == ["17 1 * * *"]
    (job,) = pipeline["jobs"].values() if name.startswith("github") else pipeline["jobs"]
    scripts = [
        script
        for step in job["steps"]
        for script in (step.get("run"), step.get("bash"), step.get("inputs", {}).get("inlineScript"))
        if script
    ]
    assert not any("${{" in script or re.search(r"\$\([a-z]", script) for script in scripts)
    for script in scripts:
        checked = subprocess.run(["bash", "-n"], input=script, text=True, capture_output=True, check=False)
        assert checked.returncode == 0, checked.stderr
    assert "bulkhead audit --quiet --estate estate.yaml --live" in text.replace('bulkhead" audit', "bulkhead audit")
    _publishes_what_it_writes(job["steps"], "\n".join(scripts))
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    (wanted,) = re.findall(r"bulkhead-scanner\[([\w,]+)\]", text)
    assert {"kubernetes"} <= set(wanted.split(",")) <= {*extras, "audit", "azure", "postgresql"}


def _publishes_what_it_writes(steps: list[dict[str, Any]], script: str) -> None:
    """Dashboard and report are files of the artifact, whatever the audit found."""
    written = re.findall(r'(?:--dashboard |--report )"?(?:html=)?([^" \n]+\.html)', script)
    assert len(written) == 2
    assert "--dashboard" in script
    (step,) = [one for one in steps if "upload-artifact" in one.get("uses", "") or "Artifacts" in one.get("task", "")]
    if "uses" in step:
        assert step["if"] == "${{ always() }}"
        assert sorted(step["with"]["path"].split()) == sorted(written)
    else:
        assert step["condition"] == "succeededOrFailed()"
        folder = step["inputs"]["pathToPublish"].removeprefix("$(Build.ArtifactStagingDirectory)")
        assert {path.rpartition("/")[0] for path in written} == {f"$BUILD_ARTIFACTSTAGINGDIRECTORY{folder}"}
