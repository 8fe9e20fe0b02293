from collections.abc import Iterator

from scanner import Estate, Inventory, Resource
from scanner.model.resource import Fault
from scanner.views import text
from scanner.views.diagnostics import exported

STORAGE = "Microsoft.Storage/storageAccounts"
CATEGORIES: dict[str, tuple[tuple[str, ...], ...]] = {
    "Microsoft.ContainerService/managedClusters": (("kube-audit", "kube-audit-admin"), ("guard",)),
    "Microsoft.KeyVault/vaults": (("AuditEvent",),),
    "Microsoft.DBforPostgreSQL/flexibleServers": (("PostgreSQLLogs",),),
    STORAGE: (("StorageRead",), ("StorageWrite",), ("StorageDelete",)),
    "Microsoft.RecoveryServices/vaults": (("CoreAzureBackup", "AzureBackupReport"),),
    "Microsoft.DataProtection/backupVaults": (("CoreAzureBackup",),),
    "Microsoft.Network/applicationGateways": (("ApplicationGatewayAccessLog",),),
    "Microsoft.Cache/redis": (("ConnectedClientList",),),
}
"""Type → what must be exported; of one entry any category will do."""
AT = ("name",)


def check(resource: Resource, inventory: Inventory, estate: Estate) -> Iterator[Fault]:
    workspaces = estate.logs.workspaces
    found = exported(inventory, _target(resource), workspaces)
    missing = [" or ".join(names) for names in CATEGORIES[resource.type] if not any(map(found.covers, names))]
    if not missing:
        return
    if found.unknown:
        yield resource.unknown(found.unknown, AT)
        return
    listed = ", ".join(missing)
    related = [(setting, ("properties",), "its diagnostic setting") for setting in found.settings]
    if not found.settings:
        yield resource.fail(f"it has no diagnostic setting; the export of {listed} is expected", AT)
    elif not found.categories:
        where = f"a workspace of the estate ({', '.join(sorted(workspaces))})"
        yield resource.fail(f"no diagnostic setting exports logs to {where}; {listed} is expected there", AT, related)
    else:
        yield resource.fail(f"its diagnostic settings do not export {listed}", AT, related)


def _target(resource: Resource) -> str:
    """What the setting is for: of a storage account it is the service in it."""
    own = text(resource.attributes.get("id"))
    if resource.type != STORAGE:
        return own
    service = "fileServices" if text(resource.attributes.get("kind")).lower() == "filestorage" else "blobServices"
    return f"{own}/{service}/default"
