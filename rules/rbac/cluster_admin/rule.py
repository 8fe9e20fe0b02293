from collections.abc import Iterator

from scanner import Estate, Inventory, Resource
from scanner.model.path import Path
from scanner.model.resource import Fault
from scanner.views import SubjectView, found, label_selector, mapping, selects, sequence, subjects, text

CLUSTER_ROLE = "rbac.authorization.k8s.io/ClusterRole"
LIMITED = ("admin", "edit", "view")
"""User-facing roles that Kubernetes brings, beside cluster-admin and those that begin with ``system:``."""


def check(resource: Resource, inventory: Inventory, estate: Estate) -> Iterator[Fault]:
    strangers = [subject for subject in subjects(resource) if not _is_approved(subject, estate)]
    if not strangers:
        return
    kind = "Role" if resource.value("roleRef", "kind") == "Role" else "ClusterRole"
    name = text(resource.value("roleRef", "name"))
    title = f"{kind} '{name}'"
    if kind == "ClusterRole" and name == "cluster-admin":
        yield from _objections(resource, strangers, title, [])
        return
    namespace = resource.namespace if kind == "Role" else ""
    role = inventory.get(f"rbac.authorization.k8s.io/{kind}", resource.cluster, namespace, name)
    sources = [*_sources(role, inventory)] if role else []
    grants = [(source, at, "this rule allows everything") for source in sources for at in _everything(source)]
    if grants:
        yield from _objections(resource, strangers, f"{title}, which allows everything,", grants[:3])
    elif any(path[:1] in (("rules",), ("aggregationRule",)) for source in sources for path in source.unknowns):
        yield resource.unknown(f"not all that {title} allows is known", ("roleRef", "name"))
    elif role is None and (kind == "Role" or not (name in LIMITED or name.startswith("system:"))):
        yield resource.unknown(f"what {title} allows is not known: it was not read", ("roleRef", "name"))


def _objections(
    resource: Resource, strangers: list[SubjectView], role: str, grants: list[tuple[Resource, Path, str]]
) -> Iterator[Fault]:
    only = "only declared cluster administrators and break-glass users may have it"
    for subject in strangers:
        yield resource.fail(f"{role} is bound to {subject.title}; {only}", subject.at, grants)


def _is_approved(subject: SubjectView, estate: Estate) -> bool:
    name = subject.name
    if subject.kind == "User":
        users = estate.identities.break_glass
        return any(name == user.upn or name.lower() == user.object_id.lower() for user in users)
    groups = estate.identities.platform.cluster_admins if subject.kind == "Group" else ()
    known = any(name == group.name or name.lower() == group.object_id.lower() for group in groups)
    return known or (subject.kind == "Group" and name == "system:masters")


def _sources(role: Resource, inventory: Inventory) -> Iterator[Resource]:
    """The role and, where it is aggregated, all ClusterRoles that it takes its rules from."""
    pending, seen = [role], {role.name}
    while pending:
        current = pending.pop()
        yield current
        for selector in sequence(mapping(current.value("aggregationRule")).get("clusterRoleSelectors")):
            for other in inventory.of_type(CLUSTER_ROLE, role.cluster):
                if other.name not in seen and selects(label_selector(selector), other.labels):
                    seen.add(other.name)
                    pending.append(other)


def _everything(role: Resource) -> Iterator[Path]:
    for at, rule in found(role, "rules[*]"):
        if all("*" in sequence(mapping(rule).get(field)) for field in ("apiGroups", "resources", "verbs")):
            yield at
