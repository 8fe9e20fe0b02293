from collections.abc import Hashable, Iterator

from scanner import Estate, Inventory, Resource
from scanner.estate.durations import parse_duration
from scanner.model.path import Path
from scanner.model.resource import Fault
from scanner.model.unknown import Unknown
from scanner.views import azure_ids, found, mapping, sequence, text
from scanner.views.role_assignments import principal_of, role_of, scope_of

ASSIGNMENT = "Microsoft.Authorization/roleAssignments"
INSTANCE = "Microsoft.Authorization/roleAssignmentScheduleInstances"
REQUEST = "Microsoft.Authorization/roleAssignmentScheduleRequests"
POLICY = "Microsoft.Authorization/roleManagementPolicies"
POLICY_ASSIGNMENT = "Microsoft.Authorization/roleManagementPolicyAssignments"
PRIVILEGED = ("Owner", "Contributor", "User Access Administrator", "Role Based Access Control Administrator")
PEOPLE = ("", "user", "group")
"""Kinds of principal, in lower case, that can activate a role; service principals cannot."""
ROLE = ("properties", "roleDefinitionId")
DECIDING = (
    ("scope",),
    ("properties", "principalId"),
    ("properties", "principalType"),
    ("properties", "assignmentType"),
    ("properties", "endDateTime"),
)
"""What decides on an assignment or the instance of a schedule, beside the role."""
SCHEDULE = ("properties", "scheduleInfo", "expiration")


def check(resource: Resource, inventory: Inventory | None, estate: Estate | None) -> Iterator[Fault]:
    """A request is judged alone, before there is an inventory; everything else is judged in the audit."""
    if resource.type == POLICY and inventory is not None and estate is not None:
        yield from _policy(resource, inventory, estate)
        return
    role = role_of(resource, inventory)
    if role.unknown:
        yield resource.unknown(role.unknown, ROLE)
    if role.name not in PRIVILEGED:
        return
    if resource.type == REQUEST:
        yield from _request(resource, role.name)
    elif cause := _unknown(resource):
        yield resource.unknown(cause, ("properties",))
    elif inventory is not None and estate is not None:
        yield from _held(resource, role.name, inventory, estate)


def _held(resource: Resource, role: str, inventory: Inventory, estate: Estate) -> Iterator[Fault]:
    if _is_production(resource, estate) and _is_standing(resource, inventory) and not _may_stand(resource, estate):
        who = f"principal {principal_of(resource)} is permanently {role} of {scope_of(resource).title}"
        at = ROLE if resource.type == ASSIGNMENT else ("properties", "endDateTime")
        yield resource.fail(f"{who}; an eligible assignment is expected", at)


def _unknown(resource: Resource) -> str:
    """Why it cannot be told who has the role, where and for how long; empty where it can."""
    for path in DECIDING:
        value = resource.value(*path)
        if isinstance(value, Unknown):
            return f"{path[-1]} is not known: {value.reason}"
    return ""


def _request(resource: Resource, role: str) -> Iterator[Fault]:
    """An active assignment through PIM; eligible ones are of another type."""
    stated, ends = resource.value("properties", "requestType"), resource.value(*SCHEDULE)
    kind, expiration = text(stated).lower(), mapping(ends)
    for value in (stated, ends, *expiration.values()):
        if isinstance(value, Unknown):
            yield resource.unknown(f"when the assignment ends is not known: {value.reason}", SCHEDULE)
            return
    if kind == "adminassign" and not any(expiration.get(key) for key in ("duration", "endDateTime")):
        yield resource.fail(
            f"the active assignment of {role} never ends; an end, or an eligible one is expected", SCHEDULE
        )


def _is_production(resource: Resource, estate: Estate) -> bool:
    """Whether the scope holds production: by its own environment, or by its subscription's; above, it does."""
    if resource.tenancy.environment_class is not None:
        return resource.tenancy.environment_class == "production"
    subscription = azure_ids.subscription(scope_of(resource).id).rpartition("/")[2]
    if not subscription:
        return True
    declared = estate.subscription(subscription)
    return declared is None or any(estate.environments[one].class_ == "production" for one in declared.environments)


def _is_standing(resource: Resource, inventory: Inventory) -> bool:
    """Whether it has no end. What PIM knows has a schedule, which tells and is judged in the assignment's place."""
    if resource.type == INSTANCE:
        kind = text(resource.value("properties", "assignmentType")).lower()
        return kind != "activated" and not resource.value("properties", "endDateTime")
    return not inventory.grouped(_assigned, INSTANCE).get(_same(resource))


def _may_stand(resource: Resource, estate: Estate) -> bool:
    """Break-glass identities must work when PIM does not; service principals cannot activate anything."""
    identities = estate.identities
    free = (*identities.break_glass, *identities.pipelines)
    if principal_of(resource) in [one.object_id.lower() for one in free]:
        return True
    return text(resource.value("properties", "principalType")).lower() not in PEOPLE


def _assigned(resource: Resource) -> Iterator[Hashable]:
    yield _same(resource)


def _same(resource: Resource) -> Hashable:
    """What an assignment and its schedule have in common."""
    role = azure_ids.name(text(resource.value(*ROLE))).lower()
    return role, str(principal_of(resource)), scope_of(resource).id.rstrip("/").lower()


def _policy(resource: Resource, inventory: Inventory, estate: Estate) -> Iterator[Fault]:
    """What a role asks of whoever activates it; the assignment of the policy says which role that is."""
    assigned = inventory.grouped(_policy_id, POLICY_ASSIGNMENT).get(text(resource.attributes.get("id")).lower())
    if not assigned:
        yield resource.skip("it is not assigned to a role")
        return
    role = role_of(assigned[0], inventory)
    if role.name not in (*PRIVILEGED, *estate.identities.pim.require_approval):
        yield resource.skip("it is not for a privileged role")
        return
    rules = {
        text(mapping(rule).get("id")): (path, mapping(rule)) for path, rule in found(resource, "properties.rules[*]")
    }
    yield from _enablement(
        resource,
        role.name,
        *rules.get("Enablement_EndUser_Assignment", _ABSENT),
        bool(mapping(rules.get("AuthenticationContext_EndUser_Assignment", _ABSENT)[1]).get("isEnabled")),
    )
    if role.name in estate.identities.pim.require_approval:
        path, rule = rules.get("Approval_EndUser_Assignment", _ABSENT)
        if mapping(rule.get("setting")).get("isApprovalRequired") is not True:
            yield resource.fail(f"{role.name} is activated without approval; the estate requires approval", path)
    yield from _duration(resource, role.name, *rules.get("Expiration_EndUser_Assignment", _ABSENT), estate)


_ABSENT: tuple[Path, dict[str, object]] = (("properties", "rules"), {})


def _policy_id(resource: Resource) -> Iterator[Hashable]:
    yield text(resource.value("properties", "policyId")).lower()


def _enablement(resource: Resource, role: str, path: Path, rule: object, in_context: bool) -> Iterator[Fault]:
    """An authentication context asks for more than a second factor, and takes its place."""
    enabled = sequence(mapping(rule).get("enabledRules"))
    asked = {
        "Justification": "justification",
        **({} if in_context else {"MultiFactorAuthentication": "a second factor"}),
    }
    missing = [title for name, title in asked.items() if name not in enabled]
    if missing:
        yield resource.fail(f"{role} is activated without {' and '.join(sorted(missing))}; both are expected", path)


def _duration(resource: Resource, role: str, path: Path, rule: object, estate: Estate) -> Iterator[Fault]:
    longest = estate.identities.pim.max_activation_hours
    stated = text(mapping(rule).get("maximumDuration"))
    try:
        seconds = parse_duration(stated)
    except ValueError:
        yield resource.unknown(f"how long {role} may be activated is not known", path)
        return
    if seconds > longest * 3600:
        yield resource.fail(
            f"{role} is activated for {stated}; at most PT{longest}H is expected", (*path, "maximumDuration")
        )
