"""What the user asked for: the configuration file, with flags laid over it.

With a base the configuration is the base's, and so is every file it or a flag names inside the repository: a change is
judged by the rules it met.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from scanner.config import Config
from scanner.errors import UsageError
from scanner.model.exemption import current_day
from scanner.model.severity import Severity
from scanner.points.chosen import Chosen
from scanner.report import Gate
from scanner.scan import Options
from scanner.sources.rendered.choices import RenderedChoices
from scanner.sources.repository import TerraformSettings
from scanner.sources.walk import is_inside

if TYPE_CHECKING:
    from scanner.points.base import BaseTree

STANDARD_OUTPUT = "-"
NO_FLAGS: Mapping[str, Any] = {
    **dict.fromkeys(
        ("paths", "only", "skip", "packs", "reports", "variables", "var_files", "exclude", "exemptions"), ()
    ),
    **dict.fromkeys(("config", "estate", "fail_on", "min_severity", "unknown", "incomplete", "jobs", "cluster")),
    **dict.fromkeys(("rego_engine", "today", "base", "baseline", "max_exemptions", "tenant")),
    **dict.fromkeys(("include_passes", "verbose", "everything"), False),
}
"""What a command that has fewer options than ``scan`` leaves unsaid."""


@dataclass(frozen=True, slots=True)
class Request:
    """One run of the gate."""

    paths: tuple[str, ...]
    config: Config
    estate: str
    """Path of the Estate that judges; empty for none."""
    only: tuple[str, ...]
    """Rule ids or globs; empty for all."""
    skip: tuple[str, ...]
    packs: tuple[str, ...]
    reports: tuple[tuple[str, str], ...]
    """(format, path) in the order given."""
    options: Options
    cluster: str
    terraform: TerraformSettings
    rendered: RenderedChoices
    exclude: tuple[str, ...]
    exemptions: tuple[str, ...]
    min_severity: Severity
    include_passes: bool
    verbose: bool = False
    tenant: str = ""
    """Id or name of the tenant the report is for; empty for everybody."""
    baseline: str = ""
    """Path of the file of known Findings; empty for none."""
    folder: str | None = None
    """What paths to scan are relative to; None for the working directory."""
    declared: str = ""
    """Path of the Estate as what is scanned has it, where it is judged itself; empty for none."""
    withheld: tuple[str, ...] = ()
    """Files that the change brings and the base has not: they decide over nothing yet."""

    @classmethod
    def of(cls, flags: Mapping[str, Any], tree: "BaseTree | None" = None) -> "Request":
        """Return the Request that command-line ``flags`` and the configuration file make. Raises UsageError."""
        flags = {**NO_FLAGS, **flags}
        paths = tuple(flags["paths"]) or (".",)
        chosen = Chosen(tree)
        config = chosen.config(paths, flags["config"])
        declared = flags["estate"] or config.estate or ""
        estate = chosen.file(declared)
        return cls(
            paths=tuple(tree.local(os.path.abspath(path)) for path in paths) if tree else paths,
            config=chosen.localised(config),
            estate=estate,
            only=tuple(flags["only"]) or config.rules.only,
            skip=(*config.rules.skip, *flags["skip"]),
            packs=tuple(filter(None, map(chosen.file, flags["packs"]))),
            reports=parse_reports(flags["reports"]),
            options=replace(
                _options(flags, config, compared=tree is not None),
                is_whole=_wholeness(paths, tree.here if tree else None) if not flags["exclude"] else _never,
            ),
            cluster=flags["cluster"] or "",
            terraform=chosen.terraform(flags, config),
            rendered=chosen.rendered(config),
            exclude=(*config.exclude, *flags["exclude"]),
            exemptions=tuple(filter(None, map(chosen.file, (*config.exemptions.files, *flags["exemptions"])))),
            min_severity=_severity(flags["min_severity"], config.min_severity, Severity.LOW),
            include_passes=flags["include_passes"],
            verbose=flags["verbose"],
            tenant=flags["tenant"] or "",
            baseline=chosen.file(flags["baseline"] or config.gate.baseline),
            folder=tree.here if tree else None,
            declared=tree.local(os.path.abspath(declared)) if tree and declared else declared,
            withheld=tuple(chosen.withheld),
        )


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


def _options(flags: Mapping[str, Any], config: Config, *, compared: bool) -> Options:
    jobs = flags["jobs"] if flags["jobs"] is not None else config.jobs
    most = flags["max_exemptions"]
    compared = compared or bool(flags["baseline"] or config.gate.baseline)
    wanted = config.gate.new_only if config.gate.new_only is not None else True
    today, now = parse_clock(flags["today"])
    return Options(
        gate=Gate(
            fail_on=_severity(flags["fail_on"], config.fail_on, Severity.LOW),
            unknown=flags["unknown"] or config.unknown or "warn",
            incomplete=flags["incomplete"] or config.incomplete or "fail",
            new_only=compared and wanted and not flags["everything"],
            became_unknown=config.gate.became_unknown or "",
            max_exemptions=most if most is not None else config.exemptions.max_count,
        ),
        policy=config.exemptions,
        jobs=jobs or 0,
        rego_engine=flags["rego_engine"] or config.rego_engine or "auto",
        today=today,
        now=now,
    )


def _wholeness(paths: Sequence[str], folder: str | None) -> Callable[[str], bool]:
    """Return what tells whether a file lies in a folder that is scanned: then what it exempts is expected there too."""
    base = os.path.realpath(folder or os.getcwd())
    scanned = [os.path.realpath(path) for path in paths if os.path.isdir(path)]

    def is_whole(file: str) -> bool:
        return any(is_inside(os.path.realpath(os.path.join(base, file)), one) for one in scanned)

    return is_whole


def _never(file: str) -> bool:
    return False


def _severity(flag: str | None, configured: Severity | None, default: Severity) -> Severity:
    return Severity.parse(flag) if flag else configured or default


def parse_clock(text: str | None) -> tuple[date, datetime | None]:
    """Return the day that ``text`` states, and the instant if it states one; today without a text. Raises UsageError.

    An instant without an offset is in UTC.
    """
    if not text:
        return current_day(), None
    try:
        if "T" not in text:
            return date.fromisoformat(text), None
        instant = datetime.fromisoformat(text)
    except ValueError:
        hint = "write it as 2026-11-21, or with a time as 2026-11-21T06:00:00Z"
        raise UsageError(f"cannot read date '{text}'", hint=hint) from None
    instant = instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    return instant.date(), instant
