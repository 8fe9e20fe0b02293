"""The namespaces an Estate declares: those it maps by name, and those its naming pattern implies.

A pattern such as ``^erp-(?P<tenant>[a-z0-9]+)-(?P<environment>dev|prd)$`` is also a recipe: put a tenant and an
environment in and a name comes out. Patterns that are more than literal text around the two groups imply no names;
then only explicit mappings are declared.
"""

import re
from collections.abc import Iterator, Mapping

from scanner.estate.model import Cluster, Declaration, Tenant
from scanner.estate.resolve import NamespaceName

_GROUP = re.compile(r"\(\?P<(tenant|environment)>")
_SPECIAL = re.compile(r"[\\.^$*+?{}\[\]|()]")

Declared = Mapping[NamespaceName, tuple[str, str]]
"""Namespace → (tenant id, environment)."""


def declared_namespaces(declared: Declaration) -> Declared:
    """Return every declared namespace, tenants in the order of the file.

    A tenant's environment that is mapped explicitly has the mapped namespaces only.
    """
    found: dict[NamespaceName, tuple[str, str]] = {}
    recipe = _recipe(declared.namespace_mapping.pattern)
    for tenant in declared.tenants:
        for environment in tenant.environments:
            for name in _namespaces(declared, tenant, environment, recipe):
                found.setdefault(name, (tenant.id, environment))
    return found


def _namespaces(
    declared: Declaration, tenant: Tenant, environment: str, recipe: tuple[str, ...] | None
) -> Iterator[NamespaceName]:
    explicit = [
        NamespaceName(item.cluster, item.namespace)
        for item in declared.namespace_mapping.explicit
        if (item.tenant, item.environment) == (tenant.id, environment)
    ]
    if explicit:
        yield from explicit
        return
    name = _implied(declared, tenant, environment, recipe) if recipe else None
    if name is not None:
        for cluster in clusters_of(declared, tenant, environment):
            yield NamespaceName(cluster.name, name)


def clusters_of(declared: Declaration, tenant: Tenant, environment: str) -> tuple[Cluster, ...]:
    """Return the clusters where a tenant's environment may run: its node pool's if that serves it, else all that do."""
    serving = tuple(cluster for cluster in declared.clusters if environment in cluster.environments)
    if tenant.node_pool is not None:
        own = tuple(cluster for cluster in serving if cluster.name == tenant.node_pool.cluster)
        return own or serving
    return serving


def _implied(declared: Declaration, tenant: Tenant, environment: str, recipe: tuple[str, ...]) -> str | None:
    """The name that the pattern reads as this tenant and environment."""
    mapping = declared.namespace_mapping
    text = tenant.name if mapping.tenant_key == "name" else tenant.id
    aliases = [alias for alias, name in mapping.environment_aliases.items() if name == environment]
    for alias in (*aliases, environment):
        name = "".join({"<tenant>": text, "<environment>": alias}.get(part, part) for part in recipe)
        if re.fullmatch(mapping.pattern, name):
            return name
    return None


def _recipe(pattern: str) -> tuple[str, ...] | None:
    """Split a pattern into literal texts and the marks ``<tenant>`` and ``<environment>``; None where it holds more."""
    rest = pattern.removeprefix("^").removesuffix("$")
    parts: list[str] = []
    while match := _GROUP.search(rest):
        end = _closing(rest, match.end())
        if end is None:
            return None
        parts += [rest[: match.start()], f"<{match[1]}>"]
        rest = rest[end:]
    parts.append(rest)
    if any(_SPECIAL.search(part) for part in parts if part not in ("<tenant>", "<environment>")):
        return None
    return tuple(parts) if {"<tenant>", "<environment>"} <= set(parts) else None


def _closing(pattern: str, start: int) -> int | None:
    """Index after the parenthesis that closes the group whose content begins at ``start``."""
    depth, inside, position = 1, False, start
    while position < len(pattern):
        char = pattern[position]
        if char == "\\":
            position += 1
        elif char in "[]":
            inside = char == "["
        elif not inside and char in "()":
            depth += 1 if char == "(" else -1
            if depth == 0:
                return position + 1
        position += 1
    return None
