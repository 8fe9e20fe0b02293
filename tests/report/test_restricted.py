"""What one tenant reads says nothing about another: over the example estates, in every format."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from scanner.estate import Estate, load_estate
from scanner.formats import FORMATS, format_named
from scanner.formats.interface import Comparison as ShownComparison
from scanner.formats.interface import Presentation
from scanner.model.exemption import Exemption
from scanner.model.finding import Related
from scanner.model.ledger import LedgerEntry, State
from scanner.points.gate import evaluate
from scanner.points.request import Request
from scanner.report import Report
from scanner.report.compare import Before, compare
from scanner.report.names import ANOTHER, Names
from scanner.report.restricted import NOT_ALL_READ, Restriction, restricted
from tests.conftest import ROOT
from tests.formats.builder import DUNMORE, KESTREL, PLATFORM, at, finding, judged, report, rule

ESTATES = ("erp-hosting", "erp-hosting-broken")
TEXT_FORMATS = [name for name in FORMATS if name != "template"]


@pytest.fixture(scope="module", params=ESTATES)
def whole(request: pytest.FixtureRequest) -> Iterator[tuple[Report, Estate]]:
    """An example estate: its Report and what it declares."""
    before = Path.cwd()
    os.chdir(ROOT / "fixtures" / request.param)
    try:
        flags = {"paths": (".",), "estate": "estate.yaml", "today": "2026-11-21", "jobs": 1}
        yield evaluate(Request.of(flags)), load_estate("estate.yaml")
    finally:
        os.chdir(before)


def rendered(report_: Report) -> str:
    """The Report in every format, one after the other."""
    shown = report_.comparison and ShownComparison(
        "main", *(getattr(report_.comparison, part) for part in ("introduced", "fixed", "unchanged", "became_unknown"))
    )
    presentation = Presentation(include_passes=True, verbose=True, comparison=shown or None)
    return "".join(piece for name in TEXT_FORMATS for piece in format_named(name).render(report_, presentation))


def secrets_of(estate: Estate, report_: Report, reader: str) -> set[str]:
    """Names, ids and hosts of everybody but ``reader``, worked out without the code under test."""
    found: set[str] = set()
    for tenant in estate.tenants:
        if tenant.id != reader:
            found |= {tenant.id, tenant.name, *tenant.domains, *tenant.identities}
            found |= {vault.name for vault in tenant.key_vaults if vault.name}
            found |= {tenant.data.postgresql.database or ""} if tenant.data.postgresql else set()
    found |= {one.id for one in estate.subscriptions if one.tenant not in (None, reader)}
    mine: set[str] = set()
    for one in report_.judged:
        parts = {one.namespace, one.key, *one.key.split("/")}
        if one.tenancy.tenant in (None, reader):
            mine |= parts
        else:
            found |= {part for part in parts if len(part) > 4}
    own = next(tenant for tenant in estate.tenants if tenant.id == reader)
    mine |= {vault.name for vault in own.key_vaults} | {
        own.data.postgresql.database or "" if own.data.postgresql else ""
    }
    return {name for name in found - mine if name}


def words(text: str) -> set[str]:
    """Every stretch of letters, digits and what joins them, and every part of it."""
    import re

    found = set(re.findall(r"[\w.-]+", text))
    return found | {part for word in found for part in re.split(r"[._-]", word)}


def test_nobody_else_is_named_in_any_format(whole: tuple[Report, Estate]) -> None:
    full, estate = whole
    everything = words(rendered(full))
    assert len([tenant for tenant in estate.tenants if tenant.name in everything]) > 3, "the whole report names tenants"
    for tenant in estate.tenants:
        own = restricted(full, tenant.id, estate)
        text = rendered(own)
        said, foreign = words(text), secrets_of(estate, full, tenant.id)
        leaked = {name for name in foreign if (name in said if "/" not in name else name in text)}
        # a word of our own prose is nobody's name
        neutral = replace(
            own, judged=(), findings=(PROSE,), rules={**own.rules, HIGH.id: HIGH}, ledger=(), comparison=None
        )
        prose = words(rendered(replace(neutral, exemptions_used=())))
        identities = {name for one in estate.tenants for name in (one.id, one.name, *one.domains)}
        assert leaked - prose - (RULE_PAGES - identities) == set(), tenant.id


def test_every_own_finding_and_verdict_is_there(whole: tuple[Report, Estate]) -> None:
    full, estate = whole
    for tenant in estate.tenants:
        own = restricted(full, tenant.id, estate)
        assert len(own.findings) == sum(tenant.id in one.tenants for one in full.findings)
        assert [one.key for one in own.judged] == [one.key for one in full.judged if one.tenancy.tenant == tenant.id]
        assert set(own.counts().by_tenant) <= {tenant.id}


def test_nothing_is_counted_with_others(whole: tuple[Report, Estate]) -> None:
    """As many Resources and Findings again of another tenant change no byte."""
    full, estate = whole
    for tenant in (estate.tenants[0], estate.tenants[-1]):
        others = [one for one in full.judged if one.tenancy.tenant not in (None, tenant.id)]
        theirs = [one for one in full.findings if tenant.id not in one.tenants and one.tenants != (None,)]
        doubled = replace(
            full,
            judged=(*full.judged, *(one._replace(key=one.key + "-2") for one in others)),
            findings=(*full.findings, *theirs),
            exemptions_used=full.exemptions_used[:1] * 3,
            exemptions_unused=(),
            notes=(),
        )
        assert rendered(restricted(doubled, tenant.id, estate)) == rendered(restricted(full, tenant.id, estate))


def test_a_comparison_is_restricted_too(whole: tuple[Report, Estate]) -> None:
    full, estate = whole
    half = replace(full, findings=full.findings[::2])
    compared = replace(half, comparison=compare(Before.of(full), half, "main"))
    backwards = replace(full, comparison=compare(Before.of(half), full, "main"))
    for report_ in (compared, backwards):
        for tenant in estate.tenants[:3]:
            own = restricted(report_, tenant.id, estate)
            assert own.comparison is not None
            parts = (own.comparison.introduced, own.comparison.fixed, own.comparison.unchanged)
            assert {one for part in parts for finding_ in part for one in finding_.tenants} <= {tenant.id}
            introduced = {own.findings[number].fingerprint for number in own.comparison.introducing}
            assert introduced == {one.fingerprint for one in own.comparison.introduced}


HIGH = rule("ISO-001", "high")
RULE_PAGES = words(
    "".join(page.read_text("utf-8") for pack in ("rules", "rego") for page in (ROOT / pack).rglob("rule.md"))
)
"""Words of the Rules' own pages, which a report quotes."""
PROSE = finding(HIGH, "Pod a/b", "m", at("f"))
EXEMPTION = Exemption(
    "EX-kestrel", ("ISO-*",), "as agreed with kestrel", "file", "e.yaml", 4, {"tenant": "*"}, "grp-kestrel", "T-1",
    expires=date(2027, 1, 1),
)  # fmt: skip
OWN = judged("Pod erp-dunmore/web", "dunmore.yaml", {}, tenancy=DUNMORE, namespace="erp-dunmore", name="web")
THEIRS = judged("Pod erp-k/db", "shared.yaml", {}, tenancy=KESTREL, namespace="erp-k", name="db")
BESIDE = judged("Pod erp-dunmore/two", "shared.yaml", {}, tenancy=DUNMORE, namespace="erp-dunmore", name="two")


def cut(**changes: object) -> Report:
    estate = load_estate(str(ROOT / "fixtures" / "erp-hosting" / "estate.yaml"))
    full = replace(report([HIGH], judged=(OWN, THEIRS, BESIDE)), **changes)  # type: ignore[arg-type]
    return restricted(full, "t04", estate)


def test_an_exemption_tells_its_terms_and_nothing_else() -> None:
    accepted = finding(HIGH, "Pod erp-dunmore/web", "m", at("dunmore.yaml", 3), tenancy=DUNMORE, exemption=EXEMPTION)
    own = cut(findings=(accepted,), exemptions_used=(EXEMPTION,), exemptions_unused=(EXEMPTION,))
    (used,) = own.exemptions_used
    assert (used.id, used.reason, used.owner) == (ANOTHER, f"as agreed with {ANOTHER}", ANOTHER)
    assert (used.rules, used.selector, used.expires) == (("ISO-001",), {}, date(2027, 1, 1))
    assert own.exemptions_unused == ()
    assert own.findings[0].exemption == used


def test_places_in_files_that_others_share_have_no_line_and_none_is_shown() -> None:
    own = cut(
        findings=(
            finding(HIGH, "Pod erp-dunmore/web", "m", at("dunmore.yaml", 3), tenancy=DUNMORE),
            finding(HIGH, "Pod erp-dunmore/two", "m", at("shared.yaml", 9), tenancy=DUNMORE),
        )
    )
    alone, shared = (one.location for one in own.findings)
    assert (alone.file, alone.region and alone.region.line, alone.secret) == ("dunmore.yaml", 3, True)
    assert (shared.file, shared.region, shared.secret) == ("shared.yaml", None, True)


def test_related_places_are_own_ones() -> None:
    related = (
        Related(OWN.key, "beside kestrel", at("dunmore.yaml")),
        Related(THEIRS.key, "this one", at("shared.yaml")),
        Related("", "module.kestrel is called here", at("main.tf", 2)),
    )
    own = cut(findings=(finding(HIGH, "Pod erp-dunmore/two", "m", at("x"), tenancy=DUNMORE, related=related),))
    told = [(one.resource, one.message) for one in own.findings[0].related]
    assert told == [(OWN.key, f"beside {ANOTHER}"), ("", f"{ANOTHER} is called here")]


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (LedgerEntry("dunmore.yaml", State.SCANNED, resources=1), "dunmore.yaml"),
        (LedgerEntry("dunmore.yaml", State.PARTIAL, "kestrel", incomplete=True), "dunmore.yaml"),
        (LedgerEntry("shared.yaml", State.SCANNED, resources=2), None),
        (LedgerEntry("shared.yaml", State.PARTIAL, incomplete=True), NOT_ALL_READ.input),
        (LedgerEntry("who-knows.yaml", State.UNPARSED, incomplete=True), NOT_ALL_READ.input),
    ],
)
def test_the_ledger_has_own_inputs_and_one_sentence_for_the_rest(entry: LedgerEntry, told: str | None) -> None:
    own = cut(ledger=(entry, entry._replace(line=2)))
    assert {one.input for one in own.ledger} == ({told} if told else set())
    assert not any("kestrel" in one.reason for one in own.ledger)
    assert bool(own.incomplete()) is (entry.incomplete)


def test_names_are_taken_out_wherever_they_stand_and_common_ones_stay() -> None:
    estate = load_estate(str(ROOT / "fixtures" / "erp-hosting" / "estate.yaml"))
    platform = judged("Pod traefik/web", "p.yaml", {}, tenancy=PLATFORM)
    names = Names.of(estate, (OWN, THEIRS, platform))
    for text, told in {
        "erp-k may reach it": f"{ANOTHER} may reach it",
        "shop.kestrel is like KESTREL-db": f"{ANOTHER} is like {ANOTHER}",
        "traefik and web of t04, dunmore": "traefik and web of t04, dunmore",
        "a.b.orders.kestrel.example": ANOTHER,
        "namespace 'erp-kestrel-prd'.": f"namespace '{ANOTHER}'.",
        "runAsNonRoot is false; true is required": "runAsNonRoot is false; true is required",
    }.items():
        assert names.withheld(text, "t04") == told
    assert Restriction("t04", names, (OWN,)).findings(()) == []


def test_a_report_that_only_counts_shows_no_count_of_others() -> None:
    from scanner.model.verdict import Verdict
    from scanner.report.report import Counted

    mine = finding(HIGH, "Pod erp-dunmore/web", "like nimbus in sky", at("a"), tenancy=DUNMORE, related=[
        Related("aks-prd-weu-01/core/Pod/sky/nimbus", "that one", at("b"))])  # fmt: skip
    theirs = finding(HIGH, "Pod erp-k/db", "m", at("b"), tenancy=KESTREL)
    counted = Counted(12_345, {"ISO-001": {Verdict.PASS: 6_789, Verdict.FAIL: 2}}, {"ISO-001": "ab" * 32})
    own = cut(judged=(), findings=(mine, theirs), counted=counted)
    assert (own.resources, own.tallies()["ISO-001"].verdicts) == (1, {Verdict.FAIL: 1})
    assert [one.message for one in own.findings] == [f"like {ANOTHER} in {ANOTHER}"]
    text = rendered(own)
    for number in ("12,345", "12345", "6789", "6,789", "ab" * 32):
        assert number not in text
