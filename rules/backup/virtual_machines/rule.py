from collections.abc import Iterator

from scanner import Inventory, Resource
from scanner.model.resource import Fault
from scanner.model.unknown import Unknown
from scanner.views import text
from scanner.views.azure_links import Link

ITEM = "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems"
PROTECTING = ("", "protected", "irpending")
"""States of an item that is backed up, or is to be with the first backup; a declaration states none."""
BACKUPS = Link((ITEM,), ("properties.sourceResourceId",))


def check(resource: Resource, inventory: Inventory) -> Iterator[Fault]:
    items = BACKUPS.to(inventory, str(resource.attributes.get("id", "")))
    causes = [cause for item in items.sure if (cause := _why_not(item))]
    if items.sure and len(causes) < len(items.sure):
        return
    if any(isinstance(cause, Unknown) for cause in causes):
        yield resource.unknown("whether a backup policy protects it is not known", ("name",))
    elif causes:
        related = [(item, ("properties",), "its backup") for item in items.sure]
        yield resource.fail(f"its backup {causes[0]}; a policy that protects it is expected", ("name",), related)
    elif items.perhaps is not None:
        yield resource.unknown("which machine is backed up is not known of every protected item", ("name",))
    else:
        yield resource.fail(
            "no protected item of a Recovery Services vault is for it; Azure Backup is expected", ("name",)
        )


def _why_not(item: Resource) -> str | Unknown:
    """Why an item does not protect its machine; empty where it does."""
    policy, state = item.value("properties", "policyId"), item.value("properties", "protectionState")
    unknown = next((value for value in (policy, state) if isinstance(value, Unknown)), None)
    if unknown is not None:
        return unknown
    if text(state).lower() not in PROTECTING:
        return f"is {state}"
    return "" if policy else "has no policy"
