"""What a registration must not do: stop the cluster when the webhook does not answer, or be got around by a tenant."""

from collections.abc import Iterable, Iterator

from scanner.estate.resolve import NAME_LABEL
from scanner.points.admission.registration import Delivery
from scanner.points.admission.rollout.registered import Hook

_UPDATES = ("CREATE", "UPDATE")
_HEARTBEATS: tuple[tuple[str, str, str], ...] = (
    ("coordination.k8s.io", "leases", "leases, by which nodes and controllers show that they live"),
    ("", "nodes", "nodes: none could join or be repaired"),
    ("", "nodes/status", "the heartbeats of nodes"),
    ("authentication.k8s.io", "tokenreviews", "token reviews: nobody could log in"),
    ("authorization.k8s.io", "subjectaccessreviews", "access reviews: nothing could be authorized"),
    ("", "events", "events: every failure would be followed by more"),
    ("admissionregistration.k8s.io", "validatingwebhookconfigurations", "registrations, by which it is taken away"),
)
"""Group, resource, and what stops where a blocking webhook of it is gone."""
_RECOVERY = (
    ("apps", "deployments"),
    ("apps", "replicasets"),
    ("", "pods"),
    ("", "services"),
    ("", "secrets"),
    ("", "configmaps"),
)
"""What has to be written in its own namespace to bring the webhook back."""
LONGEST_S = 10


def objections(hook: Hook, home: str) -> Iterator[str]:
    """Yield why ``hook`` must not be registered; ``home`` is the namespace that the webhook runs in."""
    if hook.blocks:
        yield from _locks_out(hook, home)
    yield from _can_be_avoided(hook)
    yield from _does_not_work(hook)


def _locks_out(hook: Hook, home: str) -> Iterator[str]:
    for group, resource, what in _HEARTBEATS:
        if any(hook.matches(Delivery(group, resource, operation)) for operation in _UPDATES):
            yield f"without an answer it stops {what}"
    left_out = hook.left_out()
    if home not in left_out and _sent(hook, _RECOVERY):
        yield (
            f"without an answer it stops its own recovery: namespace '{home}' is not left out by {NAME_LABEL}, "
            "which nobody can change"
        )
    if "kube-system" not in left_out and _sent(hook, _RECOVERY):
        yield "without an answer nothing in kube-system can be replaced: leave it out, or only warn there"


def _sent(hook: Hook, resources: Iterable[tuple[str, str]]) -> bool:
    return any(hook.matches(Delivery(group, name, operation)) for group, name in resources for operation in _UPDATES)


def _can_be_avoided(hook: Hook) -> Iterator[str]:
    for expression in hook.expressions("objectSelector"):
        yield f"whoever writes an object decides over its review: objectSelector asks for label {expression.get('key')}"
    for expression in hook.expressions("namespaceSelector"):
        if expression.get("key") != NAME_LABEL:
            yield (
                "whoever may label a namespace decides over its reviews: namespaceSelector asks for label "
                f"{expression.get('key')}; name namespaces by {NAME_LABEL}"
            )
    if hook.spec.get("matchPolicy", "Equivalent") != "Equivalent":
        yield "another version of the same kind gets around it: matchPolicy must be Equivalent"


def _does_not_work(hook: Hook) -> Iterator[str]:
    client = hook.spec.get("clientConfig")
    client = client if isinstance(client, dict) else {}
    is_injected = any(str(key).startswith("cert-manager.io/inject") for key in hook.annotations)
    if not client.get("caBundle") and not is_injected:
        yield "the API server cannot know its certificate: caBundle is missing"
    if hook.spec.get("sideEffects") not in ("None", "NoneOnDryRun"):
        yield "dry runs would be refused: sideEffects must be None"
    if "v1" not in (hook.spec.get("admissionReviewVersions") or ()):
        yield "it is asked in a version that it does not answer: admissionReviewVersions must hold v1"
    seconds = hook.spec.get("timeoutSeconds", LONGEST_S)
    if hook.blocks and isinstance(seconds, int) and seconds > LONGEST_S:
        yield f"every request may wait {seconds} s for it: {LONGEST_S} at most, 5 is enough"
