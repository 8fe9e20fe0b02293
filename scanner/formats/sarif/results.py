"""Findings and other verdicts as SARIF results."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sarif_om as om

from scanner.engine.identity import fingerprint
from scanner.formats.printable import printable
from scanner.formats.sarif.grouping import Group
from scanner.formats.sarif.objects import plain
from scanner.formats.sarif.places import logical, physical
from scanner.formats.sarif.rules import LEVELS
from scanner.formats.shown import Changes, changes_of
from scanner.formats.titles import finding_title, resource_title, type_of
from scanner.formats.wording import plural
from scanner.model.exemption import Exemption
from scanner.model.finding import Finding, Related
from scanner.model.judged import Judged
from scanner.model.location import Location
from scanner.model.path import format_path
from scanner.model.rule import Rule
from scanner.model.tenancy import Standing
from scanner.model.verdict import Verdict

FINGERPRINT = "bulkhead/v1"
"""Name of our fingerprint: rule id, resource key and tag. The line hash is left to code scanning."""
MOST_RELATED = 100
"""Related locations of one result: code scanning shows no more."""
KINDS = {Verdict.FAIL: "fail", Verdict.UNKNOWN: "open", Verdict.PASS: "pass", Verdict.SKIP: "notApplicable"}
"""Result kind by verdict. An ``error`` is no result but a notification."""

LONGEST_MESSAGE = 4_096
"""Characters of a message: no service states a limit, and one text must not make the whole file too large."""

_LINK = re.compile(r"\[[^\]]*\]\s*\(")


class Results:
    """Makes results; knows the place of every Rule in the list of rules."""

    def __init__(self, rules: Mapping[str, Rule], known: Changes | None = None) -> None:
        """Take the Rules, and what became of Findings since the base; None where nothing was compared."""
        self._rules = rules
        self._known = known
        self._indexes = {rule: index for index, rule in enumerate(rules)}

    def of_group(self, group: Group, *, absent: bool = False) -> Any:
        """Return the result that stands for one or more Findings; ``absent`` ones are those of the base alone."""
        first = group.findings[0]
        return om.Result(
            rule_id=first.rule,
            rule_index=self._indexes.get(first.rule, -1),
            kind=KINDS[first.verdict],
            level=LEVELS[first.severity] if first.verdict is Verdict.FAIL else "none",
            message=om.Message(text=plain_text(_message(group))),
            locations=[_place(first)],
            partial_fingerprints={FINGERPRINT: _identity(group)},
            related_locations=_related(group) or None,
            suppressions=_suppressions(group.findings) or None,
            occurrence_count=len(group.findings) if group.span else len(first.occurrences) or None,
            baseline_state="absent" if absent else self._state(group),
            properties=_properties(group),
        )

    def _state(self, group: Group) -> str | None:
        """Return what is new about a result: all of it, nothing, or some of what it stands for (``updated``)."""
        if self._known is None:
            return None
        found = {change or "introduced" for finding in group.findings for change in changes_of(finding, self._known)}
        return "unchanged" if found == {"unchanged"} else "updated" if "unchanged" in found else "new"

    def of_verdicts(self, judged: Sequence[Judged], limit: int) -> Iterator[Any]:
        """Yield results for the verdicts ``pass`` and ``skip``: one each, or one a Rule where they exceed ``limit``."""
        if passes(judged) > limit:
            yield from self._together(judged)
            return
        for one in judged:
            yield from self._each(one)

    def _each(self, judged: Judged) -> Iterator[Any]:
        location = judged.origin.location(())
        for rule, verdict in judged.verdicts():
            if verdict is Verdict.PASS or verdict is Verdict.SKIP:
                reason = judged.reasons.get(rule, "")
                title = resource_title(judged.key, judged.type)
                text = (
                    f"{title} passes" if verdict is Verdict.PASS else f"{title} is not concerned: {printable(reason)}"
                )
                yield om.Result(
                    rule_id=rule,
                    rule_index=self._indexes.get(rule, -1),
                    kind=KINDS[verdict],
                    level="none",
                    message=om.Message(text=plain_text(text)),
                    locations=[_location(location, judged.key, judged.type)],
                    partial_fingerprints={FINGERPRINT: fingerprint(rule, judged.key, verdict.value)},
                )

    def _together(self, judged: Sequence[Judged]) -> Iterator[Any]:
        kinds: defaultdict[tuple[str, Verdict], list[Judged]] = defaultdict(list)
        for one in judged:
            for rule, verdict in one.verdicts():
                if verdict is Verdict.PASS or verdict is Verdict.SKIP:
                    kinds[(rule, verdict)].append(one)
        for (rule, verdict), found in sorted(
            kinds.items(), key=lambda item: (list(Verdict).index(item[0][1]), item[0])
        ):
            what = "pass" if verdict is Verdict.PASS else "are not concerned"
            yield om.Result(
                rule_id=rule,
                rule_index=self._indexes.get(rule, -1),
                kind=KINDS[verdict],
                level="none",
                message=om.Message(text=f"{plural(len(found), 'resource')} {what}"),
                locations=[_location(Location(found[0].origin.file, ()), found[0].key, found[0].type)],
                partial_fingerprints={FINGERPRINT: fingerprint(rule, "", verdict.value)},
                occurrence_count=len(found),
            )


def passes(judged: Iterable[Judged]) -> int:
    """Return the number of verdicts ``pass`` and ``skip``."""
    return sum(one.codes.count(Verdict.PASS.code) + one.codes.count(Verdict.SKIP.code) for one in judged)


def plain_text(text: str) -> str:
    """Return ``text`` as a message that holds no link: SARIF would read ``[a](b)`` as one (2.1.0, 3.11.6)."""
    safe = printable(text)
    if len(safe) > LONGEST_MESSAGE:
        safe = f"{safe[:LONGEST_MESSAGE]}… ({len(safe) - LONGEST_MESSAGE:,} more characters in the JSON report)"
    return safe.replace("[", "\\[").replace("]", "\\]") if _LINK.search(safe) else safe


def _message(group: Group) -> str:
    first = group.findings[0]
    if not group.span:
        return first.message
    where = "in this file" if group.span == "file" else _files(group.findings)
    return f"{plural(len(group.findings), 'finding')} {where}, the first on {finding_title(first)}: {first.message}"


def _files(findings: Iterable[Finding]) -> str:
    return f"in {plural(len({finding.location.file for finding in findings}), 'file')}"


def _identity(group: Group) -> str:
    first = group.findings[0]
    if not group.span:
        return first.fingerprint
    # the same group has the same identity in the next run, whichever Findings are in it then
    file = printable(first.location.file) if group.span == "file" else ""
    return fingerprint(first.rule, f"{group.span}:{file}", first.verdict.value)


def _place(finding: Finding) -> Any:
    """Return where a Finding is: one physical place, and every Resource it is about."""
    about = [(finding.resource, finding.address), *((one.resource, one.address) for one in finding.occurrences)]
    return om.Location(
        physical_location=physical(finding.location),
        logical_locations=[
            logical(key, finding.type, address) for key, address in list(dict.fromkeys(about))[:MOST_RELATED]
        ],
    )


def _location(location: Location, key: str, type_: str) -> Any:
    return om.Location(physical_location=physical(location), logical_locations=[logical(key, type_)])


def _related(group: Group) -> list[Any]:
    """Return the other Resources of the Findings, or, of a group, where its other Findings are."""
    if not group.span:
        others = group.findings[0].related[:MOST_RELATED]
        return [_related_location(number, related) for number, related in enumerate(others, 1)]
    return [
        om.Location(
            id=number,
            physical_location=physical(finding.location),
            logical_locations=[logical(finding.resource, finding.type)],
            message=om.Message(text=plain_text(finding.message)),
        )
        for number, finding in enumerate(group.findings[1 : MOST_RELATED + 1], 1)
    ]


def _related_location(number: int, related: Related) -> Any:
    about = [logical(related.resource, type_of(related.resource))] if related.resource else None
    return om.Location(
        id=number,
        physical_location=physical(related.location),
        logical_locations=about,
        message=om.Message(text=plain_text(related.message)),
    )


def _suppressions(findings: Iterable[Finding]) -> list[Any]:
    exemptions = {finding.exemption.id: finding.exemption for finding in findings if finding.exemption is not None}
    return [_suppression(exemption) for exemption in list(exemptions.values())[:MOST_RELATED]]


def _suppression(exemption: Exemption) -> dict[str, Any]:
    facts = {
        "id": exemption.id,
        "owner": exemption.owner,
        "ticket": exemption.ticket,
        "approvedBy": exemption.approved_by,
        "expires": exemption.expires.isoformat() if exemption.expires else "",
    }
    place = Location(exemption.file, ())
    found = om.Suppression(
        kind="inSource" if exemption.source == "inline" else "external",
        justification=printable(exemption.reason),
        location=om.Location(
            physical_location=om.PhysicalLocation(
                artifact_location=physical(place).artifact_location, region=om.Region(start_line=exemption.line)
            )
        ),
        properties={name: printable(fact) for name, fact in facts.items() if fact},
    )
    # sarif-om 1.0.4 has the name of a draft, "state"; SARIF 2.1.0 calls it "status" (3.35.3)
    return {**plain(found), "status": "accepted"}


def _properties(group: Group) -> dict[str, Any]:
    if group.span:
        return {"groupedBy": group.span, "groupedFindings": len(group.findings)}
    first = group.findings[0]
    tenancy = first.tenancy
    facts = {
        "severity": first.severity.label,
        "resourceType": printable(first.type),
        "path": printable(format_path(first.path)),
        "standing": tenancy.standing.value,
        "tenant": tenancy.tenant,
        "tenantName": tenancy.tenant_name,
        "tenants": [tenant for tenant in first.tenants if tenant] if tenancy.standing is Standing.SEVERAL else None,
        "environment": tenancy.environment,
        "tier": tenancy.tier,
    }
    return {name: fact for name, fact in facts.items() if fact}
