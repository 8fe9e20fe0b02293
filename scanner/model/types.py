"""Named groups of resource types, so that one Rule serves every kind that carries a Pod."""

from collections.abc import Iterable

WORKLOADS = (
    "core/Pod",
    "core/PodTemplate",
    "core/ReplicationController",
    "apps/DaemonSet",
    "apps/Deployment",
    "apps/ReplicaSet",
    "apps/StatefulSet",
    "batch/CronJob",
    "batch/Job",
)
"""Every built-in kind that is a Pod or holds a Pod template (Kubernetes API 1.35)."""

POD_TEMPLATES = tuple(type_ for type_ in WORKLOADS if type_ != "core/Pod")
"""The workload kinds that hold a Pod template."""

BINDINGS = ("rbac.authorization.k8s.io/ClusterRoleBinding", "rbac.authorization.k8s.io/RoleBinding")
ROLES = ("rbac.authorization.k8s.io/ClusterRole", "rbac.authorization.k8s.io/Role")

ROUTES = (
    "networking.k8s.io/Ingress",
    "gateway.networking.k8s.io/HTTPRoute",
    "traefik.io/IngressRoute",
    "traefik.io/IngressRouteTCP",
)
"""Kinds that publish a host name."""

CLUSTER_SCOPED = frozenset(
    (
        "core/Namespace",
        "core/Node",
        "core/PersistentVolume",
        "rbac.authorization.k8s.io/ClusterRole",
        "rbac.authorization.k8s.io/ClusterRoleBinding",
        "storage.k8s.io/StorageClass",
        "networking.k8s.io/IngressClass",
        "gateway.networking.k8s.io/GatewayClass",
        "cilium.io/CiliumClusterwideNetworkPolicy",
        "apiextensions.k8s.io/CustomResourceDefinition",
        "scheduling.k8s.io/PriorityClass",
        "admissionregistration.k8s.io/ValidatingWebhookConfiguration",
        "admissionregistration.k8s.io/MutatingWebhookConfiguration",
        "cert-manager.io/ClusterIssuer",
        "external-secrets.io/ClusterSecretStore",
    )
)
"""Kinds without a namespace that rules or tenancy ask about (Kubernetes API 1.35 and the named operators)."""

AZURE = "Microsoft.*"
"""Stands for every type that Azure Resource Manager manages."""
RESOURCE_GROUP = "Microsoft.Resources/resourceGroups"

ESTATE = "bulkhead/Estate"
"""The Estate itself: what should be true, as a Resource that is judged like others."""


def is_azure(type_: str) -> bool:
    """Whether ``type_`` is one that Azure Resource Manager manages."""
    return type_.startswith("Microsoft.")


def is_terraform(type_: str) -> bool:
    """Whether ``type_`` is something that only Terraform knows: its settings, its providers, a Helm release."""
    return type_.startswith("terraform/")


GROUPS = {
    "workloads": WORKLOADS,
    "pod_templates": POD_TEMPLATES,
    "bindings": BINDINGS,
    "roles": ROLES,
    "routes": ROUTES,
    "azure": (AZURE,),
}
"""Group names that ``applies_to`` may use beside plain types."""


def expand_types(names: Iterable[str]) -> tuple[str, ...]:
    """Return the types that ``names`` mean, groups expanded, in the order given, each once.

    Raises ValueError for a name that is neither a group nor a ``group/Kind``.
    """
    types: dict[str, None] = {}
    for name in names:
        if name in GROUPS:
            types.update(dict.fromkeys(GROUPS[name]))
        elif "/" in name:
            types[name] = None
        else:
            raise ValueError(f"unknown type {name!r}: write group/Kind, or one of {', '.join(sorted(GROUPS))}")
    return tuple(types)
