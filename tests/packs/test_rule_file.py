import pytest

from scanner.errors import PackError
from scanner.model.rule import Rule, Scope
from scanner.model.severity import Severity
from scanner.packs.rule_file import fix_hint, parse_rule

FRONT = """id: ACME-001
title: Nothing is privileged
severity: critical
applies_to: [workloads, core/Namespace]
reads:
  - views.containers[*].securityContext.privileged
needs: [inventory]
looks_up:
  networking.k8s.io/NetworkPolicy: [spec]
points: [gate]
controls: {CIS-K8s: ["5.2.2"]}
since: 0.1.0
"""
BODY = """
## What it checks

Something.

## Why it matters

It does.

## How to fix

Set privileged to false, e.g. in v1.2 files. Then do
another thing.

## References

- https://kubernetes.io/
"""


def parse(front: str = FRONT, body: str = BODY) -> Rule:
    text = f"---\n{front}---\n{body}"
    return parse_rule(text, "acme/rule.md", language="rego", pack="packs/acme", folder="/acme")


def error_of(front: str = FRONT, body: str = BODY) -> str:
    with pytest.raises(PackError) as caught:
        parse(front, body)
    return caught.value.diagnostics()


def test_front_matter_becomes_a_rule() -> None:
    rule = parse()
    assert (rule.id, rule.severity, rule.scope, rule.concern) == ("ACME-001", Severity.CRITICAL, Scope.ANY, "acme")
    assert len(rule.applies_to) == 10
    assert rule.reads == (("views", "containers", "*", "securityContext", "privileged"),)
    assert rule.looks_up == {"networking.k8s.io/NetworkPolicy": (("spec",),)}
    assert rule.controls == {"CIS-K8s": ("5.2.2",)}
    assert rule.fix == "Set privileged to false, e.g. in v1.2 files."


def test_the_hint_is_the_first_sentence_on_one_line() -> None:
    assert fix_hint("## How to fix\n\nName an account\nof its own.\n\nMore.\n") == "Name an account of its own."
    assert fix_hint("## How to fix\n\nNo full stop\n\n```yaml\nx\n```\n") == "No full stop"
    assert fix_hint("nothing") == ""


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("severity: critical", "severity: severe"), "acme/rule.md:4: unknown severity 'severe'"),
        (("id: ACME-001", "id: acme1"), "acme/rule.md:2: id 'acme1' must look like ISO-029"),
        (("points: [gate]", "points: [door]"), "acme/rule.md:11: unknown value 'door': one of gate, admission, audit"),
        (("title: Nothing is privileged\n", ""), "acme/rule.md:1: field 'title' is missing"),
        (("since: 0.1.0", "since: 0.1.0\nsevirity: x"), "acme/rule.md:14: unknown field 'sevirity'"),
        (("workloads", "worklods"), "acme/rule.md:5: unknown type 'worklods'"),
        (("views.containers[*]", "views.container[*]"), "acme/rule.md:6: unknown view"),
        (("  - views.containers[*].securityContext.privileged", "  - spec..x"), "acme/rule.md:6: cannot read path"),
        (("needs: [inventory]\n", ""), "acme/rule.md:8: looks_up is set, so needs must hold 'inventory'"),
        (("points: [gate]", "placed: [core/Node]\npoints: [gate]"), "acme/rule.md:11: placed names types that"),
        (("points: [gate]", "looks_for: [core/Node]\npoints: [gate]"), "acme/rule.md:11: looks_for names types that"),
        (("reads:\n  - views.containers[*].securityContext.privileged", "reads: all"), "'reads' must be a list"),
        (("title: Nothing", "title: 'Nothing"), "acme/rule.md:"),
    ],
)
def test_every_fault_names_its_line(change: tuple[str, str], message: str) -> None:
    assert change[0] in FRONT
    assert message in error_of(FRONT.replace(*change))


def test_what_a_rule_looks_for_is_among_what_it_looks_up() -> None:
    assert parse().looks_for == frozenset()
    found = parse(f"{FRONT}looks_for: [networking.k8s.io/NetworkPolicy]\n")
    assert found.looks_for == {"networking.k8s.io/NetworkPolicy"}


def test_what_a_rule_weighs_is_for_python_only() -> None:
    text = f"---\n{FRONT}weighs: [properties.principalId]\n---\n{BODY}"
    rule = parse_rule(text, "rule.md", language="python", pack="p", folder="/")
    assert rule.looks_at == (*rule.reads, ("properties", "principalId"))
    with pytest.raises(PackError, match="weighs is for rules in Python"):
        parse_rule(text, "rule.md", language="rego", pack="p", folder="/")


def test_all_faults_are_told_at_once() -> None:
    text = error_of("id: x\nseverity: y\n")
    assert text.count("acme/rule.md:") >= 6
    assert "help: run 'bulkhead rules test'" in text


def test_the_body_has_fixed_headings() -> None:
    assert "the body must have the headings What it checks" in error_of(body="## Why it matters\n")


def test_a_file_without_front_matter_says_what_is_missing() -> None:
    with pytest.raises(PackError, match=r"rule\.md:1: the file must begin with front matter"):
        parse_rule("# A title\n", "rule.md", language="rego", pack="p", folder="/")
