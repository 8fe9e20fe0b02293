"""Asks a cluster which kinds it serves: two requests where the server aggregates, one per group version elsewhere.

The answer is the authority on versions and names of custom resources; nothing here knows a version by heart. The
``kubernetes`` package has discovery too, but keeps it in a shared temporary folder under a name that anyone can guess.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from scanner.sources.cluster.answers import ApiError
from scanner.sources.cluster.client import JSON, ClusterClient
from scanner.sources.cluster.kinds import NAMESPACES, Kind

_AGGREGATED = ",".join(
    (
        *(f"{JSON};g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList" for version in ("v2", "v2beta1")),
        JSON,
    )
)
"""Aggregated discovery (Kubernetes 1.27, stable in 1.30); the last makes older servers give the old form."""
_STALE = "Stale"


class Missing(NamedTuple):
    """A group, or one version of it, of which the server could not say what it serves."""

    group: str
    """Empty for the core group."""
    reason: str


class Discovered(NamedTuple):
    """What a cluster serves."""

    kinds: tuple[Kind, ...]
    """That can be listed; each in the version that the server prefers of those that have it. By type, then plural."""
    missing: tuple[Missing, ...]
    """By group."""


def discover(client: ClusterClient, groups: Iterable[str]) -> Discovered:
    """Return what the cluster serves; of a server without aggregated discovery only ``groups`` are looked at.

    Raises ApiError where the server does not say at all.
    """
    core, named = client.json("/api", accept=_AGGREGATED), client.json("/apis", accept=_AGGREGATED)
    if _is_aggregated(core) and _is_aggregated(named):
        found = [*_aggregated(core), *_aggregated(named)]
    else:
        found = [*_core(client), *_groups(client, named, frozenset(groups))]
    kinds: dict[tuple[str, str], Kind] = {}
    for one in found:
        if isinstance(one, Kind):
            kinds.setdefault((one.type, one.plural), one)
    missing = sorted({one for one in found if isinstance(one, Missing)})
    return Discovered(tuple(kind for _, kind in sorted(kinds.items())), tuple(missing))


def needed(kinds: Iterable[Kind], types: Iterable[str]) -> tuple[Kind, ...]:
    """Return those of ``kinds`` that have one of ``types``, in any served version; Namespaces always, and first."""
    wanted = frozenset(types) - {NAMESPACES.type}
    return (NAMESPACES, *(kind for kind in kinds if kind.type in wanted))


def _is_aggregated(answer: Any) -> bool:
    return isinstance(answer, dict) and answer.get("kind") == "APIGroupDiscoveryList"


def _aggregated(answer: Mapping[str, Any]) -> Iterable[Kind | Missing]:
    for group in _mappings(answer.get("items")):
        name = str(_mapping(group.get("metadata")).get("name") or "")
        for version in _mappings(group.get("versions")):
            label = str(version.get("version"))
            if version.get("freshness") == _STALE:
                yield Missing(name, f"the API service of {name}/{label} does not answer the API server")
            for resource in _mappings(version.get("resources")):
                if "list" in (resource.get("verbs") or ()):
                    kind = str(_mapping(resource.get("responseKind")).get("kind"))
                    namespaced = resource.get("scope") == "Namespaced"
                    yield Kind(name, label, str(resource.get("resource")), kind, namespaced)


def _core(client: ClusterClient) -> Iterable[Kind | Missing]:
    return _version(client, "", "v1")


def _groups(client: ClusterClient, answer: Any, wanted: frozenset[str]) -> Iterable[Kind | Missing]:
    """Yield what the groups serve, the preferred version of each first."""
    for group in _mappings(_mapping(answer).get("groups")):
        name = str(group.get("name"))
        if name in wanted:
            preferred = _mapping(group.get("preferredVersion"))
            versions = [preferred, *_mappings(group.get("versions"))]
            for version in dict.fromkeys(str(version["version"]) for version in versions if "version" in version):
                yield from _version(client, name, version)


def _version(client: ClusterClient, group: str, version: str) -> Iterable[Kind | Missing]:
    try:
        answer = client.json(f"/apis/{group}/{version}" if group else f"/api/{version}")
    except ApiError as error:
        if error.status == 401:
            raise
        yield Missing(group, f"the server does not say what {group or 'core'}/{version} is ({error.reason})")
        return
    for resource in _mappings(_mapping(answer).get("resources")):
        plural = str(resource.get("name"))
        if "/" not in plural and "list" in (resource.get("verbs") or ()):
            yield Kind(group, version, plural, str(resource.get("kind")), bool(resource.get("namespaced")))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _mappings(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
