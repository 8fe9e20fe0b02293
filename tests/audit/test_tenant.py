"""What an audit tells one tenant names nobody else: not even those of whom nothing was found."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest

pytest.importorskip("alembic", reason="the extra 'audit' is not installed")
pytest.importorskip("orjson", reason="dumps are read with orjson: the extra kubernetes")

from scanner.audit.dashboard import overview, page
from scanner.audit.names import digests_of, names_in
from scanner.audit.store import open_store
from scanner.errors import UsageError
from scanner.estate import Estate, load_estate
from scanner.packs.loader import builtin_packs, unique_rules
from scanner.points.audit import conduct
from scanner.points.inputs import source_of
from scanner.points.request import Request
from scanner.report import Report
from scanner.report.names import ANOTHER, Names
from scanner.report.restricted import restricted
from scanner.scan import Options, scan
from scanner.sources.azure.export import AzureExport
from scanner.sources.cluster.dump import ClusterDump
from scanner.sources.cluster.trimming import trimming_for
from tests.audit.estates import audit, flags, inline
from tests.audit.test_drift import write_to
from tests.conftest import ROOT
from tests.formats.builder import DUNMORE, KESTREL, PLATFORM, at, finding, judged, report, rule
from tests.report.test_restricted import HIGH, PROSE, RULE_PAGES, rendered, secrets_of, words

OTHER = ROOT / "fixtures" / "erp-hosting"
DECLARED = (str(OTHER / "clusters"), str(OTHER / "terraform"))
CONFIG = """\
clusters: {{aks-prd-weu-01: {0}/clusters/aks-prd-weu-01, aks-npd-weu-01: {0}/clusters/aks-npd-weu-01}}
terraform:
  roots: ["{0}/terraform/live/landing-zone", "{0}/terraform/live/shared", "{0}/terraform/live/dedicated"]
  var_files:
    production: ["{0}/terraform/environments/production.tfvars"]
"""
BROKEN = ROOT / "fixtures" / "erp-hosting-broken"
CLOCK = datetime(2026, 11, 21, 6, tzinfo=UTC)
INVENTORY = str(BROKEN / "azure" / "inventory.json")
DUMPS = {path.name: path for path in sorted((BROKEN / "dumps").iterdir())}


class Night(NamedTuple):
    """One audit of the broken estate."""

    report: Report
    names: Names
    store: str
    estate: Estate
    listed: Report
    """Every Resource, from the same sources."""
    declared: Report
    """Every Resource of what is compared with them, which much of it does not match."""


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    folder = tmp_path_factory.mktemp("night")
    estate = load_estate(str(BROKEN / "estate.yaml"))
    packs = builtin_packs()
    rules = list(unique_rules(packs).values())
    sources = [*(ClusterDump(name, path, trimming_for(rules)) for name, path in DUMPS.items()), AzureExport(INVENTORY)]
    options = Options(point="audit", today=CLOCK.date(), now=CLOCK, jobs=1)
    listed = scan(sources, packs, rules, estate, options=options)
    config = folder / "bulkhead.yaml"
    config.write_text(CONFIG.format(OTHER), "utf-8")
    request = Request.of({"paths": DECLARED, "config": str(config), "today": "2026-11-21", "jobs": 1})
    declared = scan([source_of(request, estate)], packs, rules[:1], estate, options=options)
    log = folder / "audit.jsonl"
    log.write_text("\n".join(json.dumps(record) for record in _writes(estate)), "utf-8")
    compared = {"declared": DECLARED, "config": str(config), "audit_logs": (str(log),)}
    store = f"sqlite:///{folder / 'audit.db'}"
    known: list[Names] = []
    with pytest.MonkeyPatch.context() as patch, inline(patch):
        patch.setattr(conduct, "names_in", lambda *given: known.append(names_in(*given)) or known[0])
        found = audit(_flags(folder / "work", store=store, **compared))
    return Night(found, known[0], store, estate, listed, declared)


def _writes(estate: Estate) -> Iterator[dict[str, Any]]:
    """Yield records of writes to every tenant's workloads, by the service account of the tenant before it."""
    for before, tenant in pairwise(estate.tenants):
        for name in ("odoo-web", "odoo-worker"):
            yield write_to(
                name,
                f"erp-{tenant.name}-prd",
                requestObject=None,
                user={"username": f"system:serviceaccount:erp-{before.name}-prd:deployer"},
                userAgent=f"deployer-of-{before.name}/v1",
            )


def _flags(work: Path, **others: object) -> dict[str, object]:
    return flags(DUMPS, work, exports=(INVENTORY,), **{"estate": str(BROKEN / "estate.yaml"), **others})


def _foreign(night: Night, tenant: str, text: str, own: Report) -> set[str]:
    """Return the names of others in ``text``, but for words of our own prose."""
    said = words(text)
    leaked = {
        name
        for report_ in (night.listed, night.declared)
        for name in secrets_of(night.estate, report_, tenant)
        if (name in said if "/" not in name else name in text)
    }
    neutral = replace(
        own, findings=(PROSE,), rules={**own.rules, HIGH.id: HIGH}, ledger=(), exemptions_used=(), timelines={}
    )
    identities = {name for one in night.estate.tenants for name in (one.id, one.name, *one.domains)}
    return leaked - words(rendered(neutral)) - (RULE_PAGES - identities)


def test_nobody_else_is_named_in_any_format(night: Night) -> None:
    assert night.report.resources >= len(night.listed.judged) > 700
    for tenant in night.estate.tenants:
        own = restricted(night.report, tenant.id, night.estate, night.names)
        assert _foreign(night, tenant.id, rendered(own), own) == set(), tenant.id
        assert {one for finding_ in own.findings for one in finding_.tenants} <= {tenant.id}


def test_nobody_elses_drift_is_told(night: Night) -> None:
    drifted = [one for one in night.report.findings if one.difference is not None]
    assert len(drifted) > 800
    assert sum("deployer-of-" in one.what for moments in night.report.timelines.values() for one in moments) >= 4
    told = 0
    store = open_store(night.store)
    for tenant in night.estate.tenants:
        own = restricted(night.report, tenant.id, night.estate, night.names)
        mine = {one.resource for one in drifted if one.tenancy.tenant == tenant.id}
        assert {one.resource for one in own.findings if one.difference is not None} == mine
        assert own.timelines.keys() <= mine
        text = "\n".join(part for one in own.findings for part in one.difference or ())
        text += "".join(one.what for moments in own.timelines.values() for one in moments)
        told += text.count(ANOTHER)
        assert _foreign(night, tenant.id, text, own) == set(), tenant.id
        board = re.sub(r"<style>.*?</style>|<svg.*?</svg>", "", "".join(page(overview(store, 1, tenant=tenant.id))))
        assert _foreign(night, tenant.id, board, own) == set(), tenant.id
        assert bool(mine) is ("<h2>Drift" in board)
    store.close()
    assert told, "some of it had to be changed"


def test_nor_in_what_the_store_tells_a_tenant(night: Night) -> None:
    store = open_store(night.store)
    told = 0
    for tenant in night.estate.tenants:
        own = restricted(night.report, tenant.id, night.estate, night.names)
        stored = store.findings(1, tenant=tenant.id)
        told += sum(ANOTHER in one.message for one in stored)
        text = "\n".join(f"{one.message} {one.resource}" for one in stored)
        assert _foreign(night, tenant.id, text, own) == set(), tenant.id
    store.close()
    assert told, "some message had to be changed"


def test_what_nothing_was_found_of_is_known_as_somebody_elses() -> None:
    estate = load_estate(str(BROKEN / "estate.yaml"))
    pages = (
        digests_of((judged("Pod x/nimbus", "a", {}, tenancy=KESTREL),)),
        digests_of((judged("Pod x/stratus", "b", {}, tenancy=PLATFORM),)),
    )
    said = finding(rule("ISO-001", "high"), "Pod own/web", "like Nimbus.example, stratus and a.nimbus", at("f"),
                   tenancy=DUNMORE)  # fmt: skip
    found = report([HIGH], findings=(said,))
    names = names_in(found, estate, pages)
    assert names.withheld(said.message, "t04") == f"like Nimbus.example, stratus and {ANOTHER}"
    assert names_in(found, estate, ()).withheld(said.message, "t04") == said.message


def test_one_tenant_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, night: Night) -> None:
    with inline(monkeypatch):
        own = audit(_flags(tmp_path / "work", tenant=night.estate.tenants[0].name))
    id_ = night.estate.tenants[0].id
    theirs = restricted(night.report, id_, night.estate, night.names).findings
    assert own.findings == tuple(one for one in theirs if not one.rule.startswith("DRIFT-")) != ()
    text = Path(f"{tmp_path / 'work'}.json").read_text("utf-8")
    assert _foreign(night, id_, text, own) == set()
    assert own.exit_code() in (1, 3)


def test_a_tenant_must_be_one(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not declare it"):
        audit(_flags(tmp_path / "work", tenant="nobody"))
