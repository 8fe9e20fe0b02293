"""How every format names a Resource and its owner to a person."""

from collections import Counter

from scanner.formats.printable import printable
from scanner.model.finding import Finding
from scanner.model.tenancy import Standing, Tenancy


def resource_title(key: str, type_: str) -> str:
    """Return ``Deployment shop/web`` for a Kubernetes key; the key itself for any other."""
    parts = _parts(key)
    if parts is None:
        return printable(key)
    namespace, name = parts[3:]
    kind = type_.rpartition("/")[2]
    return printable(f"{kind} {name}" if namespace in ("", "-") else f"{kind} {namespace}/{name}")


def finding_title(finding: Finding) -> str:
    """Return how the Resource of a Finding is called: its declared address where there is one.

    Of several occurrences the first is named, and how many more there are.
    """
    title = printable(finding.address) if finding.address else resource_title(finding.resource, finding.type)
    others = len(finding.occurrences) - 1
    return f"{title} and {others:,} more" if others > 0 else title


def addresses(finding: Finding) -> list[str]:
    """Return the address of every occurrence; the whole key where two of them have the same address."""
    numbers = Counter(occurrence.address for occurrence in finding.occurrences)
    return [
        printable(occurrence.address if numbers[occurrence.address] == 1 else occurrence.resource)
        for occurrence in finding.occurrences
    ]


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
    # the third part is a kind, which begins with a capital; that of a Terraform key is a folder or an address
    return parts if len(parts) == 5 and parts[0] and parts[2][:1].isupper() else None


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
        case Standing.SEVERAL:
            return "several tenants"
        case standing:
            return standing.value
