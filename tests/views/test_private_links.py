import pytest

from scanner.inventory import Inventory
from scanner.model.resource import Resource
from scanner.views.private_links import endpoints_of, resolves
from tests.views.azure import GROUP, azure

ACCOUNT = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/docs"
ENDPOINT = f"{GROUP}/providers/Microsoft.Network/privateEndpoints/pe"


def endpoint(
    target: str = ACCOUNT, part: str = "Blob", state: str = "", at: str = "privateLinkServiceConnections"
) -> Resource:
    connection = {"privateLinkServiceId": target, "groupIds": [part]}
    if state:
        connection["privateLinkServiceConnectionState"] = {"status": state}  # type: ignore[assignment]
    return azure(ENDPOINT, {at: [{"name": "c", "properties": connection}]})


@pytest.mark.parametrize("state", ["", "Approved"])
@pytest.mark.parametrize("at", ["privateLinkServiceConnections", "manualPrivateLinkServiceConnections"])
def test_an_endpoint_that_leads_there_is_connected(state: str, at: str) -> None:
    one = endpoint(state=state, at=at)
    assert endpoints_of(Inventory([one]), ACCOUNT.upper().replace("/SUB", "/sub"), ("blob",)) == ((one,), (), False)


@pytest.mark.parametrize("state", ["Pending", "Rejected", "Disconnected"])
def test_an_endpoint_that_nobody_approved_is_refused(state: str) -> None:
    one = endpoint(state=state)
    assert endpoints_of(Inventory([one]), ACCOUNT, ("blob",)) == ((), (one,), False)


def test_an_endpoint_for_another_part_or_resource_is_none() -> None:
    for one in (endpoint(part="file"), endpoint(f"{ACCOUNT}2")):
        assert endpoints_of(Inventory([one]), ACCOUNT, ("blob",)) == ((), (), False)


def test_an_endpoint_whose_target_is_not_known_may_be_one() -> None:
    assert endpoints_of(Inventory([endpoint("{var.account}")]), ACCOUNT, ("blob",)).is_unknown


def test_a_zone_group_of_the_endpoint_resolves_its_name() -> None:
    one = endpoint()
    zones = f"{ENDPOINT}/privateDnsZoneGroups/default"
    assert resolves(Inventory([one]), one) is False
    assert resolves(Inventory([one, azure(zones)]), one) is False
    assert resolves(Inventory([one, azure(zones, {"privateDnsZoneConfigs": [{"name": "z"}]})]), one) is True
    unborn = azure(zones.replace("/pe/", "/{var.endpoint}/"), {"privateDnsZoneConfigs": [{"name": "z"}]})
    assert resolves(Inventory([one, unborn]), one) is None
