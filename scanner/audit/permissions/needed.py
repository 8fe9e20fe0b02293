"""The permissions of an audit: what its sources say that they need for the Rules that it runs."""

from collections.abc import Iterable
from typing import NamedTuple

from scanner.model.rule import Rule
from scanner.sources.azure.permissions import EVERYTHING
from scanner.sources.azure.permissions import Permission as AzurePermission
from scanner.sources.azure.permissions import permissions as azure_permissions
from scanner.sources.cluster.permissions import Permission as ClusterPermission
from scanner.sources.cluster.permissions import needed_resources


class Needed(NamedTuple):
    """Permissions by control plane."""

    cluster: tuple[ClusterPermission, ...]
    """By group and resource; empty where no Rule reads objects of a cluster."""
    azure: tuple[AzurePermission, ...]
    """By action; empty where no Rule reads resources of Azure."""

    @property
    def actions(self) -> tuple[str, ...]:
        """The fewest actions that allow all of ``azure``: ``*/read`` allows every other."""
        names = tuple(one.action for one in self.azure)
        return (EVERYTHING,) if EVERYTHING in names else names


def needed(rules: Iterable[Rule]) -> Needed:
    """Return what an audit with ``rules`` needs; those that no audit runs count for nothing."""
    chosen = [rule for rule in rules if "audit" in rule.points]
    cluster, azure = needed_resources(chosen), azure_permissions(chosen)
    return Needed(
        cluster if any(one.rules for one in cluster) else (),
        azure if any(one.rules for one in azure) else (),
    )
