"""From plain data to the records of :mod:`scanner.estate.model`, and back.

The data has been validated against the schema, so nothing is checked here. One table says which fields hold records;
everything else follows from the names: field ``hub_vnet`` is key ``hubVnet``, lists become tuples, absent keys leave
the default.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from scanner.estate import model

Convert = Callable[[Any], Any]
_R = TypeVar("_R")


def record(cls: type[_R], data: Mapping[str, Any]) -> _R:
    """Return the record that ``data`` (keys as in the file) writes down; keys that are null are absent ones."""
    values = {}
    for key, (field, convert) in _keys(cls).items():
        value = data.get(key)
        if value is not None:
            values[field] = convert(value)
    return cls(**values)


def plain(value: Any) -> Any:
    """Return a record, or what holds records, as JSON data keyed as in the file; absent values are left out."""
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        keys = _keys(type(value)).items()
        return {key: plain(item) for key, (field, _) in keys if (item := getattr(value, field)) is not None}
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def overridden(tier: model.Tier, override: Mapping[str, Any]) -> model.Tier:
    """Return ``tier`` with the attributes that ``override`` (keyed as in the file) states."""
    keys = _keys(model.Tier)
    fields = {keys[key][0]: keys[key][1](value) for key, value in override.items()}
    quota = {**tier.quota, **fields.pop("quota", {})}
    return tier._replace(quota=quota, **fields)


def _keys(cls: type) -> Mapping[str, tuple[str, Convert]]:
    """Key in the file → (field, how its value is converted)."""
    table = _TABLES.get(cls)
    if table is None:
        converts = next((_CONVERT[base] for base in cls.__mro__ if base in _CONVERT), {})
        table = {_key(field): (field, converts.get(field, _value)) for field in cls._fields}  # type: ignore[attr-defined]
        _TABLES[cls] = table
    return table


_TABLES: dict[type, Mapping[str, tuple[str, Convert]]] = {}
"""Filled on first use; a pure function of the class."""


def _key(field: str) -> str:
    """``hub_vnet`` → ``hubVnet``, ``class_`` → ``class``."""
    first, *rest = field.rstrip("_").split("_")
    return first + "".join(word.capitalize() for word in rest)


def _value(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _region(name: str) -> str:
    return name.replace(" ", "").lower()


def _one(cls: type[Any]) -> Convert:
    return lambda data: record(cls, data)


def _many(cls: type[Any]) -> Convert:
    return lambda items: tuple([record(cls, item) for item in items])


def _named(cls: type[Any]) -> Convert:
    """A mapping name → object; the record carries the name too."""
    return lambda items: {name: record(cls, {"name": name, **item}) for name, item in items.items()}


def _each(convert: Convert) -> Convert:
    return lambda items: {name: convert(item) for name, item in items.items()}


def _texts(items: Mapping[str, Any]) -> dict[str, str]:
    """Quantities and versions, which may be written as numbers."""
    return {name: str(item) for name, item in items.items()}


def _regions(items: list[str]) -> tuple[str, ...]:
    return tuple([_region(item) for item in items])


def _lowers(items: list[str]) -> tuple[str, ...]:
    return tuple([item.lower() for item in items])


def _moment(text: str) -> datetime:
    """A moment of the file in UTC; one without an offset is taken as UTC."""
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


_CONVERT: Mapping[type, Mapping[str, Convert]] = {
    model.Metadata: {"revision": date.fromisoformat},
    model.Regions: {
        "residency_zones": _each(_regions),
        "paired": lambda items: {_region(k): v if v is None else _region(v) for k, v in items.items()},
        "dr_target": lambda items: {_region(k): _region(v) for k, v in items.items()},
        "global_types": _lowers,
    },
    model.Tier: {"quota": _texts},
    model.Tags: {
        "case_policy": _one(model.CasePolicy),
        "allowed": _each(_one(model.AllowedValues)),
        "exempt_types": _lowers,
    },
    model.NamespaceMapping: {"explicit": _many(model.ExplicitMapping)},
    model.Cluster: {
        "region": _region,
        "gitops": _one(model.GitOps),
        "admission": _one(model.Admission),
        "backup": _one(model.ClusterBackup),
        "pools": _named(model.Pool),
    },
    model.PlatformIdentities: {
        "cluster_admins": _many(model.Group),
        "db_admins": _many(model.Group),
        "owners": _many(model.Group),
        "approvers": _each(tuple),
    },
    model.Identities: {
        "break_glass": _many(model.BreakGlass),
        "platform": _one(model.PlatformIdentities),
        "pipelines": _many(model.Pipeline),
        "tenant_groups": _one(model.TenantGroups),
        "pim": _one(model.Pim),
    },
    model.MinimumVersion: {"min": str},
    model.Logs: {"workspaces": _each(_region)},
    model.Crypto: {"min_tls": str},
    model.Exemptions: {"items": _many(model.EstateExemption)},
    model.EstateExemption: {
        "scope": _each(tuple),
        "approved": date.fromisoformat,
        "expires": date.fromisoformat,
    },
    model.Evidence: {"restore_tests": _many(model.RestoreTest)},
    model.RestoreTest: {"completed": _moment},
    model.TenantData: {
        "postgresql": _one(model.Postgresql),
        "redis": _one(model.Redis),
        "storage": _one(model.Storage),
    },
    model.Declaration: {
        "metadata": _one(model.Metadata),
        "regions": _one(model.Regions),
        "environments": _named(model.Environment),
        "tiers": _named(model.Tier),
        "tier_windows": _one(model.TierWindows),
        "tags": _one(model.Tags),
        "namespace_labels": _one(model.NamespaceLabels),
        "workload_labels": _one(model.WorkloadLabels),
        "namespace_mapping": _one(model.NamespaceMapping),
        "subscriptions": _many(model.Subscription),
        "clusters": _many(model.Cluster),
        "identities": _one(model.Identities),
        "registries": _many(model.Registry),
        "signing": _one(model.Signing),
        "approved_skus": _each(_each(tuple)),
        "versions": _each(_one(model.MinimumVersion)),
        "network": _one(model.Network),
        "logs": _one(model.Logs),
        "crypto": _one(model.Crypto),
        "storage": _one(model.StoragePolicy),
        "pipelines_policy": _one(model.PipelinesPolicy),
        "exemptions": _one(model.Exemptions),
        "evidence": _one(model.Evidence),
        "contacts": _one(model.Contacts),
        "tenants": _many(model.Tenant),
    },
    model.Tenant: {
        "data": _one(model.TenantData),
        "key_vaults": _many(model.KeyVault),
        "allowed_regions": _regions,
        "node_pool": _one(model.NodePool),
    },
}
"""Record → field → how its value is made, for the fields that are not taken as they stand."""
