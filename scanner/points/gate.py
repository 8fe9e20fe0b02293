"""The gate: files of a repository in, reports and an exit code out."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from scanner.config import Config, find_config, load_config
from scanner.errors import PackError, UsageError
from scanner.exemptions import items_of_estate, load_exemptions
from scanner.model.exemption import Exemption
from scanner.model.ledger import LedgerEntry
from scanner.model.rule import Rule
from scanner.model.severity import Severity
from scanner.packs.loader import Pack, builtin_packs, load_packs, unique_rules
from scanner.report import Gate, Report
from scanner.scan import Options, Progress, scan
from scanner.sources.json_page import TemplateSettings
from scanner.sources.repository import RepositorySource, TerraformSettings

if TYPE_CHECKING:
    from scanner.estate import Estate
    from scanner.formats.interface import Presentation

STANDARD_OUTPUT = "-"


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for: the configuration file, with flags laid over it."""

    paths: tuple[str, ...]
    config: Config
    estate: str
    """Path of the Estate; empty for none."""
    only: tuple[str, ...]
    """Rule ids or globs; empty for all."""
    skip: tuple[str, ...]
    packs: tuple[str, ...]
    reports: tuple[tuple[str, str], ...]
    """(format, path) in the order given."""
    options: Options
    cluster: str
    terraform: TerraformSettings
    exclude: tuple[str, ...]
    exemptions: tuple[str, ...]
    min_severity: Severity
    include_passes: bool
    verbose: bool = False

    @classmethod
    def of(cls, flags: Mapping[str, Any]) -> "Request":
        """Return the Request that command-line ``flags`` and the configuration file make. Raises UsageError."""
        paths = tuple(flags["paths"]) or (".",)
        file = find_config(paths, named=flags["config"])
        config = load_config(file) if file else Config()
        return cls(
            paths=paths,
            config=config,
            estate=flags["estate"] or config.estate or "",
            only=tuple(flags["only"]) or config.rules.only,
            skip=(*config.rules.skip, *flags["skip"]),
            packs=tuple(flags["packs"]),
            reports=parse_reports(flags["reports"]),
            options=_options(flags, config),
            cluster=flags["cluster"] or "",
            terraform=_terraform(flags, config),
            exclude=(*config.exclude, *flags["exclude"]),
            exemptions=(*config.exemptions.files, *flags["exemptions"]),
            min_severity=_severity(flags["min_severity"], config.min_severity, Severity.LOW),
            include_passes=flags["include_passes"],
            verbose=flags["verbose"],
        )


def run(request: Request, progress: Progress | None = None) -> Report:
    """Scan what ``request`` names and write its reports; returns the Report, whose exit code is the gate's."""
    from scanner.formats import format_named

    formats = [(format_named(name), path) for name, path in request.reports]
    estate = _estate(request.estate)
    packs = (*builtin_packs(), *_foreign_packs(request))
    exemptions, problems = _exemptions(request, estate)
    report = scan(
        [_source(request, estate)],
        packs,
        choose_rules(packs, request),
        estate,
        exemptions,
        request.options,
        progress,
    )
    report = report.with_notes(problems)
    from scanner.formats.write import write_report

    for format_, path in formats:
        write_report(path, format_.render(report, _presentation(path, request)))
    return report


def parse_reports(texts: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return (format, path) for each ``F=PATH``; ``F`` alone means standard output. Raises UsageError."""
    reports: list[tuple[str, str]] = []
    for text in texts or ("text=-",):
        name, separator, path = text.partition("=")
        if separator and not path:
            raise UsageError(
                f"cannot write report '{text}': the path is missing", hint=f"write {name}=FILE or {name}=-"
            )
        reports.append((name, path or STANDARD_OUTPUT))
    outputs = [os.path.abspath(path) if path != STANDARD_OUTPUT else path for _, path in reports]
    for path in outputs:
        if outputs.count(path) > 1:
            raise UsageError(f"cannot write two reports to {path}", hint="give each report a path of its own")
    return tuple(reports)


def choose_rules(packs: Sequence[Pack], request: Request) -> list[Rule]:
    """Return the Rules of ``packs`` that were asked for; raises UsageError for an id or glob that names none."""
    rules = unique_rules(packs)
    for wanted in (*request.only, *request.skip, *request.config.rules.severity):
        if not any(fnmatchcase(rule_id, wanted.upper()) for rule_id in rules):
            raise UsageError(f"cannot select rule '{wanted}': there is no such rule", hint=_near(wanted, rules))
    chosen = (
        _with_severity(rule, request.config.rules.severity)
        for rule in rules.values()
        if (not request.only or _matches(rule.id, request.only)) and not _matches(rule.id, request.skip)
    )
    return [rule for rule in chosen if rule.severity >= request.min_severity]


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


def _options(flags: Mapping[str, Any], config: Config) -> Options:
    jobs = flags["jobs"] if flags["jobs"] is not None else config.jobs
    return Options(
        gate=Gate(
            fail_on=_severity(flags["fail_on"], config.fail_on, Severity.LOW),
            unknown=flags["unknown"] or config.unknown or "warn",
            incomplete=flags["incomplete"] or config.incomplete or "fail",
        ),
        policy=config.exemptions,
        jobs=jobs or 0,
        rego_engine=flags["rego_engine"] or config.rego_engine or "auto",
        today=_date(flags["today"]),
    )


def _terraform(flags: Mapping[str, Any], config: Config) -> TerraformSettings:
    choice = config.terraform
    return TerraformSettings(
        roots=choice.roots,
        environments=choice.var_files,
        var_files=tuple(flags["var_files"]),
        variables=dict(_variable(text) for text in flags["variables"]),
        process_environment=dict(os.environ) if choice.tf_var else {},
        workspace=choice.workspace,
    )


def _variable(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator or not name:
        raise UsageError(f"cannot set variable '{text}'", hint="write --var NAME=VALUE")
    return name, value


def _severity(flag: str | None, configured: Severity | None, default: Severity) -> Severity:
    return Severity.parse(flag) if flag else configured or default


def _date(text: str | None) -> date:
    if not text:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"cannot read date '{text}'", hint="write it as 2026-11-21") from None


def _estate(path: str) -> "Estate | None":
    if not path:
        return None
    from scanner.estate import load_estate

    return load_estate(path)


def _source(request: Request, estate: "Estate | None") -> RepositorySource:
    """Return the Source of the paths; a cluster that the Estate does not know is a mistake worth a word."""
    clusters = request.config.clusters
    named = {*clusters, request.cluster} - {""}
    for name in sorted(named):
        if estate is not None and estate.cluster(name) is None:
            hint = f"known: {', '.join(cluster.name for cluster in estate.clusters)}"
            raise UsageError(f"cannot scan for cluster '{name}': the estate does not declare it", hint=hint)
    for path in request.paths:
        if path != STANDARD_OUTPUT and not os.path.lexists(path):
            raise UsageError(f"cannot scan {path}: there is no such file or folder")
    return RepositorySource(
        request.paths,
        exclude=request.exclude,
        clusters=clusters,
        default_cluster=request.cluster,
        terraform=request.terraform,
        templates=TemplateSettings(*request.config.azure),
        stdin=sys.stdin.buffer.read() if STANDARD_OUTPUT in request.paths else None,
    )


def _exemptions(request: Request, estate: "Estate | None") -> tuple[tuple[Exemption, ...], tuple[LedgerEntry, ...]]:
    exemptions: list[Exemption] = list(items_of_estate(estate)) if estate is not None else []
    problems: list[LedgerEntry] = []
    for path in request.exemptions:
        loaded, wrong = load_exemptions(path, request.options.policy)
        exemptions.extend(loaded)
        problems.extend(wrong)
    return tuple(exemptions), tuple(problems)


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


def _presentation(path: str, request: Request) -> "Presentation":
    import shutil

    from scanner.formats.interface import Presentation

    terminal = path == STANDARD_OUTPUT and sys.stdout.isatty()
    color = path == STANDARD_OUTPUT and color_wanted(sys.stdout)
    width = shutil.get_terminal_size().columns if terminal else 100
    return Presentation(color=color, width=width, include_passes=request.include_passes, verbose=request.verbose)


def color_wanted(stream: Any) -> bool:
    """Whether to colour what goes to ``stream``: a terminal, and NO_COLOR is not set (https://no-color.org)."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return bool(stream.isatty()) and os.environ.get("TERM") != "dumb"
