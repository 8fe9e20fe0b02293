"""From a configuration to what a reader sees: one Finding for one line to correct, wherever it is called from."""

import json
from pathlib import Path

import jsonschema
import pytest

from scanner.formats import format_named
from scanner.formats.interface import Presentation
from scanner.model.ledger import State
from scanner.model.verdict import Verdict
from scanner.report import Report
from scanner.report.inputs import COVERS_NOTHING
from tests.sources.terraform.tree import ACCOUNT, MODULE, account, judged, source

SCHEMA = Path(__file__).parents[3] / "docs" / "schemas" / "report.schema.json"
LIVE = """\
module "tenant" {
  source   = "../modules/storage"
  for_each = { a = "TLS1_0", b = "TLS1_0", c = "TLS1_2", d = "TLS1_1" }
  name     = each.key
  tls      = each.value
}
module "logs" {
  source = "../modules/storage"
  name   = "logs"
  tls    = "TLS1_0"
}
"""
TREE = {"live/main.tf": LIVE, "modules/storage/main.tf": MODULE}
MODULES_CALLED = 'module "m{0}" {{\n  source = "./m"\n  name = "n{0}"\n  tls = "TLS1_0"\n}}\n'
LOOKING = """
def check(resource, inventory):
    for other in inventory.of_type(resource.type):
        if other.key != resource.key and other.value("properties", "minimumTlsVersion") == "TLS1_0":
            yield resource.fail(
                "another one is weak", "properties.minimumTlsVersion",
                related=[(other, ("properties", "minimumTlsVersion"), "this one")],
            )
"""


def run(tmp_path: Path, files: dict[str, str], **options: object) -> Report:
    return judged(tmp_path, source(tmp_path / "tree", files), **options)  # type: ignore[arg-type]


def test_instances_and_callers_with_one_verdict_are_one_finding(tmp_path: Path) -> None:
    report = run(tmp_path, TREE)
    by_message = {finding.message.split("'")[1]: finding for finding in report.findings}

    assert sorted(by_message) == ["TLS1_0", "TLS1_1"]
    weak = by_message["TLS1_0"]
    assert [one.address for one in weak.occurrences] == [
        "module.logs.azurerm_storage_account.this",
        'module.tenant["a"].azurerm_storage_account.this',
        'module.tenant["b"].azurerm_storage_account.this',
    ]
    assert weak.location.file == "modules/storage/main.tf"
    calls = [(one.message, one.location.file, one.location.region and one.location.region.line) for one in weak.related]
    assert [call for call in calls if call[0] in ("called here", "var.tls is set here")] == [
        ("called here", "live/main.tf", 7),
        ("var.tls is set here", "live/main.tf", 10),
        ("called here", "live/main.tf", 1),
        ("var.tls is set here", "live/main.tf", 5),
    ]
    verdicts = [verdict for one in report.judged if one.type == ACCOUNT for _, verdict in one.verdicts()]
    assert sorted(verdicts) == sorted([Verdict.FAIL] * 4 + [Verdict.PASS]), "every instance keeps its own verdict"


def test_one_more_tenant_moves_no_fingerprint(tmp_path: Path) -> None:
    before = run(tmp_path / "1", TREE)
    more = LIVE.replace('b = "TLS1_0"', 'b = "TLS1_0", e = "TLS1_0", f = "TLS1_2"')
    after = run(tmp_path / "2", TREE | {"live/main.tf": more})

    assert {one.fingerprint for one in before.findings} == {one.fingerprint for one in after.findings}
    known = {one.fingerprint for finding in before.findings for one in finding.occurrences}
    now = {one.fingerprint for finding in after.findings for one in finding.occurrences}
    assert known < now


def test_environments_share_the_line_and_the_finding(tmp_path: Path) -> None:
    files = {"live/main.tf": 'variable "tls" {}\n' + account("a", tls="var.tls")}
    files |= {"p.tfvars": 'tls = "TLS1_0"', "t.tfvars": 'tls = "TLS1_0"'}
    environments = {"production": ("p.tfvars",), "test": ("t.tfvars",)}
    report = judged(tmp_path, source(tmp_path / "tree", files, environments=environments))
    (finding,) = report.findings
    assert [one.resource for one in finding.occurrences] == [
        "live[production]:azurerm_storage_account.a",
        "live[test]:azurerm_storage_account.a",
    ]
    one_environment = judged(tmp_path, source(tmp_path / "tree", files, environments={"test": ("t.tfvars",)}))
    assert [one.fingerprint for one in one_environment.findings] == [finding.fingerprint]
    (entry,) = [entry for entry in report.ledger if entry.input == "live/main.tf"]
    assert entry.state is State.SCANNED, "two pages read the file, it has one entry"


def test_a_comment_in_a_shared_module_is_told_of_only_where_it_covers_nothing_anywhere(tmp_path: Path) -> None:
    exempt = '# bulkhead:exempt ACME-001 owner=x reason="because"\n'
    call = 'module "m" {{\n  source = "../m"\n  count = {}\n}}\n'
    shared = {"m/main.tf": exempt + account("a")}
    one = run(tmp_path / "1", shared | {"a/main.tf": call.format(0), "b/main.tf": call.format(1)})
    none = run(tmp_path / "2", shared | {"a/main.tf": call.format(0), "b/main.tf": call.format(0)})
    assert [note.reason for note in one.notes] == []
    assert [note.reason.startswith(COVERS_NOTHING) for note in none.notes] == [True]


def test_an_unresolved_variable_is_neither_a_fail_nor_a_pass(tmp_path: Path) -> None:
    report = run(tmp_path, {"main.tf": 'variable "tls" {}\n' + account("a", tls="var.tls")})
    (finding,) = report.findings
    assert finding.verdict is Verdict.UNKNOWN
    assert "var.tls" in finding.message


def test_a_rule_that_looks_at_all_of_them_finds_the_places_again(tmp_path: Path) -> None:
    folder = tmp_path / "packs"
    report = run(tmp_path, {"main.tf": account("a") + account("b")}, code=LOOKING, wide=True)
    assert folder.is_dir()
    lines = {finding.address: finding for finding in report.findings}
    first = lines["azurerm_storage_account.a"]
    assert first.location.region is not None
    assert (first.location.file, first.location.region.line) == ("main.tf", 7)
    (other,) = first.related
    assert (other.resource, other.location.region and other.location.region.line) == (":azurerm_storage_account.b", 15)


def test_workers_give_what_one_process_gives(tmp_path: Path) -> None:
    files = {f"r{n}/main.tf": account("a", tls='"TLS1_0"' if n % 2 else '"TLS1_2"') for n in range(6)}
    alone, together = run(tmp_path, files), run(tmp_path, files, jobs=2)
    assert alone.findings == together.findings
    assert alone.ledger == together.ledger


def rendered(report: Report, name: str, *, verbose: bool = False) -> str:
    presentation = Presentation(color=False, width=100, include_passes=False, verbose=verbose)
    return "".join(format_named(name).render(report, presentation))


def test_a_reader_sees_the_line_the_addresses_and_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = run(tmp_path, TREE)
    monkeypatch.chdir(tmp_path / "tree")
    text = rendered(report, "text")
    assert "module.logs.azurerm_storage_account.this and 2 more" in text
    assert "10 │   min_tls_version          = var.tls" in text
    assert 'module.tenant["b"].azurerm_storage_account.this' in text
    assert "live/main.tf:5:3 var.tls is set here" in text


def test_of_many_callers_a_reader_sees_the_first_few_unless_all_are_asked_for(tmp_path: Path) -> None:
    calls = "".join(MODULES_CALLED.format(number) for number in range(37))
    report = run(tmp_path, {"main.tf": calls, "m/main.tf": MODULE})
    (finding,) = report.findings
    assert (len(finding.occurrences), len(finding.related)) == (37, 74)
    text, verbose = rendered(report, "text"), rendered(report, "text", verbose=True)
    assert "and 32 more" in text
    assert "68 more places (--verbose)" in text
    assert text.count("is set here") == 3
    assert verbose.count("is set here") == 37
    assert "module.m36.azurerm_storage_account.this" in verbose


def test_json_and_sarif_hold_every_address(tmp_path: Path) -> None:
    report = run(tmp_path, TREE)
    document = json.loads(rendered(report, "json"))
    jsonschema.validate(document, json.loads(SCHEMA.read_text("utf-8")))
    weak = next(one for one in document["findings"] if "TLS1_0" in one["message"])
    assert weak["address"] == "module.logs.azurerm_storage_account.this"
    assert len({one["fingerprint"] for one in weak["occurrences"]}) == 3
    assert [one["message"] for one in weak["related"]][:2] == ["called here", "var.tls is set here"]

    results = json.loads(rendered(report, "sarif"))["runs"][0]["results"]
    result = next(one for one in results if "TLS1_0" in one["message"]["text"])
    assert result["occurrenceCount"] == 3
    (location,) = result["locations"]
    assert [one["fullyQualifiedName"] for one in location["logicalLocations"]] == [
        one["resource"] for one in weak["occurrences"]
    ]
    related = result["relatedLocations"]
    assert [one["message"]["text"] for one in related] == [one["message"] for one in weak["related"]]
    assert "logicalLocations" not in related[0]
