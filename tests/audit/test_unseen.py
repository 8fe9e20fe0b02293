"""An audit that may not see everything concludes nothing from what it does not find."""

import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("kubernetes", reason="the extra [kubernetes] is not installed")
pytest.importorskip("orjson", reason="the extra [kubernetes] is not installed")

from scanner.audit.kept import KeptInventory
from scanner.audit.run import Named
from scanner.audit.summary import Summary
from scanner.audit.work_file import WorkFile
from scanner.engine.pages import PageVerdicts
from scanner.estate import load_estate
from scanner.model.finding import Finding
from scanner.model.ledger import LedgerEntry, State, Unseen
from scanner.model.verdict import Verdict
from scanner.packs.loader import builtin_packs, unique_rules
from scanner.points.audit import conduct
from scanner.report import Report
from scanner.scan import Options, scan
from scanner.sources.cluster.kinds import NAMESPACES, Kind
from scanner.sources.cluster.live import LiveCluster
from tests.audit.estates import ESTATE, CutOffError, audit, flags, inline, write_dumps
from tests.sources.cluster.fake_cluster import FakeCluster, fake_cluster, refused, told

CLUSTER = "aks-prd-weu-01"
POLICIES = Kind("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy")
LIMITS = Kind("", "v1", "limitranges", "LimitRange")
NAMES = ("erp-aldersyde-prd", "erp-brookfen-prd")
TYPES = (NAMESPACES.type, POLICIES.type, LIMITS.type)
RULES = ("ISO-001", "ISO-008")
DENY = {"podSelector": {}, "policyTypes": ["Ingress"]}


@pytest.fixture
def fake(tmp_path: Path) -> Any:
    """A cluster in which policies may be listed in one of two namespaces, and nobody set limits."""
    with fake_cluster(tmp_path) as running:
        running.discovers([NAMESPACES, POLICIES, LIMITS])
        labels = {"erp.example.net/tenant": "t01", "erp.example.net/environment": "production"}
        running.answers[NAMESPACES.path()] = listed(
            NAMESPACES, *({"name": name, "labels": labels} for name in NAMES[:1]), {"name": NAMES[1]}
        )
        running.answers[POLICIES.path()] = refused(403, "networkpolicies is forbidden")
        running.answers[POLICIES.path(NAMES[0])] = listed(POLICIES, {"name": "deny", "namespace": NAMES[0]}, spec=DENY)
        running.answers[POLICIES.path(NAMES[1])] = refused(403, "networkpolicies is forbidden")
        running.answers[LIMITS.path()] = listed(LIMITS)
        yield running


def listed(kind: Kind, *metadata: dict[str, Any], **rest: Any) -> Any:
    version = f"{kind.group}/{kind.version}" if kind.group else kind.version
    found = [{"metadata": one, **rest} for one in metadata]
    return told({"kind": f"{kind.kind}List", "apiVersion": version, "metadata": {}, "items": found})


def source(fake: FakeCluster) -> LiveCluster:
    return LiveCluster(CLUSTER, fake.access(), TYPES, pacing=fake.pacing)


def scanned(fake: FakeCluster) -> Report:
    packs = builtin_packs()
    rules = [rule for id_, rule in unique_rules(packs).items() if id_ in RULES]
    return scan([source(fake)], packs, rules, load_estate(str(ESTATE)), options=Options(point="audit", jobs=1))


def audited(fake: FakeCluster, monkeypatch: pytest.MonkeyPatch, work: Path, **others: Any) -> Report:
    """Audit the cluster as if the flags had named it."""
    scopes_of = conduct.scopes_of

    def live(*given: Any) -> Any:
        scopes = scopes_of(*given)
        named = Named(f"cluster {CLUSTER}", source(fake), (CLUSTER,))
        return scopes._replace(sources=(scopes.sources[0], named))

    with monkeypatch.context() as patched:
        patched.setattr(conduct, "scopes_of", live)
        return audit(flags({CLUSTER: work}, work, only=RULES, **others))


def said(report: Report) -> dict[tuple[str, str], Finding]:
    return {(one.rule, one.resource.rpartition("/")[2]): one for one in report.findings}


def test_a_kind_that_may_not_be_listed_makes_nothing_missing(
    fake: FakeCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with inline(monkeypatch):
        reports = [scanned(fake), audited(fake, monkeypatch, tmp_path / "work")]
    for report in reports:
        found = said(report)
        assert ("ISO-001", NAMES[0]) not in found, "its policy was seen"
        unknown = found["ISO-001", NAMES[1]]
        assert unknown.verdict is Verdict.UNKNOWN
        assert unknown.message.startswith("networking.k8s.io/NetworkPolicy was not all seen (cluster aks-prd-weu-01: ")
        assert "the right to list networkpolicies.networking.k8s.io is missing there" in unknown.message
        assert {found["ISO-008", name].verdict for name in NAMES} == {Verdict.FAIL}, "all limits were seen"


def test_the_same_after_a_run_was_cut_off(fake: FakeCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with inline(monkeypatch):
        audited(fake, monkeypatch, tmp_path / "whole")
    for tasks in (1, 2, 3, 4):
        work = tmp_path / f"cut-{tasks}"
        with inline(monkeypatch, tasks), pytest.raises(CutOffError):
            audited(fake, monkeypatch, work)
        with inline(monkeypatch):
            audited(fake, monkeypatch, work, resume=True)
        assert findings(work) == findings(tmp_path / "whole") != []


def findings(work: Path) -> Any:
    return json.loads(Path(f"{work}.json").read_text("utf-8"))["findings"]


def test_a_part_of_a_dump_that_cannot_be_read_may_have_held_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dumps = write_dumps("erp-hosting", tmp_path / "dumps")
    with inline(monkeypatch):
        assert not said(audit(flags(dumps, tmp_path / "whole", only=RULES)))
        (dumps[CLUSTER] / "networkpolicy.json").write_text("{", "utf-8")
        found = said(audit(flags(dumps, tmp_path / "work", only=RULES)))
    assert {(rule, one.verdict) for (rule, _), one in found.items()} == {("ISO-001", Verdict.UNKNOWN)}
    assert all(one.resource.startswith(CLUSTER) for one in found.values()), "the other cluster was seen"
    assert "cluster aks-prd-weu-01: networkpolicy.json" in next(iter(found.values())).message
    assert len(found) > 20


def test_what_was_not_seen_is_that_of_the_pages_as_they_are_now(tmp_path: Path) -> None:
    work = WorkFile(str(tmp_path / "audit.work"))
    gap = LedgerEntry("azure/a", State.PARTIAL, "cut off", incomplete=True, unseen=Unseen(("/subscriptions",)))
    other = gap._replace(input="azure", reason="not listed")
    plain = gap._replace(input="azure/b", unseen=None)

    def keep(*entries: LedgerEntry) -> None:
        verdicts = PageVerdicts((), (), (), (), {}, entries, (), ())
        work.keep(1, "azure", "a", b"1", "attempt", Summary(verdicts, {}))

    def missing() -> tuple[LedgerEntry, ...]:
        inventory = KeptInventory(work.path)
        inventory.close()
        return inventory.unseen

    keep(plain, gap)
    work.finish_source("azure", (other,), "attempt")
    assert missing() == (other, gap), "in order, whatever came first"
    keep(plain)
    assert missing() == (other,)
    work.finish_source("azure", (), "attempt")
    assert missing() == ()
    keep(gap)
    work.finish_source("azure", (), "another attempt")
    assert missing() == (), "a page that was not there any more"
    work.close()
