"""Bad input is normal: one paragraph with position and remedy, exit 2 or 3, nothing lost, no traceback."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import Run, bulkhead
from tests.conftest import ROOT

GOOD = """apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {containers: [{name: web, image: "web:1.0", securityContext: {privileged: true}}]}
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder with one good manifest; whatever else is in it, that one must still be judged."""
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "good.yaml").write_text(GOOD)
    return tmp_path / "tree"


def incomplete(tree: Path, *arguments: str) -> tuple[Run, dict[str, dict[str, object]]]:
    """Scan ``tree``; returns the run and the ledger by input. Only the ledger decides: nothing blocks."""
    run = bulkhead("scan", str(tree), "--report", "json=-", "--rule", "ISO-029", *arguments, cwd=tree.parent)
    assert "Traceback" not in run.stderr
    report = json.loads(run.stdout)
    assert any(finding["resource"].endswith("/shop/web") for finding in report["findings"]), "the good one is lost"
    return run, {entry["input"].split("/")[-1]: entry for entry in report["ledger"]}


def unread(tree: Path, name: str, *states: str) -> dict[str, object]:
    run, ledger = incomplete(tree)
    assert name in ledger, f"{name} is not in the ledger: {sorted(ledger)}"
    entry = ledger[name]
    assert entry["state"] in states
    assert entry["reason"]
    assert run.code == 1, "a blocking finding wins over an incomplete run"
    return entry


def exit_without_findings(tree: Path, *arguments: str) -> int:
    (tree / "good.yaml").unlink()
    return bulkhead("scan", str(tree), *arguments, cwd=tree.parent).code


@pytest.mark.parametrize(
    ("content", "reason", "line"),
    [
        (b"apiVersion: v1\nkind: Pod\n\tmetadata: {}\n", "tab", 3),
        (b"apiVersion: v1\nkind: \xff\xfe\xfa\n", "utf-8", 2),
        (b"a: [1, 2\nb: 3\n", "", None),
        (b"apiVersion: v1\nkind: Pod\nmetadata: [\n" + b"[" * 20_000, "deep", None),
        (b"a: " + b"[" * 20_000 + b"]" * 20_000 + b"\n", "deep", 1),
    ],
    ids=["tab", "not UTF-8", "unclosed", "unclosed deep", "20,000 deep"],
)
def test_text_that_cannot_be_read(tree: Path, content: bytes, reason: str, line: int | None) -> None:
    (tree / "bad.yaml").write_bytes(content)
    entry = unread(tree, "bad.yaml", "unparsed", "partial")
    assert reason in str(entry["reason"]).lower()
    if line is not None:
        assert entry["line"] == line
    assert exit_without_findings(tree) == 3


def test_an_alias_bomb_is_refused(tree: Path) -> None:
    levels = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 11))
    (tree / "bomb.yaml").write_text(f"a0: &a0 [x]\n{levels}\n")
    assert "alias" in str(unread(tree, "bomb.yaml", "unparsed")["reason"])


def test_a_file_of_100_mb_is_refused_without_reading_it(tree: Path) -> None:
    with (tree / "big.yaml").open("wb") as stream:
        stream.truncate(100 << 20)
    assert "larger than" in str(unread(tree, "big.yaml", "unparsed")["reason"])


def test_a_duplicate_key_is_told_with_both_places_and_the_last_one_is_judged(tree: Path) -> None:
    (tree / "twice.yaml").write_text(GOOD.replace("kind: Pod", "kind: Pod\nkind: Pod"))
    run = bulkhead("scan", str(tree), "--rule", "ISO-029", cwd=tree.parent)
    assert run.code == 1
    assert "twice.yaml:3" in run.stdout
    assert "kind" in run.stdout


def test_a_link_that_leaves_the_tree_is_not_followed(tree: Path) -> None:
    outside = tree.parent / "outside.yaml"
    outside.write_text(GOOD)
    (tree / "out.yaml").symlink_to(outside)
    _, ledger = incomplete(tree)
    assert ledger["out.yaml"]["state"] == "excluded"


def test_a_link_loop_ends(tree: Path) -> None:
    (tree / "loop").symlink_to(tree)
    (tree / "self.yaml").symlink_to(tree / "self.yaml")
    run, ledger = incomplete(tree)
    assert ledger["self.yaml"]["state"] in ("unreachable", "excluded")
    assert run.code == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read_is_unreachable(tree: Path) -> None:
    (tree / "secret.yaml").write_text(GOOD)
    (tree / "secret.yaml").chmod(0)
    assert unread(tree, "secret.yaml", "unreachable")


def test_a_file_that_is_none_is_unreachable_and_does_not_hang(tree: Path) -> None:
    os.mkfifo(tree / "pipe.yaml")
    _, ledger = incomplete(tree)
    assert ledger["pipe.yaml"]["state"] in ("unreachable", "unsupported")


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    run = bulkhead("scan", "nowhere", cwd=tmp_path)
    assert (run.code, run.stdout) == (2, "")
    assert run.stderr.startswith("error: cannot scan nowhere: there is no such file or folder\n  help: ")


@pytest.mark.parametrize(
    ("text", "place"),
    [("tenants: [\n", "estate.yaml:"), ("kind: Estate\n", "estate.yaml:1"), ("a: 1\na: 2\n", "estate.yaml:2:1")],
    ids=["syntax", "schema", "duplicate key"],
)
def test_a_broken_estate(tree: Path, text: str, place: str) -> None:
    estate = tree.parent / "estate.yaml"
    estate.write_text(text)
    run = bulkhead("scan", str(tree), "--estate", "estate.yaml", cwd=tree.parent)
    assert run.code == 2
    assert place in run.stderr
    assert "help:" in run.stderr
    assert "Traceback" not in run.stderr


def test_an_unknown_rule_id_suggests_the_nearest(tree: Path) -> None:
    run = bulkhead("scan", str(tree), "--rule", "ISO-92", cwd=tree.parent)
    assert run.code == 2
    assert "cannot select rule 'ISO-92'" in run.stderr
    assert "did you mean ISO-0" in run.stderr


def test_an_unknown_configuration_key_has_a_position(tree: Path) -> None:
    (tree.parent / "bulkhead.yaml").write_text("fail_onn: high\n")
    run = bulkhead("scan", str(tree), cwd=tree.parent)
    assert run.code == 2
    assert "bulkhead.yaml:1:1: fail_onn: unknown key; did you mean 'fail_on'?" in run.stderr


def foreign_pack(folder: Path, rego: str, front: str = "") -> Path:
    """Write a pack with one rule by way of our own scaffold, then break it."""
    bulkhead("rules", "new", str(folder / "acme" / "broken"), "--id", "ACME-001", cwd=folder)
    rule = folder / "acme" / "broken"
    if rego:
        (rule / "rule.rego").write_text(rego)
    if front:
        text = (rule / "rule.md").read_text()
        (rule / "rule.md").write_text(text.replace("severity: medium", front))
    return folder / "acme"


def test_a_broken_rule_page_names_its_line(tree: Path) -> None:
    pack = foreign_pack(tree.parent, "", "severity: severe")
    run = bulkhead("scan", str(tree), "--pack", str(pack), cwd=tree.parent)
    assert run.code == 2
    assert "rule.md:4: unknown severity 'severe'" in run.stderr


@pytest.mark.parametrize(
    ("rego", "reason"),
    [
        ("package acme.broken\n\ndeny contains {\n", "rule.rego:"),
        ("package acme.broken\n\ndeny contains message if {\n\tmessage := nothing(1)\n}\n", "nothing"),
        ("package acme.broken\n\ndeny contains message if {\n\tmessage == 1\n}\n", "message"),
        ("package acme.broken\n\nallow if true\n", "deny"),
        ('package acme.broken\n\ndeny contains m if {\n\tm := http.send({"url": "x"})\n}\n', "http.send"),
        (
            "package acme.broken\n\ndeny contains m if {\n\tsome a in numbers.range(1, 3000)\n"
            "\tsome b in numbers.range(1, 3000)\n\tsome c in numbers.range(1, 3000)\n\ta + b + c < 0\n\tm := a\n}\n",
            "limit",
        ),
        ("package acme.broken\n\nf(x) := f(x)\n\ndeny contains m if {\n\tm := f(1)\n}\n", "recursi"),
    ],
    ids=["syntax", "unknown function", "unsafe variable", "no deny", "network", "endless", "recursion"],
)
def test_a_broken_rego_rule_is_an_error_never_a_pass(tree: Path, rego: str, reason: str) -> None:
    pack = foreign_pack(tree.parent, rego)
    arguments = ("scan", str(tree), "--pack", str(pack), "--rule", "ACME-001", "--report", "json=-")
    run = bulkhead(*arguments, cwd=tree.parent)
    assert "Traceback" not in run.stderr
    assert run.code == 3, run.stderr
    report = json.loads(run.stdout)
    assert report["counts"]["by_verdict"]["error"] == 1
    assert reason in json.dumps(report["findings"]).lower() or reason in json.dumps(report["findings"])


def test_a_python_rule_that_raises_costs_its_own_verdict(tree: Path) -> None:
    pack = tree.parent / "acme"
    bulkhead("rules", "new", str(pack / "raises"), "--id", "ACME-001", "--language", "python", cwd=tree.parent)
    (pack / "raises" / "rule.py").write_text("def check(resource):\n    raise KeyError(resource.name)\n    yield\n")
    refused = bulkhead("scan", str(tree), "--pack", str(pack), cwd=tree.parent)
    assert refused.code == 2
    assert "it holds Python rules, which run with your rights" in refused.stderr
    digest = refused.stderr.split("digest: '")[1].split("'")[0]
    (tree.parent / "own.yaml").write_text(f"packs: [{{path: acme, digest: '{digest}', allow_python: true}}]\n")
    arguments = ("scan", str(tree), "--config", "own.yaml", "--rule", "ACME-001", "--rule", "ISO-029")
    run = bulkhead(*arguments, "--report", "json=-", cwd=tree.parent)
    report = json.loads(run.stdout)
    messages = {finding["rule"]: finding["message"] for finding in report["findings"]}
    assert messages["ACME-001"] == "the rule raised KeyError at rule.py:2"
    assert "ISO-029" in messages
    assert run.code == 1
    assert any(entry["state"] == "partial" and "ACME-001" in entry["reason"] for entry in report["ledger"])


def test_an_exemption_without_expiry_does_nothing_and_is_told(tree: Path) -> None:
    (tree.parent / "exemptions.yaml").write_text(
        "apiVersion: exemptions/v1\nexemptions:\n"
        "  - {id: EX-1, rules: [ISO-029], selector: {name: web}, reason: because, owner: me}\n"
    )
    arguments = ("scan", str(tree), "--exemptions", "exemptions.yaml", "--rule", "ISO-029")
    run = bulkhead(*arguments, cwd=tree.parent)
    assert run.code == 1
    assert "exemptions.yaml:3" in run.stdout
    assert "expires" in run.stdout


def test_a_report_that_cannot_be_written_leaves_nothing_behind(tree: Path) -> None:
    run = bulkhead("scan", str(tree), "--report", "json=nowhere/out.json", cwd=tree.parent)
    assert run.code == 2
    assert "cannot write report" in run.stderr
    assert "help:" in run.stderr
    assert not (tree.parent / "nowhere").exists()


@pytest.mark.skipif(shutil.which("prlimit") is None, reason="prlimit is not installed")
def test_a_full_disk_leaves_nothing_half_written(tree: Path) -> None:
    (tree.parent / "old.json").write_text("old")
    command = [
        "prlimit",
        "--fsize=100",
        sys.executable,
        "-m",
        "scanner",
        "scan",
        str(tree),
        "--report",
        "json=old.json",
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(tree.parent / "cache")}
    run = subprocess.run(command, cwd=tree.parent, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert "cannot write report" in run.stderr
    assert (tree.parent / "old.json").read_text() == "old"
    left = {path.name for path in tree.parent.iterdir()}
    assert left <= {"old.json", "tree", "cache"}


def test_an_unknown_format_names_the_known_ones(tree: Path) -> None:
    run = bulkhead("scan", str(tree), "--report", "xml=-", cwd=tree.parent)
    assert run.code == 2
    assert "text, json, sarif" in run.stderr


def test_an_unknown_command_suggests_the_nearest() -> None:
    run = bulkhead("scna")
    assert run.code == 2
    assert "Did you mean 'scan'?" in run.stderr
