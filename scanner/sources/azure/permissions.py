"""The exact actions of Azure that the source needs for some rules: what a role for the audit holds, and no more."""

from collections.abc import Iterable
from typing import NamedTuple

from scanner.canonical.shapes import shape_of
from scanner.model.rule import Rule
from scanner.sources.azure.needs import CONTAINERS, plan_for

EVERYTHING = "*/read"
"""What a rule about every resource needs: Resource Graph shows a resource only to whom may read it."""
_ALWAYS = (
    "Microsoft.ResourceGraph/resources/read",
    "Microsoft.Resources/subscriptions/read",
    "Microsoft.Resources/subscriptions/resourceGroups/read",
    "Microsoft.Management/managementGroups/read",
    "Microsoft.Management/managementGroups/descendants/read",
)
"""To ask at all, and to know which subscriptions there are."""
_OTHERWISE = {
    "microsoft.policyinsights/policystates": ("Microsoft.PolicyInsights/policyStates/queryResults/read",),
}
"""Lower-cased type → actions, where reading it is not named after it."""


class Permission(NamedTuple):
    """One action of Azure, and why it is needed."""

    action: str
    """As a role definition writes it: ``Microsoft.Storage/storageAccounts/read``."""
    rules: tuple[str, ...]
    """Ids of the rules that need it; empty for what every run needs."""


def permissions(rules: Iterable[Rule]) -> tuple[Permission, ...]:
    """Return the actions that reading live Azure for ``rules`` takes, sorted; each of them only reads."""
    plan = plan_for(rules)
    wanted: dict[str, set[str]] = {action: set() for action in _ALWAYS}
    for type_, ids in plan.asked_by.items():
        for action in _actions(type_):
            wanted.setdefault(action, set()).update(ids)
    for action in _ALWAYS:
        wanted[action] = set()
    return tuple(Permission(action, tuple(sorted(ids))) for action, ids in sorted(wanted.items()))


def _actions(type_: str) -> tuple[str, ...]:
    if type_.endswith("*"):
        return (EVERYTHING,)
    if type_ in CONTAINERS:
        return ()
    return _OTHERWISE.get(type_, (f"{shape_of(type_).type}/read",))
