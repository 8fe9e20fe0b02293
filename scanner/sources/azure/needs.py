"""What has to be asked of Azure for some rules: which resources, and which calls beside Resource Graph.

Nothing is read that no rule asks for: that keeps a nightly run within the quotas, and its principal without rights that
nobody can explain. Types that Resource Graph lacks are taken from its list of tables; API versions are those in which
the vendor's REST reference documents the path.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from scanner.canonical.shapes import parent_type, shape_of
from scanner.canonical.tables import arm_type
from scanner.model.path import covers
from scanner.model.rule import Rule
from scanner.model.types import AZURE, RESOURCE_GROUP, is_azure
from scanner.sources.azure import queries
from scanner.sources.azure.queries import Query


class Target(StrEnum):
    """What a call is made for, each time."""

    RESOURCE = "resource"
    """Every resource of the parent type."""
    SUBJECT = "subject"
    """Every resource that a rule judges by it."""
    SUBSCRIPTION = "subscription"


class Call(NamedTuple):
    """A GET that gives what Resource Graph does not have."""

    type: str
    """What it gives."""
    target: Target
    path: str
    """What follows the id of the target."""
    version: str
    single: str = ""
    """Name of the one resource it gives; empty where it gives a list."""
    of: str = ""
    """Type of the target, where the type is not its child."""
    unless: tuple[str, str] = ("", "")
    """(column, value) of targets that have none."""

    @property
    def parent(self) -> str:
        """Lower-cased type of the resources it is made for; empty for subscriptions and for what rules say."""
        return (self.of or parent_type(self.type)).lower() if self.target is Target.RESOURCE else ""

    @property
    def url(self) -> str:
        """What follows the id of the target, with its query."""
        return f"{self.path}{'&' if '?' in self.path else '?'}api-version={self.version}"


def _child(type_: str, version: str, single: str = "", unless: tuple[str, str] = ("", ""), path: str = "") -> Call:
    kind = type_.rpartition("/")[2]
    return Call(
        type_, Target.RESOURCE, path or f"/{kind}" + (f"/{single}" if single else ""), version, single, "", unless
    )


def _of_subscription(type_: str, version: str) -> Call:
    return Call(type_, Target.SUBSCRIPTION, f"/providers/{type_}", version)


_STORAGE = "Microsoft.Storage/storageAccounts"
_FLEXIBLE = "Microsoft.DBforPostgreSQL/flexibleServers"
_SINGLE = "Microsoft.DBforPostgreSQL/servers"
_MYSQL = "Microsoft.DBforMySQL/flexibleServers"
_VAULT = "Microsoft.RecoveryServices/vaults"
_CLUSTER = "Microsoft.ContainerService/managedClusters"
_FILES_ONLY = ("kind", "FileStorage")
DIAGNOSTICS = "Microsoft.Insights/diagnosticSettings"

CALLS = (
    _child(f"{_STORAGE}/blobServices", "2023-05-01", "default", _FILES_ONLY),
    Call(
        f"{_STORAGE}/blobServices/containers",
        Target.RESOURCE,
        "/blobServices/default/containers",
        "2023-05-01",
        of=_STORAGE,
        unless=_FILES_ONLY,
    ),
    _child(f"{_STORAGE}/fileServices", "2023-05-01", "default", ("kind", "BlobStorage")),
    _child(f"{_STORAGE}/managementPolicies", "2023-05-01", "default"),
    _child("Microsoft.KeyVault/vaults/keys", "2023-07-01"),
    _child("Microsoft.KeyVault/vaults/secrets", "2023-07-01"),
    *(_child(f"{_FLEXIBLE}/{kind}", "2024-08-01") for kind in ("configurations", "databases", "firewallRules")),
    *(_child(f"{_FLEXIBLE}/{kind}", "2024-08-01") for kind in ("administrators", "virtualEndpoints")),
    *(_child(f"{_SINGLE}/{kind}", "2017-12-01") for kind in ("configurations", "databases", "firewallRules")),
    *(_child(f"{_MYSQL}/{kind}", "2023-12-30") for kind in ("configurations", "databases", "firewallRules")),
    _child("Microsoft.Cache/redis/firewallRules", "2023-08-01"),
    _child("Microsoft.Cache/redis/accessPolicyAssignments", "2023-08-01"),
    _child("Microsoft.Cache/redisEnterprise/databases", "2024-02-01"),
    _child("Microsoft.Sql/servers/firewallRules", "2021-11-01"),
    _child("Microsoft.Sql/servers/securityAlertPolicies", "2021-11-01", "Default"),
    _child("Microsoft.Sql/servers/auditingSettings", "2021-11-01", "default"),
    _child("Microsoft.Sql/servers/databases/transparentDataEncryption", "2021-11-01", "current"),
    _child("Microsoft.Sql/servers/databases/backupLongTermRetentionPolicies", "2021-11-01", "default"),
    _child("Microsoft.Sql/servers/databases/backupShortTermRetentionPolicies", "2021-11-01", "default"),
    _child("Microsoft.EventHub/namespaces/networkRuleSets", "2024-01-01", "default"),
    _child("Microsoft.ServiceBus/namespaces/networkRuleSets", "2022-10-01-preview", "default"),
    _child(f"{_VAULT}/backupconfig", "2024-04-01", "vaultconfig"),
    _child(f"{_VAULT}/backupstorageconfig", "2024-04-01", "vaultstorageconfig"),
    _child(f"{_VAULT}/backupResourceGuardProxies", "2024-04-01"),
    _child("Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials", "2023-01-31"),
    _child("Microsoft.Network/privateEndpoints/privateDnsZoneGroups", "2024-05-01"),
    _child(f"{_CLUSTER}/maintenanceConfigurations", "2024-09-01"),
    *(
        Call(
            f"Microsoft.KubernetesConfiguration/{kind}",
            Target.RESOURCE,
            f"/providers/Microsoft.KubernetesConfiguration/{kind}",
            "2023-05-01",
            of=_CLUSTER,
        )
        for kind in ("extensions", "fluxConfigurations")
    ),
    Call(DIAGNOSTICS, Target.SUBJECT, f"/providers/{DIAGNOSTICS}", "2021-05-01-preview"),
    _of_subscription("Microsoft.Authorization/locks", "2020-05-01"),
    _of_subscription("Microsoft.Authorization/denyAssignments", "2022-04-01"),
    *(
        _of_subscription(f"Microsoft.Authorization/{kind}", "2020-10-01")
        for kind in (
            "roleEligibilityScheduleInstances",
            "roleEligibilitySchedules",
            "roleEligibilityScheduleRequests",
            "roleAssignmentScheduleInstances",
            "roleAssignmentSchedules",
            "roleAssignmentScheduleRequests",
            "roleManagementPolicies",
            "roleManagementPolicyAssignments",
        )
    ),
    _of_subscription("Microsoft.Consumption/budgets", "2023-05-01"),
    _of_subscription("Microsoft.Security/pricings", "2024-01-01"),
    _of_subscription("Microsoft.Security/securityContacts", "2020-01-01-preview"),
)
"""Every call there is."""

TABLES: Mapping[str, Query] = {
    "microsoft.authorization/roleassignments": queries.AUTHORIZATION,
    "microsoft.authorization/roledefinitions": queries.AUTHORIZATION,
    "microsoft.recoveryservices/vaults/backupfabrics/protectioncontainers/protecteditems": queries.BACKUP,
    "microsoft.recoveryservices/vaults/backuppolicies": queries.BACKUP,
    "microsoft.dataprotection/backupvaults/backupinstances": queries.BACKUP,
    "microsoft.dataprotection/backupvaults/backuppolicies": queries.BACKUP,
    "microsoft.policyinsights/policystates": queries.POLICY_STATES,
    "microsoft.authorization/policyassignments": queries.POLICIES,
    "microsoft.authorization/policyexemptions": queries.POLICIES,
    "microsoft.authorization/policydefinitions": queries.POLICIES,
    "microsoft.web/sites/config": queries.SITE_CONFIG,
}
"""Lower-cased type → the query that gives it, for what stands in a table of its own."""
CONTAINERS = frozenset(
    (RESOURCE_GROUP.lower(), "microsoft.resources/subscriptions", "microsoft.management/managementgroups")
)
"""Lower-cased types that are always read: they say whose everything is."""
_EVERYTHING = AZURE.lower()
_DIRECTORY = "microsoft.graph/"
"""Begins the types of Entra ID, which is another service with rights of its own; only Terraform declares them here."""
_CHILDREN_WITH_RESOURCES = frozenset(
    (
        "microsoft.automation/automationaccounts/runbooks",
        "microsoft.cdn/profiles/endpoints",
        "microsoft.compute/virtualmachines/extensions",
        "microsoft.containerregistry/registries/replications",
        "microsoft.network/networkwatchers/flowlogs",
        "microsoft.network/privatednszones/virtualnetworklinks",
        "microsoft.sql/servers/databases",
        "microsoft.sql/servers/elasticpools",
        "microsoft.web/sites/slots",
    )
)
"""Lower-cased types of children that the table of resources has."""
_WITHOUT_DIAGNOSTICS = ("microsoft.insights/", "microsoft.authorization/", "microsoft.resources/resourcegroups")
"""Beginnings of types that no setting of diagnostics can be for."""
SERVICES = {_STORAGE.lower(): ("/blobServices/default", "/fileServices/default")}
"""Lower-cased type → services in it with diagnostics of their own: of an ordinary account, of one for files."""
SUBSCRIPTIONS = "microsoft.resources/subscriptions"


class Plan(NamedTuple):
    """What is asked of Azure."""

    types: frozenset[str] | None
    """Lower-cased types of the table of resources; None for all of them."""
    queries: tuple[Query, ...]
    """Of other tables."""
    calls: tuple[Call, ...]
    subjects: Mapping[str, frozenset[str]]
    """Lower-cased type of a call for subjects → lower-cased types that it is made for."""
    asked_by: Mapping[str, tuple[str, ...]]
    """Lower-cased type → ids of the rules that it is read for."""
    unread: tuple[str, ...] = ()
    """Lower-cased types that rules ask for and nothing here gives."""

    @property
    def asks_subscriptions(self) -> bool:
        """Whether something is asked of whole subscriptions."""
        whole = any(call.target is Target.SUBSCRIPTION for call in self.calls)
        return whole or any(SUBSCRIPTIONS in types for types in self.subjects.values())


def plan_for(rules: Iterable[Rule]) -> Plan:
    """Return what has to be asked for the rules of the audit among ``rules``."""
    asked: dict[str, set[str]] = {}
    subjects: dict[str, set[str]] = {}
    for rule in rules:
        if "audit" not in rule.points:
            continue
        applies = [type_ for type_ in rule.applies_to if _is_arm(type_)]
        looked_up = [type_ for type_ in rule.looks_up if _is_arm(type_)]
        for type_ in (*applies, *looked_up, *_nested_in(rule, applies)):
            asked.setdefault(_held_by(type_.lower()), set()).add(rule.id)
        for call in CALLS:
            if call.target is Target.SUBJECT and call.type in looked_up:
                judged = [type_.lower() for type_ in applies if not type_.lower().startswith(_WITHOUT_DIAGNOSTICS)]
                subjects.setdefault(call.type.lower(), set()).update(judged)
    config, site = "microsoft.web/sites/config", "microsoft.web/sites"
    if config in asked:  # it is joined into the site
        asked.setdefault(site, set()).update(asked[config])
    for call in CALLS:  # what is below a resource is found through it
        if call.parent and call.type.lower() in asked:
            asked.setdefault(call.parent, set()).update(asked[call.type.lower()])
    return _plan(asked, {type_: frozenset(of) for type_, of in subjects.items()})


def plan_of(types: Iterable[str], asker: str) -> Plan:
    """Return what has to be asked to see all resources, and what the tables of Resource Graph lack of ``types``.

    ``asker`` is whom the ledger names for it. Nothing is ``unread``: who looks for a resource of a type that nothing
    gives is to say so of each.
    """
    wanted = [type_ for type_ in types if _is_arm(type_)]
    asked = {_held_by(type_.lower()): {asker} for type_ in wanted}
    asked[_EVERYTHING] = {asker}
    subjects = {
        call.type.lower(): frozenset(
            type_.lower() for type_ in wanted if not type_.lower().startswith(_WITHOUT_DIAGNOSTICS)
        )
        for call in CALLS
        if call.target is Target.SUBJECT and call.type.lower() in asked
    }
    return _plan(asked, subjects)._replace(unread=())


def _plan(asked: Mapping[str, set[str]], subjects: Mapping[str, frozenset[str]]) -> Plan:
    calls = tuple(call for call in CALLS if call.type.lower() in asked)
    elsewhere = {call.type.lower() for call in calls} | TABLES.keys() | CONTAINERS
    types = None if _EVERYTHING in asked else frozenset(asked.keys() - elsewhere)
    found = {TABLES[type_]: None for type_ in sorted(asked) if type_ in TABLES}
    by = {type_: tuple(sorted(ids)) for type_, ids in sorted(asked.items())}
    plain = asked.keys() - elsewhere - _CHILDREN_WITH_RESOURCES
    unread = tuple(sorted(type_ for type_ in plain if parent_type(type_) and type_ != _EVERYTHING))
    return Plan(types, tuple(found), calls, subjects, by, unread)


def _is_arm(type_: str) -> bool:
    return is_azure(type_) and not type_.lower().startswith(_DIRECTORY)


def _held_by(type_: str) -> str:
    """Return the lower-cased type whose resources hold what is asked for: of what ARM nests that of the parent."""
    parent = parent_type(type_)
    is_inside = parent and type_.rpartition("/")[2] in shape_of(parent).nested
    return parent if is_inside and type_ not in _CALLED and type_ not in TABLES else type_


def types_of(query: Query) -> tuple[str, ...]:
    """Return the lower-cased types that a table of its own gives; empty for the table of all resources."""
    return tuple(sorted(type_ for type_, found in TABLES.items() if found is query))


def _nested_in(rule: Rule, applies: Iterable[str]) -> list[str]:
    """Return the types of children that say what a rule reads of their parent."""
    found = []
    for type_ in applies:
        table = arm_type(type_.lower()) or {}
        spelled = table.get("nested", {})
        for kind, nested in shape_of(type_).nested.items():
            if any(covers(target, path) or covers(path, target) for target in nested.targets for path in rule.reads):
                found.append(f"{type_}/{next((name for name in spelled if name.lower() == kind), kind)}")
    return [type_ for type_ in found if type_.lower() in _CALLED or type_.lower() in TABLES]


_CALLED = frozenset(call.type.lower() for call in CALLS)
