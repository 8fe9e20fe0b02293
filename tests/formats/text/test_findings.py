from collections.abc import Iterable
from pathlib import Path

import pytest

from scanner.formats.text.findings import FindingList, position
from scanner.formats.text.paint import Paint
from scanner.model.finding import Finding
from scanner.model.severity import Severity
from tests.formats.builder import DUNMORE, at, finding, marked, rule

LOW = rule("AAA-001", "Something is so", Severity.LOW, fix="Mend it.")
HIGH = rule("ZZZ-001", "Something else is so", Severity.HIGH)


def written(findings: Iterable[Finding], *, width: int = 70, verbose: bool = False) -> list[str]:
    return list(FindingList({"AAA-001": LOW, "ZZZ-001": HIGH}, Paint(False), width, verbose).lines(findings))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text("kind: Pod\nspec: {}\n")
    return tmp_path


def test_lines_that_several_rules_object_to_are_shown_once_the_worst_first(folder: Path) -> None:
    place = marked(folder, "a.yaml", "spec: {}")

    assert written([finding(about, "Pod shop/web", "it is not", place) for about in (LOW, HIGH)]) == [
        f"a.yaml {'─' * 52} 2 findings",
        "",
        "  Pod shop/web                                          aks-prd-weu-01",
        "",
        "  --> a.yaml:2:1",
        "    1 │ kind: Pod",
        "    2 │ spec: {}",
        "      │ ^^^^^^^^",
        "  high      ZZZ-001  Something else is so",
        "            it is not",
        "  low       AAA-001  Something is so",
        "            it is not",
        "            fix: Mend it.",
        "",
    ]


def test_one_rule_at_one_place_has_its_title_and_its_fix_once(folder: Path) -> None:
    place = marked(folder, "a.yaml", "spec: {}")
    lines = written([finding(LOW, "Pod shop/web", message, place, tag=message) for message in ("one", "two")])

    assert lines[-5:] == [
        "  low       AAA-001  Something is so",
        "            one",
        "            two",
        "            fix: Mend it.",
        "",
    ]


def test_a_resource_stays_together_where_its_lines_enclose_another() -> None:
    findings = [
        finding(HIGH, "Pod a/outer", "m", at("a.yaml", 1)),
        finding(HIGH, "Pod a/inner", "m", at("a.yaml", 2)),
        finding(HIGH, "Pod a/outer", "m", at("a.yaml", 3), tag="2"),
    ]

    assert [line.split()[1] for line in written(findings) if line.startswith("  Pod")] == ["a/outer", "a/inner"]


def test_the_text_of_a_secret_is_never_shown(folder: Path) -> None:
    (folder / "secret.yaml").write_text("kind: Secret\ndata:\n  x: aGlkZQ==\n")
    lines = written([finding(HIGH, "Secret a/b", "m", marked(folder, "secret.yaml", "x: aGlkZQ=="))])

    assert "aGlkZQ" not in "\n".join(lines)
    assert lines[4:6] == ["  --> secret.yaml:3:3", "      the text of a Secret is not shown"]


def test_without_a_region_there_is_no_position() -> None:
    lines = written([finding(HIGH, "Pod a/b", "m", at("live", path="spec.x"))])

    assert not any("-->" in line for line in lines)


def test_the_attribute_path_is_there_on_demand() -> None:
    about = finding(HIGH, "Pod a/b", "m", at("live", path="spec.containers[0].image"))

    assert "            at: spec.containers[0].image" in written([about], verbose=True)
    assert not any("at:" in line for line in written([about]))


def test_a_rule_that_is_not_known_still_has_its_finding() -> None:
    stranger = rule("DRIFT-001", "t", Severity.HIGH)

    assert "  high      DRIFT-001" in "\n".join(written([finding(stranger, "Pod a/b", "m", at("a.yaml", 1))]))


def test_whose_it_is_moves_below_where_there_is_no_room() -> None:
    lines = written([finding(HIGH, "Deployment shop/a-rather-long-name", "m", at("x", 1), tenancy=DUNMORE)], width=50)

    assert lines[2:4] == ["  Deployment shop/a-rather-long-name", "  dunmore, production · aks-prd-weu-01"]


def test_on_a_very_wide_terminal_heads_stay_in_sight() -> None:
    lines = written([finding(HIGH, "Pod a/b", "m", at("x", 1))], width=300)

    assert max(len(line) for line in lines) <= 120


@pytest.mark.parametrize(("file", "text"), [("a.yaml", "a.yaml:2:3"), ("-", "<stdin>:2:3"), ("a\x1b", r"a\x1b:2:3")])
def test_positions_are_as_editors_read_them(file: str, text: str) -> None:
    assert position(at(file, 2, 3)) == text
