"""Whose a namespace is: the explicit mapping, the namespace's labels, or the pattern of its name.

The three are asked in the order the Estate gives; the first that names a *declared* tenant decides. One that names an
undeclared tenant decides nothing, so that a mistyped label cannot take a namespace out of its tenant's rules, but it is
told by :meth:`NamespaceResolver.disagreement`. Nothing here knows Resources or files.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from scanner.estate.model import Declaration, Tenant
from scanner.model.tenancy import Standing, Tenancy

RESERVED_PREFIX = "kube-"
"""Namespaces that Kubernetes keeps for itself. Source: Kubernetes documentation, Namespaces."""
NAME_LABEL = "kubernetes.io/metadata.name"
"""Label that the API server sets on every Namespace."""


MOST_ANSWERS = 50_000
"""Answers that are kept, about 20 MB; more namespaces than any cluster has."""


class NamespaceName(NamedTuple):
    """A namespace that the Estate declares."""

    cluster: str
    namespace: str


class _Claim(NamedTuple):
    """What one of the three says of a namespace."""

    source: str
    tenant: Tenant | None
    environment: str | None
    says: str
    """In words: what it says, or why it says nothing."""
    silent: bool
    """Whether it says nothing at all, rather than something undeclared."""


class NamespaceResolver:
    """Resolves namespaces of one Declaration; answers are kept."""

    def __init__(self, declared: Declaration) -> None:
        self._declared = declared
        self._mapping = declared.namespace_mapping
        self._pattern = re.compile(self._mapping.pattern)
        self._platform = frozenset(declared.platform_namespaces)
        self._by_id = {tenant.id: tenant for tenant in reversed(declared.tenants)}
        self._by_name = {tenant.name: tenant for tenant in reversed(declared.tenants)}
        self._explicit = {(item.cluster, item.namespace): item for item in reversed(self._mapping.explicit)}
        self._answers: dict[tuple[str, str, object, object], Tenancy] = {}

    def tenant(self, text: str) -> Tenant | None:
        """Return the tenant whose id, or else whose name, ``text`` is."""
        return self._by_id.get(text) or self._by_name.get(text)

    def resolve(self, cluster: str, namespace: str, labels: Mapping[str, str]) -> Tenancy:
        """Return whose a namespace is; never raises, whatever the labels hold."""
        keys = self._declared.namespace_labels
        tenant, environment = labels.get(keys.tenant), labels.get(keys.environment)
        question = (cluster, namespace, _text(tenant), _text(environment))
        answer = self._answers.get(question)
        if answer is None:
            if len(self._answers) >= MOST_ANSWERS:
                self._answers.clear()  # a webhook lives for months, and whoever sends requests chooses names and labels
            answer = self._answers[question] = self._resolved(cluster, namespace, labels)
        return answer

    def resolve_labels(self, labels: Mapping[str, str]) -> Tenancy | None:
        """Return whose an object without namespace is, by its tenant label; None where it has no such label."""
        claim = self._label(labels)
        if claim.silent:
            return None
        if claim.tenant is None:
            return Tenancy(Standing.UNMAPPED, reason=claim.says)
        return self.tenancy(claim.tenant, claim.environment, claim.source)

    def disagreement(self, cluster: str, namespace: str, labels: Mapping[str, str]) -> str | None:
        """Return how explicit mapping, labels and name contradict each other or the Estate; None where they do not."""
        claims = [claim for claim in self._claims(cluster, namespace, labels) if not claim.silent]
        if self._is_platform(namespace):
            said = "; ".join(claim.says for claim in claims)
            return f"it is a namespace of the platform, but {said}" if said else None
        resolved = [claim for claim in claims if claim.tenant is not None]
        if not resolved:
            return None
        used = resolved[0]
        against = [claim.says for claim in claims if claim is not used and _contradicts(claim, used)]
        if against:
            return f"{'; '.join((used.says, *against))}; {used.source} is used"
        return self._undeclared_environment(used.tenant, self._environment(used, resolved))

    def tenancy(self, tenant: Tenant, environment: str | None, reason: str) -> Tenancy:
        """Return the Tenancy of a tenant in an environment."""
        declared = self._declared.environments.get(environment) if environment else None
        return Tenancy(
            Standing.TENANT,
            tenant=tenant.id,
            tenant_name=tenant.name,
            environment=environment,
            environment_class=declared.class_ if declared else None,
            tier=tenant.tier,
            hosting=tenant.hosting,
            reason=reason,
        )

    def _resolved(self, cluster: str, namespace: str, labels: Mapping[str, str]) -> Tenancy:
        if self._is_platform(namespace):
            return Tenancy(Standing.PLATFORM, reason="it is a namespace of the platform")
        claims = list(self._claims(cluster, namespace, labels))
        resolved = [claim for claim in claims if claim.tenant is not None]
        if not resolved:
            reasons = "; ".join(claim.says for claim in claims)
            return Tenancy(Standing.UNMAPPED, reason=f"namespace '{namespace}' is not declared: {reasons}")
        used = resolved[0]
        assert used.tenant is not None
        return self.tenancy(used.tenant, self._environment(used, resolved), used.source)

    def _environment(self, used: _Claim, resolved: list[_Claim]) -> str | None:
        """The environment that the deciding source names, else the first one named for the same tenant."""
        same = (claim.environment for claim in resolved if claim.tenant is used.tenant)
        return next((environment for environment in same if environment), None)

    def _undeclared_environment(self, tenant: Tenant | None, environment: str | None) -> str | None:
        if tenant is None or (environment is not None and environment in tenant.environments):
            return None
        if environment is None:
            return f"it belongs to {tenant.id} {tenant.name}, but nothing names one of the declared environments"
        return f"environment '{environment}' is not declared for {tenant.id} {tenant.name}"

    def _is_platform(self, namespace: str) -> bool:
        return namespace in self._platform or namespace.startswith(RESERVED_PREFIX)

    def _claims(self, cluster: str, namespace: str, labels: Mapping[str, str]) -> Iterator[_Claim]:
        for source in self._mapping.order:
            match source:
                case "explicit":
                    yield self._explicitly(cluster, namespace)
                case "label":
                    yield self._label(labels)
                case _:
                    yield self._named(namespace)

    def _explicitly(self, cluster: str, namespace: str) -> _Claim:
        item = self._explicit.get((cluster, namespace))
        if item is None and not cluster:  # a manifest of an unnamed cluster: the name alone may still tell
            named = [item for item in self._mapping.explicit if item.namespace == namespace]
            item = named[0] if len({(item.tenant, item.environment) for item in named}) == 1 else None
        if item is None:
            return _Claim("explicit", None, None, "no explicit mapping names it", silent=True)
        says = f"the explicit mapping says {item.tenant} in {item.environment}"
        return _Claim("explicit", self._by_id.get(item.tenant), item.environment, says, silent=False)

    def _label(self, labels: Mapping[str, str]) -> _Claim:
        keys = self._declared.namespace_labels
        text, environment = _text(labels.get(keys.tenant)), _text(labels.get(keys.environment))
        if text is None:
            return _Claim("label", None, None, f"it has no label {keys.tenant}", silent=True)
        tenant = self.tenant(text)
        says = f"label {keys.tenant} says '{text}'" + ("" if tenant else ", which is no declared tenant")
        if environment is not None:
            says += f" and label {keys.environment} says '{environment}'"
            if environment not in self._declared.environments:
                says += ", which is no declared environment"
        return _Claim("label", tenant, self._known(environment), says, silent=False)

    def _named(self, namespace: str) -> _Claim:
        match = self._pattern.fullmatch(namespace)
        if match is None:
            return _Claim(
                "pattern", None, None, "its name does not match the pattern of tenant namespaces", silent=True
            )
        text, alias = match["tenant"] or "", match["environment"] or ""
        tenant = self._by_name.get(text) if self._mapping.tenant_key == "name" else self._by_id.get(text)
        says = f"its name says '{text}'" + ("" if tenant else ", which is no declared tenant")
        environment = self._mapping.environment_aliases.get(alias, alias)
        known = self._known(environment)
        says += f" in {environment}" if known else f" and environment '{alias}', which is not declared"
        return _Claim("pattern", tenant, known, says, silent=False)

    def _known(self, environment: str | None) -> str | None:
        return environment if environment in self._declared.environments else None


def _contradicts(claim: _Claim, used: _Claim) -> bool:
    if claim.tenant is not used.tenant:
        return True
    return None not in (claim.environment, used.environment) and claim.environment != used.environment


def _text(value: object) -> str | None:
    """A label's value; objects that are not valid may hold anything."""
    return value if isinstance(value, str) and value else None
