"""Who goes by which name, so that what one tenant reads does not name another.

Messages of Rules name what they compare a Resource with: a namespace, a host, a database. Such a name is taken out of
what a tenant reads where it is somebody else's and nobody's in common: the names of tenants and what the Estate
declares as theirs, and every part of the keys of their Resources.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from scanner.model.finding import Finding
from scanner.model.judged import Judged
from scanner.model.path import Path
from scanner.report.compare import units

if TYPE_CHECKING:
    from scanner.estate import Estate
    from scanner.estate.model import Tenant

ANOTHER = "[another tenant]"
"""What stands for a name that is somebody else's."""
_WORD = re.compile(r"\w+(?:[.-]+\w+)*")
_PART = re.compile(r"[^\W_]+")
_LONGEST = 6
"""Parts of the longest name of a tenant that is looked for inside other names: ``north-wind`` has two."""
_ANYBODY = "?"
"""Owner of what belongs to somebody who is not known."""
_SHARED = ""
"""Owner of what is no tenant's."""


def words_in(text: str) -> Iterator[str]:
    """Yield every stretch of ``text`` that is looked up as a name, in lower case: ``a.b`` gives itself and ``b``."""
    for match in _WORD.finditer(text):
        word = match[0].lower()
        while word:
            yield word
            word = word.partition(".")[2]


class Names:
    """Names in lower case and whose they are. Made once for all tenants of a run."""

    def __init__(self) -> None:
        self._owners: defaultdict[str, set[str]] = defaultdict(set)
        self._tenants: dict[str, str] = {}

    @classmethod
    def of(cls, estate: "Estate", judged: Iterable[Judged] = ()) -> "Names":
        """Return the names that ``estate`` declares and those of the Resources in ``judged``."""
        names = cls()
        for tenant in estate.tenants:
            for name in (tenant.id, tenant.name):
                names._tenants[_joined(name)] = tenant.id
            names._add(_declared(tenant), tenant.id)
        for subscription in estate.subscriptions:
            names._add((subscription.id, subscription.name), subscription.tenant or _SHARED)
        for cluster in estate.clusters:
            names._add((cluster.name,), _SHARED)
        for one in judged:
            names.add_resource(one.key, one.tenancy.tenant)
        return names

    def add_resource(self, key: str, tenant: str | None) -> None:
        """Learn the names in the key of a Resource that is ``tenant``'s, or no tenant's."""
        self._add(key.split("/"), tenant or _SHARED)

    def add_findings(self, findings: Sequence[Finding]) -> None:
        """Learn the names of the Resources that ``findings`` speak of; a related one may be anybody's."""
        known = set()
        for unit in units(findings):
            self.add_resource(unit.occurrence.resource, unit.occurrence.tenancy.tenant)
            known.add(unit.occurrence.resource)
        for finding in findings:
            for related in finding.related:
                if related.resource not in known:
                    self._add(related.resource.split("/")[-2:], _ANYBODY)

    def withheld(self, text: str, tenant: str) -> str:
        """Return ``text`` without the names of others than ``tenant``."""
        return _WORD.sub(lambda match: ANOTHER if self._foreign(match[0].lower(), tenant) else match[0], text)

    def withheld_path(self, path: Path, tenant: str) -> Path:
        """Return an attribute path without the names of others: a key of a map may be one."""
        return tuple(self.withheld(step, tenant) if isinstance(step, str) else step for step in path)

    def _add(self, names: Iterable[str], owner: str) -> None:
        for name in names:
            if name:
                self._owners[name.lower()].add(owner)

    def _foreign(self, word: str, tenant: str) -> bool:
        owners = self._owners.get(word)
        if owners is not None and tenant in owners:
            return False
        if self._names_another(word, tenant):
            return True
        if owners is not None:
            return _SHARED not in owners
        # a host below a domain, a name below another
        following = word.partition(".")[2]
        return bool(following) and self._foreign(following, tenant)

    def _names_another(self, word: str, tenant: str) -> bool:
        """Whether the name of another tenant is part of ``word``: ``erp-kestrel-prd``."""
        parts = _PART.findall(word)
        return any(
            self._tenants.get("-".join(parts[start:end]), tenant) != tenant
            for start in range(len(parts))
            for end in range(start + 1, min(len(parts), start + _LONGEST) + 1)
        )


def _declared(tenant: "Tenant") -> Iterator[str]:
    """Yield everything the Estate declares by which a tenant, or something of its own, can be known."""
    yield from (tenant.id, tenant.name, tenant.owner, tenant.cost_center, *tenant.domains, *tenant.identities)
    yield from (tenant.vnet or "", tenant.residency_exemption or "")
    data = tenant.data
    if data.postgresql is not None:
        yield from (data.postgresql.server, data.postgresql.database or "", data.postgresql.role or "")
    if data.redis is not None:
        yield from (data.redis.instance, data.redis.key_prefix or "")
    if data.storage is not None:
        yield from (data.storage.account, data.storage.container)
    for vault in tenant.key_vaults:
        yield from (vault.name, vault.prefix or "")
    if tenant.node_pool is not None:
        yield tenant.node_pool.name


def _joined(name: str) -> str:
    return "-".join(_PART.findall(name.lower()))
