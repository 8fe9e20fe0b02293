from typing import Any

from scanner.engine.identity import fingerprint
from scanner.engine.pages import PageVerdicts, RuleFailure
from scanner.engine.wide import WideVerdict, WideVerdicts
from scanner.model.finding import Finding
from scanner.model.judged import Judged
from scanner.model.ledger import LedgerEntry, State
from scanner.model.location import Origin
from scanner.model.resource import Resource
from scanner.model.tenancy import UNDECLARED, Standing, Tenancy
from scanner.model.verdict import Verdict
from scanner.report.collect import Collected
from tests.formats.builder import DUNMORE, PLATFORM, at, finding, identity, judged, rule

LOCAL = rule("ISO-001", "t")
WIDE = rule("ISO-002", "t")
RULES = {"ISO-001": LOCAL, "ISO-002": WIDE}
NOTHING = WideVerdicts((), (), (), {})


def page(*verdicts: Judged, **parts: Any) -> PageVerdicts:
    fields: dict[str, Any] = {
        "judged": verdicts,
        "findings": (),
        "failures": (),
        "retained": (),
        "labels": {},
        "entries": (),
        "notes": (),
        "exemptions": (),
    }
    return PageVerdicts(**{**fields, **parts})


def resource(name: str, file: str, **changes: Any) -> Resource:
    key, type_ = identity(name)
    namespace, _, short = name.partition(" ")[2].rpartition("/")
    return Resource(key, type_, {}, Origin("manifests", file), "aks-prd-weu-01", namespace, short, **changes)


class FakeEstate:
    """Knows two namespaces."""

    def resolve(self, cluster: str, namespace: str, labels: object) -> Tenancy:
        return {"dunmore-prd": DUNMORE, "monitoring": PLATFORM}.get(namespace, Tenancy(Standing.UNMAPPED))

    def resolve_labels(self, labels: object) -> Tenancy | None:
        return None


def test_what_pages_gave_is_put_together() -> None:
    entries = (LedgerEntry("a.yaml", State.SCANNED), LedgerEntry("b.yaml", State.SCANNED))
    note = LedgerEntry("a.yaml", State.PARTIAL, "declared twice")
    collected = Collected([page(entries=entries[:1], notes=(note,)), page(entries=entries[1:])])

    assert collected.entries == list(entries)
    assert collected.notes == [note]


def test_findings_are_sorted_by_file_and_line() -> None:
    later = finding(LOCAL, "Pod a/b", "m", at("a.yaml", 9))
    first = finding(LOCAL, "Pod a/c", "m", at("a.yaml", 2))
    other = finding(WIDE, "Pod a/d", "m", at("0.yaml", 5))
    wide = WideVerdicts((), (other,), (), {"c/d": {"x": "y"}})
    found = Collected([page(findings=(later, first), labels={"a/b": {"app": "b"}})]).findings(wide, RULES)

    assert found.findings == [other, first, later]
    assert found.labels_of("a/b") == {"app": "b"}
    assert found.labels_of("c/d") == {"x": "y"}
    assert found.labels_of("unheard of") == {}


def test_a_rule_that_fails_everywhere_for_one_cause_is_told_once() -> None:
    failures = tuple(
        RuleFailure("ISO-001", "KeyError: 'x'", f"c/core/Pod/a/{n}", "core/Pod", f"f{n}.yaml") for n in range(3)
    )
    other = RuleFailure("ISO-001", "timeout", "c/core/Pod/a/9", "core/Pod", "f9.yaml")
    collected = Collected([page(failures=failures[1:]), page(failures=(other, failures[0]))])
    found = collected.findings(NOTHING, RULES).findings

    assert [(one.verdict, one.message, one.location.file) for one in found] == [
        (Verdict.ERROR, "KeyError: 'x'", "f0.yaml"),
        (Verdict.ERROR, "timeout", "f9.yaml"),
    ]
    assert [(entry.input, entry.reason, entry.rule, entry.incomplete) for entry in collected.entries] == [
        ("f0.yaml", "rule ISO-001 could not be evaluated on 3 resources: KeyError: 'x'", "ISO-001", True),
        ("f9.yaml", "rule ISO-001 could not be evaluated on 1 resource: timeout", "ISO-001", True),
    ]


def in_file(file: str) -> tuple[Judged, Finding]:
    return judged("Pod a/b", file, {"ISO-001": Verdict.FAIL}), finding(LOCAL, "Pod a/b", "m", at(file, 1), tag="t")


def test_an_object_declared_in_two_files_has_two_identities_and_the_first_keeps_its_own() -> None:
    parts = [in_file(file) for file in ("b.yaml", "a.yaml")]
    found = Collected([page(verdict, findings=(one,)) for verdict, one in parts]).findings(NOTHING, RULES).findings
    key = identity("Pod a/b")[0]

    assert [one.fingerprint for one in found] == [
        fingerprint("ISO-001", key, "t"),
        fingerprint("ISO-001", f"{key}@b.yaml", "t"),
    ]


def test_a_file_name_that_is_no_text_has_an_identity_too() -> None:
    parts = [in_file(file) for file in ("a.yaml", "b\udcff.yaml", "b\udcfe.yaml")]
    found = Collected([page(verdict, findings=(one,)) for verdict, one in parts]).findings(NOTHING, RULES).findings

    assert len({one.fingerprint for one in found}) == 3


def test_every_verdict_and_finding_learns_its_tenant() -> None:
    kept = resource("Deployment dunmore-prd/web", "a.yaml")
    verdicts = (
        judged("Deployment dunmore-prd/web", "a.yaml", {"ISO-001": Verdict.FAIL}, namespace="dunmore-prd"),
        judged("Service monitoring/x", "b.yaml", {"ISO-001": Verdict.PASS}, namespace="monitoring"),
        judged("Namespace dunmore-prd", "c.yaml", {"ISO-001": Verdict.PASS}, name="dunmore-prd"),
        judged("Node n", "d.yaml", {"ISO-001": Verdict.PASS}, name="n"),
        judged("Service elsewhere/x", "e.yaml", {"ISO-001": Verdict.PASS}, namespace="elsewhere"),
    )
    failing = finding(LOCAL, "Deployment dunmore-prd/web", "m", at("a.yaml", 1))
    collected = Collected([page(*verdicts, findings=(failing,), retained=(kept,))])
    inventory = collected.inventory(FakeEstate())  # type: ignore[arg-type]

    assert [one.tenancy for one in inventory] == [DUNMORE]
    assert [one.tenancy.standing for one in collected.judged] == [
        Standing.TENANT,
        Standing.PLATFORM,
        Standing.TENANT,
        Standing.CLUSTER,
        Standing.UNMAPPED,
    ]
    assert collected.findings(NOTHING, RULES).findings[0].tenancy is DUNMORE


def test_without_an_estate_nothing_is_said_of_tenants() -> None:
    collected = Collected([page(judged("Pod a/b", "a.yaml", {"ISO-001": Verdict.PASS}, namespace="a"))])
    collected.inventory(None)

    assert collected.judged[0].tenancy is UNDECLARED


def test_local_and_wide_verdicts_of_a_resource_are_joined() -> None:
    web = resource("Deployment shop/web", "b.yaml")
    local = (
        judged("Deployment shop/web", "b.yaml", {"ISO-001": Verdict.SKIP}),
        judged("Service shop/web", "a.yaml", {"ISO-001": Verdict.PASS}),
    )
    wide = WideVerdict(web, ("ISO-002",), bytes([Verdict.UNKNOWN.code]), {"ISO-002": "no estate"})
    joined = list(Collected([page(*local)]).verdicts([wide]))

    assert [(one.type, dict(one.verdicts())) for one in joined] == [
        ("core/Service", {"ISO-001": Verdict.PASS}),
        ("apps/Deployment", {"ISO-001": Verdict.SKIP, "ISO-002": Verdict.UNKNOWN}),
    ]
    assert joined[1].reasons == {"ISO-001": "out of its scope", "ISO-002": "no estate"}
