"""Live Azure and an export of it are judged alike."""

import json
from pathlib import Path

from scanner.packs.loader import builtin_packs
from scanner.report import Report
from scanner.scan import Options, scan
from scanner.sources.azure.export import AzureExport
from scanner.sources.azure.live import LiveAzure
from scanner.sources.azure.needs import plan_for
from scanner.sources.interface import Source
from tests.sources.azure.asking import client
from tests.sources.azure.clock import FakeTime
from tests.sources.azure.conftest import SUBSCRIPTIONS
from tests.tools.azure_server import AzureServer, as_row

WITHOUT_ESTATE = ("ENC-", "NET-", "RBAC-0")


def judged(source: Source) -> Report:
    packs = builtin_packs()
    rules = [rule for pack in packs for rule in pack.rules if rule.id.startswith(WITHOUT_ESTATE)]
    return scan([source], packs, rules, None, options=Options(point="audit", jobs=1))


def asked(report: Report) -> set[tuple[str, tuple[str, ...], bytes]]:
    """The verdicts; live Azure is not even asked for what no rule is about."""
    return {(one.key, one.rules, one.codes) for one in report.judged if one.rules}


def test_live_azure_and_its_export_get_the_same_verdicts(azure: AzureServer, time: FakeTime, tmp_path: Path) -> None:
    rules = [rule for pack in builtin_packs() for rule in pack.rules if rule.id.startswith(WITHOUT_ESTATE)]
    live = judged(LiveAzure(SUBSCRIPTIONS, client(azure, time), plan_for(rules)))
    path = tmp_path / "inventory.json"
    children = [body for body in azure.resources.values() if str(body["type"]).count("/") > 1]
    rows = [as_row(body) for body in azure.resources.values() if body not in children]
    path.write_text(json.dumps({"data": rows}) + "\n" + "\n".join(map(json.dumps, children)), "utf-8")
    export = judged(AzureExport(str(path)))
    assert export.findings
    assert {finding.fingerprint for finding in live.findings} == {finding.fingerprint for finding in export.findings}
    assert asked(live) == asked(export)
    assert len(asked(live)) > 20
    assert not live.incomplete()
    assert not export.incomplete()
