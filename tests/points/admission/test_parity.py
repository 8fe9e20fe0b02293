"""One object, one verdict: as a file at the gate, as a request at admission, as what an audit finds in the cluster.

Every object of the example estates, of the dumps of their clusters and of every rule's cases, with everything else
around it. Exemptions too, on the last day of each and on the day after, wherever the clock of the machine stands.
"""

import gzip
import re
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from scanner.exemptions import items_of_estate, load_exemptions
from scanner.model.verdict import Verdict
from scanner.points.admission.request import read_request
from scanner.points.admission.reviewer import Reviewer
from scanner.points.admission.setup import setup_of
from scanner.points.gate import evaluate
from scanner.points.inputs import load_inputs
from scanner.points.request import Request
from tests.conftest import ROOT
from tests.points.admission.reviews import body, review
from tests.points.admission.worlds import RULES, UNRESOLVED, World

pytest.importorskip("orjson", reason="dumps are read with orjson: the extra kubernetes")

FIXTURES = ROOT / "fixtures"
ESTATES = ("erp-hosting", "erp-hosting-broken")
CLUSTERS = ("aks-prd-weu-01", "aks-npd-weu-01")
UNDECLARED = "aks-lab-weu-01"
"""Dumped, but of no estate: only an audit takes it, and no webhook starts for it."""
CASES_ESTATE = ROOT / "scanner" / "points" / "proof_estate.yaml"
_CLUSTER = re.compile(r"\A# cluster: (\S+)")
_EXPECTED = re.compile(r"^\s*//.*\n", re.MULTILINE)
"""What a case in JSON says is found; no parser of JSON takes it."""


def world_of(name: str, cluster: str, scanned: Path, folder: Path) -> World:
    """Part of an example estate."""
    estate = FIXTURES / name
    return World(scanned, folder, cluster, estate / "estate.yaml", (estate / "exemptions.yaml",))


@pytest.mark.parametrize("name", ESTATES)
@pytest.mark.parametrize("cluster", CLUSTERS)
def test_every_object_of_the_example_estates_has_one_verdict(name: str, cluster: str, tmp_path: Path) -> None:
    world = world_of(name, cluster, FIXTURES / name / "clusters" / cluster, tmp_path)
    compared, different = world.differences()
    assert different == []
    assert world.left_out == {}
    assert compared > 700


@pytest.mark.parametrize("name", ESTATES)
@pytest.mark.parametrize("cluster", CLUSTERS)
def test_every_object_of_their_clusters_has_one_verdict(name: str, cluster: str, tmp_path: Path) -> None:
    """With the status, the identity and the nodes that no manifest has."""
    listed = tmp_path / "listed"
    listed.mkdir()
    for path in sorted((FIXTURES / name / "dumps" / cluster).iterdir()):
        (listed / path.stem).write_bytes(gzip.decompress(path.read_bytes()))
    world = world_of(name, cluster, listed, tmp_path)
    compared, different = world.differences()
    assert different == []
    assert world.left_out == {}
    assert compared > 700


def test_every_cluster_that_is_dumped_is_compared() -> None:
    dumped = {path.name for name in ESTATES for path in (FIXTURES / name / "dumps").iterdir()}
    assert dumped == {*CLUSTERS, UNDECLARED}


def cases() -> Iterator[str]:
    """Yield the cases of Kubernetes; templates of Azure are sent to no API server of it."""
    for rule in RULES:
        for path in sorted(Path(rule.folder, "cases").iterdir()):
            if path.suffix in (".yaml", ".json") and not path.name.endswith(".arm.json") and path.stem != "estate":
                yield path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("case", list(cases()))
def test_every_case_of_every_rule_has_one_verdict(case: str, tmp_path: Path) -> None:
    path = ROOT / case
    text = path.read_text("utf-8")
    cluster = _CLUSTER.match(text)
    scanned = tmp_path / path.name
    scanned.write_text(_EXPECTED.sub("", text) if path.suffix == ".json" else text, "utf-8")
    own = path.parent / "estate.yaml"
    estate = own if own.is_file() else CASES_ESTATE
    world = World(scanned, tmp_path, cluster[1] if cluster else CLUSTERS[0], estate)
    compared, different = world.differences()
    assert different == []
    if not path.name.startswith("unknown"):
        assert compared
        assert world.left_out == {}
    assert set(world.left_out) <= {UNRESOLVED}


def _ends(name: str) -> list[date]:
    from scanner.estate import load_estate

    exemptions = (
        *items_of_estate(load_estate(str(FIXTURES / name / "estate.yaml"))),
        *load_exemptions(str(FIXTURES / name / "exemptions.yaml"))[0],
    )
    return sorted({exemption.expires for exemption in exemptions if exemption.expires})


@pytest.mark.slow
def test_the_exemptions_of_the_example_estate_end_on_the_same_day(tmp_path: Path) -> None:
    accepted = []
    for number, day in enumerate(one + timedelta(days) for one in _ends("erp-hosting") for days in (0, 1)):
        folder = tmp_path / str(number)
        folder.mkdir()
        world = world_of("erp-hosting", CLUSTERS[0], FIXTURES / "erp-hosting" / "clusters" / CLUSTERS[0], folder)
        world.clock = day.isoformat()
        assert world.differences()[1] == []
        accepted.append(_accepted(world))
    assert len(accepted) > 2
    assert len(set(accepted)) > 1, "exemptions that expire make a difference"


PRIVILEGED = """apiVersion: v1
kind: Pod
metadata: {name: p, namespace: shop, labels: {app: agent}, annotations: {bulkhead/exempt: ISO-029 reason=vendor}}
spec: {containers: [{name: c, image: 'i:1', securityContext: {privileged: true}}]}
"""
EXEMPTION = """apiVersion: exemptions/v1
exemptions:
  - {{id: agent, rules: [ISO-029], reason: a vendor's agent needs it, owner: platform@example.net, expires: {},
     selector: {{labels: {{app: agent}}}}}}
"""


def exempted(folder: Path, ends: date, clock: str) -> World:
    """A privileged Pod that is accepted until the end of a day."""
    (folder / "pod.yaml").write_text(PRIVILEGED, "utf-8")
    (folder / "accepted.yaml").write_text(EXEMPTION.format(ends), "utf-8")
    return World(folder / "pod.yaml", folder, CLUSTERS[0], CASES_ESTATE, (folder / "accepted.yaml",), clock)


def _accepted(world: World) -> int:
    return sum(bool(found[4]) for told in world.admission().values() for found in told.findings)


@pytest.mark.parametrize(
    ("clock", "holds"),
    [
        ("2026-11-20", True),
        ("2026-11-21", True),
        ("2026-11-22", False),
        ("2026-11-21T23:59:59Z", True),
        ("2026-11-21T23:59:59.999999Z", True),
        ("2026-11-22T00:00:00Z", False),
        ("2026-11-22T00:30:00+01:00", True),
        ("2026-11-21T23:30:00-01:00", False),
    ],
)
def test_an_exemption_ends_at_the_same_instant(clock: str, holds: bool, tmp_path: Path) -> None:
    world = exempted(tmp_path, date(2026, 11, 21), clock)
    assert world.differences()[1] == []
    assert _accepted(world) == holds


@pytest.mark.parametrize("zone", ["Etc/GMT+12", "Etc/GMT-14"])
@pytest.mark.parametrize("days", [0, -1])
def test_it_ends_at_midnight_utc_wherever_the_machine_is(
    zone: str, days: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At any hour it is another day than in UTC in one of the two zones."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        world = exempted(tmp_path, datetime.now(UTC).date() + timedelta(days), clock="")
        assert world.differences()[1] == []
        assert _accepted(world) == (days == 0)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_an_exemption_in_the_object_itself_counts_in_a_file_and_not_at_admission(tmp_path: Path) -> None:
    """Whoever may write the object would be the one to exempt it."""
    (tmp_path / "pod.yaml").write_text(PRIVILEGED)
    flags = {"estate": str(CASES_ESTATE), "cluster": CLUSTERS[0], "today": "2026-11-21"}
    request = Request.of({**flags, "paths": (str(tmp_path / "pod.yaml"),)})
    assert load_inputs(request).exemptions == ()
    assert [found.rule for found in evaluate(request).findings if found.exemption] == ["ISO-029"]
    asked = Reviewer(setup_of(flags)[0])
    try:
        import yaml

        decision = asked.decide(read_request(body(review(yaml.safe_load(PRIVILEGED)))), 60.0)
    finally:
        asked.close()
    assert "ISO-029" in {one.finding.rule for one in decision.decided}
    assert decision.verdicts["ISO-029"] is Verdict.FAIL, "the verdict is the same"
