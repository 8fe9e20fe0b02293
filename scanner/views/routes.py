"""What publishes a host name: the hosts and paths it claims, and the objects it hands requests to.

These are Ingress, HTTPRoute, IngressRoute and IngressRouteTCP, and the objects of Traefik that stand behind them.
Sources: Kubernetes API reference (networking.k8s.io/v1), Gateway API reference (v1), Traefik CRD reference (v3).
"""

import posixpath
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import unquote

from scanner.model.path import Path
from scanner.model.resource import Resource
from scanner.views.shapes import found, mapping, sequence, text
from scanner.views.traefik_match import ANY_HOST, HOST_PATTERNS, HOSTS, PATHS, Term, alternatives, host_pattern

INGRESS = "networking.k8s.io/Ingress"
HTTP_ROUTE = "gateway.networking.k8s.io/HTTPRoute"
INGRESS_ROUTE = "traefik.io/IngressRoute"
INGRESS_ROUTE_TCP = "traefik.io/IngressRouteTCP"

EXACT, PREFIX, PATTERN, TCP = "Exact", "Prefix", "Pattern", "TCP"
"""Kinds of path, one name for what every API calls its own way; TCP routes have none."""

MOST_ROUTES = 65_536
"""(host, path) pairs of one HTTPRoute that are looked at; the API admits a quarter of that."""

_PATH_TYPES = {
    "Exact": EXACT,
    "Prefix": PREFIX,
    "ImplementationSpecific": PREFIX,  # Traefik and ingress-nginx both take it as a prefix
    "PathPrefix": PREFIX,
    "RegularExpression": PATTERN,
    "path": EXACT,
    "pathprefix": PREFIX,
    "pathregexp": PATTERN,
}


class HostView(NamedTuple):
    """One host name that a route claims."""

    name: str
    """As it is written."""
    pattern: str
    """What it covers at most: a name, everything below a name (``*.example.net``), or ``*``; lower case."""
    at: Path


class ClaimView(NamedTuple):
    """One (host, path) that a route claims."""

    host: str
    """Lower case; ``*`` where the route takes every host; a regular expression as it is written."""
    path: str
    """Normalised: decoded, without empty and dot segments, and a prefix without its last slash."""
    path_type: str
    """``Exact``, ``Prefix``, ``Pattern`` or ``TCP``."""
    at: Path


class ReferenceView(NamedTuple):
    """One object that a route, or what it goes through, names."""

    kind: str
    name: str
    namespace: str | None
    """The namespace it names; empty where it names none, which is the referring object's own; None where the name is
    Traefik's ``namespace-name@kubernetescrd``, which cannot be split for sure."""
    at: Path
    """Path of the namespace, or of a name that holds one."""


def hosts(resource: Resource) -> tuple[HostView, ...]:
    """Return every host name that ``resource`` claims, by rule or certificate, in document order, each place once.

    An absent or empty host, which takes every request, is no name. Matches that cannot be read are left out:
    :func:`unreadable` has them.
    """
    views: list[HostView] = []
    for pattern in _HOST_FIELDS.get(resource.type, ()):
        views.extend(HostView(host, _folded(host), at) for at, host in found(resource, pattern) if text(host))
    for at, match, version_2 in _matches(resource):
        terms = [term for alternative in _alternatives(match) for term in alternative]
        named = dict.fromkeys(term for term in terms if term.name in (*HOSTS, *HOST_PATTERNS))
        views.extend(HostView(term.value, host_pattern(term, version_2=version_2), at) for term in named)
    return tuple(views)


def claims(resource: Resource) -> tuple[ClaimView, ...]:
    """Return every (host, path) that ``resource`` claims, in document order."""
    match resource.type:
        case "networking.k8s.io/Ingress":
            return tuple(_ingress_routes(resource))
        case "gateway.networking.k8s.io/HTTPRoute":
            return tuple(islice(_http_routes(resource), MOST_ROUTES))
        case "traefik.io/IngressRoute" | "traefik.io/IngressRouteTCP":
            return tuple(_traefik_routes(resource))
        case _:
            return ()


def unreadable(resource: Resource) -> tuple[tuple[Path, str], ...]:
    """Return (path, cause) of every ``match`` of a Traefik route that cannot be read."""
    problems: list[tuple[Path, str]] = []
    for at, match, _ in _matches(resource):
        try:
            alternatives(match)
        except ValueError as error:
            problems.append((at, str(error)))
    return tuple(problems)


def references(resource: Resource) -> tuple[ReferenceView, ...]:
    """Return every object in a namespace that ``resource`` names, in the order of the table of its type."""
    named: list[ReferenceView] = []
    for pattern, kind in _REFERENCES.get(resource.type, ()):
        for at, node in found(resource, pattern):
            if isinstance(node, str):
                named.extend(_by_text(kind, node, at))
            elif isinstance(node, dict):
                named.extend(_by_fields(kind, node, at))
    return tuple(named)


_HOST_FIELDS: Mapping[str, tuple[str, ...]] = {
    INGRESS: ("spec.rules[*].host", "spec.tls[*].hosts[*]"),
    HTTP_ROUTE: ("spec.hostnames[*]",),
}

_TRAEFIK_SERVICE = (
    ("", "Service"),
    (".middlewares[*]", "Middleware"),
    (".serversTransport", "ServersTransport"),
)


def _services(*patterns: str) -> tuple[tuple[str, str], ...]:
    """Traefik's services, each with the objects it names in turn."""
    return tuple((pattern + below, kind) for pattern in patterns for below, kind in _TRAEFIK_SERVICE)


_TLS = (("spec.tls.options", "TLSOption"), ("spec.tls.store", "TLSStore"))
_ANNOTATION = 'metadata.annotations["traefik.ingress.kubernetes.io/{}"]'

_REFERENCES: Mapping[str, tuple[tuple[str, str], ...]] = {
    INGRESS: (
        (_ANNOTATION.format("router.middlewares"), "Middleware"),
        (_ANNOTATION.format("router.tls.options"), "TLSOption"),
    ),
    "core/Service": ((_ANNOTATION.format("service.serverstransport"), "ServersTransport"),),
    INGRESS_ROUTE: (
        *_services("spec.routes[*].services[*]"),
        ("spec.routes[*].middlewares[*]", "Middleware"),
        ("spec.parentRefs[*]", "IngressRoute"),
        *_TLS,
    ),
    INGRESS_ROUTE_TCP: (
        *_services("spec.routes[*].services[*]"),
        ("spec.routes[*].middlewares[*]", "MiddlewareTCP"),
        *_TLS,
    ),
    "traefik.io/IngressRouteUDP": (("spec.routes[*].services[*]", "Service"),),
    "traefik.io/Middleware": (("spec.chain.middlewares[*]", "Middleware"), *_services("spec.errors.service")),
    "traefik.io/TraefikService": _services(
        "spec.weighted.services[*]",
        "spec.mirroring",
        "spec.mirroring.mirrors[*]",
        "spec.highestRandomWeight.services[*]",
        "spec.failover.service",
        "spec.failover.fallback",
    ),
    HTTP_ROUTE: (
        ("spec.rules[*].backendRefs[*]", "Service"),
        ("spec.rules[*].backendRefs[*].filters[*].requestMirror.backendRef", "Service"),
        ("spec.rules[*].filters[*].requestMirror.backendRef", "Service"),
    ),
}
"""Type → (where references stand, kind of what they name unless they say it themselves)."""


def _by_fields(kind: str, node: Mapping[str, Any], at: Path) -> Iterator[ReferenceView]:
    name = text(node.get("name"))
    if name.endswith("@kubernetescrd"):
        yield ReferenceView(kind, name, None, (*at, "name"))
    if "@" not in name:
        yield ReferenceView(text(node.get("kind")) or kind, name, text(node.get("namespace")), (*at, "namespace"))


def _by_text(kind: str, value: str, at: Path) -> Iterator[ReferenceView]:
    """References that are one text: ``namespace-name@kubernetescrd``, separated by commas; others stay at home."""
    for name in value.split(","):
        if name.strip().endswith("@kubernetescrd"):
            yield ReferenceView(kind, name.strip(), None, at)


def _ingress_routes(resource: Resource) -> Iterator[ClaimView]:
    for at, rule in found(resource, "spec.rules[*]"):
        host = _folded(text(mapping(rule).get("host"))) or ANY_HOST
        for index, item in enumerate(sequence(mapping(mapping(rule).get("http")).get("paths"))):
            path_type = _PATH_TYPES.get(text(mapping(item).get("pathType")), PREFIX)
            path = _normalised(text(mapping(item).get("path")), path_type)
            yield ClaimView(host, path, path_type, (*at, "http", "paths", index, "path"))


def _http_routes(resource: Resource) -> Iterator[ClaimView]:
    names = [(_folded(host), at) for at, host in found(resource, "spec.hostnames[*]") if text(host)]
    paths = dict.fromkeys(_http_paths(resource)) or {("/", PREFIX): None}
    for host, at in names or [(ANY_HOST, ("spec", "hostnames"))]:
        for path, path_type in paths:
            yield ClaimView(host, path, path_type, at)


def _http_paths(resource: Resource) -> Iterator[tuple[str, str]]:
    """Every path of a HTTPRoute; a rule without matches takes all of them."""
    for _, rule in found(resource, "spec.rules[*]"):
        for item in sequence(mapping(rule).get("matches")) or [{}]:
            path = mapping(mapping(item).get("path"))
            path_type = _PATH_TYPES.get(text(path.get("type")), PREFIX)
            yield _normalised(text(path.get("value")), path_type), path_type


def _traefik_routes(resource: Resource) -> Iterator[ClaimView]:
    for at, match, _ in _matches(resource):
        for alternative in _alternatives(match):
            names = [_folded(term.value) for term in alternative if term.name in HOSTS]
            names += [term.value for term in alternative if term.name in HOST_PATTERNS]
            terms = [term for term in alternative if term.name in PATHS] or [Term("pathprefix", "/")]
            for host in names or [ANY_HOST]:
                for term in terms:
                    path_type = TCP if resource.type == INGRESS_ROUTE_TCP else _PATH_TYPES[term.name]
                    path = "" if path_type == TCP else _normalised(term.value, path_type)
                    yield ClaimView(host, path, path_type, at)


def _matches(resource: Resource) -> Iterator[tuple[Path, str, bool]]:
    """Every ``match`` of a Traefik route, and whether it says that it is written in the syntax of version 2."""
    if resource.type in (INGRESS_ROUTE, INGRESS_ROUTE_TCP):
        for at, route in found(resource, "spec.routes[*]"):
            match = text(mapping(route).get("match"))
            if match:
                yield (*at, "match"), match, mapping(route).get("syntax") == "v2"


def _alternatives(match: str) -> tuple[tuple[Term, ...], ...]:
    try:
        return alternatives(match)
    except ValueError:
        return ()


def _folded(host: str) -> str:
    return host.lower().rstrip(".")


def _normalised(path: str, path_type: str) -> str:
    if path_type == PATTERN:
        return path
    clean = posixpath.normpath("/" + unquote(path).lstrip("/"))
    ends = path_type == EXACT and path.endswith("/") and clean != "/"
    return f"{clean}/" if ends else clean
