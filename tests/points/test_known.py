"""The baseline file: written, read, kept in order."""

from datetime import date
from pathlib import Path

import pytest

from scanner.errors import BaselineError
from scanner.points.known import load_baseline, written
from scanner.report.baseline import Entry
from tests.cli.running import bulkhead

FIRST = Entry("ISO-029", 'c/core/Pod/a/"b"', "spec[name=x].y", "a" * 32, "b" * 32, date(2026, 11, 21))
SECOND = Entry("ISO-001", "k: v # no", "", "c" * 32, "d" * 32, date(2026, 1, 2), "unknown")
POD = """apiVersion: v1
kind: Pod
metadata: {{name: {name}, namespace: shop}}
spec: {{containers: [{{name: web, image: "{image}", securityContext: {{privileged: true}}}}]}}
"""


def test_what_is_written_is_read_sorted(tmp_path: Path) -> None:
    file = tmp_path / "baseline.yaml"
    file.write_text("".join(written([FIRST, SECOND])), "utf-8")
    assert load_baseline(str(file)) == (SECOND, FIRST)
    assert "".join(written([SECOND, FIRST])) == file.read_text("utf-8")


def test_an_empty_one_can_be_read(tmp_path: Path) -> None:
    file = tmp_path / "baseline.yaml"
    file.write_text("".join(written([])), "utf-8")
    assert load_baseline(str(file)) == ()


def test_a_wrong_one_is_refused_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "baseline.yaml"
    file.write_text("apiVersion: baseline/v1\nfindings:\n  - rule: ISO-001\n", "utf-8")
    with pytest.raises(BaselineError) as caught:
        load_baseline(str(file))
    assert "baseline.yaml:3:5: " in caught.value.diagnostics()


def test_from_writing_to_updating(tmp_path: Path) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        found = bulkhead(*arguments, "--rule", "ISO-029", "--today", "2026-11-21", cwd=tmp_path)
        return found.code, found.stdout + found.stderr

    def pod(name: str, image: str = "web:1") -> None:
        (tmp_path / f"{name}.yaml").write_text(POD.format(name=name, image=image))

    pod("a")
    pod("b")
    assert run("baseline", "write", "known.yml", "a.yaml", "b.yaml") == (0, "known.yml: 2 findings written down\n")
    assert run("baseline", "write", "known.yml")[0] == 2
    assert run("scan", "-q", "--baseline", "known.yml", "a.yaml", "b.yaml")[0] == 0

    (tmp_path / "a.yaml").rename(tmp_path / "moved.yaml")
    (tmp_path / "b.yaml").unlink()
    pod("c")
    paths = ("moved.yaml", "c.yaml")
    code, said = run("baseline", "check", "known.yml", *paths)
    assert code == 1
    assert "entry ISO-029 on -/core/Pod/shop/b covers no finding any more" in said
    assert said.endswith("known.yml: 1 hold, 0 lapsed, 1 over; 1 finding not in it\n")
    assert run("scan", "-q", "--baseline", "known.yml", *paths)[0] == 1
    assert run("baseline", "update", "known.yml", *paths)[1] == "known.yml: 1 kept, 0 added, 1 taken out\n"
    assert run("baseline", "update", "known.yml", *paths, "--add", "ISO-031")[0] == 2
    assert run("baseline", "update", "known.yml", *paths, "--add", "ISO-*")[1] == (
        "known.yml: 1 kept, 1 added, 0 taken out\n"
    )
    assert run("baseline", "check", "known.yml", *paths)[0] == 0


def test_a_baseline_is_not_written_over_what_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: [")
    found = bulkhead("baseline", "write", "known.yml", "a.yaml", cwd=tmp_path)
    assert found.code == 2
    assert "cannot judge a baseline: a.yaml could not be read in full" in found.stderr
    assert not (tmp_path / "known.yml").exists()


def test_a_baseline_hides_nothing_of_a_protected_rule(tmp_path: Path) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        found = bulkhead(*arguments, "--rule", "ISO-028", "--rule", "ISO-029", "--today", "2026-11-21", cwd=tmp_path)
        return found.code, found.stdout + found.stderr

    pod = POD.format(name="a", image="web:1").replace("spec: {", "spec: {hostNetwork: true, ")
    (tmp_path / "a.yaml").write_text(pod)
    assert run("baseline", "write", "known.yml", "a.yaml") == (0, "known.yml: 2 findings written down\n")
    assert run("scan", "-q", "--baseline", "known.yml", "a.yaml")[0] == 0

    (tmp_path / "bulkhead.yaml").write_text("exemptions: {protected: [iso-029]}\n")
    refused = "entry ISO-029 on -/core/Pod/shop/a does not count: nothing may accept findings of ISO-029"
    code, said = run("scan", "-q", "--baseline", "known.yml", "a.yaml")
    assert code == 1
    assert "1 introduced · 0 fixed · 1 unchanged" in said
    assert refused in " ".join(said.split())
    code, said = run("baseline", "check", "known.yml", "a.yaml")
    assert code == 1
    assert refused in said
    assert said.endswith("known.yml: 1 hold, 0 lapsed, 0 over, 1 of protected rules; 1 finding not in it\n")
    assert run("baseline", "update", "known.yml", "a.yaml")[1] == "known.yml: 1 kept, 0 added, 1 taken out\n"
    assert "ISO-029" not in (tmp_path / "known.yml").read_text()
    code, said = run("baseline", "update", "known.yml", "a.yaml", "--add", "ISO-029")
    assert (code, "nothing may accept findings of ISO-029" in said) == (2, True)
    assert run("baseline", "write", "known.yml", "a.yaml", "--force") == (
        0,
        "known.yml: 1 finding written down, 1 finding of protected rules left out: ISO-029\n",
    )
    (tmp_path / "a.yaml").rename(tmp_path / "moved.yaml")
    assert run("scan", "-q", "--baseline", "known.yml", "moved.yaml")[0] == 1
