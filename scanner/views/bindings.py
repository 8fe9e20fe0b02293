"""Who is bound: the subjects of a RoleBinding or ClusterRoleBinding, whichever way they are written.

Source: Kubernetes documentation, *Using RBAC Authorization* (referring to subjects) and *Authenticating* (names of
ServiceAccounts as users and groups).
"""

from collections.abc import Iterable
from typing import NamedTuple, Protocol, TypeVar

from scanner.model.path import Path
from scanner.model.resource import Resource
from scanner.views.shapes import found, mapping, text

_ACCOUNT = "system:serviceaccount:"
_ACCOUNTS = "system:serviceaccounts:"


class SubjectView(NamedTuple):
    """One subject of a binding."""

    kind: str
    """``ServiceAccount``, ``User`` or ``Group``, as it is written."""
    name: str
    namespace: str
    """Namespace of the ServiceAccount, or of all the ServiceAccounts, that it stands for; else empty."""
    at: Path
    """Path of what decides whose it is: the namespace of a ServiceAccount, the name of anything else."""

    @property
    def title(self) -> str:
        """How messages name it."""
        if self.kind == "ServiceAccount":
            return f"ServiceAccount {self.namespace or '-'}/{self.name}"
        return f"{self.kind} '{self.name}'"


class Identified(Protocol):
    """What has identities: a tenant of the Estate."""

    @property
    def identities(self) -> tuple[str, ...]:
        """Object ids of its groups and users."""


_Identified = TypeVar("_Identified", bound=Identified)


def subjects(resource: Resource) -> tuple[SubjectView, ...]:
    """Return the subjects of a binding, in order.

    ``system:serviceaccount:<namespace>:<name>`` and ``system:serviceaccounts:<namespace>`` have the namespace they
    speak of. A ServiceAccount without one is of the RoleBinding's own.
    """
    views: list[SubjectView] = []
    for at, item in found(resource, "subjects[*]"):
        subject = mapping(item)
        kind, name, namespace = (text(subject.get(key)) for key in ("kind", "name", "namespace"))
        if kind == "ServiceAccount":
            views.append(SubjectView(kind, name, namespace or resource.namespace, (*at, "namespace")))
        elif name:
            views.append(SubjectView(kind, name, _spoken_of(kind, name), (*at, "name")))
    return tuple(views)


def holder_of(identity: str, tenants: Iterable[_Identified]) -> _Identified | None:
    """Return the first of ``tenants`` that lists ``identity`` (an object id; case does not count)."""
    wanted = identity.lower()
    return next((tenant for tenant in tenants if wanted in map(str.lower, tenant.identities)), None)


def _spoken_of(kind: str, name: str) -> str:
    if kind == "User" and name.startswith(_ACCOUNT):
        return name.removeprefix(_ACCOUNT).partition(":")[0]
    if kind == "Group" and name.startswith(_ACCOUNTS):
        return name.removeprefix(_ACCOUNTS)
    return ""
