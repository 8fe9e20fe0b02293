"""Exemptions applied to drift, and which of them expired or are needed no more."""

from collections.abc import Iterable, Mapping, Sequence

from scanner.drift.findings import RULES
from scanner.drift.model import DriftClass
from scanner.exemptions import Applied, Sight, apply
from scanner.model.exemption import Exemption
from scanner.model.finding import Finding
from scanner.model.ledger import LedgerEntry
from scanner.model.resource import Resource
from scanner.packs.loader import Pack, unique_rules
from scanner.points.request import Request

_UNREADABLE = RULES[DriftClass.UNREADABLE].id


def accepted(
    findings: Iterable[Finding],
    exemptions: Sequence[Exemption],
    request: Request,
    declared: Iterable[Resource],
    packs: Sequence[Pack],
    entries: Iterable[LedgerEntry],
) -> Applied:
    """Return ``findings`` with ``exemptions`` applied; of those for other Rules than these nothing is said.

    None is called unused where a part was not compared: with a base, or where something could not be read.
    """
    found = tuple(findings)
    labels: Mapping[str, Mapping[str, str]] = {one.key: one.labels for one in declared}
    options = request.options
    applied = apply(found, exemptions, options.today, options.policy, lambda key: labels.get(key, {}))
    is_partial = any(one.rule == _UNREADABLE for one in found) or any(entry.incomplete for entry in entries)
    own = frozenset(rule.id for rule in RULES.values())
    is_whole = (lambda file: False) if is_partial or request.folder is not None else options.is_whole
    return applied.seen_by(Sight(own | unique_rules(packs).keys(), own, is_whole))
