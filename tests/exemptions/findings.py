"""Findings and Exemptions for tests, with as few words as possible."""

from datetime import date
from typing import Any

from scanner.model.exemption import Exemption
from scanner.model.finding import Finding
from scanner.model.location import Location
from scanner.model.path import parse_path
from scanner.model.severity import Severity
from scanner.model.tenancy import Standing, Tenancy
from scanner.model.verdict import Verdict

TODAY = date(2026, 11, 21)
BIRCH = Tenancy(Standing.TENANT, tenant="t02", tenant_name="birch", environment="production")


def finding(
    rule: str = "ISO-029",
    key: str = "aks-prd/apps/Deployment/erp-birch-prd/web",
    path: str = "spec.template.spec.containers[0].securityContext.privileged",
    verdict: Verdict = Verdict.FAIL,
    tenancy: Tenancy = BIRCH,
) -> Finding:
    parts = key.split("/", 4)
    type_ = f"{parts[1]}/{parts[2]}" if key[0] != "/" else "Microsoft.Storage/storageAccounts"
    return Finding(
        rule, Severity.HIGH, verdict, key, type_, "no", Location("a.yaml", parse_path(path)), tenancy=tenancy
    )


def exemption(id_: str = "EX-1", rules: tuple[str, ...] = ("ISO-029",), **selector: str) -> Exemption:
    return Exemption(
        id=id_,
        rules=rules,
        reason="because",
        source="file",
        file="exemptions.yaml",
        line=3,
        selector={key.replace("__", "."): value for key, value in selector.items()} or {"cluster": "*"},
        owner="grp",
        expires=date(2027, 1, 31),
    )


def inline(path: str = "", rules: tuple[str, ...] = ("ISO-029",), **fields: Any) -> Exemption:
    stated: dict[str, Any] = {"reason": "because", "resource": "aks-prd/apps/Deployment/erp-birch-prd/web", **fields}
    return Exemption(
        id="inline:a.yaml:7", rules=rules, source="inline", file="a.yaml", line=7, path=parse_path(path), **stated
    )
