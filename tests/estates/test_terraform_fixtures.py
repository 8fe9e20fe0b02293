"""The Terraform half of the two example estates, end to end, as a user sees it."""

import csv
import json
import os
import shlex
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from scanner.model.unknown import Unknown
from scanner.sources.terraform.configuration import Tree, evaluate_root
from scanner.sources.terraform.syntax import nodes, parse_file
from tests.cli.running import Run, bulkhead
from tests.conftest import ROOT
from tests.estates.terraform_data import address, differences, rewrite
from tests.estates.test_fixtures import TODAY, compare
from tests.tools.terraform_console import find_terraform
from tests.tools.terraform_plan import plan

FIXTURES = ROOT / "fixtures"
FACTS = ROOT / "tests" / "canonical" / "facts"
BROKEN = "erp-hosting-broken"
ESTATES = ["erp-hosting", BROKEN]

NOT_TRACED = {"NET-006": "the value stands beside its condition, which asks how one of a list of names begins"}
"""Controls whose value comes from further away than the places of a Finding lead, and why they end earlier."""
NOT_ASKED = {"NET-002"}
"""The healthy servers are in their network and have no firewall that could be judged."""
SETTINGS = {"count", "for_each", "provider", "depends_on", "lifecycle"}
"""What Terraform itself understands in every block."""


def scan(estate: str, *arguments: str, path: str = "terraform") -> Run:
    config = f"fixtures/{estate}/bulkhead.yaml"
    return bulkhead("scan", f"fixtures/{estate}/{path}", "--config", config, "--today", TODAY, *arguments, cwd=ROOT)


@cache
def report(estate: str, path: str = "terraform") -> Any:
    return json.loads(scan(estate, "--report", "json=-", path=path).stdout)


def failures(estate: str, path: str = "terraform") -> list[Any]:
    return [finding for finding in report(estate, path)["findings"] if finding["verdict"] == "fail"]


def place(location: Any, estate: str = BROKEN) -> tuple[str, int]:
    return str(location["file"]).removeprefix(f"fixtures/{estate}/"), int(location["line"])


@cache
def expected() -> list[dict[str, str]]:
    with (FIXTURES / BROKEN / "terraform-expected.csv").open(newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("estate", ESTATES)
def test_the_report_on_the_screen(estate: str) -> None:
    code, out, err = scan(estate)
    assert (code, err) == (int(estate == BROKEN), "")
    compare(f"{estate}-terraform.txt", out)


@pytest.mark.parametrize("estate", ESTATES)
def test_the_report_as_json(estate: str) -> None:
    found = report(estate)
    kept: dict[str, Any] = {key: found[key] for key in ("gate", "counts", "notes", "ledger")}
    kept["findings"] = [_short(finding) for finding in found["findings"]]
    compare(f"{estate}-terraform.json", json.dumps(kept, indent=1, ensure_ascii=False) + "\n")


def _short(finding: Any) -> Any:
    """A finding without what other tests look at, and with places as one text each."""
    kept = {key: finding[key] for key in ("rule", "verdict", "severity", "type", "resource", "message")}
    kept["tenancy"] = " ".join(str(finding["tenancy"][key]) for key in ("standing", "environment", "tier"))
    kept["place"] = _shown(finding["location"])
    kept["path"] = finding["location"]["path"]
    kept["related"] = [f"{_shown(step['location'])} {step['message']}" for step in finding["related"]]
    kept["occurrences"] = [one["resource"] for one in finding["occurrences"]]
    return kept


def _shown(location: Any) -> str:
    return "{file}:{line}:{column}-{end_line}:{end_column}".format(**location)


def test_nothing_is_wrong_with_the_healthy_estate_and_nothing_is_unknown() -> None:
    counts = report("erp-hosting")["counts"]
    assert (counts["findings"], counts["unknown"], counts["errors"], counts["exempted"]) == (0, 0, 0, 0)
    assert {entry["state"] for entry in report("erp-hosting")["ledger"]} == {"scanned", "unsupported"}


def test_every_control_that_the_broken_estate_breaks_passes_in_the_healthy_one() -> None:
    sarif = json.loads(scan("erp-hosting", "--report", "sarif=-", "--include-passes").stdout)
    passed = {result["ruleId"] for result in sarif["runs"][0]["results"] if result["kind"] == "pass"}
    assert {row["control"] for row in expected()} - passed == NOT_ASKED


def test_each_of_the_47_controls_is_found_where_it_is_broken_and_nowhere_else() -> None:
    found = {(finding["rule"], *place(finding["location"])) for finding in failures(BROKEN)}
    assert found == {(row["control"], row["file"], int(row["line"])) for row in expected()}
    assert len({rule for rule, *_ in found}) == 47
    assert report(BROKEN)["counts"]["unknown"] == 0


def test_a_finding_leads_to_where_its_value_comes_from() -> None:
    ends: dict[str, set[str]] = {}
    for row in expected():
        related = [
            step["location"]
            for finding in failures(BROKEN)
            if (finding["rule"], *place(finding["location"])) == (row["control"], row["file"], int(row["line"]))
            for step in finding["related"]
        ]
        for carrier in row["carried_by"].split():
            file, line = carrier.rsplit(":", 1)
            reached = any(
                place(one) == (file, one["line"]) and one["line"] <= int(line) <= one["end_line"] for one in related
            )
            ends.setdefault(row["control"], set()).update(() if reached else (carrier,))
    assert {control for control, missing in ends.items() if missing} == NOT_TRACED.keys()
    assert len(ends) == 18


def test_a_fault_in_a_module_is_one_finding_with_an_address_for_every_instance() -> None:
    (finding,) = [finding for finding in failures(BROKEN) if finding["rule"] == "ENC-002"]
    addresses = Counter(one["resource"].partition("live/")[2] for one in finding["occurrences"])
    account = "azurerm_storage_account.this"
    shared = [f"{name}.{account}" for name in ("module.backup_storage", "module.storage")]
    tenants = [f'module.tenant["{name}"].module.storage.{account}' for name in ("vexford", "westmoor")]
    assert addresses == {
        f"{root}[{environment}]:{address}": 1
        for environment in ("production", "nonproduction")
        for root, inside in {
            "shared": shared,
            "dedicated": tenants,
            "landing-zone": [f"module.state.{account}"],
        }.items()
        for address in inside
    }
    called = [step["message"] for step in finding["related"]]
    assert called == ["called here"] * 5


MODULES = sorted(path.relative_to(FIXTURES / BROKEN).as_posix() for path in (FIXTURES / BROKEN).glob("**/main.tf"))


@pytest.mark.slow
@pytest.mark.parametrize("file", MODULES)
def test_a_file_alone_gets_the_verdicts_that_it_gets_among_the_others(file: str) -> None:
    def told(path: str) -> list[tuple[Any, ...]]:
        return sorted(
            (finding["rule"], one["resource"], *place(finding["location"]))
            for finding in report(BROKEN, path)["findings"]
            for one in finding["occurrences"] or [finding]
            if place(finding["location"])[0] == file
        )

    assert told(file) == told("terraform")
    assert [entry["state"] for entry in report(BROKEN, file)["ledger"]] == ["scanned"]


@pytest.mark.slow
def test_a_file_alone_passes_what_it_passes_among_the_others() -> None:
    file = "terraform/modules/storage/main.tf"

    def told(path: str) -> Counter[tuple[str, str, str]]:
        sarif = json.loads(scan(BROKEN, "--report", "sarif=-", "--include-passes", path=path).stdout)
        return Counter(
            (result["ruleId"], result["kind"], logical["fullyQualifiedName"])
            for result in sarif["runs"][0]["results"]
            for location in result["locations"][:1]
            for logical in location["logicalLocations"][:1]
            if location["physicalLocation"]["artifactLocation"]["uri"].endswith(file)
        )

    alone = told(file)
    assert alone == told("terraform")
    assert {"pass", "fail", "notApplicable"} <= {kind for _, kind, _ in alone}


def test_the_places_of_all_findings_exist() -> None:
    for finding in failures(BROKEN):
        for location in (finding["location"], *(step["location"] for step in finding["related"])):
            lines = (ROOT / location["file"]).read_text("utf-8").splitlines()
            assert 1 <= location["line"] <= location["end_line"] <= len(lines), finding
            assert 1 <= location["column"] <= len(lines[location["line"] - 1]) + 1


@pytest.mark.parametrize("estate", ESTATES)
def test_the_provider_knows_every_attribute(estate: str) -> None:
    """The fixtures are input: Terraform's provider would have to take them too."""
    unknown = []
    for path in sorted((FIXTURES / estate / "terraform").rglob("*.tf")):
        major = "3" if "reports" in path.parts else "4"
        facts = json.loads((FACTS / f"azurerm-{major}.json").read_text("utf-8"))
        for type_, attribute in _attributes(path):
            if not _is_known(facts.get(type_), attribute):
                unknown.append(f"{path.parent.name}/{path.name}: {type_}.{attribute}")
    assert unknown == []


def _is_known(facts: Any, attribute: str) -> bool:
    """Whether the facts list it, or say nothing of its type or of what is in its block."""
    if facts is None or attribute in facts:
        return True
    block = attribute.rpartition(".")[0]
    return block in facts and not any(name.startswith(f"{block}.") for name in facts)


def _attributes(path: Path) -> Iterator[tuple[str, str]]:
    body = parse_file(path.read_text("utf-8")).body
    for block in body.blocks:
        if block.type == "resource":
            for name in _names(block.body, ""):
                if name.partition(".")[0] not in SETTINGS:
                    yield block.labels[0], name


def _names(body: nodes.Body, above: str) -> Iterator[str]:
    yield from (above + name for name in body.attributes)
    for block in body.blocks:
        name, inner = block.type, block.body
        if name == "dynamic":
            name = block.labels[0]
            inner = next(one.body for one in inner.blocks if one.type == "content")
        yield above + name
        yield from _names(inner, f"{above}{name}.")


ROOTS = [
    pytest.param(estate, root.name, environment, id=f"{estate}-{root.name}-{environment}")
    for estate in ESTATES
    for root in sorted((FIXTURES / estate / "terraform" / "live").iterdir())
    for environment in ("production", "nonproduction")
]


@pytest.mark.slow
@pytest.mark.parametrize(("estate", "root", "environment"), ROOTS)
def test_terraform_makes_the_same_of_them(estate: str, root: str, environment: str, tmp_path: Path) -> None:
    source, variables = FIXTURES / estate, f"terraform/environments/{environment}.tfvars"
    rewrite(source / "terraform", tmp_path / "terraform")
    shutil.copy(source / "estate.yaml", tmp_path)
    planned = plan(tmp_path / "terraform" / "live" / root, [f"-var-file={tmp_path / variables}"])
    assert planned.error == ""
    theirs = {name: change for name, change in planned.resources.items() if "data__" not in name}

    tree, folder = Tree(str(source), str(source)), str(source / "terraform" / "live" / root)
    evaluated = evaluate_root(tree, folder, var_files=[str(source / variables)])
    ours = {address(one.address): one.attributes for one in evaluated.instances if one.mode == "managed"}
    assert evaluated.faults == ()
    assert ours.keys() == theirs.keys() != set()
    found = [
        f"{name}{difference}"
        for name, attributes in ours.items()
        for difference in differences(
            dict(attributes), theirs[name]["after"].get("input") or {}, theirs[name]["after_unknown"].get("input")
        )
    ]
    assert found == []


@pytest.mark.parametrize(
    ("ours", "after", "unknown"),
    [
        ({"a": 1}, {"a": 2}, None),
        ({"a": True}, {"a": 1}, None),
        ({}, {"a": "x"}, None),
        ({"a": [1]}, {"a": [1, 2]}, None),
        ({"a": Unknown("later")}, {"a": "x"}, None),
        ({"a": "x"}, {}, {"a": True}),
        ({"a": [{"b": "x"}]}, {"a": [{}]}, {"a": [{"b": True}]}),
    ],
)
def test_every_difference_would_be_seen(ours: Any, after: Any, unknown: Any) -> None:
    assert len(list(differences(ours, after, unknown))) == 1


def test_the_screen_of_the_documentation_is_what_is_printed() -> None:
    page = ROOT / "docs" / "terraform.md"
    text = page.read_text("utf-8")
    (shown,) = [block for block in text.split("```")[1::2] if block.startswith("text\n$ bulkhead ")]
    start, _, screen = shown.partition("\n$ bulkhead ")
    command, screen = screen.split("\n", 1)
    printed = bulkhead(*shlex.split(command), "--today", TODAY, cwd=ROOT).stdout.split("\nNotes")[0].rstrip() + "\n"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        page.write_text(text.replace(shown, f"{start}\n$ bulkhead {command}\n{printed}"), "utf-8")
        screen = printed
    assert printed == screen


@pytest.mark.slow
def test_the_fixtures_are_formatted_as_terraform_formats() -> None:
    command = [str(find_terraform()), "fmt", "-check", "-diff", "-recursive", "-no-color", str(FIXTURES)]
    environment = {**os.environ, "CHECKPOINT_DISABLE": "1", "TF_CLI_CONFIG_FILE": os.devnull}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, done.stdout) == (0, "")
