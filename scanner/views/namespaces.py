"""Namespaces as rules talk about them: whose one is, and what it is called in a message.

Inventory and Estate come in as functions, so that views stay below both.
"""

from collections.abc import Callable, Mapping

from scanner.model.resource import Resource
from scanner.model.tenancy import Standing, Tenancy

NAME_LABEL = "kubernetes.io/metadata.name"
"""Label that the API server sets on every Namespace."""


def tenancy_of(
    cluster: str,
    name: str,
    lookup: Callable[[str, str], Resource | None],
    resolve: Callable[[str, str, Mapping[str, str]], Tenancy],
) -> Tenancy:
    """Return whose the namespace ``name`` is: as its Namespace object was resolved, else as the Estate declares it.

    ``lookup`` is ``Inventory.namespace`` and ``resolve`` is ``Estate.resolve``.
    """
    namespace = lookup(cluster, name)
    if namespace is None or name == "default":  # that it is there says nothing about what is in it
        return resolve(cluster, name, namespace.labels if namespace is not None else {})
    return namespace.tenancy


def owner_of(tenancy: Tenancy) -> str:
    """Return how messages name an owner: ``tenant t01 aldersyde``, ``the platform`` or ``no declared tenant``."""
    if tenancy.tenant:
        return f"tenant {tenancy.tenant} {tenancy.tenant_name}"
    return "the platform" if tenancy.standing is Standing.PLATFORM else "no declared tenant"
