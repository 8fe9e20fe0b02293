"""bulkhead.yaml: where it is found, what it says, and what is wrong with it."""

import os
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from scanner.config import (
    AzureChoice,
    Config,
    ExemptionPolicy,
    GateChoice,
    HelmChoice,
    HelmRelease,
    PackReference,
    RuleChoice,
    TerraformChoice,
    find_config,
    load_config,
)
from scanner.errors import ConfigError
from scanner.model.severity import Severity
from scanner.validation import schema

DIGEST = "sha256:" + "0" * 64
FULL = f"""\
estate: estate
clusters: {{aks-prd: clusters/prd, aks-npd: /srv/npd}}
terraform:
  roots: [infra]
  var_files: {{production: [env/production.tfvars]}}
  workspace: blue
  tf_var: true
helm:
  releases:
    - {{chart: charts/odoo, name: odoo, namespace: t-a, values: [values/a.yaml, ../b.yaml], cluster: aks-prd}}
    - {{chart: charts/proxy}}
  kube_version: 1.34.0
  api_versions: [monitoring.coreos.com/v1]
  tests: false
gitops: false
azure: {{subscription: s, resource_group: rg, location: weu, tenant: t, management_group: mg, modules: cache}}
exclude: ["vendor/", "*.tmp.yaml"]
packs:
  - {{path: ../packs/ours, digest: '{DIGEST}', allow_python: true}}
  - {{path: packs/theirs}}
rules:
  only: [ISO-*, IMG-003]
  skip: [ISO-031]
  severity: {{ISO-029: high}}
fail_on: high
min_severity: medium
unknown: fail
incomplete: warn
exemptions:
  files: [exemptions.yaml]
  inline: forbid
  require: [reason, ticket]
  max_days: 90
jobs: 2
rego_engine: opa
"""


@pytest.fixture(autouse=True)
def _own_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def load(text: str, path: str = "bulkhead.yaml") -> Config:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, "utf-8")
    return load_config(path)


def refused(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load(text)
    return caught.value.diagnostics()


def test_everything_that_can_be_said() -> None:
    assert load(FULL, "ops/bulkhead.yaml") == Config(
        file="ops/bulkhead.yaml",
        estate="ops/estate",
        clusters={"aks-prd": "ops/clusters/prd", "aks-npd": "/srv/npd"},
        terraform=TerraformChoice(
            roots=("ops/infra",),
            var_files={"production": ("ops/env/production.tfvars",)},
            workspace="blue",
            tf_var=True,
        ),
        helm=HelmChoice(
            (
                HelmRelease("ops/charts/odoo", "odoo", "t-a", ("ops/values/a.yaml", "b.yaml"), "aks-prd"),
                HelmRelease("ops/charts/proxy"),
            ),
            "1.34.0",
            ("monitoring.coreos.com/v1",),
            tests=False,
        ),
        gitops=False,
        azure=AzureChoice("s", "rg", "weu", "t", "mg", "ops/cache"),
        exclude=("vendor/", "*.tmp.yaml"),
        packs=(PackReference("packs/ours", DIGEST, allow_python=True), PackReference("ops/packs/theirs")),
        rules=RuleChoice(("ISO-*", "IMG-003"), ("ISO-031",), {"ISO-029": Severity.HIGH}),
        fail_on=Severity.HIGH,
        min_severity=Severity.MEDIUM,
        unknown="fail",
        incomplete="warn",
        exemptions=ExemptionPolicy(("ops/exemptions.yaml",), False, ("reason", "ticket"), 90),
        jobs=2,
        rego_engine="opa",
    )


def test_what_is_not_said_is_not_decided() -> None:
    assert load("{}") == Config(file="bulkhead.yaml")


def test_paths_of_a_file_given_absolutely(tmp_path: Path) -> None:
    load("estate: estate.yaml\n")
    assert load_config(str(tmp_path / "bulkhead.yaml")).estate == str(tmp_path / "estate.yaml")


def test_what_an_exemption_must_state() -> None:
    assert ExemptionPolicy().required("file") == ("reason", "owner", "expires")
    assert ExemptionPolicy().required("inline") == ("reason",)
    strict = ExemptionPolicy(require=("reason", "ticket"))
    assert strict.required("file") == strict.required("inline") == ("reason", "ticket")


MISTAKES = yaml.safe_load((Path(__file__).parent / "config_mistakes.yaml").read_text("utf-8"))


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake["file"].strip())
def test_mistakes(mistake: dict[str, str]) -> None:
    assert refused(mistake["file"]) == (
        f"cannot use configuration bulkhead.yaml: it has one fault\n  bulkhead.yaml{mistake['fault']}\n"
        "  help: compare it with the schema printed by 'bulkhead config schema'"
    )


def test_all_faults_at_once() -> None:
    assert refused("jobs: x\nfail_on: x\nx: 1\n").startswith(
        "cannot use configuration bulkhead.yaml: it has 3 faults\n  bulkhead.yaml:1:1: jobs"
    )


def test_a_key_that_is_set_twice() -> None:
    text = refused("jobs: 1\njobs: 2\n")
    assert "  bulkhead.yaml:2:1: " in text
    assert "jobs" in text


def test_broken_yaml() -> None:
    assert "\n  bulkhead.yaml:2:" in refused("estate: a\n\tb: c\n")


def test_find_nothing() -> None:
    assert find_config(["."]) is None
    assert find_config([]) is None


def test_find_here_first() -> None:
    load("{}")
    load("{}", "sub/bulkhead.yaml")
    assert find_config(["sub"]) == "bulkhead.yaml"


def test_find_in_the_one_directory_that_is_scanned() -> None:
    load("{}", "sub/bulkhead.yaml")
    assert find_config(["sub"]) == os.path.join("sub", "bulkhead.yaml")
    assert find_config(["sub", "other"]) is None
    assert find_config(["sub/bulkhead.yaml"]) is None, "a file was named"


def test_find_from_another_directory(tmp_path: Path) -> None:
    load("{}", "sub/bulkhead.yaml")
    assert find_config(["sub"], cwd=str(tmp_path)) == str(tmp_path / "sub" / "bulkhead.yaml")


def test_find_the_named_one() -> None:
    load("{}")
    load("{}", "other.yaml")
    assert find_config(["."], named="other.yaml") == "other.yaml"
    with pytest.raises(ConfigError) as caught:
        find_config(["."], named="missing.yaml")
    assert caught.value.diagnostics() == (
        "cannot read configuration missing.yaml: no such file\n"
        "  help: check the path given with --config; without that option bulkhead.yaml is looked for"
    )


def test_a_folder_of_that_name_is_no_configuration() -> None:
    Path("bulkhead.yaml").mkdir()
    assert find_config(["."]) is None


def test_the_schema_is_one_and_describes_everything() -> None:
    published = schema("config")
    Draft202012Validator.check_schema(published)
    assert all(part.get("description") for part in published["properties"].values())
    assert set(published["properties"]) == {name for name in Config.__slots__ if name != "file"}
    for example in published["examples"]:
        assert list(Draft202012Validator(published).iter_errors(example)) == []


def test_what_a_change_is_held_to() -> None:
    found = load(
        "gate: {new_only: false, became_unknown: fail, baseline: b.yaml}\n"
        "exemptions: {inline_in_change: allow, protected: [ISO-029], max_count: 4, owners_file: .github/CODEOWNERS,\n"
        "  owners: {'@acme/platform': ['*@example.net']}}\n"
    )
    assert found.gate == GateChoice(False, "fail", "b.yaml")
    policy = found.exemptions
    assert (policy.inline_in_change, policy.protected, policy.max_count) == (True, ("ISO-029",), 4)
    assert (policy.owners_file, policy.owners) == (".github/CODEOWNERS", {"@acme/platform": ("*@example.net",)})
    assert ExemptionPolicy().inline_in_change is False, "a change does not let itself through"


def test_paths_may_start_elsewhere_than_the_file_is(tmp_path: Path) -> None:
    (tmp_path / "bulkhead.yaml").write_text("estate: estate.yaml\ngate: {baseline: ../b.yaml}\n")
    found = load_config(str(tmp_path / "bulkhead.yaml"), "/repository/policy")
    assert (found.estate, found.gate.baseline) == ("/repository/policy/estate.yaml", "/repository/b.yaml")
