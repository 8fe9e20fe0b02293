"""What would restore what is declared: one command for each tool, quoted, and never run."""

from typing import Any

import pytest

from scanner.drift import Drift, DriftClass
from scanner.drift.model import Standing
from scanner.drift.remedy import remedy
from scanner.model.location import Origin
from scanner.model.resource import Resource

ID = "/subscriptions/s/resourceGroups/rg-a/providers/Microsoft.KeyVault/vaults/kv"


def vault(origin: Origin) -> Resource:
    return Resource(ID, "Microsoft.KeyVault/vaults", {"id": ID}, origin, name="kv")


def deployment(name: str = "web", kind: str = "manifests", **metadata: Any) -> Resource:
    origin = Origin(kind, "shop/a b.yaml")
    attributes = {"metadata": {"name": name, **metadata}}
    return Resource("k", "apps/Deployment", attributes, origin, namespace="shop", name=name)


def changed(declared: Resource, live: Resource | None = None, class_: DriftClass = DriftClass.CHANGED) -> str:
    return remedy(Drift(class_, declared, live or declared), None)


@pytest.mark.parametrize(
    ("origin", "said"),
    [
        (
            Origin("terraform", "infra/main.tf", address='a.b["x y"]', declared="infra:a.b[*]"),
            "Look with `terraform -chdir=infra plan -target='a.b[\"x y\"]'`, then apply that plan.",
        ),
        (Origin("terraform", "main.tf", address="a.b", declared=":a.b"), "`terraform plan -target=a.b`"),
        (Origin("bicep", "infra/main.bicep"), "`az deployment group create -g rg-a -f infra/main.bicep`"),
        (Origin("arm", "main.json"), "`az deployment group what-if -g rg-a -f main.json`"),
    ],
)
def test_azure(origin: Origin, said: str) -> None:
    assert said in changed(vault(origin))


FLUX = {"kustomize.toolkit.fluxcd.io/name": "shop", "kustomize.toolkit.fluxcd.io/namespace": "flux"}


@pytest.mark.parametrize(
    ("live", "said"),
    [
        ({}, "Look with `kubectl diff -f 'shop/a b.yaml'`, then `kubectl apply -f 'shop/a b.yaml'`."),
        ({"labels": FLUX}, "`flux reconcile kustomization shop -n flux --with-source`"),
        ({"labels": {"helm.toolkit.fluxcd.io/name": "r"}}, "`flux reconcile helmrelease r -n default --force`"),
        (
            {"annotations": {"argocd.argoproj.io/tracking-id": "app:apps/Deployment:shop/web"}},
            "`argocd app sync app --resource apps:Deployment:shop/web`",
        ),
        ({"annotations": {"meta.helm.sh/release-name": "r"}}, "`helm upgrade r CHART -n default`"),
    ],
)
def test_an_object_is_restored_by_the_tool_that_left_its_mark(live: dict[str, Any], said: str) -> None:
    assert said in changed(deployment(), deployment(**live))


def test_what_is_rendered_is_rendered_again() -> None:
    assert changed(deployment(kind="kustomize")) == "Render shop/a b.yaml with Kustomize again and apply it."


def test_what_nobody_declares_is_declared_or_deleted() -> None:
    assert "`kubectl delete deployment.apps web -n shop`" in remedy(
        Drift(DriftClass.UNMANAGED, None, deployment()), None
    )
    flux = remedy(Drift(DriftClass.ORPHANED, None, deployment(labels=FLUX)), None)
    assert flux.startswith("Set 'prune: true' of the Kustomization")
    live = remedy(Drift(DriftClass.UNMANAGED, None, vault(Origin("azure", "i.json"))), None)
    assert f"`terraform import ADDRESS {ID}`" in live
    assert f"`az resource delete --ids {ID}`" in live


def test_what_a_name_holds_is_no_command() -> None:
    text = remedy(Drift(DriftClass.UNMANAGED, None, deployment("a; rm -rf / `x`\nb")), None)
    assert "'a; rm -rf /  x  b'" in text
    assert text.count("`") == 2


def test_it_says_so_where_restoring_would_break_a_rule_or_is_nobodys() -> None:
    drift = Drift(DriftClass.CHANGED, deployment(), deployment())
    assert remedy(drift, None, heals=True).startswith("Declare what is live: applying")
    assert remedy(drift, Standing.OTHERS).startswith("Take the attribute out of the declaration")
    assert remedy(drift, Standing.NOT_APPLIED).startswith("Nobody changed it")
