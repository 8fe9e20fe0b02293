"""What Rules need of a cluster, in the words of RBAC."""

from scanner.model.path import parse_path
from scanner.model.rule import Rule, Scope
from scanner.model.severity import Severity
from scanner.model.types import ESTATE
from scanner.packs.loader import builtin_packs
from scanner.sources.cluster.permissions import FOLLOWING, Permission, guess_plural, needed_resources, needed_types
from scanner.sources.cluster.trimming import Trimming, trimming_for


def rule(id_: str, *types: str, reads: tuple[str, ...] = (), **looks_up: tuple[str, ...]) -> Rule:
    return Rule(
        id_,
        id_,
        Severity.HIGH,
        "python",
        "p",
        "/p",
        types,
        tuple(parse_path(path) for path in reads),
        {name.replace("__", "/"): tuple(parse_path(path) for path in paths) for name, paths in looks_up.items()},
        frozenset(),
        Scope.ANY,
        ("audit",),
        {},
        {},
        "1",
        "",
    )


def test_the_least_that_rules_need() -> None:
    rules = [
        rule(
            "B-1",
            "apps/Deployment",
            "Microsoft.Storage/storageAccounts",
            "terraform/Settings",
            ESTATE,
            core__Namespace=("metadata.labels",),
        ),
        rule("A-1", "apps/Deployment", "gateway.networking.k8s.io/Gateway", "acme.example/Policy"),
    ]
    assert needed_resources(rules) == (
        Permission("", "namespaces", ("list",), "core/Namespace", ("B-1",), is_guessed=False),
        Permission("acme.example", "policies", ("list",), "acme.example/Policy", ("A-1",), is_guessed=True),
        Permission("apps", "deployments", ("list",), "apps/Deployment", ("A-1", "B-1"), is_guessed=False),
        Permission(
            "gateway.networking.k8s.io",
            "gateways",
            ("list",),
            "gateway.networking.k8s.io/Gateway",
            ("A-1",),
            is_guessed=False,
        ),
    )
    assert needed_types(rules) == {
        "core/Namespace",
        "apps/Deployment",
        "gateway.networking.k8s.io/Gateway",
        "acme.example/Policy",
    }


def test_namespaces_are_always_needed() -> None:
    assert needed_resources([], FOLLOWING) == (
        Permission("", "namespaces", ("get", "list", "watch"), "core/Namespace", (), is_guessed=False),
    )


def test_plurals_that_are_guessed() -> None:
    assert [guess_plural(kind) for kind in ("Widget", "Policy", "Ingress", "Endpoints")] == [
        "widgets",
        "policies",
        "ingresses",
        "endpoints",
    ]


def test_what_rules_read_of_status_is_kept_for_their_types() -> None:
    rules = [
        rule("A", "apps/Deployment", reads=("spec.replicas",)),
        rule("B", "core/Pod", reads=("status.phase",), velero_io__Backup=()),
        rule("C", "batch/Job", core__Node=("status",)),
        rule("D", "apps/DaemonSet", reads=("metadata.managedFields[*].manager",)),
    ]
    assert trimming_for(rules) == Trimming(frozenset(("core/Pod", "core/Node")), frozenset(("apps/DaemonSet",)))
    everything = rule("E", "apps/Deployment", reads=("",))
    assert trimming_for([everything]).with_status == {"apps/Deployment"}


def test_the_rules_that_come_along_name_no_kind_by_guess() -> None:
    rules = [rule for pack in builtin_packs() for rule in pack.rules]
    assert [found for found in needed_resources(rules) if found.is_guessed] == []
