"""Three sides: what is declared, what was applied last, what is live."""

import json
from typing import Any

import pytest

from scanner.drift import Drift, detect
from scanner.drift.model import Standing
from scanner.drift.standing import LAST_APPLIED, Applied
from scanner.model.location import Origin
from scanner.model.resource import Resource
from scanner.model.unknown import Unknown

ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a"
TYPE = "Microsoft.Storage/storageAccounts"
ADDRESS = "azurerm_storage_account.a"


def account(tls: Any, id_: str = ID, address: str = ADDRESS, **more: Any) -> Resource:
    origin = Origin("terraform", "main.tf", address=address, declared=f"infra:{address}")
    name = id_.rpartition("/")[2]
    return Resource(id_, TYPE, {"id": id_, "properties": {"minimumTlsVersion": tls, **more}}, origin, name=name)


def drifts(declared: list[Resource], applied: list[Resource], live: list[Resource]) -> list[Drift]:
    known = Applied(applied)
    declared = [known.identified(one) for one in declared]
    known.cover(declared)
    return [known.settle(one) for one in detect(declared, live)]


@pytest.mark.parametrize(
    ("declared", "applied", "live", "standing"),
    [
        ("TLS1_2", "TLS1_0", "TLS1_0", Standing.NOT_APPLIED),
        ("TLS1_2", "TLS1_2", "TLS1_0", Standing.BY_HAND),
        ("TLS1_2", "tls1_2", "TLS1_0", Standing.BY_HAND),
        ("TLS1_2", "TLS1_1", "TLS1_0", Standing.BOTH),
        ("TLS1_2", Unknown("marked sensitive"), "TLS1_0", None),
    ],
)
def test_where_an_attribute_stands(declared: str, applied: Any, live: str, standing: Standing | None) -> None:
    (one,) = drifts([account(declared)], [account(applied)], [account(live)])
    assert [change.standing for change in one.changes] == [standing]


def rules(*addresses: str) -> dict[str, Any]:
    return {"networkAcls": {"ipRules": [{"value": address} for address in addresses]}}


@pytest.mark.parametrize(
    ("applied", "standing"), [(("1", "9"), Standing.NOT_APPLIED), (("1",), Standing.BY_HAND), ((), Standing.BY_HAND)]
)
def test_an_element_that_nobody_declares_was_applied_once_or_was_added(
    applied: tuple[str, ...], standing: Standing
) -> None:
    (one,) = drifts([account("x", **rules("1"))], [account("x", **rules(*applied))], [account("x", **rules("1", "9"))])
    assert [change.standing for change in one.changes] == [standing]


def test_what_is_live_as_declared_and_recorded_otherwise_is_the_states_fault() -> None:
    known = Applied([account("TLS1_0")])
    known.compare(account("TLS1_2"), account("TLS1_2"), ())
    assert known.outdated == 1


def test_what_is_missing_was_deleted_or_never_applied() -> None:
    kept, gone, new = (account("x", f"{ID}{name}", f"{ADDRESS}{name}") for name in "kgn")
    found = {one.resource.name: one.standing for one in drifts([kept, gone, new], [kept, gone], [kept])}
    assert found == {"ag": Standing.BY_HAND, "an": Standing.NOT_APPLIED}


def test_a_root_that_no_state_is_of_says_nothing_of_what_is_missing() -> None:
    other = Resource("o", TYPE, {"id": f"{ID}o"}, Origin("terraform", "x.tf", declared="other:x.y"), name="o")
    found = drifts([account("x"), other], [account("x")], [account("x")])
    assert [(one.resource.name, one.standing) for one in found] == [("o", None)]


def test_what_is_declared_no_longer_and_still_recorded_is_not_applied_yet() -> None:
    (one,) = drifts([account("x")], [account("x"), account("x", f"{ID}2", "azurerm_storage_account.b")],
                    [account("x"), account("x", f"{ID}2")])  # fmt: skip
    assert (one.class_.value, one.standing) == ("unmanaged", Standing.NOT_APPLIED)


def test_a_state_tells_the_id_that_the_declaration_does_not_know() -> None:
    declared = account("TLS1_2", ID.replace("/a", "/{random_pet.this.id}"))
    (one,) = drifts([declared], [account("TLS1_2")], [account("TLS1_0"), account("TLS1_2", f"{ID}2")][:1])
    assert one.changes[0].standing is Standing.BY_HAND


def test_two_recorded_resources_of_one_address_tell_nothing() -> None:
    declared = account("TLS1_2", ID.replace("/a", "/{random_pet.this.id}"))
    both = [account("TLS1_2"), account("TLS1_2", f"{ID}2")]
    assert Applied(both).of(declared) is None


def deployment(replicas: int, applied: int | None = None, *managed: dict[str, Any]) -> Resource:
    metadata: dict[str, Any] = {"name": "web", "managedFields": list(managed)}
    if applied is not None:
        metadata["annotations"] = {LAST_APPLIED: json.dumps({"spec": {"replicas": applied}})}
    attributes = {"metadata": metadata, "spec": {"replicas": replicas}}
    return Resource("k", "apps/Deployment", attributes, Origin("memory", "m"), namespace="n", name="web")


@pytest.mark.parametrize(
    ("applied", "standing"), [(7, Standing.NOT_APPLIED), (2, Standing.BY_HAND), (3, Standing.BOTH)]
)
def test_kubectl_leaves_what_it_applied_on_the_object(applied: int, standing: Standing) -> None:
    (one,) = drifts([deployment(2)], [], [deployment(7, applied)])
    assert [change.standing for change in one.changes] == [standing]


def owner(manager: str, day: int, **fields: Any) -> dict[str, Any]:
    return {"manager": manager, "operation": "Update", "time": f"2026-11-{day:02}T00:00:00Z", "fieldsV1": fields}


REPLICAS = {"f:spec": {".": {}, "f:replicas": {}}}


def test_what_somebody_took_away_has_no_owner_to_tell() -> None:
    whole = owner("kustomize-controller", 1, **{"f:spec": {".": {}, "f:paused": {}}})
    live = deployment(2, None, whole)
    declared = deployment(2)
    declared.attributes["spec"]["paused"] = True
    (one,) = drifts([declared], [], [live])
    assert [change.standing for change in one.changes] == [None]


@pytest.mark.parametrize(
    ("managed", "standing"),
    [
        ([owner("kustomize-controller", 1, **REPLICAS)], Standing.NOT_APPLIED),
        ([owner("argocd-controller", 1), owner("kubectl-edit", 2, **REPLICAS)], Standing.BY_HAND),
        ([owner("argocd-controller", 2), owner("kubectl-edit", 2, **REPLICAS)], Standing.BY_HAND),
        ([owner("helm", 3), {**owner("kubectl", 1, **REPLICAS), "time": None}], Standing.BY_HAND),
        ([owner("helm", 3), {**owner("operator", 1, **REPLICAS), "time": None}], None),
        ([owner("helm", 3), owner("some-operator", 2, **REPLICAS)], Standing.OTHERS),
        ([owner("kubectl-edit", 2, **REPLICAS)], None),
        ([], None),
    ],
)
def test_otherwise_the_owner_of_the_field_tells(managed: list[dict[str, Any]], standing: Standing | None) -> None:
    (one,) = drifts([deployment(2)], [], [deployment(7, None, *managed)])
    assert [change.standing for change in one.changes] == [standing]
