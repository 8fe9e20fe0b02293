"""Rules as SARIF's reportingDescriptors: all that were selected, so that an index means the same in every run."""

import os
import re
from collections.abc import Iterable, Iterator
from typing import Any

import sarif_om as om

from scanner.model.rule import Rule
from scanner.model.severity import Severity

LEVELS = {Severity.CRITICAL: "error", Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.LOW: "note"}
SECURITY_SEVERITY = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "3.0",
}
"""Scores within the bands of code scanning: above 9.0 is critical, 7.0 high, 4.0 medium, 0.1 low."""
MOST_TAGS = 20
"""Tags of one rule that code scanning accepts."""
LONGEST_TEXT = 1_024
"""Characters of a description that code scanning accepts."""

_FRONT_MATTER = re.compile(r"\A---\r?\n.*?\n---[ \t]*\r?\n", re.DOTALL)
_REFERENCE = re.compile(r"https?://[^\s)>\]\"']+")


def descriptors(rules: Iterable[Rule]) -> Iterator[Any]:
    """Yield the reportingDescriptor of each Rule, in the given order."""
    for rule in rules:
        yield _descriptor(rule, _page(rule))


def _descriptor(rule: Rule, page: str) -> Any:
    link = _REFERENCE.search(page.partition("## References")[2])
    return om.ReportingDescriptor(
        id=rule.id,
        name="".join(word.capitalize() for word in os.path.basename(rule.folder).replace("-", "_").split("_")),
        short_description=om.MultiformatMessageString(text=rule.title[:LONGEST_TEXT]),
        full_description=om.MultiformatMessageString(text=_first_paragraph(page) or rule.title),
        help=om.MultiformatMessageString(
            text=f"{rule.title}. {rule.fix}".strip(), markdown=page.strip() or f"{rule.title}. {rule.fix}".strip()
        ),
        help_uri=link[0] if link else None,
        default_configuration=om.ReportingConfiguration(level=LEVELS[rule.severity]),
        properties={
            "tags": _tags(rule),
            "precision": "high",
            "problem.severity": "error" if rule.severity >= Severity.HIGH else "warning",
            "security-severity": SECURITY_SEVERITY[rule.severity],
            "severity": rule.severity.label,
            "pack": rule.pack,
            "language": rule.language,
        },
    )


def _tags(rule: Rule) -> list[str]:
    """Return ``security``, by which code scanning knows a security rule, the concern, and the benchmark controls."""
    controls = (f"{name} {control}" for name, ids in sorted(rule.controls.items()) for control in ids)
    return list(dict.fromkeys(["security", rule.concern.replace("_", "-"), *controls]))[:MOST_TAGS]


def _page(rule: Rule) -> str:
    """Return the body of the Rule's ``rule.md``; empty where it can no longer be read, which is no fault of the run."""
    try:
        with open(os.path.join(rule.folder, "rule.md"), encoding="utf-8") as stream:
            return _FRONT_MATTER.sub("", stream.read(), count=1)
    except (OSError, UnicodeDecodeError):
        return ""


def _first_paragraph(page: str) -> str:
    """Return the first paragraph under *What it checks*, on one line."""
    section = page.partition("## What it checks")[2].partition("\n## ")[0].strip()
    return " ".join(section.partition("\n\n")[0].split())[:LONGEST_TEXT]
