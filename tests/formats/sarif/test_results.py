from typing import Any

import pytest

from scanner.formats.sarif.grouping import Group
from scanner.formats.sarif.objects import plain
from scanner.formats.sarif.results import Results, plain_text
from scanner.model.finding import Finding
from scanner.model.verdict import Verdict
from tests.formats.builder import at, finding, judged, rule

ABOUT = rule("ISO-001", "t")
RESULTS = Results({"ISO-000": rule("ISO-000", "t"), "ISO-001": ABOUT})


def one(number: int, **changes: Any) -> Finding:
    return finding(ABOUT, f"Pod a/b{number}", f"m{number}", at(f"f{number % 2}.yaml", number + 1), tag="t", **changes)


def written(group: Group) -> dict[str, Any]:
    found: dict[str, Any] = plain(RESULTS.of_group(group))
    return found


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("containers[0] is wrong", "containers[0] is wrong"),
        ("see [here](1)", r"see \[here\](1)"),
        ("[a] (b)", r"\[a\] (b)"),
        ("\x1b[0m", r"\x1b[0m"),
    ],
)
def test_a_message_holds_no_link(text: str, safe: str) -> None:
    assert plain_text(text) == safe


def test_an_unknown_finding_is_open_and_has_no_level() -> None:
    result = written(Group((one(1, verdict=Verdict.UNKNOWN),)))

    assert (result["kind"], result["level"]) == ("open", "none")


def test_a_group_tells_how_many_and_where() -> None:
    findings = tuple(one(number) for number in range(0, 300, 2))
    result = written(Group(findings, "file"))

    assert result["message"]["text"] == "150 findings in this file, the first on Pod a/b0: m0"
    assert result["occurrenceCount"] == 150
    assert result["properties"] == {"groupedBy": "file", "groupedFindings": 150}
    assert len(result["relatedLocations"]) == 100
    assert result["relatedLocations"][0]["physicalLocation"]["region"]["startLine"] == 3
    assert [place["id"] for place in result["relatedLocations"]] == list(range(1, 101))


def test_a_group_of_a_rule_counts_the_files() -> None:
    result = written(Group((one(0), one(1), one(2)), "rule"))

    assert result["message"]["text"] == "3 findings in 2 files, the first on Pod a/b0: m0"


def test_the_identity_of_a_group_does_not_depend_on_who_is_in_it() -> None:
    def identity(*numbers: int, span: str = "file") -> str:
        group = Group(tuple(one(number) for number in numbers), span)
        found: str = written(group)["partialFingerprints"]["bulkhead/v1"]
        return found

    assert identity(0, 2) == identity(2, 4, 6)
    assert identity(0, 2) != identity(1, 3)
    assert identity(0, 2, span="rule") == identity(1, 3, span="rule") != identity(0, 2)


def test_passes_and_skips_are_results_without_a_level() -> None:
    verdicts = {"ISO-000": Verdict.PASS, "ISO-001": Verdict.SKIP}
    results = [plain(found) for found in RESULTS.of_verdicts([judged("Pod a/b", "f.yaml", verdicts)], 2)]

    assert [(result["ruleIndex"], result["kind"], result["level"]) for result in results] == [
        (0, "pass", "none"),
        (1, "notApplicable", "none"),
    ]
    assert [result["message"]["text"] for result in results] == [
        "Pod a/b passes",
        "Pod a/b is not concerned: out of its scope",
    ]
