"""A change cannot switch off its own gate: every way to try that we could think of."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from scanner.errors import BulkheadError
from scanner.packs.scaffold import write_rule
from scanner.points.gate import evaluated
from scanner.report import Report
from tests.points.flags import flags
from tests.points.histories import commit, git
from tests.sources.rendered.trees import needs as tools

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

PRIVILEGED = """apiVersion: v1
kind: Pod
metadata: {{name: {name}, namespace: shop}}
spec:
  containers:
    - name: main
      image: registry.example.net/a@sha256:{digest}
      securityContext: {{privileged: {privileged}}}
"""
CONFIG = """rules: {only: [ISO-029, ENC-002]}
exemptions: {files: [policy/exemptions.yaml]}
exclude: ["vendor/"]
terraform: {roots: [infra]}
gate: {baseline: policy/baseline.yaml}
"""
EXEMPTIONS = """apiVersion: exemptions/v1
exemptions:
  - id: EX-{number}
    rules: [ISO-029]
    selector: {{name: {name}}}
    reason: because
    owner: grp
    expires: 2027-01-31
"""
ACCOUNT = """variable "tls" {}
resource "azurerm_storage_account" "this" {
  name                     = "stshop"
  resource_group_name      = "rg"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GRS"
  min_tls_version          = var.tls
}
"""


def pod(name: str, privileged: str = "true") -> str:
    return PRIVILEGED.format(name=name, privileged=privileged, digest="0" * 64)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "repository"
    write(folder, "bulkhead.yaml", CONFIG)
    write(folder, "policy/exemptions.yaml", EXEMPTIONS.format(number=1, name="accepted"))
    write(folder, "policy/baseline.yaml", "apiVersion: baseline/v1\nfindings: []\n")
    write(folder, "deploy/old.yaml", pod("old"))
    write(folder, "deploy/accepted.yaml", pod("accepted"))
    write(folder, "deploy/good.yaml", pod("good", "false"))
    write(folder, "infra/main.tf", ACCOUNT)
    write(folder, "infra/terraform.tfvars", 'tls = "TLS1_2"\n')
    git(folder, "init", "-q", "-b", "main")
    commit(folder)
    git(folder, "checkout", "-q", "-b", "change")
    monkeypatch.chdir(folder)
    return folder


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)


def gate(folder: Path, *paths: str, **changes: object) -> Report:
    commit(folder)
    with evaluated(flags(base="main", paths=paths or (".",), **changes)) as (_, _, report):
        return report


def introduced(report: Report) -> list[str]:
    assert report.comparison is not None
    return [finding.resource.rpartition("/")[2] for finding in report.comparison.introduced]


def told(report: Report) -> str:
    return "\n".join(f"{note.input}: {note.reason}" for note in report.notes)


def test_what_was_there_before_blocks_nothing(folder: Path) -> None:
    write(folder, "deploy/more.yaml", pod("more", "false"))
    report = gate(folder)
    assert report.exit_code() == 0
    assert report.comparison is not None
    assert [f.resource.rpartition("/")[2] for f in report.comparison.unchanged] == ["accepted", "old"]


def test_all_blocks_on_what_was_there_before(folder: Path) -> None:
    assert gate(folder, everything=True).exit_code() == 1


def test_what_is_new_blocks(folder: Path) -> None:
    write(folder, "deploy/new.yaml", pod("new"))
    report = gate(folder)
    assert report.exit_code() == 1
    assert introduced(report) == ["new"]


def _skips_the_rule(folder: Path) -> None:
    write(folder, "bulkhead.yaml", CONFIG.replace("only: [ISO-029, ENC-002]", "skip: [ISO-029]"))


def _lowers_the_severity(folder: Path) -> None:
    text = CONFIG.replace("[ISO-029, ENC-002]}", "[ISO-029, ENC-002], severity: {ISO-029: low}}")
    write(folder, "bulkhead.yaml", text + "fail_on: critical\n")


def _excludes_the_file(folder: Path) -> None:
    write(folder, "bulkhead.yaml", CONFIG.replace('"vendor/"', '"vendor/", "new.yaml"'))


def _blocks_on_nothing(folder: Path) -> None:
    write(folder, "bulkhead.yaml", CONFIG.replace("gate: {", "gate: {new_only: false, became_unknown: ignore, "))


def _breaks_the_configuration(folder: Path) -> None:
    write(folder, "bulkhead.yaml", "rules: {only: [")


def _removes_the_configuration(folder: Path) -> None:
    (folder / "bulkhead.yaml").unlink()


def _links_the_configuration(folder: Path) -> None:
    write(folder, "lax.yaml", "rules: {skip: [ISO-029]}\n")
    (folder / "bulkhead.yaml").unlink()
    (folder / "bulkhead.yaml").symlink_to("lax.yaml")


def _adds_an_exemption(folder: Path) -> None:
    text = EXEMPTIONS.format(number=1, name="accepted") + EXEMPTIONS.format(number=2, name="new").split("\n", 2)[2]
    write(folder, "policy/exemptions.yaml", text)


def _widens_an_exemption(folder: Path) -> None:
    write(folder, "policy/exemptions.yaml", EXEMPTIONS.format(number=1, name="'*'"))


def _adds_an_exemptions_file(folder: Path) -> None:
    write(folder, "more.yaml", EXEMPTIONS.format(number=2, name="new"))
    write(folder, "bulkhead.yaml", CONFIG.replace("exemptions.yaml]", "exemptions.yaml, more.yaml]"))


def _links_the_policy_folder(folder: Path) -> None:
    shutil.copytree(folder / "policy", folder / "lax")
    write(folder, "lax/exemptions.yaml", EXEMPTIONS.format(number=1, name="'*'"))
    shutil.rmtree(folder / "policy")
    (folder / "policy").symlink_to("lax")


def _knows_it_already(folder: Path) -> None:
    from scanner.points.baselines import write_baseline

    (folder / "policy/baseline.yaml").unlink()
    write_baseline("policy/baseline.yaml", flags())


def _comments_it_away(folder: Path) -> None:
    text = pod("new").replace("    - name: main", '    # bulkhead:exempt ISO-029 reason="because"\n    - name: main')
    write(folder, "deploy/new.yaml", text)


def _comments_the_object_away(folder: Path) -> None:
    write(folder, "deploy/new.yaml", '# bulkhead:exempt ISO-* reason="because"\n' + pod("new"))


def _ignores_the_file(folder: Path) -> None:
    write(folder, ".gitignore", "new.yaml\n")


def _ignores_it_beside_it(folder: Path) -> None:
    write(folder, "deploy/.gitignore", "*\n")


def _ignores_the_folder(folder: Path) -> None:
    write(folder, ".gitignore", "deploy/\n")


ATTEMPTS: list[Callable[[Path], None]] = [
    _skips_the_rule, _lowers_the_severity, _excludes_the_file, _blocks_on_nothing, _breaks_the_configuration,
    _removes_the_configuration, _links_the_configuration, _adds_an_exemption, _widens_an_exemption,
    _adds_an_exemptions_file, _links_the_policy_folder, _knows_it_already, _comments_it_away,
    _comments_the_object_away, _ignores_the_file, _ignores_it_beside_it, _ignores_the_folder,
]  # fmt: skip


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_change_does_not_turn_its_own_gate_green(folder: Path, attempt: Callable[[Path], None]) -> None:
    write(folder, "deploy/new.yaml", pod("new"))
    attempt(folder)
    report = gate(folder)
    assert introduced(report) == ["new"]
    assert report.exit_code() == 1


@pytest.mark.parametrize(
    ("attempt", "what"),
    [
        (_skips_the_rule, "bulkhead.yaml: the change edits it (rules.only differs; rules.skip differs); main ("),
        (_breaks_the_configuration, "bulkhead.yaml: the change edits it (it could not be used: "),
        (_removes_the_configuration, "bulkhead.yaml: the change removes it; main ("),
        (_adds_an_exemption, "policy/exemptions.yaml: the change edits it (adds exemption EX-2); main ("),
        (_widens_an_exemption, "policy/exemptions.yaml: the change edits it (changes exemption EX-1); main ("),
        (_knows_it_already, "policy/baseline.yaml: the change edits it (known findings); main ("),
        (_comments_it_away, "deploy/new.yaml: inline exemption does not count for the change that brings it"),
    ],
)
def test_what_it_tried_is_told(folder: Path, attempt: Callable[[Path], None], what: str) -> None:
    write(folder, "deploy/new.yaml", pod("new"))
    attempt(folder)
    report = gate(folder)
    assert what in told(report)
    assert "bulkhead-base-" not in told(report)


def test_comments_of_a_change_count_where_the_base_allows_them(folder: Path) -> None:
    git(folder, "checkout", "-q", "main")
    write(folder, "bulkhead.yaml", CONFIG.replace("exemptions: {", "exemptions: {inline_in_change: allow, "))
    commit(folder)
    git(folder, "checkout", "-q", "-B", "change")
    _comments_it_away(folder)
    assert gate(folder).exit_code() == 0


def test_a_comment_that_was_there_holds_where_its_object_is_moved(folder: Path) -> None:
    git(folder, "checkout", "-q", "main")
    _comments_it_away(folder)
    commit(folder)
    git(folder, "checkout", "-q", "-B", "change")
    (folder / "deploy/new.yaml").rename(folder / "deploy/elsewhere.yaml")
    report = gate(folder)
    assert report.exit_code() == 0
    assert introduced(report) == []


def test_removing_a_comment_brings_the_finding_back(folder: Path) -> None:
    git(folder, "checkout", "-q", "main")
    _comments_it_away(folder)
    commit(folder)
    git(folder, "checkout", "-q", "-B", "change")
    write(folder, "deploy/new.yaml", pod("new"))
    assert introduced(gate(folder)) == ["new"]


@pytest.mark.parametrize("target", ["deploy/old.txt", "elsewhere/old.yaml", "vendor/old.yaml"])
def test_a_file_that_is_moved_out_of_sight_leaves_the_run_incomplete(folder: Path, target: str) -> None:
    (folder / target).parent.mkdir(exist_ok=True)
    (folder / "deploy/old.yaml").rename(folder / target)
    report = gate(folder, "deploy", "infra")
    assert report.exit_code() == 3
    (entry,) = report.incomplete()
    assert entry.input == "deploy/old.yaml"
    assert entry.reason.startswith(f"the change takes it out of sight: it is now {target}, ")
    assert report.comparison is not None
    assert report.comparison.fixed == ()


def test_a_file_that_becomes_a_link_out_of_the_tree_leaves_the_run_incomplete(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.yaml").write_text(pod("old"))
    (folder / "deploy/old.yaml").unlink()
    (folder / "deploy/old.yaml").symlink_to(tmp_path / "outside.yaml")
    report = gate(folder)
    assert report.exit_code() == 3
    assert "a link that leaves the tree" in report.incomplete()[0].reason


def test_a_file_that_nobody_can_read_any_more_fixes_nothing(folder: Path) -> None:
    write(folder, "deploy/old.yaml", pod("old") + "  a: [\n")
    report = gate(folder)
    assert report.exit_code() == 3
    assert report.comparison is not None
    assert report.comparison.fixed == ()


def test_a_file_that_is_deleted_is_fixed(folder: Path) -> None:
    (folder / "deploy/old.yaml").unlink()
    report = gate(folder)
    assert report.exit_code() == 0
    assert report.comparison is not None
    assert [f.resource.rpartition("/")[2] for f in report.comparison.fixed] == ["old"]


def test_a_values_file_that_makes_it_worse_introduces(folder: Path) -> None:
    write(folder, "infra/terraform.tfvars", 'tls = "TLS1_0"\n')
    report = gate(folder)
    assert report.exit_code() == 1
    assert [finding.rule for finding in report.comparison.introduced] == ["ENC-002"]  # type: ignore[union-attr]


def test_a_verdict_that_becomes_unknown_does_what_the_base_says(folder: Path) -> None:
    (folder / "infra/terraform.tfvars").unlink()
    report = gate(folder)
    assert report.comparison is not None
    assert [finding.rule for finding in report.comparison.became_unknown] == ["ENC-002"]
    assert report.exit_code() == 0
    git(folder, "checkout", "-q", "main")
    write(folder, "bulkhead.yaml", CONFIG.replace("gate: {", "gate: {became_unknown: fail, "))
    commit(folder)
    git(folder, "checkout", "-q", "-B", "change")
    (folder / "infra/terraform.tfvars").unlink()
    assert gate(folder).exit_code() == 1


def test_what_was_unknown_and_now_fails_is_introduced(folder: Path) -> None:
    git(folder, "checkout", "-q", "main")
    (folder / "infra/terraform.tfvars").unlink()
    commit(folder)
    git(folder, "checkout", "-q", "-B", "change")
    write(folder, "infra/terraform.tfvars", 'tls = "TLS1_0"\n')
    assert gate(folder).exit_code() == 1


def test_a_root_that_is_taken_off_the_list_is_judged_all_the_same(folder: Path) -> None:
    write(folder, "bulkhead.yaml", CONFIG.replace("[infra]", "[elsewhere]"))
    write(folder, "infra/terraform.tfvars", 'tls = "TLS1_0"\n')
    assert gate(folder).exit_code() == 1


def test_a_root_that_the_change_calls_with_better_values_leaves_the_run_incomplete(folder: Path) -> None:
    git(folder, "checkout", "-q", "main")
    write(folder, "bulkhead.yaml", CONFIG.replace("terraform: {roots: [infra]}\n", ""))
    commit(folder)
    git(folder, "checkout", "-q", "-B", "change")
    write(folder, "infra/terraform.tfvars", 'tls = "TLS1_0"\n')
    assert gate(folder).exit_code() == 1
    write(folder, "decoy/main.tf", 'module "infra" {\n  source = "../infra"\n  tls    = "TLS1_2"\n}\n')
    report = gate(folder)
    assert report.exit_code() == 3
    (entry,) = report.incomplete()
    assert entry.input == "infra"
    assert "it was a root module and is judged only as decoy calls it" in entry.reason


def test_a_configuration_that_the_change_brings_counts_later(folder: Path) -> None:
    git(folder, "checkout", "-q", "main")
    (folder / "bulkhead.yaml").unlink()
    commit(folder)
    git(folder, "checkout", "-q", "-B", "change")
    write(folder, "bulkhead.yaml", "rules: {skip: ['*']}\n")
    write(folder, "deploy/new.yaml", pod("new"))
    report = gate(folder, only=("ISO-029",))
    assert report.exit_code() == 1
    assert "bulkhead.yaml: is new in this change" in told(report)


def test_the_estate_of_the_base_decides(folder: Path) -> None:
    estate = (Path(__file__).parents[2] / "fixtures/erp-hosting-broken/estate.yaml").read_text()
    git(folder, "checkout", "-q", "main")
    write(folder, "estate.yaml", estate)
    write(folder, "bulkhead.yaml", CONFIG + "estate: estate.yaml\n")
    commit(folder)
    git(folder, "checkout", "-q", "-B", "change")
    write(folder, "estate.yaml", estate.replace("name: erp-hosting-broken", "name: another", 1))
    write(folder, "deploy/new.yaml", pod("new"))
    report = gate(folder)
    assert report.estate_name == "erp-hosting-broken"
    assert "estate.yaml: the change edits it" in told(report)
    assert "new" in introduced(report)


def test_the_packs_of_the_base_judge(folder: Path) -> None:
    git(folder, "checkout", "-q", "main")
    write_rule("packs/acme/no_default_account", "ACME-001", "rego", "")
    config = CONFIG.replace("ENC-002]", "ENC-002, ACME-001]")
    write(folder, "bulkhead.yaml", config + "packs: [{path: packs/acme}]\n")
    commit(folder)
    git(folder, "checkout", "-q", "-B", "change")
    rule = next(path for path in (folder / "packs").rglob("*.rego") if "test" not in path.name)
    text = rule.read_text()
    rule.write_text(text.replace("deny contains", "never contains"))
    write(folder, "deploy/new.yaml", pod("new"))
    report = gate(folder, "deploy")
    assert "packs/acme: the change edits it (its rules)" in told(report)
    assert "ACME-001" in report.rules


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("bulkhead.yaml", "fail-on: high\n", "cannot use configuration bulkhead.yaml: it has one fault"),
        ("policy/exemptions.yaml", "a: 1\n", "cannot use exemptions policy/exemptions.yaml: it has "),
        ("policy/baseline.yaml", "a: 1\n", "cannot use baseline policy/baseline.yaml: it has "),
    ],
)
def test_what_is_wrong_in_the_base_is_named_as_in_the_repository(
    folder: Path, name: str, text: str, message: str
) -> None:
    git(folder, "checkout", "-q", "main")
    write(folder, name, text)
    commit(folder)
    git(folder, "checkout", "-q", "-B", "change")
    write(folder, name, "")
    with pytest.raises(BulkheadError) as caught:
        gate(folder)
    said = caught.value.diagnostics()
    assert said.startswith(message)
    assert f"\n  {name}:1:1: " in said
    assert "bulkhead-base-" not in said
    assert "which counts here; a change of it counts once it is merged" in said


def test_nothing_is_left_behind(folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    status = git(folder, "status", "--porcelain")
    gate(folder)
    assert list(place.iterdir()) == []
    assert git(folder, "status", "--porcelain") == status


def test_a_base_that_is_the_same_is_not_judged_again(folder: Path) -> None:
    report = gate(folder)
    assert report.comparison is not None
    assert report.comparison.elapsed_s == 0
    assert len(report.comparison.unchanged) == 2


def test_it_can_be_run_from_elsewhere(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder, "deploy/new.yaml", pod("new"))
    monkeypatch.chdir(tmp_path)
    commit(folder)
    with evaluated(flags(base="main", paths=(str(folder),))) as (_, _, report):
        assert introduced(report) == ["new"]
        assert report.comparison is not None
        assert report.comparison.introduced[0].location.file == os.path.join("deploy", "new.yaml")


TEMPLATE = pod("{{ .Release.Name }}-web", "{{ .Values.root }}").replace("namespace: shop", "")
CHART = {
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "charts/web/values.yaml": "root: false\n",
    "charts/web/templates/pod.yaml": pod("{{ .Release.Name }}-web", "{{ .Values.root }}").replace(
        "namespace: shop", ""
    ),
    "overlay/kustomization.yaml": "resources: [pod.yaml]\n",
    "overlay/pod.yaml": pod("built", "false"),
}
SAFE = '[{"op": "replace", "path": "/spec/containers/0/securityContext/privileged", "value": false}]'


def rendered(folder: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str]) -> Report:
    """Return the gate over a change that makes chart and overlay worse, and adds ``files`` that deploy them safely."""
    tools(monkeypatch, "helm", "kustomize")
    git(folder, "checkout", "-q", "main")
    for name, text in CHART.items():
        write(folder, name, text)
    commit(folder)
    git(folder, "checkout", "-q", "-B", "change")
    write(folder, "charts/web/values.yaml", "root: true\n")
    write(folder, "overlay/pod.yaml", pod("built"))
    for name, text in files.items():
        write(folder, name, text)
    return gate(folder)


@pytest.mark.parametrize(
    "files",
    [
        {},
        {
            "app.yaml": "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: safe}\nspec:\n"
            "  destination: {namespace: safe}\n"
            "  source: {path: charts/web, helm: {valuesObject: {root: false}}}\n",
            "flux.yaml": "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n"
            "metadata: {name: safe}\nspec:\n  path: ./overlay\n  sourceRef: {kind: GitRepository, name: x}\n"
            f"  patches: [{{target: {{kind: Pod}}, patch: '{SAFE}'}}]\n",
        },
        {
            "charts/all/Chart.yaml": "apiVersion: v2\nname: all\nversion: 1.0.0\n"
            "dependencies: [{name: web, version: 1.0.0, repository: 'file://../web'}]\n",
            "charts/all/values.yaml": "web: {root: false}\n",
            "top/kustomization.yaml": "resources: [../overlay]\n"
            f"patches: [{{target: {{kind: Pod}}, patch: '{SAFE}'}}]\n",
        },
    ],
    ids=["as they were", "deployed safely", "included safely"],
)
def test_what_was_rendered_for_itself_is_judged_so_whatever_the_change_says_deploys_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str]
) -> None:
    report = rendered(folder, monkeypatch, files)
    assert {"web-web", "built"} <= set(introduced(report))
    assert report.exit_code() == 1
    assert not report.incomplete()


def test_a_chart_that_only_gets_another_way_to_be_deployed_introduces_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools(monkeypatch, "helm", "kustomize")
    git(folder, "checkout", "-q", "main")
    for name, text in {**CHART, "charts/web/values.yaml": "root: true\n"}.items():
        write(folder, name, text)
    commit(folder)
    git(folder, "checkout", "-q", "-B", "change")
    write(folder, "top/kustomization.yaml", "resources: [../overlay]\nnamePrefix: a-\n")
    report = gate(folder)
    assert (introduced(report), report.exit_code()) == ([], 0)
    (folder / "charts/web").rename(folder / "charts/site")
    report = gate(folder)
    assert report.comparison is not None
    assert report.comparison.fixed == (), "it is followed where it is renamed"


@pytest.mark.parametrize(
    "files",
    [
        {"deploy/kustomization.yaml": "kind: Component\nresources: [old.yaml]\n"},
        {"lib/Chart.yaml": "apiVersion: v2\nname: lib\nversion: 1.0.0\ntype: library\n", "lib/templates/old.yaml": ""},
    ],
    ids=["component", "library chart"],
)
def test_objects_that_something_claims_and_nothing_renders_leave_the_run_incomplete(
    folder: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str]
) -> None:
    tools(monkeypatch, "helm", "kustomize")
    for name, text in files.items():
        write(folder, name, text)
    if "lib/templates/old.yaml" in files:
        (folder / "deploy/old.yaml").replace(folder / "lib/templates/old.yaml")
    report = gate(folder)
    assert report.exit_code() == 3
    ((name, reason),) = ((entry.input, entry.reason) for entry in report.incomplete())
    assert name == "deploy/old.yaml"
    assert reason.endswith("it is a part of something that nothing is rendered from")


@pytest.mark.parametrize("target", ["charts/web/Chart.yml", "Chart.txt", ""])
def test_templates_that_are_no_chart_any_more_leave_the_run_incomplete(
    folder: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    tools(monkeypatch, "helm", "kustomize")
    git(folder, "checkout", "-q", "main")
    for name, text in {**CHART, "charts/web/values.yaml": "root: true\n"}.items():
        write(folder, name, text)
    commit(folder)
    git(folder, "checkout", "-q", "-B", "change")
    chart = folder / "charts/web/Chart.yaml"
    chart.replace(folder / target) if target else chart.unlink()
    report = gate(folder)
    assert report.exit_code() == 3
    assert any("out of sight" in entry.reason for entry in report.incomplete())
    shutil.rmtree(folder / "charts/web")
    report = gate(folder)
    assert not [entry for entry in report.incomplete() if "no chart any more" in entry.reason]


def test_a_file_that_holds_other_objects_now_is_no_such_thing(folder: Path) -> None:
    write(folder, "deploy/old.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n")
    report = gate(folder)
    assert (report.exit_code(), report.incomplete()) == (0, ())


def test_a_submodule_that_nobody_has_checked_out_leaves_the_run_incomplete(folder: Path) -> None:
    shutil.rmtree(folder / "deploy")
    head = git(folder, "rev-parse", "HEAD")
    git(folder, "rm", "-rq", "--cached", "deploy")
    git(folder, "update-index", "--add", "--cacheinfo", f"160000,{head},deploy")
    git(folder, "commit", "-qm", "submodule")
    with evaluated(flags(base="main", paths=(".",))) as (_, _, report):
        assert report.exit_code() == 3
        assert [(entry.input, "not checked out" in entry.reason) for entry in report.incomplete()] == [("deploy", True)]
