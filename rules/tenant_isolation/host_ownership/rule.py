from collections import defaultdict
from collections.abc import Iterable, Iterator

from scanner import Estate, Resource
from scanner.model.path import Path
from scanner.model.resource import Fault
from scanner.views import HostView, hosts, listed, owner_of, unreadable


def check(resource: Resource, estate: Estate) -> Iterator[Fault]:
    for at, cause in unreadable(resource):
        yield resource.unknown(f"the hosts of its match are not known: {cause}", at)
    tenant = estate.tenant(resource.tenancy.tenant or "")
    domains = tenant.domains if tenant else ()
    foreign: defaultdict[Path, list[str]] = defaultdict(list)
    for host in hosts(resource):
        if not _owns(domains, host):
            foreign[host.at].append(f"'{host.name}'{_of_another(host, estate)}")
    for at, names in foreign.items():
        declared = f"declared are {listed([*domains])}" if domains else "none are declared"
        yield resource.fail(f"host {listed(names)} is no domain of {owner_of(resource.tenancy)}; {declared}", at)


def _owns(domains: Iterable[str], host: HostView) -> bool:
    """Whether all that the host covers lies in one of the domains."""
    covered = host.pattern.removeprefix("*")
    return any(
        host.pattern == domain or (domain.startswith("*.") and bool(covered) and covered.endswith(domain[1:]))
        for domain in domains
    )


def _of_another(host: HostView, estate: Estate) -> str:
    owner = next((tenant for tenant in estate.tenants if _owns(tenant.domains, host)), None)
    return f" of tenant {owner.id} {owner.name}" if owner else ""
