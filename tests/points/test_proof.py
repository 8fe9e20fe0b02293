import shutil
from pathlib import Path

from scanner.points.proof import Stated, stated
from tests.cli.running import bulkhead
from tests.conftest import ROOT

CASE = """kind: Pod
spec:
  containers:
    # fail 0123456789ab: container 'a' is privileged
    # an ordinary comment
    # unknown: its value is not known

    - name: a
      # fail: something else
      privileged: true
"""


def test_expectations_stand_above_the_line_they_are_about() -> None:
    assert stated(CASE) == (
        Stated(8, "fail", "container 'a' is privileged", "0123456789ab"),
        Stated(8, "unknown", "its value is not known", ""),
        Stated(10, "fail", "something else", ""),
    )


def test_other_comments_state_nothing() -> None:
    assert stated("# failing: no\na: 1\n# fail\nb: 2\n") == ()


LIVE = """// cluster: aks-prd-weu-01
{
  "apiVersion": "v1",
  "kind": "List",
  "items": [
    {
      "apiVersion": "v1",
      "kind": "Pod",
      "metadata": {"name": "web", "namespace": "shop"},
      // a comment of a person
      "spec": {"containers": [{"name": "web"}]}
    }
  ]
}
"""


def test_live_cases_are_json_with_lines_of_comment_and_needed_in_both_kinds_once_begun(tmp_path: Path) -> None:
    bulkhead("rules", "new", "acme/no_default", "--id", "ACME-001", cwd=tmp_path)
    cases = tmp_path / "acme" / "no_default" / "cases"
    (cases / "fail.live.json").write_text(LIVE, "utf-8")
    run = bulkhead("rules", "test", "acme", "--update", cwd=tmp_path)
    assert run.code == 1
    assert "there is no case 'pass.live.json'" in run.stdout
    found = (cases / "fail.live.json").read_text("utf-8")
    assert "      // a comment of a person\n      // fail " in found
    named = LIVE.replace('{"containers"', '{"serviceAccountName": "web", "containers"')
    (cases / "pass.live.json").write_text(named, "utf-8")
    run = bulkhead("rules", "test", "acme", cwd=tmp_path)
    assert run.code == 0, run.stdout
    assert "1 rules, 4 cases, 0 faults" in run.stdout


def test_what_a_rule_fails_without_has_to_be_named(tmp_path: Path) -> None:
    """A copy of one of ours, without the line that says it."""
    shutil.copytree(ROOT / "rules" / "tenant_isolation" / "limit_range", tmp_path / "acme" / "limit_range")
    shutil.copy(ROOT / "rules" / "tenant_isolation" / "pack.yaml", tmp_path / "acme")
    manifest = tmp_path / "acme" / "limit_range" / "rule.md"
    text = manifest.read_text("utf-8")
    assert "looks_for: [core/LimitRange]\n" in text
    arguments = ("rules", "test", "acme")
    assert bulkhead(*arguments, cwd=tmp_path).code == 0
    manifest.write_text(text.replace("looks_for: [core/LimitRange]\n", ""), "utf-8")
    run = bulkhead(*arguments, cwd=tmp_path)
    assert run.code == 1
    assert "it fails without core/LimitRange; name that in 'looks_for'" in run.stdout
