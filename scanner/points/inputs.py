"""Loads what a Request names beside the scanned files: Rules, Packs, the Estate, Exemptions, the Source."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from scanner.errors import PackError, UsageError
from scanner.exemptions import items_of_estate, load_exemptions
from scanner.model.exemption import Exemption
from scanner.model.ledger import LedgerEntry
from scanner.model.rule import Rule
from scanner.model.severity import Severity
from scanner.packs.loader import Pack, builtin_packs, load_packs, unique_rules
from scanner.points.request import STANDARD_OUTPUT, Request
from scanner.sources.json_page import TemplateSettings
from scanner.sources.repository import RepositorySource

if TYPE_CHECKING:
    from scanner.estate import Estate

_STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class Inputs:
    """What judges: the same for a change and for its base."""

    packs: tuple[Pack, ...]
    rules: tuple[Rule, ...]
    estate: "Estate | None"
    exemptions: tuple[Exemption, ...]
    notes: tuple[LedgerEntry, ...]
    """Exemptions that are not permitted."""


def load_inputs(request: Request) -> Inputs:
    """Return what ``request`` names. Raises BulkheadError where anything of it cannot be used."""
    estate = estate_of(request)
    packs = (*builtin_packs(), *_foreign_packs(request))
    exemptions, problems = load_all_exemptions(request, estate)
    return Inputs(packs, tuple(choose_rules(packs, request)), estate, exemptions, problems)


def estate_of(request: Request) -> "Estate | None":
    """Return the Estate that ``request`` names; None where it names none. Raises EstateError."""
    if not request.estate:
        return None
    from scanner.estate import load_estate

    return load_estate(request.estate)


def choose_rules(packs: Sequence[Pack], request: Request) -> list[Rule]:
    """Return the Rules of ``packs`` that were asked for; raises UsageError for an id or glob that names none."""
    rules = unique_rules(packs)
    for wanted in (*request.only, *request.skip, *request.config.rules.severity, *request.options.policy.protected):
        if not any(fnmatchcase(rule_id, wanted.upper()) for rule_id in rules):
            raise UsageError(f"cannot select rule '{wanted}': there is no such rule", hint=_near(wanted, rules))
    chosen = (
        _with_severity(rule, request.config.rules.severity)
        for rule in rules.values()
        if (not request.only or _matches(rule.id, request.only)) and not _matches(rule.id, request.skip)
    )
    return [rule for rule in chosen if rule.severity >= request.min_severity]


def source_of(request: Request, estate: "Estate | None", folder: str | None = None) -> RepositorySource:
    """Return the Source of the paths of ``request`` in ``folder``, by default where the Request has them.

    A cluster that the Estate does not know is a mistake worth a word.
    """
    clusters = request.config.clusters
    named = {*clusters, request.cluster, *(release.cluster for release in request.rendered.releases)} - {""}
    for name in sorted(named):
        if estate is not None and estate.cluster(name) is None:
            hint = f"known: {', '.join(cluster.name for cluster in estate.clusters)}"
            raise UsageError(f"cannot scan for cluster '{name}': the estate does not declare it", hint=hint)
    base = folder or request.folder
    for path in request.paths:
        if folder is None and path != _STANDARD_INPUT and not os.path.lexists(os.path.join(base or "", path)):
            raise UsageError(f"cannot scan {path}: there is no such file or folder")
    return RepositorySource(
        [path for path in request.paths if path == _STANDARD_INPUT or os.path.lexists(os.path.join(base or "", path))],
        base=base,
        exclude=request.exclude,
        clusters=clusters,
        default_cluster=request.cluster,
        terraform=request.terraform,
        templates=TemplateSettings(*request.config.azure),
        rendered=request.rendered,
        stdin=sys.stdin.buffer.read() if _STANDARD_INPUT in request.paths else None,
        estate=request.declared,
        jobs=request.options.jobs,
    )


def load_all_exemptions(
    request: Request, estate: "Estate | None"
) -> tuple[tuple[Exemption, ...], tuple[LedgerEntry, ...]]:
    """Return the Exemptions of the Estate and of all files, and a note for each that is not permitted."""
    exemptions: list[Exemption] = list(items_of_estate(estate)) if estate is not None else []
    problems: list[LedgerEntry] = []
    for path in request.exemptions:
        loaded, wrong = load_exemptions(path, request.options.policy)
        exemptions.extend(loaded)
        problems.extend(wrong)
    return tuple(exemptions), tuple(problems)


def _with_severity(rule: Rule, severities: Mapping[str, Severity]) -> Rule:
    """Return ``rule`` with the severity that the configuration gives it; the last glob that matches wins."""
    severity = next((level for glob, level in reversed(list(severities.items())) if _matches(rule.id, (glob,))), None)
    return replace(rule, severity=severity) if severity is not None else rule


def _matches(rule_id: str, globs: Sequence[str]) -> bool:
    return any(fnmatchcase(rule_id, glob.upper()) for glob in globs)


def _near(wanted: str, rules: Mapping[str, Rule]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(wanted.upper(), rules, n=3, cutoff=0.5)
    return f"did you mean {', '.join(near)}?" if near else "'bulkhead rules list' names all of them"


def _foreign_packs(request: Request) -> tuple[Pack, ...]:
    """Return the packs that are not ours, once they may be trusted as far as they want to be."""
    choices = {os.path.abspath(choice.path): choice for choice in request.config.packs}
    for path in choices:
        _refuse_scanned(path, request.paths)
    packs = load_packs((*choices, *request.packs))
    for pack in packs:
        choice = next((c for path, c in choices.items() if _inside(pack.folder, path)), None)
        if choice is not None and choice.digest and choice.digest != pack.digest:
            raise PackError(
                f"cannot load pack {pack.name}: its digest is {pack.digest}, the configuration allows {choice.digest}",
                hint="review what changed, then state the new digest",
            )
        allowed = choice is not None and choice.allow_python and choice.digest == pack.digest
        if any(rule.language == "python" for rule in pack.rules) and not allowed:
            raise PackError(
                f"cannot load pack {pack.name}: it holds Python rules, which run with your rights",
                hint=f"review it, then allow it in bulkhead.yaml: {{path: {pack.folder}, digest: '{pack.digest}', "
                "allow_python: true}",
            )
    return packs


def _refuse_scanned(path: str, scanned: Sequence[str]) -> None:
    """Raise PackError where a configured pack lies inside the scanned tree: a change must not bring its own judge."""
    for root in scanned:
        if root != STANDARD_OUTPUT and os.path.isdir(root) and _inside(path, os.path.abspath(root)):
            raise PackError(
                f"cannot load pack {path}: it lies in the tree that is scanned",
                hint="keep packs in a repository of their own, or name it with --pack yourself",
            )


def _inside(path: str, folder: str) -> bool:
    return os.path.commonpath([os.path.realpath(path), os.path.realpath(folder)]) == os.path.realpath(folder)
