"""Which Sources an audit reads: what is asked for, and what it must not reach for."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest

pytest.importorskip("azure.identity", reason="the extra 'azure' is not installed")
pytest.importorskip("orjson", reason="the extra 'kubernetes' is not installed")

from scanner.errors import UsageError
from scanner.estate import Estate, load_estate
from scanner.model.ledger import State
from scanner.model.location import Origin
from scanner.model.resource import Resource
from scanner.points.audit.request import AuditRequest
from scanner.points.audit.scopes import Scopes, is_wanted, scopes_of
from tests.audit.estates import ESTATE, flags
from tests.conftest import ROOT

PRODUCTION = "aks-prd-weu-01"


@pytest.fixture
def estate() -> Estate:
    return load_estate(str(ESTATE))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[str]]:
    """The subscriptions of every live Azure that is made; none is reached."""
    made: list[Sequence[str]] = []

    def live(scopes: Sequence[str], *_: object) -> object:
        made.append(scopes)
        return object()

    monkeypatch.setattr("scanner.sources.azure.live.LiveAzure", live)
    monkeypatch.setattr("scanner.sources.azure.sign_in.credential_for", lambda cloud: None)
    monkeypatch.setattr("scanner.sources.azure.client.ArmClient", lambda *_: None)
    monkeypatch.setattr("scanner.sources.cluster.live.LiveCluster", lambda *_: object())
    return made


def _scopes(estate: Estate, **changed: Any) -> Scopes:
    given = {**flags({}, ROOT / "no-work"), **changed}
    return scopes_of(AuditRequest.of(given), estate, ())


def test_one_cluster_live_does_not_reach_for_azure(estate: Estate, asked: list[Sequence[str]]) -> None:
    for how in ({"live": True}, {"live": True, "azure": True}):
        scopes = _scopes(estate, only_scopes=(PRODUCTION,), **how)
        assert [one.name for one in scopes.sources] == ["estate", f"cluster {PRODUCTION}"]
        excluded = {entry.input for entry in scopes.missing if entry.state is State.EXCLUDED}
        assert {f"subscription {one.id}" for one in estate.subscriptions} <= excluded
        assert not any(entry.incomplete for entry in scopes.missing)
    assert asked == []


def test_one_subscription_live_is_the_only_one_asked_for(estate: Estate, asked: list[Sequence[str]]) -> None:
    one = estate.subscriptions[0]
    scopes = _scopes(estate, only_scopes=(one.name,), live=True)
    assert [named.name for named in scopes.sources] == ["estate", "azure"]
    assert asked == [(one.id,)]
    assert f"subscription {estate.subscriptions[1].id}" in {entry.input for entry in scopes.missing}


def test_what_is_declared_counts_where_the_audit_looks(estate: Estate) -> None:
    mine, other = estate.subscriptions[:2]
    request = AuditRequest.of({**flags({}, ROOT / "no-work"), "only_scopes": (mine.name, PRODUCTION)})

    def looks(type_: str = "Microsoft.Cache/redis", cluster: str = "", id_: str = "") -> bool:
        resource = Resource("key", type_, {"id": id_} if id_ else {}, Origin("memory", "m"), cluster, "", "name")
        return is_wanted(request, estate, resource)

    below = "resourceGroups/rg/providers/Microsoft.Cache/redis/a"
    assert looks(id_=f"/subscriptions/{mine.id.upper()}/{below}")
    assert not looks(id_=f"/subscriptions/{other.id}/{below}")
    assert looks(id_=f"/subscriptions/{{not known}}/{below}"), "it may be there"
    assert looks(), "it may be there"
    assert looks("core/Service", PRODUCTION)
    assert not looks("core/Service", "aks-npd-weu-01")
    assert looks("core/Service"), "it may be there"


def test_azure_without_a_subscription_is_refused(estate: Estate, asked: list[Sequence[str]]) -> None:
    empty = SimpleNamespace(clusters=estate.clusters, subscriptions=(), management_groups=())
    with pytest.raises(UsageError, match="declares no subscription and no management group"):
        _scopes(cast("Estate", empty), azure=True)
    assert asked == []


def test_a_management_group_is_asked_for_before_the_subscriptions(estate: Estate, asked: list[Sequence[str]]) -> None:
    ids = [one.id for one in estate.subscriptions]
    group = "/providers/Microsoft.Management/managementGroups/mg-erp"
    given = SimpleNamespace(
        clusters=(), subscriptions=estate.subscriptions, management_groups=("mg-erp",), namespaces=estate.namespaces
    )
    scopes = _scopes(cast("Estate", given), live=True)
    assert asked == [(group, *ids)]
    assert group.lower() in scopes.names
    everything = _scopes(cast("Estate", given), exports=(str(ESTATE),))
    assert group.lower() not in everything.names, "an export is what it is"
