"""One object, one verdict: every object of the example estates and of every rule's cases, through the gate and through
a review, with everything else around it. Exemptions too, on the last day of each and on the day after."""

import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from scanner.config import AdmissionChoice, ExemptionPolicy, load_config
from scanner.estate import Estate, load_estate
from scanner.exemptions import items_of_estate, load_exemptions
from scanner.model.exemption import Exemption
from scanner.model.resource import Resource
from scanner.model.types import is_azure, is_terraform
from scanner.model.unknown import Unknown
from scanner.model.verdict import Verdict
from scanner.packs.loader import builtin_packs, unique_rules
from scanner.points.admission.context import FixedContext
from scanner.points.admission.live import LiveInventory
from scanner.points.admission.policy import Policy
from scanner.points.admission.request import read_request
from scanner.points.admission.reviewer import Reviewer, Setup
from scanner.report import Gate, Report
from scanner.scan import Options, scan
from scanner.sources.repository import RepositorySource
from tests.conftest import ROOT
from tests.points.admission.reviews import body, review

PACKS = builtin_packs()
RULES = tuple(rule for rule in unique_rules(PACKS).values() if "admission" in rule.points)
TODAY = date(2026, 11, 21)
ESTATES = ("erp-hosting", "erp-hosting-broken")
CLUSTERS = ("aks-prd-weu-01", "aks-npd-weu-01")
_CLUSTER = re.compile(r"\A# cluster: (\S+)")


@dataclass
class World:
    """Files as the gate scans them, and the same as a cluster that holds what is in them."""

    source: RepositorySource
    estate: Estate
    cluster: str
    exemptions: tuple[Exemption, ...] = ()
    today: date = TODAY
    policy: ExemptionPolicy = field(default_factory=lambda: ExemptionPolicy(inline=False))

    def gate(self) -> Report:
        options = Options(today=self.today, policy=self.policy, jobs=1)
        return scan([self.source], PACKS, RULES, self.estate, self.exemptions, options)

    def resources(self) -> list[Resource]:
        return [resource for page in self.source.pages() for resource in page.read().resources]

    def reviewer(self) -> Reviewer:
        setup = Setup(
            packs=PACKS,
            rules=RULES,
            policy=Policy(AdmissionChoice(), Gate()),
            estate=self.estate,
            exemptions=self.exemptions,
            permitted=self.policy,
            cluster=self.cluster,
            deadline_s=5.0,
            clock=lambda: (self.today, Options(today=self.today).instant),
        )
        live = LiveInventory(estate=self.estate)
        asked = Reviewer(setup, FixedContext(live))
        for resource in self.resources():
            retained = asked.selection.of(resource.type).retained
            if retained is not None:
                live.put(retained.apply(resource))
        return asked


def differences(world: World) -> tuple[int, list[str]]:
    """Return how many verdicts were compared, and where they differ."""
    report = world.gate()
    judged = {found.key: found for found in report.judged}
    twice = {key for key, number in Counter(found.key for found in report.judged).items() if number > 1}
    asked, different, compared = world.reviewer(), [], 0
    try:
        for resource in world.resources():
            if is_azure(resource.type) or is_terraform(resource.type):
                continue  # no API server of Kubernetes stores it
            if resource.key in twice or (resource.unknowns and resource.type != "core/Secret"):
                continue  # a cluster has one object of a name, and no value in it is unresolved
            decision = asked.decide(read_request(body(review(plain(resource.attributes)))), 60.0)
            wanted = dict(judged[resource.key].verdicts())
            compared += len(wanted)
            if dict(decision.verdicts) != wanted:
                changed = {
                    rule: (verdict, decision.verdicts.get(rule))
                    for rule, verdict in wanted.items()
                    if decision.verdicts.get(rule) is not verdict
                }
                different.append(f"{resource.key}: gate and review differ: {changed}")
            ours = sorted(
                [said(one.finding, resource) for one in decision.decided]
                + [said(found, resource) for found in decision.accepted]
            )
            theirs = sorted(said(found, resource) for found in report.findings if found.resource == resource.key)
            if ours != theirs:
                different.append(f"{resource.key}: findings differ\n  gate   {theirs}\n  review {ours}")
    finally:
        asked.close()
    return compared, different


def said(finding: Any, resource: Resource) -> tuple[str, ...]:
    """What is compared of a Finding; where the name is yet to be generated, the key and all made of it differ."""
    named = "" if ":generateName:" in resource.key or "/generateName:" in resource.key else finding.fingerprint
    accepted = finding.exemption.id if finding.exemption else ""
    return (finding.rule, finding.verdict.value, finding.message, named, accepted, finding.tenancy.tenant or "-")


def plain(value: Any) -> Any:
    """The object as the API server sends it: with the values of a Secret."""
    if isinstance(value, Unknown):
        return "Y2FuYXJ5"
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


@cache
def estate_of(name: str) -> tuple[Estate, tuple[Exemption, ...]]:
    folder = ROOT / "fixtures" / name
    config = load_config(str(folder / "bulkhead.yaml"))
    assert config.estate is not None
    estate = load_estate(config.estate)
    policy = ExemptionPolicy(inline=False)
    files = [found for path in config.exemptions.files for found in load_exemptions(path, policy)[0]]
    return estate, (*items_of_estate(estate), *files)


def world_of(name: str, cluster: str, today: date = TODAY) -> World:
    estate, exemptions = estate_of(name)
    folder = str(ROOT / "fixtures" / name / "clusters" / cluster)
    return World(RepositorySource(["."], base=folder, default_cluster=cluster), estate, cluster, exemptions, today)


@pytest.mark.parametrize("name", ESTATES)
@pytest.mark.parametrize("cluster", CLUSTERS)
def test_every_object_of_the_example_estates_has_one_verdict(name: str, cluster: str) -> None:
    compared, different = differences(world_of(name, cluster))
    assert different == []
    assert compared > 700


@pytest.mark.slow
@pytest.mark.parametrize("days", [0, 1])
def test_an_exemption_ends_on_the_same_day(days: int) -> None:
    _, exemptions = estate_of("erp-hosting")
    ends = sorted({exemption.expires for exemption in exemptions if exemption.expires})
    assert len(ends) > 1
    outcomes = set()
    for end in ends:
        world = world_of("erp-hosting", "aks-prd-weu-01", end + timedelta(days=days))
        _, different = differences(world)
        assert different == []
        outcomes.add(len([found for found in world.gate().findings if found.exemption]))
    assert len(outcomes) > 1, "exemptions that expire make a difference"


def cases() -> Iterable[str]:
    for rule in RULES:
        folder = os.path.join(rule.folder, "cases")
        for name in sorted(os.listdir(folder)):
            if name.endswith((".yaml", ".json")) and not name.endswith(".arm.json") and name != "estate.yaml":
                yield os.path.relpath(os.path.join(folder, name), ROOT)


@pytest.mark.parametrize("case", list(cases()))
def test_every_case_of_every_rule_has_one_verdict(case: str, tmp_path: Path) -> None:
    path = ROOT / case
    text = path.read_text("utf-8")
    (tmp_path / path.name).write_text(text, "utf-8")
    cluster = _CLUSTER.match(text)
    name = cluster[1] if cluster else "aks-prd-weu-01"
    own = path.parent / "estate.yaml"
    estate = load_estate(str(own if own.is_file() else ROOT / "scanner" / "points" / "proof_estate.yaml"))
    _, different = differences(
        World(RepositorySource([path.name], base=str(tmp_path), default_cluster=name), estate, name)
    )
    assert different == []


def test_an_exemption_in_the_object_itself_counts_in_a_file_and_not_at_admission(tmp_path: Path) -> None:
    """Whoever may write the object would be the one to exempt it."""
    text = (
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  namespace: shop\n"
        "  annotations:\n    bulkhead/exempt: ISO-029 reason=vendor\n"
        "spec: {containers: [{name: c, image: 'i:1', securityContext: {privileged: true}}]}\n"
    )
    (tmp_path / "pod.yaml").write_text(text)
    estate, _ = estate_of("erp-hosting")
    source = RepositorySource(["pod.yaml"], base=str(tmp_path), default_cluster="aks-prd-weu-01")
    world = World(source, estate, "aks-prd-weu-01", policy=ExemptionPolicy(inline=True))
    assert [f.rule for f in world.gate().findings if f.exemption] == ["ISO-029"]
    (resource,) = world.resources()
    decision = world.reviewer().decide(read_request(body(review(plain(resource.attributes)))), 60.0)
    assert "ISO-029" in {one.finding.rule for one in decision.decided}
    assert decision.verdicts["ISO-029"] is Verdict.FAIL, "the verdict is the same"
