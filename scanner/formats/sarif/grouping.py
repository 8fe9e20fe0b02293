"""Keeps the number of results under what code scanning accepts, without losing that something is wrong.

Above the limit an upload is rejected whole. So Findings of one Rule are put together, first those of the same file,
then all of them; the mildest Rules with the most Findings go first, so that what is critical stays one by one.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

from scanner.model.finding import Finding
from scanner.model.verdict import Verdict

MOST_RESULTS = 25_000
"""Results of one run that code scanning accepts."""
MOST_SHOWN = 5_000
"""Results of one run that code scanning shows, the worst first."""


class Group(NamedTuple):
    """Findings that become one result."""

    findings: tuple[Finding, ...]
    span: str = ""
    """What they have in common beside the Rule: ``file``, ``rule`` (nothing more), or empty for one Finding alone."""


_Kind: TypeAlias = tuple[str, Verdict, bool]
"""Rule, verdict, and whether exempted: only Findings alike in these become one result."""


def grouped(findings: Iterable[Finding], limit: int = MOST_RESULTS) -> list[Group]:
    """Return the Findings as at most ``limit`` groups (or one for each Rule), worst first, else in the given order."""
    kinds: defaultdict[_Kind, list[Finding]] = defaultdict(list)
    for finding in findings:
        kinds[(finding.rule, finding.verdict, finding.exemption is not None)].append(finding)
    split = {kind: [Group((finding,)) for finding in found] for kind, found in kinds.items()}
    total = sum(len(groups) for groups in split.values())
    # exempted ones first, then unknown ones, then from the mildest and most frequent Rule on
    order = sorted(
        kinds,
        key=lambda kind: (not kind[2], kind[1] is Verdict.FAIL, kinds[kind][0].severity, -len(kinds[kind]), kind[0]),
    )
    for join in (_by_file, _by_rule):
        for kind in order:
            if total <= limit:
                break
            joined = join(kinds[kind])
            total -= len(split[kind]) - len(joined)
            split[kind] = joined
    return sorted((group for groups in split.values() for group in groups), key=_rank)


def _by_file(findings: Sequence[Finding]) -> list[Group]:
    files: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        files[finding.location.file].append(finding)
    return [Group(tuple(found), "file") if len(found) > 1 else Group((found[0],)) for found in files.values()]


def _by_rule(findings: Sequence[Finding]) -> list[Group]:
    return [Group(tuple(findings), "rule") if len(findings) > 1 else Group((findings[0],))]


def _rank(group: Group) -> tuple[bool, bool, int, str, int, int, str, str]:
    """Order of results: open Findings before exempted ones, fail before unknown, worst first, then by place."""
    first = group.findings[0]
    region = first.location.region
    line, column = (region.line, region.column) if region else (0, 0)
    exempted, unknown = first.exemption is not None, first.verdict is not Verdict.FAIL
    return (exempted, unknown, -first.severity, first.location.file, line, column, first.rule, first.fingerprint)
