"""The example Report compared with a base: some of each."""

from dataclasses import replace

from scanner import report as reports
from scanner.formats.interface import Comparison
from scanner.model.verdict import Verdict
from scanner.report import Report


def compared(report: Report) -> Comparison:
    """Return a comparison: the first three failing Findings are new, one more is gone, the unknown one was decided."""
    failing = [one for one in report.findings if one.verdict is Verdict.FAIL and one.exemption is None]
    unknown = tuple(one for one in report.findings if one.verdict is Verdict.UNKNOWN)
    message = "image 'old.example/web:1' is not from a registry of the estate"
    gone = replace(failing[4], message=message, fingerprint="f0" * 16)
    return Comparison("origin/main", tuple(failing[:3]), (gone,), tuple(failing[3:]), unknown)


def new_only(report: Report) -> Report:
    """Return ``report`` under a gate that minds only what is new, so compared."""
    found = compared(report)
    numbers = {id(one): number for number, one in enumerate(report.findings)}
    comparison = reports.report.Comparison(
        found.base,
        introduced=found.introduced,
        introducing=frozenset(numbers[id(one)] for one in found.introduced),
        losing=frozenset(numbers[id(one)] for one in found.became_unknown),
    )
    return replace(report, gate=replace(report.gate, new_only=True), comparison=comparison)
