"""The image, as far as it can be proved without a container runtime: what it is made of, and that this works."""

import json
import re
import shutil
import sys
import tomllib
from pathlib import Path

import pathspec
import pytest

from tests.conftest import ROOT
from tests.packaging.test_wheel import run

TEXT = (ROOT / "Dockerfile").read_text("utf-8")


def lines() -> list[list[str]]:
    """Return the instructions, each as its words; comments inside of one are no part of it."""
    whole = re.sub(r"\\\n(\s*#.*\n)*", " ", TEXT)
    return [line.split() for line in whole.splitlines() if line.strip() and not line.startswith("#")]


def instructions(name: str) -> list[list[str]]:
    return [words[1:] for words in lines() if words[0] == name]


def copied() -> list[str]:
    """Return what is copied out of the checkout."""
    return [name for words in instructions("COPY") if not words[0].startswith("--") for name in words[:-1]]


def test_every_base_has_a_tag_that_stays_what_it_is() -> None:
    images = [words[0] for words in instructions("FROM")]
    assert images == ["rust:1.95-slim-bookworm", "golang:1.26-bookworm", "debian:bookworm-slim"]
    systems = {re.search(r"bookworm", image) is not None for image in images}
    assert systems == {True}, "the interpreter of one stage has to be there in the other"


def test_the_compilers_are_what_the_sources_ask_for() -> None:
    native = tomllib.loads((ROOT / "native/Cargo.toml").read_text("utf-8"))
    assert f"rust:{native['package']['rust-version']}-" in TEXT
    tools = (ROOT / "tests/tools/oracles.sh").read_text("utf-8")
    for name, module in (("HELM", "helm.sh/helm/v3/cmd/helm"), ("KUSTOMIZE", "sigs.k8s.io/kustomize/kustomize/v5")):
        (version,) = set(re.findall(rf"{re.escape(module)}@(v[\d.]+)", tools))
        assert [f"{name}_VERSION={version}"] in instructions("ARG"), "what is tested is what is in the image"
        assert f"{module}@${{{name}_VERSION}}" in TEXT


def test_what_is_copied_is_there_and_is_sent() -> None:
    ignored = pathspec.GitIgnoreSpec.from_lines((ROOT / ".dockerignore").read_text().splitlines())
    for name in copied():
        assert (ROOT / name).exists()
        inside = [ROOT / name] if (ROOT / name).is_file() else list((ROOT / name).rglob("*.py"))[:3]
        assert not any(ignored.match_file(path.relative_to(ROOT)) for path in inside), name
    assert all(ignored.match_file(name) for name in (".git/config", "tests/conftest.py", "scanner/_rego.abi3.so"))
    build = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert {*build["packages"], *build["force-include"]} <= set(copied())


def test_stages_take_only_from_stages() -> None:
    stages = {words[2] for words in instructions("FROM") if len(words) == 3}
    taken = {words[0].removeprefix("--from=") for words in instructions("COPY") if words[0].startswith("--from=")}
    assert stages == taken == {"build", "renderers"}


def test_it_runs_as_nobody_special_and_leaves_no_cache() -> None:
    assert instructions("USER") == [["10001"]], "a number, so that a cluster can tell that it is not root"
    order = [words[0] for words in lines()]
    assert order.index("USER") > max(number for number, name in enumerate(order) if name in ("RUN", "COPY"))
    installs = [" ".join(words) for words in instructions("RUN")]
    assert all("rm -rf /var/lib/apt/lists/*" in one for one in installs if "apt-get install" in one)
    assert all("--no-install-recommends" in one for one in installs if "apt-get install" in one)
    assert all("--no-cache-dir" in one for one in installs if "pip install" in one)
    assert json.loads(" ".join(instructions("ENTRYPOINT")[0])) == ["bulkhead"]
    assert not instructions("ADD")


def test_it_brings_the_programs_that_a_scan_starts() -> None:
    (final,) = (words for words in instructions("RUN") if "useradd" in words)
    assert "git" in final
    assert ["--from=renderers", "/go/bin/helm", "/go/bin/kustomize", "/usr/local/bin/"] in instructions("COPY")


@pytest.mark.slow
def test_its_entry_point_works_from_what_is_copied(tmp_path: Path) -> None:
    """The build stage without its container: its files alone, its command, a fresh environment."""
    for name in copied():
        source, target = ROOT / name, tmp_path / "build" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        ignored = shutil.ignore_patterns("__pycache__", "*.pyc", "_rego*", "target")
        shutil.copytree(source, target, ignore=ignored) if source.is_dir() else shutil.copy(source, target)
    (command,) = (" ".join(words) for words in instructions("RUN") if "pip" in " ".join(words))
    command = command.replace("/opt/bulkhead", str(tmp_path / "venv")).replace("python3 -m", f"{sys.executable} -m")
    # the native engine takes minutes, and is proved by the tests of the wheel
    done = run("bash", "-ec", command.replace("SCANNER_NATIVE=require", "SCANNER_NATIVE=skip"), cwd=tmp_path / "build")
    assert done.returncode == 0, done.stderr[-2000:]
    entry = json.loads(" ".join(instructions("ENTRYPOINT")[0]))
    bulkhead = [str(tmp_path / "venv/bin" / entry[0]), *entry[1:]]
    help_ = run(*bulkhead, *json.loads(" ".join(instructions("CMD")[0])), cwd=tmp_path)
    assert (help_.returncode, "Usage: bulkhead" in help_.stdout) == (0, True), help_.stderr
    ingress = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a, namespace: b}\n"
    ingress += "spec: {rules: [{host: a.example}]}\n"
    (tmp_path / "src").mkdir()
    (tmp_path / "src/ingress.yaml").write_text(ingress)
    (tmp_path / "t.j2").write_text("{{ findings | length }} findings")
    wanted = ("--rule", "ENC-028", "--report", "template:../t.j2")  # a rule in Python: it needs no engine
    found = run(*bulkhead, "scan", ".", *wanted, cwd=tmp_path / "src", HOME="/")
    assert found.returncode == 1, found.stderr
    assert found.stdout == "1 findings"
