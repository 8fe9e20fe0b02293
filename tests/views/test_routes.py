from pathlib import Path

import pytest
import yaml

from scanner.model.resource import Resource
from scanner.views.routes import MOST_ROUTES, claims, hosts, references, unreadable
from tests.views.objects import resource

INGRESS = """
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: shop
  annotations:
    traefik.ingress.kubernetes.io/router.middlewares: shop-a@kubernetescrd, other-b@kubernetescrd, c@file
spec:
  tls:
    - {secretName: web-tls, hosts: [A.example.net, 7]}
  rules:
    - host: A.example.net.
      http:
        paths:
          - {path: /x/, pathType: Prefix}
          - {path: /x/, pathType: Exact}
          - {path: "//y/./z/../%7Eme/", pathType: ImplementationSpecific}
    - host: ""
      http:
        paths:
          - {pathType: Prefix}
    - {}
"""

HTTP_ROUTE = """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  hostnames: [a.example.net, "*.example.org"]
  rules:
    - matches:
        - path: {type: Exact, value: /x}
        - path: {type: RegularExpression, value: "/x/.*"}
        - headers: [{name: a, value: b}]
      backendRefs:
        - {name: web, port: 80}
        - {kind: ServiceImport, name: far, namespace: other}
      filters:
        - requestMirror: {backendRef: {name: tap, namespace: other}}
    - {}
"""

INGRESS_ROUTE = """
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: shop}
spec:
  routes:
    - match: Host(`A.example.net`) && (PathPrefix(`/x/`) || Path(`/y`))
      middlewares:
        - {name: own}
        - {name: auth, namespace: other}
        - {name: other-auth@kubernetescrd}
        - {name: auth@file}
      services:
        - {name: web, port: 80, serversTransport: other-mtls@kubernetescrd}
        - {kind: TraefikService, name: canary, namespace: other}
    - match: HostRegexp(`^[a-z]+\\.example\\.org$`)
    - match: PathPrefix(`/every`)
    - match: Host(
    - match: HostRegexp(`a.example.net`)
      syntax: v2
  tls:
    options: {name: modern, namespace: traefik}
    store: {name: default}
"""

INGRESS_ROUTE_TCP = """
apiVersion: traefik.io/v1alpha1
kind: IngressRouteTCP
metadata: {name: db, namespace: shop}
spec:
  routes:
    - match: HostSNI(`*`) || HostSNI(`DB.example.net`)
      services: [{name: db, namespace: other, port: 5432}]
"""


def told_hosts(route: Resource) -> list[tuple[str, str]]:
    return [(view.name, view.pattern) for view in hosts(route)]


def told_claims(route: Resource) -> list[str]:
    return [f"{view.host} {view.path_type} {view.path}".strip() for view in claims(route)]


def test_hosts_of_an_ingress() -> None:
    route = resource(INGRESS)
    assert told_hosts(route) == [("A.example.net.", "a.example.net"), ("A.example.net", "a.example.net")]
    assert [view.at for view in hosts(route)] == [("spec", "rules", 0, "host"), ("spec", "tls", 0, "hosts", 0)]


def test_claims_of_an_ingress() -> None:
    route = resource(INGRESS)
    assert told_claims(route) == [
        "a.example.net Prefix /x",
        "a.example.net Exact /x/",
        "a.example.net Prefix /y/~me",
        "* Prefix /",
    ]
    assert claims(route)[1].at == ("spec", "rules", 0, "http", "paths", 1, "path")


def test_hosts_and_claims_of_an_http_route() -> None:
    route = resource(HTTP_ROUTE)
    assert told_hosts(route) == [("a.example.net", "a.example.net"), ("*.example.org", "*.example.org")]
    assert told_claims(route)[:4] == [
        "a.example.net Exact /x",
        "a.example.net Pattern /x/.*",
        "a.example.net Prefix /",
        "*.example.org Exact /x",
    ]
    assert claims(route)[3].at == ("spec", "hostnames", 1)


def test_an_http_route_without_hostnames_and_rules_takes_everything() -> None:
    route = resource("{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, spec: {}}")
    assert told_claims(route) == ["* Prefix /"]


def test_hosts_of_an_ingress_route() -> None:
    assert told_hosts(resource(INGRESS_ROUTE)) == [
        ("A.example.net", "a.example.net"),
        (r"^[a-z]+\.example\.org$", "*.example.org"),
        ("a.example.net", "a.example.net"),
    ]


def test_claims_of_an_ingress_route() -> None:
    route = resource(INGRESS_ROUTE)
    assert told_claims(route) == [
        "a.example.net Prefix /x",
        "a.example.net Exact /y",
        r"^[a-z]+\.example\.org$ Prefix /",
        "* Prefix /every",
        "a.example.net Prefix /",
    ]
    assert claims(route)[1].at == ("spec", "routes", 0, "match")


def test_a_match_that_cannot_be_read_is_told() -> None:
    assert unreadable(resource(INGRESS_ROUTE)) == ((("spec", "routes", 3, "match"), "unexpected the end"),)
    assert unreadable(resource(INGRESS)) == ()


def test_hosts_and_claims_of_a_tcp_route() -> None:
    route = resource(INGRESS_ROUTE_TCP)
    assert told_hosts(route) == [("*", "*"), ("DB.example.net", "db.example.net")]
    assert told_claims(route) == ["* TCP", "db.example.net TCP"]


def test_references_of_an_ingress_route() -> None:
    assert [(view.kind, view.name, view.namespace) for view in references(resource(INGRESS_ROUTE))] == [
        ("Service", "web", ""),
        ("TraefikService", "canary", "other"),
        ("ServersTransport", "other-mtls@kubernetescrd", None),
        ("Middleware", "own", ""),
        ("Middleware", "auth", "other"),
        ("Middleware", "other-auth@kubernetescrd", None),
        ("TLSOption", "modern", "traefik"),
        ("TLSStore", "default", ""),
    ]


def test_references_know_the_place_that_decides() -> None:
    places = {view.name: view.at for view in references(resource(INGRESS_ROUTE))}
    assert places["canary"] == ("spec", "routes", 0, "services", 1, "namespace")
    assert places["other-auth@kubernetescrd"] == ("spec", "routes", 0, "middlewares", 2, "name")
    assert places["other-mtls@kubernetescrd"] == ("spec", "routes", 0, "services", 0, "serversTransport")


def test_references_of_the_other_routes() -> None:
    assert [(view.name, view.namespace) for view in references(resource(INGRESS))] == [
        ("shop-a@kubernetescrd", None),
        ("other-b@kubernetescrd", None),
    ]
    assert [(view.kind, view.name, view.namespace) for view in references(resource(HTTP_ROUTE))] == [
        ("Service", "web", ""),
        ("ServiceImport", "far", "other"),
        ("Service", "tap", "other"),
    ]
    assert [(view.name, view.namespace) for view in references(resource(INGRESS_ROUTE_TCP))] == [("db", "other")]


@pytest.mark.parametrize(
    "spec",
    [
        "7",
        "[]",
        "{rules: {a: b}, tls: x, routes: x, hostnames: x}",
        "{rules: [x, {host: 7, http: x, matches: x, backendRefs: x}], hostnames: [7]}",
        "{rules: [{http: {paths: [x, {path: {}, pathType: []}]}, matches: [x, {path: [], headers: 1}]}]}",
        "{routes: [x, {match: 7, services: [x, {name: [], namespace: {}}], middlewares: x}], tls: {options: x}}",
        "!unknown ''",
    ],
)
@pytest.mark.parametrize("text", [INGRESS, HTTP_ROUTE, INGRESS_ROUTE, INGRESS_ROUTE_TCP])
def test_no_shape_raises(text: str, spec: str) -> None:
    head = text.partition("spec:")[0]
    route = resource(f"{head}spec: {spec}\n")
    for view in (hosts, claims, references, unreadable):
        assert isinstance(view(route), tuple)


def test_a_hostile_http_route_is_bounded() -> None:
    route = resource(HTTP_ROUTE)
    route.attributes["spec"]["hostnames"] = [f"h{number}.example.net" for number in range(2000)]
    route.attributes["spec"]["rules"] = [{"matches": [{"path": {"value": f"/{number}"}}]} for number in range(2000)]
    assert len(claims(route)) == MOST_ROUTES


def test_other_types_claim_nothing() -> None:
    service = resource("{apiVersion: v1, kind: Service, spec: {rules: [{host: a}], hostnames: [a]}}")
    assert (hosts(service), claims(service), references(service), unreadable(service)) == ((), (), (), ())


@pytest.mark.slow
def test_every_match_of_the_corpus_is_read(corpus: Path) -> None:
    """Traefik's own examples and test inputs; one of them is a plain path, which is no rule."""
    read, refused = 0, set()
    for file in sorted((corpus / "kubernetes").rglob("*.y*ml")):
        text = file.read_text(encoding="utf-8", errors="replace")
        if "kind: IngressRoute" not in text:
            continue
        for document in text.split("\n---"):
            try:
                value = yaml.safe_load(document)
            except yaml.YAMLError:
                continue
            if isinstance(value, dict) and str(value.get("kind")).startswith("IngressRoute"):
                route = resource(document)
                read += len(claims(route))
                refused |= {cause for _, cause in unreadable(route)}
    assert read > 100
    assert refused == {"unexpected '/' at offset 0"}
