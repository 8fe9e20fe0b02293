"""The commands beside ``scan``, as a user runs them."""

import json
from pathlib import Path

import pytest

from tests.cli.running import bulkhead
from tests.conftest import ROOT

ESTATE = str(ROOT / "fixtures" / "erp-hosting" / "estate.yaml")


def test_help_names_every_command_and_the_exit_codes() -> None:
    run = bulkhead("--help")
    assert run.code == 0
    for name in ("scan", "explain", "rules", "estate", "config", "completion"):
        assert f"\n  {name} " in run.stdout
    assert "3 incomplete" in run.stdout


@pytest.mark.parametrize(
    "path",
    [
        ("scan",),
        ("explain",),
        ("rules",),
        ("rules", "new"),
        ("rules", "test"),
        ("estate",),
        ("config",),
        ("completion",),
    ],
)
def test_the_help_of_every_command_has_an_example(path: tuple[str, ...]) -> None:
    run = bulkhead(*path, "--help")
    assert run.code == 0
    assert "Example" in run.stdout


def test_explain_shows_what_why_and_how() -> None:
    run = bulkhead("explain", "iso-029")
    assert run.code == 0
    assert run.stdout.startswith("ISO-029  No privileged containers\nseverity critical")
    for heading in ("## What it checks", "## Why it matters", "## How to fix", "## References"):
        assert heading in run.stdout


def test_explain_suggests_the_nearest_rule() -> None:
    run = bulkhead("explain", "ISO-O29")
    assert run.code == 2
    assert "did you mean" in run.stderr
    assert "ISO-029" in run.stderr


def test_rules_list_as_json_has_every_rule_once() -> None:
    rules = json.loads(bulkhead("rules", "list", "--format", "json").stdout)
    ids = [rule["id"] for rule in rules]
    assert len(ids) == len(set(ids)) >= 35
    assert {rule["language"] for rule in rules} == {"python", "rego"}


def test_rules_list_can_be_narrowed_to_a_concern() -> None:
    run = bulkhead("rules", "list", "--concern", "rbac")
    assert "RBAC-012" in run.stdout
    assert "ISO-029" not in run.stdout


@pytest.mark.parametrize("language", ["rego", "python"])
def test_a_new_rule_proves_itself(tmp_path: Path, language: str) -> None:
    made = bulkhead("rules", "new", "acme/no_default", "--id", "ACME-001", "--language", language, cwd=tmp_path)
    assert made.code == 0, made.stderr
    proof = bulkhead("rules", "test", "acme", cwd=tmp_path)
    assert proof.code == 0, proof.stdout
    assert "1 rules, 2 cases, 0 faults" in proof.stdout
    assert "# fail " in (tmp_path / "acme" / "no_default" / "cases" / "fail.yaml").read_text()


def test_a_rule_that_reads_what_it_does_not_declare_is_caught(tmp_path: Path) -> None:
    bulkhead("rules", "new", "acme/no_default", "--id", "ACME-001", cwd=tmp_path)
    page = tmp_path / "acme" / "no_default" / "rule.md"
    page.write_text(page.read_text().replace("serviceAccountName\n", "hostname\n", 1))
    run = bulkhead("rules", "test", "acme", cwd=tmp_path)
    assert run.code == 1
    assert "attributes outside 'reads' change the verdict" in run.stdout


def test_a_rule_without_a_failing_case_cannot_ship(tmp_path: Path) -> None:
    bulkhead("rules", "new", "acme/no_default", "--id", "ACME-001", cwd=tmp_path)
    (tmp_path / "acme" / "no_default" / "cases" / "fail.yaml").unlink()
    run = bulkhead("rules", "test", "acme", cwd=tmp_path)
    assert run.code == 1
    assert "there is no case 'fail.yaml'" in run.stdout


def test_a_case_that_states_something_else_is_caught(tmp_path: Path) -> None:
    bulkhead("rules", "new", "acme/no_default", "--id", "ACME-001", cwd=tmp_path)
    case = tmp_path / "acme" / "no_default" / "cases" / "fail.yaml"
    case.write_text(case.read_text().replace("name an account", "invent an account"))
    run = bulkhead("rules", "test", "acme", cwd=tmp_path)
    assert run.code == 1
    assert "stated but not found" in run.stdout
    assert "found but not stated" in run.stdout


def test_a_rule_is_not_written_over_another(tmp_path: Path) -> None:
    bulkhead("rules", "new", "acme/one", "--id", "ACME-001", cwd=tmp_path)
    run = bulkhead("rules", "new", "acme/one", "--id", "ACME-001", cwd=tmp_path)
    assert run.code == 2
    assert "is there already" in run.stderr


@pytest.mark.slow
def test_the_built_in_rules_prove_themselves() -> None:
    run = bulkhead("rules", "test")
    assert run.code == 0, run.stdout


def test_pages_of_rules_are_written_and_checked(tmp_path: Path) -> None:
    assert bulkhead("rules", "docs", "--output", "pages", cwd=tmp_path).code == 0
    assert bulkhead("rules", "docs", "--output", "pages", "--check", cwd=tmp_path).code == 0
    (tmp_path / "pages" / "ISO-029.md").write_text("changed")
    run = bulkhead("rules", "docs", "--output", "pages", "--check", cwd=tmp_path)
    assert run.code == 1
    assert "not current: pages/ISO-029.md" in run.stderr


def test_the_estate_can_be_shown_whole_and_by_tenant() -> None:
    assert "dunmore" in bulkhead("estate", "show", "--estate", ESTATE).stdout
    run = bulkhead("estate", "show", "dunmore", "--estate", ESTATE)
    assert run.code == 0
    assert "erp-dunmore-prd" in run.stdout
    wrong = bulkhead("estate", "show", "dunmor", "--estate", ESTATE)
    assert wrong.code == 2
    assert "did you mean dunmore" in wrong.stderr


def test_the_estate_of_the_example_contradicts_itself_where_it_should() -> None:
    run = bulkhead("estate", "validate", ESTATE, "--today", "2026-11-21")
    assert run.code == 1
    assert "yarrowby" in run.stdout


@pytest.mark.parametrize("command", [("estate", "schema"), ("config", "schema")])
def test_schemas_are_json_schemas(command: tuple[str, str]) -> None:
    from jsonschema import Draft202012Validator

    schema = json.loads(bulkhead(*command).stdout)
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_name_our_command(shell: str) -> None:
    assert "_BULKHEAD_COMPLETE" in bulkhead("completion", shell).stdout


def test_completion_completes_commands_and_options() -> None:
    environment = {"_BULKHEAD_COMPLETE": "bash_complete", "COMP_WORDS": "bulkhead sc", "COMP_CWORD": "1"}
    assert bulkhead(**environment).stdout == "plain,scan\n"
    environment = {"_BULKHEAD_COMPLETE": "bash_complete", "COMP_WORDS": "bulkhead scan --fail", "COMP_CWORD": "2"}
    assert "--fail-on" in bulkhead(**environment).stdout
