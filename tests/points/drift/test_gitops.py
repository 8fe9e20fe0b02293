"""``bulkhead drift`` beside GitOps: what was synced counts as what was applied."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from scanner.cli import cli

pytest.importorskip("orjson", reason="the extra [kubernetes] is not installed")

FLUX = {"kustomize.toolkit.fluxcd.io/name": "apps", "kustomize.toolkit.fluxcd.io/namespace": "flux-system"}
APP = "deploy/apps/web.yaml"
BY_HAND = "applied and changed by hand"
EARLY = "changed by hand to what is declared now, before that was applied"


def deployment(replicas: int = 2, image: str = "a:1", name: str = "web", **metadata: Any) -> dict[str, Any]:
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": "shop", **metadata},
        "spec": {"replicas": replicas, "template": {"spec": {"containers": [{"name": "web", "image": image}]}}},
    }


def by_flux(*arguments: Any, **more: Any) -> dict[str, Any]:
    return deployment(*arguments, labels=FLUX, **more)


def kustomization(revision: str = "") -> dict[str, Any]:
    value: dict[str, Any] = {
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
        "kind": "Kustomization",
        "metadata": {"name": "apps", "namespace": "flux-system"},
        "spec": {"path": "./deploy/apps", "sourceRef": {"kind": "GitRepository", "name": "fleet"}},
    }
    return {**value, "status": {"lastAppliedRevision": revision}} if revision else value


def application(status: dict[str, Any] | None = None) -> dict[str, Any]:
    source = {"repoURL": "https://git.example.net/fleet", "path": "deploy/apps"}
    value: dict[str, Any] = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {"name": "shop", "namespace": "argocd"},
        "spec": {"source": source, "destination": {"namespace": "shop"}},
    }
    return {**value, "status": status} if status is not None else value


def git(*arguments: str) -> str:
    name = ("-c", "user.name=t", "-c", "user.email=t@example.net", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *name, *arguments], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def declare(*objects: dict[str, Any], file: str = APP) -> None:
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    Path(file).write_text("---\n".join(json.dumps(one, indent=1) + "\n" for one in objects))


def commit(*objects: dict[str, Any]) -> str:
    """Declare the objects in a commit and return its id."""
    declare(*objects)
    git("add", "-A")
    git("commit", "-qm", "next", "--allow-empty")
    return git("rev-parse", "HEAD")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    git("init", "-q", "-b", "main")
    declare(kustomization(), file="deploy/flux.yaml")
    declare(application(), file="deploy/argo.yaml")
    return tmp_path


def told(*live: dict[str, Any], below: str = "deploy") -> tuple[dict[str, str], str]:
    """Return resource and attribute → where it stands, and all notes."""
    Path("dump.json").write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": list(live)}))
    arguments = ["drift", below, "--against", "dump.json", "--report", "json=r.json"]
    result = CliRunner().invoke(cli, arguments)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    report = json.loads(Path("r.json").read_text())
    found = {
        f"{one['rule']} {one['resource'].rpartition('/')[2]} {one['tag']}": one["difference"]["standing"]
        for one in report["findings"]
        if "flux" not in one["resource"] and "argo" not in one["resource"]
    }
    return found, " ".join(f"{note['input']}: {note['reason']}" for note in report["notes"])


REPLICAS = "DRIFT-001 web spec.replicas"


def test_what_is_committed_and_not_synced_yet_is_told_from_what_was_done_by_hand(here: Path) -> None:
    synced = commit(deployment(2, "a:1"))
    commit(deployment(5, "a:1"))
    owner = kustomization(f"main@sha1:{synced}")
    found, notes = told(owner, by_flux(2, "a:2"))
    assert found == {
        REPLICAS: "not yet applied",
        "DRIFT-001 web spec.template.spec.containers[name=web].image": BY_HAND,
    }
    assert f"Kustomization flux-system/apps: compared at what it synced, commit {synced[:12]}" in notes
    assert told(owner, by_flux(2, "a:1"))[0] == {REPLICAS: "not yet applied"}
    both = "changed by hand, and what is declared now was not applied yet"
    assert told(owner, by_flux(7, "a:1"))[0] == {REPLICAS: both}


def test_what_is_live_before_it_was_synced_is_drift(here: Path) -> None:
    synced = commit(deployment(2))
    commit(deployment(5))
    found, _ = told(kustomization(f"main/{synced}"), by_flux(5))
    assert found == {REPLICAS: EARLY}
    (finding,) = [one for one in json.loads(Path("r.json").read_text())["findings"] if one["tag"]]
    assert (finding["difference"]["declared"], finding["difference"]["live"]) == ("2", "5")
    assert finding["location"]["file"] == APP


def test_what_the_work_tree_has_and_no_commit_does_is_not_applied_yet(here: Path) -> None:
    synced = commit(deployment(2))
    owner = kustomization(f"main@sha1:{synced}")
    assert told(owner, by_flux(2))[0] == {}
    assert told(owner, by_flux(3))[0] == {REPLICAS: BY_HAND}
    declare(deployment(4))
    assert told(owner, by_flux(2))[0] == {REPLICAS: "not yet applied"}
    assert told(owner, by_flux(4))[0] == {REPLICAS: EARLY}


def test_what_was_added_and_removed_since(here: Path) -> None:
    synced = commit(deployment(), deployment(name="old"), deployment(name="lost"))
    commit(deployment(), deployment(name="new"), deployment(name="lost"))
    found, _ = told(kustomization(f"main@sha1:{synced}"), by_flux(), by_flux(name="old"))
    assert found == {
        "DRIFT-002 new ": "not yet applied",
        "DRIFT-002 lost ": BY_HAND,
        "DRIFT-004 old ": "not yet applied",
    }


def test_a_commit_that_is_not_here_is_said(here: Path) -> None:
    commit(deployment(2))
    elsewhere = "ab" * 20
    found, notes = told(kustomization(f"main@sha1:{elsewhere}"), by_flux(5))
    assert found == {REPLICAS: ""}
    assert f"it synced main@sha1:{elsewhere}, which is not in this clone (git fetch): compared with the wor" in notes
    _, notes = told(kustomization(f"latest@sha256:{'ab' * 32}"), by_flux(5))
    assert f"it synced latest@sha256:{'ab' * 32}, which is no commit: compared with the work tree" in notes


def test_without_a_repository_the_work_tree_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    declare(kustomization(), file="deploy/flux.yaml")
    declare(deployment(2))
    found, notes = told(kustomization(f"main@sha1:{'ab' * 20}"), by_flux(5))
    assert found == {REPLICAS: ""}
    assert "is not in this clone" in notes


TRACKING = {"argocd.argoproj.io/tracking-id": "shop:apps/Deployment:shop/web"}


@pytest.mark.parametrize("kind", ["synced", "out of sync", "several sources", "one that never finished"])
def test_applications_of_argo_cd(here: Path, kind: str) -> None:
    synced = commit(deployment(2))
    newer = commit(deployment(5))
    status = {
        "synced": {"sync": {"status": "Synced", "revision": synced}, "history": [{"revision": newer}]},
        "out of sync": {"sync": {"status": "OutOfSync", "revision": newer}, "history": [{"revision": synced}]},
        "several sources": {"sync": {"status": "Synced", "revisions": ["1.2.3", synced]}},
        "one that never finished": {"sync": {"status": "OutOfSync", "revision": synced}},
    }[kind]
    found, notes = told(application(status), deployment(2, annotations=TRACKING))
    assert found == {REPLICAS: "not yet applied"}
    assert f"Application argocd/shop: compared at what it synced, commit {synced[:12]}" in notes


def test_an_application_of_another_namespace_is_told_apart(here: Path) -> None:
    synced = commit(deployment(2))
    commit(deployment(5))
    other = application({"sync": {"status": "Synced", "revision": git("rev-parse", "HEAD")}})
    other["metadata"] = {"name": "shop", "namespace": "team"}
    mine = application({"sync": {"status": "Synced", "revision": synced}})
    named = {"argocd.argoproj.io/tracking-id": "team_shop:apps/Deployment:shop/web"}
    assert told(mine, other, deployment(2, annotations=named))[0] == {REPLICAS: BY_HAND}
    named = {"argocd.argoproj.io/tracking-id": "argocd_shop:apps/Deployment:shop/web"}
    assert told(mine, other, deployment(2, annotations=named))[0] == {REPLICAS: "not yet applied"}


def test_a_synced_commit_is_read_from_a_folder_below_the_top(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced = commit(deployment())
    commit(deployment(), deployment(name="new"))
    monkeypatch.chdir(here / "deploy")
    found, _ = told(kustomization(f"main@sha1:{synced}"), by_flux(3), below=".")
    assert found[REPLICAS] == BY_HAND
    assert found["DRIFT-002 new "] == "not yet applied"
