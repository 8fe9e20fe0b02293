"""Which Findings an Exemption covers, and what is told of those that cover none."""

import random
import time
from dataclasses import replace
from datetime import date

import pytest

from scanner.config import ExemptionPolicy
from scanner.exemptions import Applied, apply
from scanner.model.exemption import Exemption
from scanner.model.finding import Finding
from scanner.model.tenancy import Standing, Tenancy
from scanner.model.verdict import Verdict
from tests.exemptions.findings import TODAY, exemption, finding, inline

POLICY = ExemptionPolicy()
SELECTORS = [
    ({"cluster": "aks-prd"}, True),
    ({"cluster": "aks-*"}, True),
    ({"cluster": "aks-npd"}, False),
    ({"namespace": "erp-birch-prd"}, True),
    ({"namespace": "erp-*-prd"}, True),
    ({"namespace": "erp-alder-prd"}, False),
    ({"kind": "Deployment"}, True),
    ({"kind": "deployment"}, False),
    ({"type": "apps/*"}, True),
    ({"type": "core/*"}, False),
    ({"name": "web"}, True),
    ({"name": "we"}, False),
    ({"tenant": "t02"}, True),
    ({"tenant": "birch"}, True),
    ({"tenant": "t01,t02"}, True),
    ({"tenant": "t01,t03"}, False),
    ({"environment": "production"}, True),
    ({"environment": "staging"}, False),
    ({"labels__app": "shop"}, True),
    ({"labels__app": "sh*"}, True),
    ({"labels__app": "other"}, False),
    ({"labels__tier": "*"}, False),
    ({"cluster": "aks-prd", "namespace": "erp-birch-prd", "kind": "Deployment", "name": "web"}, True),
    ({"cluster": "aks-prd", "namespace": "erp-birch-prd", "kind": "Deployment", "name": "other"}, False),
    ({"cluster": "aks-prd", "labels__app": "other"}, False),
    ({"colour": "red"}, False),
]


def run(*exemptions: Exemption, findings: tuple[Finding, ...] = (), policy: ExemptionPolicy = POLICY) -> Applied:
    return apply(findings or (finding(),), exemptions, TODAY, policy, lambda _: {"app": "shop"})


@pytest.mark.parametrize(("selector", "covered"), SELECTORS)
def test_selectors(selector: dict[str, str], covered: bool) -> None:
    one = exemption(**selector)
    applied = run(one)
    assert applied.findings[0].exemption == (one if covered else None)
    assert (applied.used, applied.unused) == (((one,), ()) if covered else ((), (one,)))
    assert (applied.expired, applied.notes) == ((), ())


@pytest.mark.parametrize(
    ("rules", "covered"),
    [
        (("ISO-029",), True),
        (("ISO-*",), True),
        (("IMG-003", "ISO-029"), True),
        (("iso-029",), True),
        (("ISO-02",), False),
    ],
)
def test_rules(rules: tuple[str, ...], covered: bool) -> None:
    assert (run(exemption(rules=rules)).findings[0].exemption is not None) == covered


def test_an_empty_selector_covers_nothing() -> None:
    assert run(replace(exemption(), selector={})).findings[0].exemption is None


def test_nothing_matches_what_is_not_there() -> None:
    binding = finding(
        key="aks-prd/rbac.authorization.k8s.io/ClusterRoleBinding/-/velero", tenancy=Tenancy(Standing.CLUSTER)
    )
    for selector in ({"namespace": "*"}, {"tenant": "*"}, {"environment": "*"}):
        assert run(exemption(**selector), findings=(binding,)).findings[0].exemption is None
    assert run(exemption(name="velero"), findings=(binding,)).findings[0].exemption is not None


def test_a_namespace_is_in_itself() -> None:
    namespace = finding(key="aks-prd/core/Namespace/-/erp-birch-prd")
    assert run(exemption(namespace="erp-birch-prd"), findings=(namespace,)).findings[0].exemption is not None


def test_a_resource_that_is_not_of_a_cluster() -> None:
    account = finding(
        key="/subscriptions/1/resourcegroups/rg/providers/x/storageaccounts/st1", tenancy=Tenancy(Standing.UNMAPPED)
    )
    assert run(exemption(cluster="*"), findings=(account,)).findings[0].exemption is None
    assert run(exemption(type="Microsoft.Storage/*"), findings=(account,)).findings[0].exemption is not None


def test_what_terraform_declares_goes_by_its_address() -> None:
    address = 'module.tenant["a"].azurerm_storage_account.this'
    account = replace(
        finding(key=f"live/prod/weu/net/app:{address}", tenancy=Tenancy(Standing.UNMAPPED)), address=address
    )
    assert run(exemption(cluster="live"), findings=(account,)).findings[0].exemption is None
    assert run(exemption(namespace="*"), findings=(account,)).findings[0].exemption is None
    assert run(exemption(name="module.tenant*"), findings=(account,)).findings[0].exemption is not None


@pytest.mark.parametrize(
    ("verdict", "covered"), [(Verdict.FAIL, True), (Verdict.UNKNOWN, True), (Verdict.ERROR, False)]
)
def test_an_error_cannot_be_exempted(verdict: Verdict, covered: bool) -> None:
    applied = run(exemption(), findings=(finding(verdict=verdict),))
    assert (applied.findings[0].exemption is not None) == covered


@pytest.mark.parametrize(
    ("path", "covered"),
    [
        ("", True),
        ("spec.template.spec.containers[0]", True),
        ("spec.template.spec.containers[0].securityContext.privileged", True),
        ("spec.template.spec.containers[1]", False),
        ("spec.template.spec.containers[0].securityContext.privileged.x", False),
        ("spec.template.spec.container", False),
    ],
)
def test_a_comment_covers_the_node_it_stands_at_and_all_below(path: str, covered: bool) -> None:
    one = inline(path)
    assert run(one).findings[0].exemption == (one if covered else None)


def test_a_comment_covers_an_attribute_that_is_absent() -> None:
    """The Finding is located at the nearest ancestor that exists, but it is about the path that was asked for."""
    absent = finding(path="spec.template.spec.containers[0].securityContext.privileged")
    assert run(inline("spec.template.spec.containers[0].securityContext"), findings=(absent,)).used


def test_a_comment_that_covers_several_resources_is_one_exemption() -> None:
    key = "aks-prd/apps/Deployment/erp-birch-prd/worker"
    here, there = inline(), inline(resource=key)
    applied = run(here, there)
    assert (applied.used, applied.unused) == ((here,), ())
    both = run(here, there, findings=(finding(), finding(key=key)))
    assert (both.used, both.unused) == ((here,), ())
    assert run(here, there, findings=(finding(key=f"{key}-2"),)).unused == (here,)


def test_a_comment_covers_only_its_own_resource() -> None:
    other = finding(key="aks-prd/apps/Deployment/erp-birch-prd/worker")
    assert run(inline(), findings=(other,)).findings[0].exemption is None


def test_the_first_of_several_is_shown_and_all_are_in_use() -> None:
    wide, narrow, comment = exemption("EX-1", cluster="*"), exemption("EX-2", name="web"), inline()
    applied = run(wide, narrow, comment)
    assert applied.findings[0].exemption is wide
    assert applied.used == (wide, narrow, comment)
    assert run(comment, wide).findings[0].exemption is comment


def test_the_last_day_counts_and_the_next_does_not() -> None:
    one = exemption()
    assert one.expires is not None
    for today, expired in ((one.expires, False), (date(2027, 2, 1), True)):
        applied = apply((finding(),), (one,), today, POLICY)
        assert (applied.findings[0].exemption is None) == expired
        assert applied.expired == ((one,) if expired else ())
        assert applied.used == (() if expired else (one,))
        assert applied.unused == ()


REFUSED = [
    (
        inline(),
        ExemptionPolicy(inline=False),
        "a.yaml",
        7,
        "inline exemption is not applied: comments may not exempt here (exemptions.inline is forbid); move it to an "
        "exemptions file",
    ),
    (
        inline(reason=""),
        POLICY,
        "a.yaml",
        7,
        "inline exemption is not applied: reason is missing; add it, or take it out of exemptions.require in "
        "bulkhead.yaml",
    ),
    (
        inline(),
        ExemptionPolicy(require=("owner", "expires", "ticket")),
        "a.yaml",
        7,
        "inline exemption is not applied: owner and until and ticket are missing; add them, or take it out of "
        "exemptions.require in bulkhead.yaml",
    ),
    (
        replace(exemption(), owner=""),
        POLICY,
        "exemptions.yaml",
        3,
        "exemption EX-1 is not applied: owner is missing; add it, or take it out of exemptions.require in "
        "bulkhead.yaml",
    ),
    (
        replace(exemption(), expires=None),
        POLICY,
        "exemptions.yaml",
        3,
        "exemption EX-1 is not applied: expires is missing; add it, or take it out of exemptions.require in "
        "bulkhead.yaml",
    ),
    (
        exemption(),
        ExemptionPolicy(max_days=70),
        "exemptions.yaml",
        3,
        "exemption EX-1 is not applied: it lasts 71 days; 70 at most are permitted (exemptions.max_days)",
    ),
    (
        replace(exemption(), expires=None),
        ExemptionPolicy(require=(), max_days=70),
        "exemptions.yaml",
        3,
        "exemption EX-1 is not applied: it never expires, but 70 days at most are permitted; add an expiry",
    ),
]


@pytest.mark.parametrize(("one", "policy", "file", "line", "reason"), REFUSED)
def test_what_the_configuration_does_not_permit_does_nothing_and_is_told(
    one: Exemption, policy: ExemptionPolicy, file: str, line: int, reason: str
) -> None:
    applied = run(one, policy=policy)
    assert applied.findings[0].exemption is None
    assert [(note.input, note.line, note.reason, note.incomplete) for note in applied.notes] == [
        (file, line, reason, False)
    ]
    assert (applied.used, applied.unused, applied.expired) == ((), (), ())


@pytest.mark.parametrize(
    ("one", "policy"),
    [
        (exemption(), ExemptionPolicy(max_days=71)),
        (replace(exemption(), owner=""), ExemptionPolicy(require=("reason",))),
        (replace(exemption(), expires=None), ExemptionPolicy(require=())),
        (exemption(), ExemptionPolicy(inline=False)),
    ],
)
def test_what_it_permits_counts(one: Exemption, policy: ExemptionPolicy) -> None:
    assert run(one, policy=policy).used == (one,)


def test_findings_keep_their_order_and_number() -> None:
    findings = tuple(finding(rule) for rule in ("B", "ISO-029", "A"))
    applied = run(exemption(), findings=findings)
    assert [one.rule for one in applied.findings] == ["B", "ISO-029", "A"]
    assert [one.exemption is not None for one in applied.findings] == [False, True, False]


def test_labels_are_asked_for_only_where_they_decide() -> None:
    asked: list[str] = []

    def labels_of(key: str) -> dict[str, str]:
        asked.append(key)
        return {"app": "shop"}

    findings = tuple(finding(key=f"aks-prd/apps/Deployment/erp-birch-prd/{name}") for name in ("web", "web", "worker"))
    apply(findings, (exemption(name="web", labels__app="shop"), exemption(cluster="*")), TODAY, POLICY, labels_of)
    assert asked == ["aks-prd/apps/Deployment/erp-birch-prd/web"]


def test_labels_that_are_no_text_match_nothing() -> None:
    applied = apply((finding(),), (exemption(labels__app="*"),), TODAY, POLICY, lambda _: {"app": 7})  # type: ignore[dict-item]
    assert applied.used == ()


@pytest.mark.parametrize("glob", ["web-{}", "web-{}-*", "*-{}-web"])
def test_many_findings_and_many_exemptions(glob: str) -> None:
    """A hundred thousand by a thousand would take minutes one by one."""
    chosen = random.Random(1)
    findings = [
        finding(
            f"ISO-{chosen.randrange(40):03}", f"aks-prd/apps/Deployment/erp-{number % 200}-prd/web-{number // 4}-1-web"
        )
        for number in range(20_000)
    ]
    exemptions = [exemption(f"EX-{n}", ("ISO-*",), name=glob.format(n), cluster="aks-*") for n in range(1000)]
    started = time.process_time()
    applied = apply(findings, exemptions, TODAY, POLICY)
    assert time.process_time() - started < 5
    assert len(applied.used) + len(applied.unused) == 1000
