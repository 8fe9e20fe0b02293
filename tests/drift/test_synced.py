"""Which owner, in which cluster, says what was applied of an object."""

from typing import Any

import pytest

from scanner.drift.synced import APPLICATION, KUSTOMIZATION, Owner, Revision, Synced, owner_of, revision_of
from scanner.model.location import Origin
from scanner.model.resource import Resource

COMMIT = "ab" * 20
FLUX = {"kustomize.toolkit.fluxcd.io/name": "apps", "kustomize.toolkit.fluxcd.io/namespace": "flux-system"}


def thing(cluster: str = "prd", type_: str = "core/ConfigMap", file: str = "deploy/a.yaml", **more: Any) -> Resource:
    attributes = {"metadata": {"name": "a", **more.pop("metadata", {})}, **more}
    return Resource(f"{cluster}/{type_}/shop/a", type_, attributes, Origin("manifest", file), cluster, "shop", "a")


def revision(cluster: str, type_: str = APPLICATION, path: str = "deploy") -> Revision:
    return Revision(Owner(type_, "argocd", "shop"), cluster, (COMMIT,), COMMIT, (path,))


TRACKED = {"annotations": {"argocd.argoproj.io/tracking-id": "shop:/ConfigMap:shop/a"}}


def test_one_argo_cd_may_apply_to_other_clusters() -> None:
    live = thing("spoke", metadata=TRACKED)
    synced = Synced([revision("hub")], {COMMIT: [thing("spoke")]})
    assert synced.of(live) is not None
    both = Synced([revision("hub"), revision("spoke")], {COMMIT: [thing("spoke")]})
    assert both.of(live) is not None, "the one of its own cluster"
    assert Synced([revision("hub"), revision("other")], {COMMIT: [thing("spoke")]}).of(live) is None


@pytest.mark.parametrize(
    ("metadata", "owner"),
    [
        ({"labels": FLUX}, Owner(KUSTOMIZATION, "flux-system", "apps")),
        (TRACKED, Owner(APPLICATION, "", "shop")),
        ({"labels": {"argocd.argoproj.io/instance": "team_shop"}}, Owner(APPLICATION, "team", "shop")),
        ({"labels": {"app.kubernetes.io/instance": "shop"}}, None),
        ({"annotations": None}, None),
    ],
)
def test_who_applies_an_object(metadata: dict[str, Any], owner: Owner | None) -> None:
    assert owner_of(thing(metadata=metadata)) == owner


@pytest.mark.parametrize(
    ("said", "commits"),
    [
        (f"main@sha1:{COMMIT}", (COMMIT,)),
        (f"main/{COMMIT}", (COMMIT,)),
        (COMMIT.upper(), (COMMIT,)),
        (f"latest@sha256:{'ab' * 32}", ()),
        ("1.2.3", ()),
        (f"main@sha1:{COMMIT[:12]}", ()),
    ],
)
def test_which_commit_a_revision_names(said: str, commits: tuple[str, ...]) -> None:
    found = revision_of(thing(type_=KUSTOMIZATION, status={"lastAppliedRevision": said}))
    assert found is not None
    assert (found.commits, found.said, found.paths) == (commits, said, (".",))


@pytest.mark.parametrize(
    "status",
    [None, {}, {"sync": None}, {"history": []}, {"sync": {"status": "Synced"}}, 7, {"sync": 7, "history": [7]},
     {"sync": {"revisions": 7, "revision": 7}, "lastAppliedRevision": 7}],
)  # fmt: skip
def test_what_was_never_synced_says_nothing(status: Any) -> None:
    assert revision_of(thing(type_=APPLICATION, status=status, spec={"sources": 7})) is None
    assert revision_of(thing(type_=KUSTOMIZATION, status=status)) is None


@pytest.mark.parametrize(
    ("path", "file", "here", "applied"),
    [
        ("deploy", "deploy/a.yaml", ".", False),
        ("./deploy/", "deploy/a.yaml", "", False),
        ("/deploy", "a.yaml", "deploy", False),
        (".", "a.yaml", "deploy", False),
        ("deploy", "deployed/a.yaml", ".", None),
        ("deploy", "../a.yaml", ".", None),
        (".", "../a.yaml", ".", None),
    ],
)
def test_what_lies_where_something_was_synced_was_not_applied(
    path: str, file: str, here: str, applied: bool | None
) -> None:
    synced = Synced([revision("prd", path=path)], {COMMIT: []}, here)
    assert synced.was_applied(thing(file=file)) is applied
    assert Synced([revision("prd")], {}, here).was_applied(thing(file=file)) is None, "that commit is not at hand"


def test_a_kustomization_applies_to_its_own_cluster_only() -> None:
    synced = Synced([revision("npd", KUSTOMIZATION)], {COMMIT: []}, ".")
    assert synced.was_applied(thing()) is None
