import json
from dataclasses import replace
from typing import Any

from scanner.model.severity import Severity
from scanner.report import Report
from tests.formats.builder import at, finding, report, rule
from tests.formats.hostile import hostile
from tests.formats.rendering import rendered
from tests.formats.snapshots_of import assert_snapshot

SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1, "maxLength": 1000},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^(?!\\./)"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {
                            "begin": {"type": "integer", "minimum": 1},
                            "end": {"type": "integer", "minimum": 1},
                        },
                        "additionalProperties": False,
                    },
                },
                "additionalProperties": False,
            },
        },
        "additionalProperties": False,
    },
}
"""What GitLab's documentation of the format asks for."""


def entries(about: Report) -> list[dict[str, Any]]:
    from jsonschema import validate

    found: list[dict[str, Any]] = json.loads(rendered("gitlab", about))
    validate(found, SCHEMA)
    return found


def test_the_whole_output(full: Report) -> None:
    entries(full)
    assert_snapshot("report.gitlab.json", rendered("gitlab", full))


def test_exempted_findings_are_left_out_and_unread_inputs_are_not(full: Report) -> None:
    found = entries(full)

    assert not [one for one in found if "node-exporter" in one["description"] and one["check_name"] == "ISO-012"]
    assert [one["location"]["path"] for one in found if one["check_name"] == "ledger/unparsed"] == [
        "deploy/kestrel/broken.yaml"
    ]


def test_fingerprints_are_unique_since_gitlab_shows_only_the_first_of_each() -> None:
    bad = rule("ISO-001", "bad", Severity.HIGH)
    same = finding(bad, "Deployment a/b", "no", at("a.yaml", 1))
    about = report([bad], [same, replace(same, message="no again"), replace(same, message="and again")])

    found = entries(about)

    assert len({one["fingerprint"] for one in found}) == 3
    assert found[0]["fingerprint"] == same.fingerprint
    assert found == entries(about)


def test_hostile_text_is_valid_and_printable() -> None:
    for one in entries(hostile()):
        assert one["description"].isprintable()
        assert one["location"]["path"].isprintable()
