from collections.abc import Iterator

from scanner import Estate, Inventory, Resource
from scanner.model.resource import Fault
from scanner.model.unknown import Unknown
from scanner.views import tag, text
from scanner.views.azure_links import Link

INSTANCE = "Microsoft.DataProtection/backupVaults/backupInstances"
ITEM = "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems"
SOURCES = ("microsoft.storage/storageaccounts/blobservices", "microsoft.storage/storageaccounts/adlsblobservices")
STOPPED = (
    "protectionstopped",
    "protectionerror",
    "softdeleted",
    "softdeleting",
    "backupschedulesuspended",
    "retentionschedulesuspended",
    "notprotected",
    "invalid",
    "protectionpaused",
    "backupssuspended",
)
"""States in which nothing new is backed up, in lower case."""
BACKUPS = Link((INSTANCE, ITEM), ("properties.dataSourceInfo.resourceID", "properties.sourceResourceId"))


def check(resource: Resource, inventory: Inventory, estate: Estate) -> Iterator[Fault]:
    if resource.name.lower() in map(str.lower, estate.storage.backup_accounts):
        yield resource.skip("it holds backups itself")
        return
    wanted, cause = _wanted(resource, estate)
    if not wanted:
        yield resource.skip(cause)
        return
    backups = BACKUPS.to(inventory, str(resource.attributes.get("id", "")))
    working = [one for one in backups.sure if _is_of_storage(one) and not _stopped(one)]
    if working:
        return
    if backups.perhaps is not None or any(isinstance(_kind(one), Unknown) for one in backups.sure):
        yield resource.unknown("which account is backed up is not known of every backup", ("tags",))
        return
    stopped = next((state for one in backups.sure if (state := _stopped(one))), "")
    what = f"its backup is {stopped}" if stopped else "nothing backs up its blobs or file shares"
    related = [(one, ("properties",), "its backup") for one in backups.sure]
    yield resource.fail(f"{what}, but {cause}", ("tags",), related)


def _wanted(resource: Resource, estate: Estate) -> tuple[bool, str]:
    """Whether it is to be backed up, and what says so: the tag, else the tier of its tenant."""
    key, value = tag(resource, "backup-class")
    if value:
        return value.lower() != "none", f"its tag '{key}' is '{value}'"
    tenant = estate.tenant(resource.tenancy.tenant or "")
    if tenant is None:
        return False, "no tag backup-class asks for a backup, and it is of no tenant"
    class_ = estate.tier_of(tenant, resource.tenancy.environment).backup_class
    return class_.lower() != "none", f"tenant {tenant.id} has backup class {class_}"


def _kind(backup: Resource) -> object:
    return backup.value("properties", "dataSourceInfo", "datasourceType")


def _is_of_storage(backup: Resource) -> bool:
    """Whether it backs up blobs or a file share; an instance may be for something else in the same account."""
    return backup.type == ITEM or text(_kind(backup)).lower() in SOURCES


def _stopped(backup: Resource) -> str:
    """The state of a backup that does not run; empty where it does, or was only declared."""
    properties = ("currentProtectionState", "protectionState")
    states = [text(backup.value("properties", name)) for name in properties]
    return next((state for state in states if state.lower() in STOPPED), "")
