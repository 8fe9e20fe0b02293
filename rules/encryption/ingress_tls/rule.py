import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scanner import Inventory, Resource
from scanner.model.resource import Fault
from scanner.views import ContainerView, containers, found, mapping, sequence, text, texts

TLS_ENTRY_POINT = re.compile(r"secure|https|tls|ssl|443", re.IGNORECASE)
REDIRECTION = "entrypoints.web.http.redirections.entrypoint"
MIDDLEWARES = ("traefik.io/Middleware", "traefik.containo.us/Middleware")


def check(resource: Resource, inventory: Inventory) -> Iterator[Fault]:
    match resource.kind:
        case "Ingress":
            yield from _ingress(resource)
        case "IngressRoute":
            yield from _ingress_route(resource, inventory)
        case "Gateway":
            yield from _gateway(resource, inventory)
        case _:
            yield from _traefik(resource)


def _ingress(resource: Resource) -> Iterator[Fault]:
    if not sequence(resource.value("spec", "tls")):
        yield resource.fail("tls is empty, so every host is served in clear text; it must cover them all", "spec.tls")
        return
    covered = {host.lower() for _, hosts in found(resource, "spec.tls[*].hosts") for host in texts(hosts)}
    for at, value in found(resource, "spec.rules[*].host"):
        host = text(value).lower()
        if host and not {host, f"*.{host.partition('.')[2]}"} & covered:
            yield resource.fail(f"host '{host}' is in no tls[].hosts, so it is served in clear text; name it there", at)


def _ingress_route(resource: Resource, inventory: Inventory) -> Iterator[Fault]:
    points = [(at, text(value)) for at, value in found(resource, "spec.entryPoints[*]")]
    plain = [(at, name) for at, name in points if not TLS_ENTRY_POINT.search(name)]
    if len(plain) < len(points) and not isinstance(resource.value("spec", "tls"), dict):
        yield resource.fail("tls is not set, so the route answers without TLS; it must be set", "spec.tls")
    if points and not plain:
        return
    redirected = _all(
        _redirects(mapping(route).get("middlewares"), resource.namespace, resource.cluster, inventory)
        for _, route in found(resource, "spec.routes[*]")
    )
    if redirected is None:
        message = "plain HTTP is served, and a Middleware that may redirect it is not among what was read"
        yield resource.unknown(message, "spec.routes")
    elif not redirected:
        if not points:
            message = "entryPoints is not set, so plain HTTP is served too; name TLS entry points only"
            yield resource.fail(message, "spec.entryPoints")
        for at, name in plain:
            message = f"entry point '{name}' is plain HTTP and no Middleware redirects it; name TLS entry points only"
            yield resource.fail(message, at)


def _all(answers: Iterable[bool | None]) -> bool | None:
    """Whether there are answers and all are yes; None where that hangs on one that is not known."""
    given = set(answers)
    if False in given or not given:
        return False
    return None if None in given else True


def _redirects(references: Any, namespace: str, cluster: str, inventory: Inventory) -> bool | None:
    """Whether one of the Middlewares, or of those they chain, redirects to https; None where one is not at hand."""
    pending = [(mapping(reference), namespace) for reference in sequence(references)]
    seen: set[tuple[str, str]] = set()
    complete = True
    while pending:
        reference, home = pending.pop()
        named = text(reference.get("namespace")) or home, text(reference.get("name"))
        if named in seen:
            continue
        seen.add(named)
        middleware = next(filter(None, (inventory.get(type_, cluster, *named) for type_ in MIDDLEWARES)), None)
        if middleware is None:
            complete = False
        elif text(middleware.value("spec", "redirectScheme", "scheme")).lower() == "https":
            return True
        else:
            chained = sequence(middleware.value("spec", "chain", "middlewares"))
            pending.extend((mapping(each), named[0]) for each in chained)
    return False if complete else None


def _gateway(resource: Resource, inventory: Inventory) -> Iterator[Fault]:
    for at, value in found(resource, "spec.listeners[*]"):
        listener = mapping(value)
        name, protocol = text(listener.get("name")), listener.get("protocol")
        if protocol == "HTTP" and not _only_redirects(resource, listener, inventory):
            message = f"listener '{name}' takes plain HTTP; it must be HTTPS or TLS, or all its routes must redirect"
            yield resource.fail(message, (*at, "protocol"))
        elif protocol in ("HTTPS", "TLS") and not isinstance(listener.get("tls"), dict):
            yield resource.fail(f"listener '{name}' is for {protocol} and has no tls; it must be set", (*at, "tls"))


def _only_redirects(gateway: Resource, listener: Mapping[str, Any], inventory: Inventory) -> bool:
    routes = inventory.of_type("gateway.networking.k8s.io/HTTPRoute", gateway.cluster)
    rules = [
        sequence(mapping(rule).get("filters"))
        for route in routes
        if any(_attaches(route, mapping(parent), gateway, listener) for _, parent in found(route, "spec.parentRefs[*]"))
        for rule in sequence(route.value("spec", "rules")) or [None]
    ]
    return bool(rules) and all(any(_leads_to_https(mapping(each)) for each in filters) for filters in rules)


def _leads_to_https(filter_: Mapping[str, Any]) -> bool:
    return bool(mapping(filter_.get("requestRedirect")).get("scheme") == "https")


def _attaches(route: Resource, parent: Mapping[str, Any], gateway: Resource, listener: Mapping[str, Any]) -> bool:
    """Whether a parent of ``route`` is ``listener`` of ``gateway``; one that names no listener means all of them."""
    return (
        (parent.get("kind") or "Gateway") == "Gateway"
        and parent.get("name") == gateway.name
        and (parent.get("namespace") or route.namespace) == gateway.namespace
        and parent.get("sectionName") in (None, listener.get("name"))
        and parent.get("port") in (None, listener.get("port"))
    )


def _traefik(resource: Resource) -> Iterator[Fault]:
    for container in containers(resource):
        if _is_traefik(text(container.spec.get("image"))) and _serves_plain_http(container):
            expected = f"--{REDIRECTION}.scheme=https is expected"
            message = f"container '{container.name}' does not redirect entry point 'web' to https; {expected}"
            yield resource.fail(message, (*container.at, "args"))


def _is_traefik(image: str) -> bool:
    return image.partition("@")[0].rpartition("/")[2].partition(":")[0] == "traefik"


def _serves_plain_http(container: ContainerView) -> bool:
    """Whether the arguments, whose names Traefik reads without case, define 'web' without a redirection to https."""
    arguments = [*texts(container.spec.get("command")), *texts(container.spec.get("args"))]
    flags = {flag.lstrip("-").lower(): value for flag, _, value in (argument.partition("=") for argument in arguments)}
    if not any(flag.startswith("entrypoints.web.") for flag in flags):
        return False
    # https is the default where a target is set.
    default = "https" if f"{REDIRECTION}.to" in flags else ""
    return flags.get(f"{REDIRECTION}.scheme", default) != "https"
