"""What selected Rules need of a cluster: kinds to list, and the least permissions that allow it. Asks no cluster."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from scanner.model.rule import Rule
from scanner.model.types import ESTATE, is_azure, is_terraform
from scanner.sources.cluster.kinds import NAMESPACES

LISTING = ("list",)
"""What an audit does with a kind."""
FOLLOWING = ("get", "list", "watch")
"""What an admission webhook does with the kinds it keeps at hand."""


class Permission(NamedTuple):
    """Verbs on one resource of one API group, in the words of RBAC."""

    group: str
    """Empty for the core group."""
    resource: str
    """Its name in URLs: ``deployments``."""
    verbs: tuple[str, ...]
    type: str
    """``apps/Deployment``."""
    rules: tuple[str, ...]
    """Ids of the Rules that need it, sorted; empty for Namespaces that no Rule asks about."""
    is_guessed: bool
    """Whether the name follows only from the kind, as Kubernetes forms it where no one says otherwise."""


def needed_types(rules: Iterable[Rule]) -> frozenset[str]:
    """Return the Kubernetes types that ``rules`` judge or look up, and Namespaces, which say whose the others are."""
    return frozenset(_askers(rules))


def needed_resources(rules: Iterable[Rule], verbs: tuple[str, ...] = LISTING) -> tuple[Permission, ...]:
    """Return ``verbs`` on every kind that ``rules`` need, by group and resource.

    Beside these a cluster is only asked what it serves and what the caller may do, which every account may
    (``system:discovery`` and ``system:basic-user``).
    """
    found = []
    for type_, ids in _askers(rules).items():
        group, _, kind = type_.rpartition("/")
        known = plurals().get(group, {}).get(kind)
        resource = known or guess_plural(kind)
        group = "" if group == "core" else group
        found.append(Permission(group, resource, verbs, type_, tuple(sorted(ids)), known is None))
    return tuple(sorted(found))


def guess_plural(kind: str) -> str:
    """Return what Kubernetes makes of a kind without a name of its own (apimachinery ``UnsafeGuessKindToResource``)."""
    singular = kind.lower()
    if singular.endswith("endpoints"):
        return singular
    if singular.endswith("s"):
        return singular + "es"
    return singular[:-1] + "ies" if singular.endswith("y") else singular + "s"


def _askers(rules: Iterable[Rule]) -> Mapping[str, set[str]]:
    """Return type → ids of the Rules that need it."""
    askers: defaultdict[str, set[str]] = defaultdict(set)
    askers[NAMESPACES.type] = set()
    for rule in rules:
        for type_ in (*rule.applies_to, *rule.looks_up):
            if _is_served(type_):
                askers[type_].add(rule.id)
    return askers


def _is_served(type_: str) -> bool:
    """Whether a cluster may serve objects of a type; all others come from elsewhere."""
    return type_ != ESTATE and not is_azure(type_) and not is_terraform(type_)


@cache
def plurals() -> Mapping[str, Mapping[str, str]]:
    """Return group → kind → its name in URLs, of all kinds that are known beforehand."""
    text = Path(__file__).with_name("plurals.yaml").read_text("utf-8")
    names: dict[str, dict[str, str]] = yaml.safe_load(text)
    return names
