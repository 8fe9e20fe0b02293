"""What is done about a Finding: the request is denied, passes with a warning, or passes with a word in the audit log.

The verdict is the gate's; only what follows from it is chosen here: by the entries of ``admission.actions`` in
bulkhead.yaml, the first that fits, and else as the gate would (``fail_on``, ``unknown``).

Nothing that a tenant can write exempts by itself: no label, no annotation. The built-in exceptions below rest on names
that only the cluster's administrators can use, and on who sent the request.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import NamedTuple

from scanner.config import ActionChoice, AdmissionChoice
from scanner.inventory import NAMESPACE
from scanner.model.finding import Finding
from scanner.model.rule import Rule
from scanner.model.verdict import Verdict
from scanner.points.admission.request import CREATE, AdmissionRequest
from scanner.report import Gate

KUBERNETES_NAMESPACES = frozenset(("kube-system", "kube-public", "kube-node-lease"))
"""Namespaces that a cluster cannot run without: what is in them is warned of and never denied by default."""
MIRROR = "kubernetes.io/config.mirror"
"""Annotation of the Pod that mirrors a static one: the kubelet runs it whatever the API server says."""
_NODES, _NODE = "system:nodes", "system:node:"


class Action(StrEnum):
    """What follows from one Finding."""

    DENY = "deny"
    WARN = "warn"
    AUDIT = "audit"


class Asked(NamedTuple):
    """What of a request has a say in the Action, beside the Finding itself."""

    operation: str
    namespace: str
    """Of a Namespace, its own name."""
    is_mirror: bool

    @classmethod
    def of(cls, request: AdmissionRequest) -> "Asked":
        """Return what has a say of ``request``."""
        namespace = request.name if request.type == NAMESPACE else request.namespace
        return cls(request.operation, namespace, _is_mirror(request))


@dataclass(frozen=True, slots=True)
class Policy:
    """Says the Action for every Finding."""

    choice: AdmissionChoice
    gate: Gate

    def action(self, finding: Finding, rule: Rule, asked: Asked) -> Action:
        """Return what is done about ``finding``, were the object new."""
        entry = next((one for one in self.choice.actions if _fits(one, finding, asked)), None)
        wanted = Action(entry.action) if entry is not None else self._default(finding, rule, asked)
        return Action.WARN if wanted is Action.DENY and not self.choice.enforce else wanted

    def may_deny(self, rule: Rule) -> bool:
        """Whether any Finding of ``rule`` may be denied: what the blocking of two registrations has to ask."""
        entries = (one for one in self.choice.actions if one.action == Action.DENY)
        return rule.severity >= self.gate.fail_on or any(_concerns(one, rule) for one in entries)

    def _default(self, finding: Finding, rule: Rule, asked: Asked) -> Action:
        blocks = Action.DENY if finding.severity >= self.gate.fail_on else Action.WARN
        if finding.verdict is Verdict.UNKNOWN:
            return {"ignore": Action.AUDIT, "warn": Action.WARN}.get(self.gate.unknown, blocks)
        if finding.verdict is Verdict.ERROR and self.gate.incomplete == "warn":
            return Action.WARN
        if asked.namespace in KUBERNETES_NAMESPACES or asked.is_mirror:
            return Action.WARN
        is_new_namespace = finding.type == NAMESPACE and asked.operation == CREATE
        if is_new_namespace and rule.looks_up and finding.verdict is Verdict.FAIL:
            return Action.WARN  # what must be in a Namespace can only be made once the Namespace is there
        return blocks


def _fits(entry: ActionChoice, finding: Finding, asked: Asked) -> bool:
    tenancy = finding.tenancy
    return (
        _any(entry.rules, (finding.rule,), upper=True)
        and (not entry.severities or finding.severity in entry.severities)
        and _any(entry.verdicts, (finding.verdict.value,))
        and _any(entry.types, (finding.type,))
        and _any(entry.operations, (asked.operation,))
        and _any(entry.standings, (tenancy.standing.value,))
        and _any(entry.namespaces, (asked.namespace,))
        and _any(entry.environments, (tenancy.environment, tenancy.environment_class))
    )


def _concerns(entry: ActionChoice, rule: Rule) -> bool:
    return _any(entry.rules, (rule.id,), upper=True) and (not entry.severities or rule.severity in entry.severities)


def _any(globs: tuple[str, ...], values: Iterable[str | None], *, upper: bool = False) -> bool:
    """Whether one of ``globs`` matches one of ``values``; no globs match everything, an empty value nothing."""
    if not globs:
        return True
    return any(value and fnmatchcase(value, glob.upper() if upper else glob) for value in values for glob in globs)


def _is_mirror(request: AdmissionRequest) -> bool:
    """Whether a node announces one of its static Pods; anyone may write the annotation, only a node is believed."""
    if request.type != "core/Pod" or request.object is None:
        return False
    metadata = request.object.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
    says_so = isinstance(annotations, dict) and MIRROR in annotations
    return says_so and _NODES in request.groups and request.user.startswith(_NODE)
