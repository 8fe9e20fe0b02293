from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sources.azure.clock import FakeTime
from tests.tools.azure_server import AzureServer, running

SUBSCRIPTIONS = tuple(f"00000000-0000-4000-8000-0000000000{index:02d}" for index in range(10))


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("azure.mgmt.core", reason="the azure extra is not installed")
    return tmp_path_factory.mktemp("tls")


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def azure(certificates: Path, time: FakeTime) -> Iterator[AzureServer]:
    """An estate of ten subscriptions, all with one display name, each with a storage account and a server."""
    server = AzureServer(clock=time.now)
    for id_ in SUBSCRIPTIONS:
        scope = f"/subscriptions/{id_}"
        server.add(scope, "Microsoft.Resources/subscriptions", name="Production", properties={"state": "Enabled"})
        group = f"{scope}/resourceGroups/rg-Shop"
        server.add(group, "Microsoft.Resources/subscriptions/resourceGroups", location="westeurope", tags={})
        account = f"{group}/providers/Microsoft.Storage/storageAccounts/data"
        server.add(account, location="westeurope", kind="StorageV2", properties={"minimumTlsVersion": "TLS1_2"})
        server.add(f"{account}/blobServices/default", properties={"isVersioningEnabled": True})
        database = f"{group}/providers/Microsoft.DBforPostgreSQL/flexibleServers/db"
        server.add(database, location="westeurope", properties={"version": "16"})
        for name in ("ssl_min_protocol_version", "require_secure_transport", "work_mem"):
            server.add(f"{database}/configurations/{name}", properties={"value": "on"})
    with running(server, certificates):
        yield server
