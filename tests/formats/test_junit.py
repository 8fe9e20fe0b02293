from dataclasses import replace
from xml.etree import ElementTree

import pytest

from scanner.report import Gate, Report
from tests.formats.builder import report
from tests.formats.comparisons import compared, new_only
from tests.formats.hostile import TEXTS, hostile
from tests.formats.rendering import rendered
from tests.formats.snapshots_of import assert_snapshot


def parsed(text: str) -> ElementTree.Element:
    root = ElementTree.fromstring(text)
    assert root.tag == "testsuites"
    for suite in (root, *root.iter("testsuite")):
        counts = {
            "tests": len(list(suite.iter("testcase"))),
            "failures": len(list(suite.iter("failure"))),
            "errors": len(list(suite.iter("error"))),
            "skipped": len(list(suite.iter("skipped"))),
        }
        assert {name: int(suite.attrib[name]) for name in counts} == counts
    return root


def test_the_whole_output(full: Report) -> None:
    assert_snapshot("report.junit.xml", rendered("junit", full))


def test_the_whole_output_with_passes(full: Report) -> None:
    text = rendered("junit", full, include_passes=True)

    assert len(list(parsed(text).iter("testcase"))) > len(list(parsed(rendered("junit", full)).iter("testcase")))
    assert_snapshot("report-passes.junit.xml", text)


def test_tests_fail_exactly_where_the_gate_closes(full: Report) -> None:
    for gate in (Gate(), Gate(unknown="fail"), Gate(fail_on=max(f.severity for f in full.findings))):
        about = replace(full, gate=gate)
        assert len(list(parsed(rendered("junit", about)).iter("failure"))) == len(about.blocking())


@pytest.mark.parametrize(("incomplete", "errors"), [("fail", 3), ("warn", 1)])
def test_what_was_not_read_is_an_error_where_the_gate_says_so(full: Report, incomplete: str, errors: int) -> None:
    root = parsed(rendered("junit", replace(full, gate=Gate(incomplete=incomplete))))

    assert len(list(root.iter("error"))) == errors
    (inputs,) = (suite for suite in root if suite.attrib["name"] == "inputs")
    assert {case.attrib["name"] for case in inputs} == {"deploy/kestrel/broken.yaml", "deploy/platform/exporter.yaml"}


def test_what_is_exempted_or_unknown_is_skipped_with_the_reason(full: Report) -> None:
    messages = [one.attrib["message"] for one in parsed(rendered("junit", full)).iter("skipped")]

    assert "exempted by node-exporter-host-network: the exporter reads the node's own counters" in messages
    assert "unknown: image is not known: tag !vault is not resolved" in messages


def test_a_comparison_is_said_where_something_does_not_block(full: Report) -> None:
    about = new_only(full)

    assert "does not block this change" in rendered("junit", about, comparison=compared(full))


def test_an_empty_report_is_a_passing_test() -> None:
    root = parsed(rendered("junit", report([])))

    assert [root.attrib[name] for name in ("tests", "failures", "errors", "skipped")] == ["1", "0", "0", "0"]


def test_hostile_text_is_well_formed_and_says_what_it_said() -> None:
    text = rendered("junit", hostile())
    root = parsed(text)

    assert len(list(root.iter("testcase"))) == 4 * len(TEXTS)
    assert {element.tag for element in root.iter()} == {
        "testsuites",
        "testsuite",
        "testcase",
        "failure",
        "skipped",
        "error",
    }
    messages = {one.attrib["message"] for one in root.iter("failure")}
    assert {TEXTS[0], TEXTS[2]} <= messages
    assert "nul \\x00 bell \\x07 vt \\x0b ufffe \\ufffe uffff \\uffff" in messages
