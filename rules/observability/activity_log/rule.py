from collections.abc import Hashable, Iterator

from scanner import Estate, Inventory, Resource
from scanner.model.resource import Fault
from scanner.model.unknown import Unknown
from scanner.views import azure_ids, found, mapping, text
from scanner.views.azure_ids import Level
from scanner.views.diagnostics import enabled, exported, why_unknown, workspace_of

ALERT = "Microsoft.Insights/activityLogAlerts"
SETTING = "Microsoft.Insights/diagnosticSettings"
CATEGORIES = ("Administrative", "Security", "Policy", "Alert")
OPERATIONS = (
    "Microsoft.Authorization/roleAssignments/write",
    "Microsoft.Authorization/policyAssignments/write",
    "Microsoft.Network/networkSecurityGroups/write",
    "Microsoft.Network/networkSecurityGroups/delete",
    "Microsoft.Authorization/locks/delete",
)
WATCHED = {operation.lower(): operation for operation in OPERATIONS}


def check(resource: Resource, inventory: Inventory, estate: Estate) -> Iterator[Fault]:
    if resource.type == SETTING:
        yield from _setting(resource, estate)
    elif resource.type == ALERT:
        yield from _alert(resource)
    else:
        yield from _subscription(resource, inventory, estate)


def _setting(resource: Resource, estate: Estate) -> Iterator[Fault]:
    """A setting of a subscription exports the activity log, as far as it says so."""
    scope = resource.attributes.get("scope")
    level = azure_ids.level(scope) if isinstance(scope, str) else None
    categories = enabled(resource)
    if level is None and not categories.isdisjoint(name.lower() for name in CATEGORIES):
        yield resource.unknown("which subscription it is for is not known", ("scope",))
        return
    if level is not Level.SUBSCRIPTION:
        yield resource.skip("it is not for the activity log of a subscription")
        return
    unknown = why_unknown(resource)
    missing = [name for name in CATEGORIES if name.lower() not in categories and "alllogs" not in categories]
    if unknown:
        yield resource.unknown(unknown, ("properties",))
        return
    if missing:
        yield resource.fail(f"the activity log is exported without {', '.join(missing)}", ("properties", "logs"))
    if workspace_of(resource).lower() not in map(str.lower, estate.logs.workspaces):
        known = ", ".join(sorted(estate.logs.workspaces))
        stated = workspace_of(resource) or "no workspace"
        message = f"the activity log is exported to {stated}; a workspace of the estate is expected ({known})"
        yield resource.fail(message, ("properties", "workspaceId"))


def _alert(resource: Resource) -> Iterator[Fault]:
    """An alert that watches one of the operations has to be on, and to reach somebody."""
    watched = sorted(WATCHED[operation] for operation in _operations(resource) if operation in WATCHED)
    if not watched:
        yield resource.skip("it watches none of the operations in question")
        return
    what = f"the alert on {', '.join(watched)}"
    if resource.value("properties", "enabled") is False:
        yield resource.fail(f"{what} is disabled; it must be enabled", ("properties", "enabled"))
    if not any(True for _ in found(resource, "properties.actions.actionGroups[*]")):
        yield resource.fail(f"{what} has no action group; nobody is told", ("properties", "actions"))


def _subscription(resource: Resource, inventory: Inventory, estate: Estate) -> Iterator[Fault]:
    own = azure_ids.subscription(text(resource.attributes.get("id")))
    exports = exported(inventory, own, estate.logs.workspaces)
    missing = [] if exports.has_all else [name for name in CATEGORIES if not exports.covers(name)]
    if missing and exports.unknown:
        yield resource.unknown(exports.unknown)
    elif missing:
        yield resource.fail(f"its activity log is exported to no workspace of the estate: {', '.join(missing)}")
    watched = {operation for alert in _alerts(inventory, own) for operation in _operations(alert)}
    unwatched = [operation for operation in OPERATIONS if operation.lower() not in watched]
    if unwatched:
        yield resource.fail(f"no activity log alert that reaches somebody watches {', '.join(unwatched)}")


def _alerts(inventory: Inventory, subscription: str) -> Iterator[Resource]:
    for alert in inventory.grouped(_scopes, ALERT).get(subscription.lower(), ()):
        reaches = any(True for _ in found(alert, "properties.actions.actionGroups[*]"))
        if reaches and alert.value("properties", "enabled") is not False:
            yield alert


def _scopes(resource: Resource) -> Iterator[Hashable]:
    """Index keys of an alert: the subscriptions it is for."""
    for _, scope in found(resource, "properties.scopes[*]"):
        if isinstance(scope, str):
            yield scope.rstrip("/").lower()


def _operations(resource: Resource) -> Iterator[str]:
    """The operations that an alert watches, in lower case: each alone, or as one of several."""
    for path in ("properties.condition.allOf[*]", "properties.condition.allOf[*].anyOf[*]"):
        for _, condition in found(resource, path):
            one = mapping(condition)
            stated = one.get("equals")
            if text(one.get("field")).lower() == "operationname" and not isinstance(stated, Unknown):
                yield text(stated).lower()
