from typing import Any

from scanner.formats.sarif.notifications import DESCRIPTIONS, MOST_NOTIFICATIONS, Notifications, descriptors
from scanner.formats.sarif.objects import plain
from scanner.model.ledger import LedgerEntry, State
from tests.formats.builder import report


def of_ledger(*entries: LedgerEntry) -> list[dict[str, Any]]:
    counts = report([], ledger=entries).counts()
    return [plain(found) for found in Notifications(["ISO-001"]).of_ledger(entries, counts)]


def test_the_counts_come_first_and_clean_inputs_are_only_counted() -> None:
    entries = (
        LedgerEntry("a.yaml", State.EXCLUDED, "by .gitignore"),
        LedgerEntry("b.yaml", State.SCANNED),
        LedgerEntry("c.yaml#2", State.PARTIAL, "tag !x is not known", 3, 4),
        LedgerEntry("d.yaml", State.UNPARSED, "no YAML", 3, incomplete=True),
    )

    assert of_ledger(*entries) == [
        {
            "descriptor": {"id": "ledger/summary", "index": 0},
            "level": "note",
            "message": {"text": "inputs: 1 scanned, 1 partial, 1 unparsed, 1 excluded; 0 resources"},
        },
        {
            "descriptor": {"id": "ledger/unparsed", "index": 2},
            "level": "error",
            "message": {"text": "no YAML"},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": "d.yaml", "uriBaseId": "%SRCROOT%"},
                        "region": {"startLine": 3},
                    }
                }
            ],
        },
        {
            "descriptor": {"id": "ledger/partial", "index": 1},
            "level": "warning",
            "message": {"text": "tag !x is not known"},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": "c.yaml", "uriBaseId": "%SRCROOT%"},
                        "region": {"startLine": 3, "startColumn": 4},
                    }
                }
            ],
        },
        {
            "descriptor": {"id": "ledger/excluded", "index": 5},
            "level": "note",
            "message": {"text": "by .gitignore"},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": "a.yaml", "uriBaseId": "%SRCROOT%"},
                        "region": {"startLine": 1},
                    }
                }
            ],
        },
    ]


def test_an_endless_ledger_is_cut_and_says_so() -> None:
    entries = [LedgerEntry(f"{number:05}.txt", State.UNSUPPORTED, "no manifest") for number in range(1_500)]
    notes = of_ledger(*entries, LedgerEntry("z.yaml", State.UNPARSED, "broken", incomplete=True))

    assert len(notes) == MOST_NOTIFICATIONS + 2
    assert notes[1]["message"]["text"] == "broken"
    assert notes[-1]["message"]["text"] == "501 more entries of the ledger: the JSON report has all of them"


def test_a_rule_error_names_the_rule() -> None:
    entry = LedgerEntry("a.yaml", State.PARTIAL, "rule ISO-001 raised", incomplete=True, rule="ISO-001")
    (note,) = [plain(found) for found in Notifications(["ISO-000", "ISO-001"]).of_rule_errors([entry])]

    assert note["associatedRule"] == {"id": "ISO-001", "index": 1}
    assert note["level"] == "error"


def test_every_kind_is_described() -> None:
    assert [plain(found)["id"] for found in descriptors()] == list(DESCRIPTIONS)
    assert {f"ledger/{state.value}" for state in State if state is not State.SCANNED} <= DESCRIPTIONS.keys()
