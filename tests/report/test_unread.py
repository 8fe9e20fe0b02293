"""What could not be read, beside findings that miss something."""

from dataclasses import replace
from pathlib import Path

from scanner.model.ledger import LedgerEntry, State
from scanner.model.verdict import Verdict
from scanner.report.unread import unread_notes
from tests.cli.running import bulkhead
from tests.formats.builder import at, finding, rule

BROKEN = LedgerEntry("b.yaml", State.UNPARSED, "x", incomplete=True)
WIDE = replace(rule("ISO-001", "t"), looks_up={"networking.k8s.io/NetworkPolicy": ()})
LOCAL = rule("ISO-029", "t")
AZURE = replace(rule("LOG-001", "t"), looks_up={"Microsoft.Insights/diagnosticSettings": ()})
RULES = {one.id: one for one in (WIDE, LOCAL, AZURE)}
FINDINGS = [finding(one, "Pod a/b", "m", at("a.yaml"), tag="t") for one in RULES.values()]


def said(*entries: LedgerEntry, findings: list[object] = FINDINGS) -> list[tuple[str, str]]:  # type: ignore[assignment]
    return [(note.input, note.reason) for note in unread_notes(findings, RULES, entries)]  # type: ignore[arg-type]


def test_a_note_names_the_input_and_the_rules_that_look_others_up() -> None:
    reason = (
        "1 finding looks for other resources (ISO-001), which may be declared here, where not everything could be read"
    )
    assert said(BROKEN) == [("b.yaml", reason)]
    assert said(BROKEN, BROKEN._replace(input="c.yaml", state=State.PARTIAL))[0][1].count("here and in 1 more") == 1


def test_terraform_is_no_place_for_objects_of_kubernetes() -> None:
    ((name, reason),) = said(BROKEN._replace(input="main.tf"))
    assert (name, "(LOG-001)" in reason) == ("main.tf", True)


def test_what_is_read_and_what_fails_by_itself_has_none() -> None:
    assert said(BROKEN._replace(incomplete=False)) == []
    assert said(BROKEN._replace(rule="ISO-001")) == []
    assert said(BROKEN, findings=[FINDINGS[1]]) == []
    assert said(BROKEN, findings=[replace(FINDINGS[0], verdict=Verdict.UNKNOWN)]) == []


NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: erp-westmoor-prd}\n"
POLICY = """apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: erp-westmoor-prd}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
"""


def test_a_policy_in_a_broken_file_leaves_the_finding_and_says_where_to_look(tmp_path: Path) -> None:
    estate = Path(__file__).parents[2] / "fixtures/erp-hosting/estate.yaml"
    arguments = ("scan", ".", "--estate", str(estate), "--cluster", "aks-prd-weu-01", "--rule", "ISO-001")

    def scanned(policy: str) -> tuple[int, str]:
        (tmp_path / "policy.yaml").write_text(policy)
        found = bulkhead(*arguments, cwd=tmp_path)
        return found.code, " ".join(found.stdout.split())

    (tmp_path / "namespace.yaml").write_text(NAMESPACE)
    assert scanned(POLICY)[0] == 0
    code, text = scanned(POLICY + "broken: [")
    assert code == 1
    assert "policy.yaml 1 finding looks for other resources (ISO-001), which may be declared here" in text
