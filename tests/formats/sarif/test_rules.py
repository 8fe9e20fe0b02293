from pathlib import Path
from typing import Any

import pytest

from scanner.formats.sarif.objects import plain
from scanner.formats.sarif.rules import descriptors
from scanner.model.rule import Rule
from scanner.model.severity import Severity
from tests.formats.builder import RULE_PAGE, rule


def described(one: Rule) -> dict[str, Any]:
    (descriptor,) = descriptors([one])
    found: dict[str, Any] = plain(descriptor)
    return found


def test_a_rule_brings_its_page_as_help(tmp_path: Path) -> None:
    folder = tmp_path / "host_network"
    folder.mkdir()
    page = RULE_PAGE.format(id="ISO-012", title="Workloads stay out", fix="Remove it.")
    (folder / "rule.md").write_text(page, "utf-8")
    found = described(rule("ISO-012", "Workloads stay out", folder=str(folder), fix="Remove it."))

    assert found["id"] == "ISO-012"
    assert found["name"] == "HostNetwork"
    assert found["shortDescription"] == {"text": "Workloads stay out"}
    assert found["fullDescription"] == {"text": "Workloads stay out. The check looks at the object itself."}
    assert found["help"]["text"] == "Workloads stay out. Remove it."
    assert found["help"]["markdown"].startswith("## What it checks\n")
    assert "title:" not in found["help"]["markdown"]
    assert found["helpUri"] == "https://kubernetes.io/docs/concepts/security/pod-security-standards/"


def test_a_page_that_is_gone_is_no_fault(tmp_path: Path) -> None:
    found = described(rule("ISO-012", "Workloads stay out", folder=str(tmp_path / "gone"), fix="Remove it."))

    assert found["help"] == {"text": "Workloads stay out. Remove it.", "markdown": "Workloads stay out. Remove it."}
    assert found["fullDescription"] == {"text": "Workloads stay out"}
    assert "helpUri" not in found


@pytest.mark.parametrize(
    ("severity", "level", "score"),
    [
        (Severity.CRITICAL, "error", "9.5"),
        (Severity.HIGH, "error", "8.0"),
        (Severity.MEDIUM, "warning", "5.5"),
        (Severity.LOW, "note", "3.0"),
    ],
)
def test_severity_is_a_level_and_a_score(severity: Severity, level: str, score: str) -> None:
    found = described(rule("ISO-012", "t", severity))

    assert found["defaultConfiguration"]["level"] == level
    assert found["properties"]["security-severity"] == score


def test_tags_are_the_concern_and_the_controls_and_not_too_many() -> None:
    controls = {"CIS": tuple(f"5.{number}" for number in range(30)), "Another": ("1",)}
    tags = described(rule("ISO-012", "t", controls=controls))["properties"]["tags"]

    assert tags[:4] == ["security", "tenant-isolation", "Another 1", "CIS 5.0"]
    assert len(tags) == 20


def test_long_descriptions_are_cut_to_what_is_accepted() -> None:
    assert len(described(rule("ISO-012", "t" * 3_000))["shortDescription"]["text"]) == 1_024
