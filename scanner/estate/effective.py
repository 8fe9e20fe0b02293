"""The resolved record of one tenant in one environment: what rules read and reports print.

It is a view of the Estate after overrides, residency and naming have been worked out; it adds no facts of its own.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from scanner.estate.build import plain
from scanner.estate.model import KeyVault, NodePool, Registry, TenantData, Tier
from scanner.estate.resolve import NamespaceName


class Effective(NamedTuple):
    """Everything the Estate promises one tenant in one environment."""

    tenant: str
    """Tenant id."""
    tenant_name: str
    environment: str
    environment_class: str
    hosting: str
    isolation: str
    tier: Tier
    """The service tier after the overrides of this environment."""
    owner: str
    cost_center: str
    data_classification: str
    residency: str
    allowed_regions: tuple[str, ...]
    """Normalised; the residency zone's where the tenant names none."""
    clusters: tuple[str, ...]
    """Names of the clusters where this environment may run."""
    namespaces: tuple[NamespaceName, ...]
    domains: tuple[str, ...]
    data: TenantData
    key_vaults: tuple[KeyVault, ...]
    identities: tuple[str, ...]
    registries: tuple[Registry, ...]
    """Those that serve this environment."""
    approved_skus: Mapping[str, tuple[str, ...]]
    """Service → SKUs approved for the class."""
    node_pool: NodePool | None = None
    vnet: str | None = None

    def as_data(self) -> dict[str, Any]:
        """Return it as JSON data, keys as in ``estate.yaml``; the tier also has ``rpoSeconds`` and ``rtoSeconds``."""
        return {**plain(self), "tier": tier_data(self.tier)}

    @property
    def digest(self) -> str:
        """``sha256:`` and 64 hexadecimal digits: tells a changed Estate from changed infrastructure."""
        return digest_of(self.as_data())


def tier_data(tier: Tier) -> dict[str, Any]:
    """Return a tier as JSON data, its durations also in seconds, since Rego has no ISO 8601 durations."""
    return {**plain(tier), "rpoSeconds": tier.rpo_s, "rtoSeconds": tier.rto_s}


def digest_of(data: Any) -> str:
    """Return the digest of JSON data: the order of its keys does not count."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()
