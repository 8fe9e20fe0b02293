"""What is said of Exemptions that cover nothing: only what could have been seen."""

from dataclasses import replace
from pathlib import Path

import pytest

from scanner.exemptions.unused import Sight, divided
from scanner.model.exemption import Exemption
from tests.cli.running import bulkhead
from tests.exemptions.findings import exemption

ALL = ("ISO-028", "ISO-029", "NET-001")
POD = """apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {containers: [{name: web, image: "web:1"}]}
"""
EXEMPTIONS = """apiVersion: exemptions/v1
exemptions:
  - {id: EX-1, rules: [ISO-029], selector: {namespace: gone}, reason: r, owner: me, expires: 2026-12-31}
"""


def unused(one: Exemption, **sight: object) -> bool:
    found, unseen = divided((one,), Sight(**{"rules": ALL, "asked": ALL, **sight}))  # type: ignore[arg-type]
    assert len(found) + len(unseen) == 1
    return bool(found)


@pytest.mark.parametrize(
    ("rules", "asked", "said"),
    [
        (("ISO-029",), ALL, True),
        (("ISO-029",), ("ISO-028",), False),
        (("ISO-*",), ("ISO-028",), False),
        (("iso-*",), ("ISO-028", "ISO-029"), True),
        (("ISO-028", "NET-001"), ("ISO-028", "ISO-029"), False),
        (("OWN-001",), ALL, False),
    ],
)
def test_only_where_all_rules_it_names_were_asked(rules: tuple[str, ...], asked: tuple[str, ...], said: bool) -> None:
    assert unused(replace(exemption(), rules=rules), asked=asked) is said


def test_only_where_all_was_read_it_could_be_for_and_a_comment_is_read_with_what_it_is_for() -> None:
    assert not unused(exemption(), is_whole=lambda file: False)
    assert unused(replace(exemption(), resource="c/core/Pod/a/b"), is_whole=lambda file: False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy/pod.yaml").write_text(POD)
    (tmp_path / "exemptions.yaml").write_text(EXEMPTIONS)
    (tmp_path / "bulkhead.yaml").write_text("exemptions: {files: [exemptions.yaml]}\n")
    return tmp_path


def says(folder: Path, *arguments: str) -> bool:
    found = bulkhead("scan", *arguments, "--today", "2026-11-21", cwd=folder)
    assert found.code in (0, 1, 3), found.stderr
    return "exemption EX-1 covers no finding" in found.stdout


def test_a_scan_of_everything_says_it(folder: Path) -> None:
    assert says(folder)
    assert says(folder, ".", "--rule", "ISO-029")


@pytest.mark.parametrize(
    "arguments",
    [("deploy",), ("deploy/pod.yaml",), ("--rule", "ISO-028"), ("--skip-rule", "ISO-029"), ("--exclude", "x/")],
)
def test_a_scan_of_a_part_does_not(folder: Path, arguments: tuple[str, ...]) -> None:
    assert not says(folder, *arguments)


def test_nor_one_that_could_not_read_everything(folder: Path) -> None:
    (folder / "deploy/broken.yaml").write_text("a: [")
    assert not says(folder)


def test_with_a_base_the_same_holds(folder: Path) -> None:
    from tests.points.histories import commit, git

    git(folder, "init", "-q", "-b", "main")
    commit(folder)
    (folder / "deploy/pod.yaml").write_text(POD.replace("web:1", "web:2"))
    assert says(folder, ".", "--base", "HEAD")
    assert not says(folder, "deploy", "--base", "HEAD")


def test_what_nobody_can_say_is_listed_as_that_and_still_counts(folder: Path) -> None:
    found = bulkhead("exemptions", "list", "deploy", "--today", "2026-11-21", cwd=folder)
    assert found.stdout.startswith("unseen   EX-1")
    assert bulkhead("exemptions", "check", "deploy", "--today", "2026-11-21", cwd=folder).code == 0
    assert bulkhead("exemptions", "check", "--today", "2026-11-21", cwd=folder).code == 1
    assert bulkhead("scan", "deploy", "--max-exemptions", "0", "--today", "2026-11-21", cwd=folder).code == 1
