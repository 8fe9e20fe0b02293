"""The tables of docs/rego.md that come from data files: what the native engine lacks and what it answers differently.

`python -m tests.packs.rego.tables` writes them into the document.
"""

from pathlib import Path
from typing import Any

import yaml

from tests.packs.rego.outcomes import POLICIES, probes

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "rego.md"
CONFORMANCE = Path(__file__).with_name("conformance.yaml")
DIFFERENCES = POLICIES / "differences.yaml"

CASES, IN_SCOPE = 2059, 1876
"""Conformance cases in all, and those that need no GraphQL, no network and no signing."""


def read_differences() -> dict[str, Any]:
    """Return causes and probes of the answers that differ."""
    return yaml.safe_load(DIFFERENCES.read_text("utf-8"))


def read_failures() -> dict[str, Any]:
    """Return the conformance cases that do not pass, by cause."""
    return yaml.safe_load(CONFORMANCE.read_text("utf-8"))


def conformance_table() -> str:
    """Return the figures and causes of the conformance cases."""
    failures = read_failures()
    counts = {
        scope: sum(len(cause["cases"]) for cause in failures.values() if cause["in_scope"] == scope)
        for scope in (True, False)
    }
    passed, in_scope = CASES - counts[True] - counts[False], IN_SCOPE - counts[True]
    lines = [
        f"Of OPA's {CASES:,} language conformance cases {passed:,} pass; of the {IN_SCOPE:,} that need no GraphQL, no",
        f"network and no signing, {in_scope:,} ({in_scope / IN_SCOPE:.1%}). The others, by cause:",
        "",
        "| Cases | Cause |",
        "|---|---|",
    ]
    rows = sorted(failures.values(), key=lambda cause: -len(cause["cases"]))
    return "\n".join([*lines, *(f"| {len(cause['cases'])} | {cause['title']} |" for cause in rows)])


def differences_table() -> str:
    """Return the causes of different answers, the probes that show each behind it."""
    differences = read_differences()
    total, differing = len(list(probes())), len(differences["probes"])
    lines = [
        f"{total} small policies are evaluated by both engines in the tests; {total - differing} get the same answer. "
        "The others:",
        "",
        "| What differs | Shown by |",
        "|---|---|",
    ]
    for name, cause in differences["causes"].items():
        shown = sorted(probe for probe, each in differences["probes"].items() if each["cause"] == name)
        text = cause["text"].replace("|", "\\|")
        lines.append(f"| **{cause['title']}.** {text} | {', '.join(f'`{probe}`' for probe in shown)} |")
    return "\n".join(lines)


def documented() -> str:
    """Return the document with the tables as they should be."""
    text = DOCUMENT.read_text("utf-8")
    for name, table in (("conformance", conformance_table()), ("differences", differences_table())):
        start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        before, _, rest = text.partition(start)
        _, _, after = rest.partition(end)
        text = f"{before}{start}\n{table}\n{end}{after}"
    return text


if __name__ == "__main__":
    DOCUMENT.write_text(documented(), "utf-8")
