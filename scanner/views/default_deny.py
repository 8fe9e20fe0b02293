"""Whether a network policy closes a whole namespace: default deny, in the words of Kubernetes, Cilium and Calico.

It answers for one policy at a time; that another one opens the namespace again is not its business. Sources: Kubernetes
API reference (NetworkPolicy networking.k8s.io/v1), Cilium documentation (*Policy Enforcement Modes*,
``enableDefaultDeny``), Calico reference (GlobalNetworkPolicy).
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from scanner.model.path import Path
from scanner.model.resource import Fault, Resource
from scanner.views.calico_selector import selected
from scanner.views.namespaces import NAME_LABEL
from scanner.views.selectors import selects
from scanner.views.shapes import label_selector, mapping, sequence, text

NETWORK_POLICY = "networking.k8s.io/NetworkPolicy"
NAMESPACED = (
    NETWORK_POLICY,
    "cilium.io/CiliumNetworkPolicy",
    "projectcalico.org/NetworkPolicy",
    "crd.projectcalico.org/NetworkPolicy",
)
CLUSTER_WIDE = (
    "cilium.io/CiliumClusterwideNetworkPolicy",
    "projectcalico.org/GlobalNetworkPolicy",
    "crd.projectcalico.org/GlobalNetworkPolicy",
)
_CILIUM_NAMESPACE = "io.kubernetes.pod.namespace"
_CILIUM_NAMESPACE_LABEL = "io.cilium.k8s.namespace.labels."


def missing_default_deny(
    namespace: Resource, of_type: Callable[..., tuple[Resource, ...]], direction: str
) -> Iterator[Fault]:
    """Yield what is wrong where no policy closes ``namespace`` in ``direction`` (``Ingress`` or ``Egress``).

    ``of_type`` is that of the Inventory. Policies that come close are named as related.
    """
    policies = policies_of(namespace, of_type)
    if any(denies(policy, direction, namespace) for policy in policies):
        return
    at, word = ("metadata", "name"), direction.lower()
    unclear = next(filter(is_unknown, policies), None)
    if unclear is not None:
        yield namespace.unknown(f"{unclear.title} may deny {word} by default, but not all of it is known", at)
        return
    yield namespace.fail(
        f"namespace '{namespace.name}' has no default-deny {word} NetworkPolicy; "
        f"one with an empty podSelector, policyTypes with {direction} and no {word} rules is required",
        at,
        related=_near_misses(policies, direction),
    )


def policies_of(namespace: Resource, of_type: Callable[..., tuple[Resource, ...]]) -> tuple[Resource, ...]:
    """Return the policies that may concern ``namespace``."""
    own = [policy for type_ in NAMESPACED for policy in of_type(type_, namespace.cluster, namespace.name)]
    return (*own, *(policy for type_ in CLUSTER_WIDE for policy in of_type(type_, namespace.cluster)))


def is_unknown(policy: Resource) -> bool:
    """Whether ``policy`` may or may not be a default deny, because something of its spec is Unknown.

    What is Unknown inside of its rules does not matter: that there are rules is known then.
    """
    return any(_decides(path) for path in policy.unknowns)


def denies(policy: Resource, direction: str, namespace: Resource) -> bool:
    """Whether ``policy`` selects every Pod of ``namespace`` and admits nothing in ``direction``.

    A policy that cannot be read denies nothing.
    """
    if is_unknown(policy):
        return False
    spec = mapping(policy.attributes.get("spec"))
    if policy.type == NETWORK_POLICY:
        return not label_selector(spec.get("podSelector")) and _why_not(spec, direction) is None
    if policy.type.startswith("cilium.io/"):
        specs = [spec, *map(mapping, sequence(policy.attributes.get("specs")))]
        return any(_cilium_denies(item, direction.lower(), namespace) for item in specs)
    return _calico_denies(spec, direction, namespace)


def _near_misses(policies: tuple[Resource, ...], direction: str) -> Iterator[tuple[Resource, Path, str]]:
    """The NetworkPolicies that select every Pod and yet are no default deny: where, and why."""
    for policy in policies:
        spec = mapping(policy.attributes.get("spec"))
        if policy.type == NETWORK_POLICY and not label_selector(spec.get("podSelector")):
            reason = _why_not(spec, direction)
            if reason is not None:
                yield policy, *reason


def _decides(path: Path) -> bool:
    if path[:1] not in (("spec",), ("specs",)):
        return False
    inside = path[1:] if path[0] == "spec" else path[2:]
    return len(inside) < 2 or inside[0] not in ("ingress", "egress")


def _why_not(spec: Mapping[str, Any], direction: str) -> tuple[Path, str] | None:
    """Where and why a NetworkPolicy that selects every Pod is no default deny; None where it is."""
    types = sequence(spec.get("policyTypes"))
    if direction not in types and (types or direction == "Egress"):
        return ("spec", "policyTypes"), f"its policyTypes do not name {direction}"
    if spec.get(direction.lower()):
        return ("spec", direction.lower()), f"it has {direction.lower()} rules"
    return None


def _cilium_denies(spec: Mapping[str, Any], direction: str, namespace: Resource) -> bool:
    """Cilium closes a direction as soon as there are rules for it; an empty rule is one that admits nothing."""
    if not isinstance(spec.get("endpointSelector"), dict) or not _cilium_selects(spec["endpointSelector"], namespace):
        return False
    closed = mapping(spec.get("enableDefaultDeny")).get(direction)
    rules = sequence(spec.get(direction))
    admits = any(rules)
    return not admits and closed is not False and bool(closed or rules or sequence(spec.get(f"{direction}Deny")))


def _cilium_selects(selector: Mapping[str, Any], namespace: Resource) -> bool:
    """Whether an endpoint selector asks for nothing but the namespace, and for this one."""
    asked = label_selector(selector)
    labels = {_CILIUM_NAMESPACE: namespace.name}
    labels |= {f"{_CILIUM_NAMESPACE_LABEL}{key}": value for key, value in namespace.labels.items()}
    wanted = {_cilium_key(key): value for key, value in asked.get("matchLabels", {}).items()}
    expressions = [{**item, "key": _cilium_key(item.get("key"))} for item in asked.get("matchExpressions", ())]
    keys = [*wanted, *(item["key"] for item in expressions)]
    if not all(key == _CILIUM_NAMESPACE or key.startswith(_CILIUM_NAMESPACE_LABEL) for key in keys):
        return False
    return selects({"matchLabels": wanted, "matchExpressions": expressions}, labels)


def _cilium_key(key: Any) -> str:
    """A label key without the source that Cilium lets one write before it."""
    return text(key).removeprefix("k8s:").removeprefix("any:")


def _calico_denies(spec: Mapping[str, Any], direction: str, namespace: Resource) -> bool:
    rules = {name: sequence(spec.get(name.lower())) for name in ("Ingress", "Egress")}
    default = [name for name, found in rules.items() if found] or ["Ingress"]
    if direction not in (sequence(spec.get("types")) or default):
        return False
    if any(mapping(rule).get("action") != "Deny" for rule in rules[direction]):
        return False
    facts = {**namespace.labels, NAME_LABEL: namespace.name, "projectcalico.org/name": namespace.name}
    pods = {"projectcalico.org/namespace": namespace.name, "projectcalico.org/orchestrator": "k8s"}
    pods |= {f"pcns.{key}": value for key, value in namespace.labels.items()}
    try:
        return bool(
            selected(text(spec.get("namespaceSelector")), facts)
            and selected(text(spec.get("selector")), pods, complete=False)
        )
    except ValueError:
        return False
