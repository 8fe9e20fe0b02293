"""How every format names a Resource and its owner to a person."""

from scanner.formats.printable import printable
from scanner.model.tenancy import Standing, Tenancy


def resource_title(key: str, type_: str) -> str:
    """Return ``Deployment shop/web`` for a Kubernetes key; the key itself for any other."""
    parts = _parts(key)
    if parts is None:
        return printable(key)
    namespace, name = parts[3:]
    kind = type_.rpartition("/")[2]
    return printable(f"{kind} {name}" if namespace in ("", "-") else f"{kind} {namespace}/{name}")


def cluster_of(key: str) -> str:
    """Return the cluster of a Kubernetes key; empty where it names none."""
    parts = _parts(key)
    return printable(parts[0]) if parts is not None and parts[0] != "-" else ""


def type_of(key: str) -> str:
    """Return the type in a Kubernetes key, ``apps/Deployment``; empty for any other key."""
    parts = _parts(key)
    return "/".join(parts[1:3]) if parts is not None else ""


def _parts(key: str) -> list[str] | None:
    """Return cluster, group, kind, namespace and name; None for a key of another control plane."""
    parts = key.split("/")
    return parts if len(parts) == 5 and parts[0] else None


def owner(tenancy: Tenancy) -> str:
    """Return whose a Resource is, in a few words: ``dunmore, production``; empty where nothing was declared."""
    match tenancy.standing:
        case Standing.TENANT:
            words = [tenancy.tenant_name or tenancy.tenant or "", tenancy.environment or ""]
            return printable(", ".join(word for word in words if word))
        case Standing.UNDECLARED:
            return ""
        case Standing.UNMAPPED:
            return "tenant not known"
        case standing:
            return standing.value
