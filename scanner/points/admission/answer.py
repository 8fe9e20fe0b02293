"""The AdmissionReview that answers, within the limits of the API server.

Facts of ``k8s.io/apiserver``: a denial is HTTP 200 with ``allowed: false``, its text goes in ``status.message`` and a
code below 400 is not believed; a warning should have 120 characters, and where all together pass 4096 those above 256
are cut and the rest dropped; keys of audit annotations get the hook's name in front.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from scanner.model.finding import Finding
from scanner.model.rule import Rule
from scanner.points.admission.decision import Decided, Decision
from scanner.points.admission.policy import Action
from scanner.points.admission.request import API_VERSION, KIND
from scanner.points.admission.wire import dumps

FORBIDDEN = 403
MAX_WARNINGS = 10
MAX_WARNING_CHARS = 256
MAX_STATED = 20
"""Objections that a denial spells out; of the others it names the Rules."""
MAX_MESSAGE_CHARS = 8000
MAX_ANNOTATION_CHARS = 2000

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


def answer(decision: Decision, rules: Mapping[str, Rule], packs: Mapping[str, str]) -> bytes:
    """Return the answer to the API server. ``packs`` are name → digest of those that Rules came from."""
    response: dict[str, Any] = {"uid": decision.request.uid, "allowed": decision.allowed}
    if not decision.allowed:
        response["status"] = {
            "code": FORBIDDEN,
            "reason": "Forbidden",
            "message": denial(decision, rules),
        }
    if warnings := warnings_of(decision):
        response["warnings"] = warnings
    response["auditAnnotations"] = annotations(decision, packs)
    return dumps({"apiVersion": API_VERSION, "kind": KIND, "response": response})


def denial(decision: Decision, rules: Mapping[str, Rule]) -> str:
    """Return the text of a denial: all that is objected to, worst first, and how each is put right.

    The API server shows one hook's text only, so nothing may be left for another one to say.
    """
    denied = decision.of(Action.DENY)
    number = "1 objection" if len(denied) == 1 else f"{len(denied)} objections"
    lines = [f"{decision.title}: {number} (decision {decision.id})"]
    for one in denied[:MAX_STATED]:
        finding = one.finding
        lines.append(f"  {finding.rule} {finding.severity.label}: {_stated(finding)}")
        fix = rules[finding.rule].fix if finding.rule in rules else ""
        if fix:
            lines.append(f"    fix: {_one_line(fix)}")
    if len(denied) > MAX_STATED:
        rules_left = sorted({one.finding.rule for one in denied[MAX_STATED:]})
        lines.append(f"  and {len(denied) - MAX_STATED} more of {', '.join(rules_left)}")
    text = "\n".join(lines)
    return text if len(text) <= MAX_MESSAGE_CHARS else f"{text[: MAX_MESSAGE_CHARS - 1]}…"


def warnings_of(decision: Decision) -> list[str]:
    """Return the warnings for whoever sent the request: worst first, ten at most, none that would be cut."""
    told = decision.of(Action.WARN)
    if len(told) > MAX_WARNINGS:
        left = len(told) - MAX_WARNINGS + 1
        return [*(_warning(one) for one in told[: MAX_WARNINGS - 1]), f"and {left} more (decision {decision.id})"]
    return [_warning(one) for one in told]


def annotations(decision: Decision, packs: Mapping[str, str]) -> dict[str, str]:
    """Return what the audit log of the API server keeps: identities and digests, no values of the object."""
    found = {"decision": decision.id, "packs": " ".join(_stamps(packs))}
    for action in Action:
        fingerprints = [f"{one.finding.rule}:{one.finding.fingerprint}" for one in decision.of(action)]
        if fingerprints:
            found[action.value] = " ".join(fingerprints)
    if decision.accepted:
        found["exempted"] = " ".join(_accepted(decision.accepted))
    if decision.passed:
        found["passed"] = decision.passed
    return {key: _short(_one_line(text), MAX_ANNOTATION_CHARS) for key, text in found.items()}


def _stamps(packs: Mapping[str, str]) -> Iterable[str]:
    """Name and the first digits of the digest: enough to tell one version of a pack from another."""
    return (f"{name}@{digest.removeprefix('sha256:')[:12]}" for name, digest in sorted(packs.items()))


def _accepted(findings: Iterable[Finding]) -> Iterable[str]:
    for finding in findings:
        assert finding.exemption is not None
        yield f"{finding.rule}:{finding.fingerprint}={finding.exemption.id}"


def _warning(one: Decided) -> str:
    suffix = f" ({one.why})" if one.why else ""
    return _short(f"{one.finding.rule}: {_stated(one.finding)}", MAX_WARNING_CHARS - len(suffix)) + suffix


def _stated(finding: Finding) -> str:
    prefix = "" if finding.verdict.value == "fail" else f"{finding.verdict.value}: "
    return prefix + _one_line(finding.message)


def _one_line(text: str) -> str:
    return _UNPRINTABLE.sub(" ", text).strip()


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
