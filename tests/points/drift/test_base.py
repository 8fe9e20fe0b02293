"""``bulkhead drift --base``: which changes of a branch meet live drift."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from scanner.cli import cli

pytest.importorskip("orjson", reason="the extra [kubernetes] is not installed")


def deployment(name: str, replicas: int, image: str = "a:1", **spec: Any) -> dict[str, Any]:
    containers = [{"name": "web", "image": image}]
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": "shop"},
        "spec": {"replicas": replicas, "template": {"spec": {"containers": containers}}, **spec},
    }


def git(*arguments: str) -> None:
    name = ("-c", "user.name=t", "-c", "user.email=t@example.net", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *name, *arguments], check=True, capture_output=True)


def declare(*objects: dict[str, Any]) -> None:
    Path("declared.json").write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": list(objects)}))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    git("init", "-q", "-b", "main")
    declare(deployment("web", 2), deployment("other", 2), deployment("gone", 1))
    git("add", "-A")
    git("commit", "-qm", "base")
    git("checkout", "-qb", "branch")
    return tmp_path


def met(*live: dict[str, Any]) -> tuple[dict[str, str], str]:
    """Return resource and attribute → where it stands, and all notes."""
    Path("dump.json").write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": list(live)}))
    arguments = ["drift", "declared.json", "--against", "dump.json", "--base", "main", "--report", "json=r.json"]
    result = CliRunner().invoke(cli, arguments)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    report = json.loads(Path("r.json").read_text())
    found = {
        f"{one['rule']} {one['resource'].rpartition('/')[2]} {one['tag']}": one["difference"]["standing"]
        for one in report["findings"]
    }
    return found, " ".join(note["reason"] for note in report["notes"])


WEB, OTHER, GONE = deployment("web", 2), deployment("other", 2), deployment("gone", 1)


def test_what_the_branch_changes_is_no_drift(here: Path) -> None:
    declare(deployment("web", 4), OTHER, GONE, deployment("new", 1))
    assert met(WEB, OTHER, GONE)[0] == {}


def test_a_change_meets_what_somebody_did_to_the_same_attribute_and_undoes_the_rest(here: Path) -> None:
    declare(deployment("web", 4), OTHER, GONE)
    found, notes = met(deployment("web", 9, "evil:1"), deployment("other", 7), GONE)
    assert found == {
        "DRIFT-001 web spec.replicas": "this branch changes it too, and somebody did by hand",
        "DRIFT-001 web spec.template.spec.containers[name=web].image": (
            "changed by hand; applying this branch undoes it"
        ),
    }
    assert "1 resource has drifted beside it" in notes


def test_a_change_of_what_is_not_there_and_an_addition_of_what_is(here: Path) -> None:
    declare(WEB, OTHER, deployment("gone", 3), deployment("new", 1))
    found, _ = met(WEB, OTHER, deployment("new", 5))
    assert found == {
        "DRIFT-002 gone ": "this branch changes it too, and somebody did by hand",
        "DRIFT-001 new spec.replicas": "this branch adds it, and it is there already",
    }


def test_a_removal_of_what_somebody_changed(here: Path) -> None:
    declare(OTHER)
    found, _ = met(deployment("web", 9), OTHER)
    assert found == {"DRIFT-001 web spec.replicas": "changed by hand; this branch removes the declaration"}
    (finding,) = json.loads(Path("r.json").read_text())["findings"]
    assert finding["location"]["file"] == "declared.json"
    assert finding["location"]["line"] is None
    assert finding["difference"]["remedy"].startswith("Look whether what was changed is still needed")
    assert met(WEB, OTHER, GONE)[0] == {}
    assert met(WEB, deployment("other", 7))[0] == {}, "what is removed and gone is no drift, nor what is not touched"
