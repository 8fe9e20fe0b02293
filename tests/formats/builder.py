"""Reports made by hand: rules, findings and the files they point at."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from scanner.engine.identity import fingerprint
from scanner.model.exemption import Exemption
from scanner.model.finding import Finding, Related
from scanner.model.judged import Judged
from scanner.model.ledger import LedgerEntry, State
from scanner.model.location import Location, Origin, Region
from scanner.model.path import parse_path
from scanner.model.rule import Rule, Scope
from scanner.model.severity import Severity
from scanner.model.tenancy import UNDECLARED, Standing, Tenancy
from scanner.model.verdict import Verdict
from scanner.report import Gate, PackStamp, Report

DUNMORE = Tenancy(Standing.TENANT, "t04", "dunmore", "production", "production", "premium", "multi-tenant", "label")
KESTREL = Tenancy(Standing.TENANT, "t11", "kestrel", "uat", "preproduction", "standard", "multi-tenant", "label")
PLATFORM = Tenancy(Standing.PLATFORM)

RULE_PAGE = """---
id: {id}
title: {title}
---

## What it checks

{title}. The check looks at the object itself.

## Why it matters

One tenant must not be able to harm another.

## How to fix

{fix}

## References

- [Pod security standards](https://kubernetes.io/docs/concepts/security/pod-security-standards/)
"""


def rule(id_: str, title: str, severity: Severity = Severity.HIGH, **changes: Any) -> Rule:
    """Return a Rule; ``changes`` are fields of it."""
    fields: dict[str, Any] = {
        "id": id_,
        "title": title,
        "severity": severity,
        "language": "python",
        "pack": "rules/tenant_isolation",
        "folder": "/nowhere/rules/tenant_isolation/" + id_.lower(),
        "applies_to": ("apps/Deployment",),
        "reads": (),
        "looks_up": {},
        "needs": frozenset(),
        "scope": Scope.ANY,
        "points": ("gate", "admission", "audit"),
        "controls": {},
        "equivalents": {},
        "since": "0.1.0",
        "fix": "",
    }
    return Rule(**{**fields, **changes})


def finding(
    about: Rule,
    resource: str,
    message: str,
    place: Location,
    *,
    verdict: Verdict = Verdict.FAIL,
    tenancy: Tenancy = UNDECLARED,
    related: Iterable[Related] = (),
    exemption: Exemption | None = None,
    tag: str = "",
) -> Finding:
    """Return a Finding of the rule ``about`` on ``Kind namespace/name`` (group and cluster are made up)."""
    key, type_ = identity(resource)
    return Finding(
        about.id,
        about.severity,
        verdict,
        key,
        type_,
        message,
        place,
        tag,
        fingerprint(about.id, key, tag),
        tenancy,
        tuple(related),
        exemption,
    )


def identity(resource: str) -> tuple[str, str]:
    """Return key and type of ``Kind namespace/name``."""
    kind, _, name = resource.partition(" ")
    namespace, _, name = name.rpartition("/")
    group = {"Deployment": "apps", "DaemonSet": "apps", "NetworkPolicy": "networking.k8s.io"}.get(kind, "core")
    return f"aks-prd-weu-01/{group}/{kind}/{namespace or '-'}/{name}", f"{group}/{kind}"


def at(file: str, line: int = 0, column: int = 1, end_column: int = 0, end_line: int = 0, path: str = "") -> Location:
    """Return a Location; without a line it has no region."""
    region = Region(line, column, end_line or line, end_column or column + 1) if line else None
    return Location(file, parse_path(path), region)


def marked(root: Path, file: str, text: str, path: str = "") -> Location:
    """Return the Location of the first occurrence of ``text`` in ``file`` below ``root``."""
    before, found, _ = (root / file).read_text("utf-8").partition(text)
    assert found, f"{text!r} is not in {file}"
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    end_line = line + text.count("\n")
    end_column = column + len(text) if end_line == line else len(text) - text.rfind("\n")
    return Location(file, parse_path(path), Region(line, column, end_line, end_column))


def judged(resource: str, file: str, verdicts: Mapping[str, Verdict], **changes: Any) -> Judged:
    """Return what the rules said of ``Kind namespace/name``; reasons for skips are made up."""
    key, type_ = identity(resource)
    reasons = {rule_id: "out of its scope" for rule_id, verdict in verdicts.items() if verdict is Verdict.SKIP}
    codes = bytes(verdict.code for verdict in verdicts.values())
    kept = changes.pop("reasons", reasons)
    return Judged(key, type_, Origin("manifests", file), tuple(verdicts), codes, kept, **changes)


def report(rules: Iterable[Rule], findings: Iterable[Finding] = (), **changes: Any) -> Report:
    """Return a Report with a fixed clock; findings are sorted as the engine sorts them."""

    def order(one: Finding) -> tuple[str, int, int, str, str]:
        region = one.location.region
        line, column = (region.line, region.column) if region else (0, 0)
        return (one.location.file, line, column, one.rule, one.tag)

    fields: dict[str, Any] = {
        "tool_version": "0.1.0",
        "packs": (PackStamp("rules/tenant_isolation", "0.1.0", "sha256:" + "5a" * 32, 3),),
        "rules": {one.id: one for one in sorted(rules, key=lambda one: one.id)},
        "judged": (),
        "findings": tuple(sorted(findings, key=order)),
        "ledger": (LedgerEntry("deploy/web.yaml", State.SCANNED, resources=1),),
        "gate": Gate(),
        "today": date(2026, 11, 21),
        "elapsed_s": 0.84,
    }
    return Report(**{**fields, **changes})
