"""The file for node_exporter: what it holds, and that it is replaced at once."""

import re
from pathlib import Path

import pytest

pytest.importorskip("alembic", reason="the extra 'audit' is not installed")

from scanner.audit.metrics import metrics
from scanner.audit.store import open_store
from scanner.model.verdict import Verdict
from tests.audit.store.runs import LOW, begin, found, recorded, unread
from tests.formats.builder import KESTREL, PLATFORM

LINE = re.compile(
    r"# (HELP|TYPE) bulkhead_audit_\w+ .+|bulkhead_audit_\w+(\{\w+=\"[^\"]*\"(,\w+=\"[^\"]*\")*\})? [\d.e+]+"
)


def test_every_figure_has_its_line(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'audit.db'}")
    assert 'bulkhead_audit_last_run_status{status="running"} 0\n' in "".join(metrics(store))
    findings = (
        found("a"),
        found("b", tenancy=KESTREL),
        found("c", about=LOW, tenancy=PLATFORM),
        found("d", verdict=Verdict.UNKNOWN),
    )
    recorded(store, *findings, ledger=[unread("test")])
    store.fail(begin(store, day=1), "the token expired")
    text = "".join(metrics(store))
    assert all(LINE.fullmatch(line) for line in text.splitlines())
    types = re.findall(r"# TYPE (\w+)", text)
    assert len(types) == len(set(types)), "a metric is described once"
    assert text.endswith("\n")
    for line in (
        'last_run_status{status="failed"} 1',
        'last_run_status{status="complete"} 0',
        "last_run_started_timestamp_seconds 1793584800",
        "inputs_not_read 1",
        "scopes 2",
        'findings{severity="critical"} 0',
        'findings{severity="high"} 2',
        'tenant_findings{tenant="t11",severity="high"} 1',
        'tenant_findings{tenant="-",severity="low"} 1',
        'rule_findings{rule="ISO-001",severity="high"} 2',
        "findings_unknown 1",
        "findings_exempted 0",
    ):
        assert f"\nbulkhead_audit_{line}\n" in text
    store.close()
