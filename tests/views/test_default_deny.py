"""The same Pods, closed in three languages; rules ISO-001 and ISO-002 have the long list of cases."""

from collections.abc import Iterable

import pytest

from scanner.inventory import Inventory
from scanner.model.resource import Fault, Resource
from scanner.model.verdict import Verdict
from scanner.views.default_deny import missing_default_deny
from tests.views.objects import resource

NAMESPACE = "{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {team: red}}}"


def judged(policies: Iterable[Resource], direction: str) -> list[Fault]:
    namespace = resource(NAMESPACE)
    return list(missing_default_deny(namespace, Inventory([namespace, *policies]).of_type, direction))


def network_policy(spec: str) -> Resource:
    head = "apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}"
    return resource(f"{{{head}, spec: {spec}}}")


def cilium(spec: str) -> Resource:
    return resource(
        f"{{apiVersion: cilium.io/v2, kind: CiliumClusterwideNetworkPolicy, metadata: {{name: p}}, spec: {spec}}}"
    )


def calico(spec: str) -> Resource:
    return resource(
        f"{{apiVersion: projectcalico.org/v3, kind: GlobalNetworkPolicy, metadata: {{name: p}}, spec: {spec}}}"
    )


@pytest.mark.parametrize(
    ("policy", "ingress", "egress"),
    [
        (network_policy("{podSelector: {}}"), True, False),
        (network_policy("{podSelector: {}, policyTypes: []}"), True, False),
        (network_policy("{policyTypes: [Ingress, Egress]}"), True, True),
        (network_policy("{podSelector: {}, policyTypes: [Egress], egress: []}"), False, True),
        (network_policy("{podSelector: {}, ingress: [{}]}"), False, False),
        (network_policy("{podSelector: {matchLabels: {a: b}}, policyTypes: [Ingress, Egress]}"), False, False),
        (cilium("{endpointSelector: {}, ingress: [{}]}"), True, False),
        (cilium("{endpointSelector: {}, ingress: [{}], egressDeny: [{toEntities: [world]}]}"), True, True),
        (cilium("{endpointSelector: {}, enableDefaultDeny: {egress: true}}"), False, True),
        (cilium("{endpointSelector: {}, enableDefaultDeny: {ingress: false}, ingress: [{}]}"), False, False),
        (cilium("{endpointSelector: {}, ingress: [{fromEntities: [world]}]}"), False, False),
        (cilium("{endpointSelector: {matchLabels: {io.kubernetes.pod.namespace: shop}}, ingress: [{}]}"), True, False),
        (
            cilium(
                "{endpointSelector: {matchLabels: {'k8s:io.cilium.k8s.namespace.labels.team': blue}}, ingress: [{}]}"
            ),
            False,
            False,
        ),
        (cilium("{endpointSelector: {matchLabels: {app: web}}, ingress: [{}]}"), False, False),
        (cilium("{nodeSelector: {}, ingress: [{}]}"), False, False),
        (calico("{}"), True, False),
        (calico("{types: [Ingress, Egress]}"), True, True),
        (calico("{egress: [{action: Deny}]}"), False, True),
        (calico("{egress: [{action: Pass}]}"), False, False),
        (calico("{selector: has(app)}"), False, False),
        (calico("{selector: 'projectcalico.org/namespace == \"shop\"'}"), True, False),
        (calico("{namespaceSelector: \"team == 'red'\"}"), True, False),
        (calico("{namespaceSelector: \"team == 'blue'\"}"), False, False),
        (calico("{namespaceSelector: '('}"), False, False),
    ],
)
def test_which_policies_close_a_namespace(policy: Resource, ingress: bool, egress: bool) -> None:
    assert (judged([policy], "Ingress") == [], judged([policy], "Egress") == []) == (ingress, egress)


def test_policies_that_come_close_are_named() -> None:
    near = network_policy("{podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {}}]}]}")
    (fault,) = judged([near, network_policy("{podSelector: {matchLabels: {a: b}}}")], "Ingress")
    assert fault.verdict is Verdict.FAIL
    assert [(path, why) for _, path, why in fault.related] == [(("spec", "ingress"), "it has ingress rules")]
    (fault,) = judged([near], "Egress")
    assert [(path, why) for _, path, why in fault.related] == [
        (("spec", "policyTypes"), "its policyTypes do not name Egress")
    ]


@pytest.mark.parametrize(
    ("spec", "verdict"),
    [
        ("!unknown ''", Verdict.UNKNOWN),
        ("{podSelector: !unknown '', policyTypes: [Ingress]}", Verdict.UNKNOWN),
        ("{podSelector: {}, ingress: !unknown ''}", Verdict.UNKNOWN),
        ("{podSelector: {}, ingress: [{from: !unknown ''}]}", Verdict.FAIL),
    ],
)
def test_a_policy_that_is_not_known_is_never_taken_for_a_default_deny(spec: str, verdict: Verdict) -> None:
    assert [fault.verdict for fault in judged([network_policy(spec)], "Ingress")] == [verdict]
