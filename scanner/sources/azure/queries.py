"""The questions that Resource Graph is asked: a fixed set, so that what is read of an estate can be reviewed here.

Source: "Supported Azure Resource Graph tables and resources"; "Working with large Azure resource data sets" for order,
pages and partitions.
"""

from collections.abc import Iterable
from typing import NamedTuple

PAGE_ROWS = 1000
"""The most that Resource Graph gives at once."""


class Query(NamedTuple):
    """One question."""

    name: str
    """Short, for pages and the ledger: ``resources``."""
    table: str
    """Table and conditions, each on a part of its own."""
    columns: str
    inherits: bool = False
    """Whether what was granted above the scope counts too."""

    def text(self, partition: int = 0, partitions: int = 1) -> str:
        """Return the query, for one of several partitions of the ids, in an order in which each row has one place."""
        where = f" | where hash(tolower(id)) % {partitions} == {partition}" if partitions > 1 else ""
        return f"{self.table}{where} | project {self.columns} | order by id asc"


_COMMON = "id,name,type,location,kind,sku,plan,identity,zones,extendedLocation,managedBy,tags,properties"
_OWNED = "tenantId,subscriptionId,resourceGroup"

CONTAINERS = Query(
    "containers", "resourcecontainers", "id,name,type,location,tags,properties,managedBy,tenantId,subscriptionId"
)
"""Management groups, subscriptions and resource groups: whose everything is."""
AUTHORIZATION = Query(
    "authorization",
    "authorizationresources | where type in~ ('microsoft.authorization/roleassignments',"
    "'microsoft.authorization/roledefinitions')",
    "id,name,type,properties,tenantId,subscriptionId",
    inherits=True,
)
BACKUP = Query(
    "backup",
    "recoveryservicesresources | where type in~ ("
    "'microsoft.recoveryservices/vaults/backupfabrics/protectioncontainers/protecteditems',"
    "'microsoft.recoveryservices/vaults/backuppolicies','microsoft.dataprotection/backupvaults/backupinstances',"
    "'microsoft.dataprotection/backupvaults/backuppolicies')",
    "id,name,type,location,properties,subscriptionId,resourceGroup",
)
POLICY_STATES = Query(
    "policy states",
    "policyresources | where type =~ 'microsoft.policyinsights/policystates'"
    " | where properties.complianceState =~ 'NonCompliant'",
    "id,name,type,properties",
)
POLICIES = Query(
    "policies",
    "policyresources | where type in~ ('microsoft.authorization/policyassignments',"
    "'microsoft.authorization/policyexemptions','microsoft.authorization/policydefinitions')",
    "id,name,type,location,identity,properties,tenantId,subscriptionId",
)
SITE_CONFIG = Query(
    "site configuration",
    "appserviceresources | where type =~ 'microsoft.web/sites/config'",
    "id,name,type,properties,subscriptionId",
)
SIZES = "resources | summarize n=count() by type | order by type asc"
"""How many resources there are: decides how a pull is divided. Its rows have no ids."""

HEAVY = {
    "microsoft.containerservice/managedclusters": 5,
    "microsoft.network/applicationgateways": 5,
    "microsoft.network/networksecuritygroups": 3,
    "microsoft.network/azurefirewalls": 3,
    "microsoft.compute/virtualmachinescalesets": 3,
}
"""Types of which a row is as large as several others: 1,000 of them may pass the 16 MB of one answer."""
FILL = 700
"""Rows that a partition is meant to hold, so that chance does not bring it above one page."""


def resources(types: Iterable[str] | None) -> Query:
    """Return the question for resources, all of them or those of some lower-cased types."""
    if types is None:
        return Query("resources", "resources", f"{_COMMON},{_OWNED}")
    wanted = ",".join(f"'{type_}'" for type_ in sorted(types))
    return Query("resources", f"resources | where type in~ ({wanted})", f"{_COMMON},{_OWNED}")


def changes_of(ids: Iterable[str]) -> Query:
    """Return the question who changed the resources ``ids``, in lower case."""
    quoted = ",".join("'" + id_.replace("\\", "\\\\").replace("'", "\\'") + "'" for id_ in ids)
    return Query(
        "changes", f"resourcechanges | where tolower(properties.targetResourceId) in ({quoted})", "id,properties"
    )


def partitions(counts: Iterable[tuple[str, int]], types: Iterable[str] | None) -> int:
    """Return how many partitions a pull is divided into, from (type, number) of what there is."""
    wanted = None if types is None else frozenset(types)
    weight = sum(
        number * HEAVY.get(type_.lower(), 1) for type_, number in counts if wanted is None or type_.lower() in wanted
    )
    return max(1, -(-weight // FILL))
