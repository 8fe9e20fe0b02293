"""The configuration file ``bulkhead.yaml`` as a value.

It says what belongs together (estate, clusters, exemptions, packs) and what blocks. It knows none of those things: it
resolves their paths, which are relative to the file, and leaves reading them to others. What it does not state is None
or empty, so that an option of the command line can be told from a default.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from scanner.errors import ConfigError
from scanner.model.severity import Severity
from scanner.validation import Text, faults, read_valid, shown

FILE_NAME = "bulkhead.yaml"

_NONE: Mapping[str, Severity] = {}
"""Default of an optional mapping; never written to."""
_NAMED_HINT = "check the path given with --config; without that option bulkhead.yaml is looked for"


class PackReference(NamedTuple):
    """One Pack to load beside the built-in ones."""

    path: str
    digest: str | None = None
    """``sha256:`` and 64 hexadecimal digits it must have."""
    allow_python: bool = False
    """Whether its Python rules may be loaded."""


class RuleChoice(NamedTuple):
    """Which Rules run, and how severe they are. Ids may be globs."""

    only: tuple[str, ...] = ()
    """Empty for all."""
    skip: tuple[str, ...] = ()
    severity: Mapping[str, Severity] = _NONE


class ExemptionPolicy(NamedTuple):
    """What an Exemption must state to count."""

    files: tuple[str, ...] = ()
    """Paths of exemptions files."""
    inline: bool = True
    """Whether comments and annotations in scanned files may exempt."""
    require: tuple[str, ...] | None = None
    """Of ``reason``, ``owner``, ``expires``, ``ticket``, ``approved_by``: what every Exemption must state."""
    max_days: int | None = None
    """Longest time to expiry in days, from the approval where it is stated, else from today."""
    inline_in_change: bool = False
    """Whether comments that a change brings count in the gate over this change."""
    protected: tuple[str, ...] = ()
    """Ids or globs of Rules whose Findings nothing accepts."""
    max_count: int | None = None
    """More Exemptions than this close the gate."""
    owners_file: str = ""
    """CODEOWNERS file that must name owners for all files that exempt."""
    owners: Mapping[str, tuple[str, ...]] = {}
    """Owner as that file names it → mail addresses it commits with, or globs of them."""

    def required(self, source: str) -> tuple[str, ...]:
        """Return what an Exemption from ``file`` or ``inline`` must state."""
        if self.require is not None:
            return self.require
        return ("reason",) if source == "inline" else ("reason", "owner", "expires")


class GateChoice(NamedTuple):
    """What a change is held to."""

    new_only: bool | None = None
    """Whether only what the change introduces blocks; None for: where there is something to compare with."""
    became_unknown: str | None = None
    """``ignore``, ``warn`` or ``fail``; None for as ``unknown``."""
    baseline: str = ""
    """Path of the file of Findings that are known."""


class ActionChoice(NamedTuple):
    """What is done about some Findings at admission. What a field leaves empty does not matter."""

    action: str
    """``deny``, ``warn`` or ``audit``."""
    rules: tuple[str, ...] = ()
    """Ids or globs."""
    severities: tuple[Severity, ...] = ()
    verdicts: tuple[str, ...] = ()
    """Of ``fail``, ``unknown`` and ``error``."""
    types: tuple[str, ...] = ()
    """Types or globs: ``apps/*``."""
    operations: tuple[str, ...] = ()
    """``CREATE``, ``UPDATE``, ``CONNECT``."""
    standings: tuple[str, ...] = ()
    """``tenant``, ``platform``, ``unmapped``, ``cluster``, ``undeclared``."""
    namespaces: tuple[str, ...] = ()
    """Names or globs."""
    environments: tuple[str, ...] = ()
    """Names or classes of the Estate's environments."""


class AdmissionChoice(NamedTuple):
    """What the admission webhook does about what it finds."""

    enforce: bool = True
    """Whether anything is denied; else what would be is warned of."""
    updates: str = "introduced"
    """``introduced``: an update is denied for what it introduces or worsens; ``all``: for everything it leaves."""
    actions: tuple[ActionChoice, ...] = ()
    """The first that fits a Finding decides."""
    staleness_s: int = 120
    """Seconds after which what was read of the cluster is no longer trusted."""


class TerraformChoice(NamedTuple):
    """How Terraform is evaluated."""

    roots: tuple[str, ...] = ()
    """Folders of root modules; empty for every folder that no module calls."""
    var_files: Mapping[str, tuple[str, ...]] = {}
    """Environment → paths of its var-files; every root is judged once for each."""
    workspace: str = "default"
    tf_var: bool = False
    """Whether ``TF_VAR_*`` of the process environment count."""


class HelmRelease(NamedTuple):
    """One release of a chart."""

    chart: str
    """Path of its folder."""
    name: str = ""
    namespace: str = ""
    values: tuple[str, ...] = ()
    """Paths of values files, the weakest first."""
    cluster: str = ""


class HelmChoice(NamedTuple):
    """How charts are rendered."""

    releases: tuple[HelmRelease, ...] = ()
    """A chart that none names is rendered once, with its own values."""
    kube_version: str = ""
    api_versions: tuple[str, ...] = ()
    """APIs beside the built-in ones, ``group/version`` or ``group/version/Kind``."""
    tests: bool = True
    """Whether test hooks are rendered."""


class KustomizeChoice(NamedTuple):
    """How overlays are built."""

    helm_charts: bool = False
    """Whether ``helmCharts`` are rendered, from charts that the repository holds."""


class AzureChoice(NamedTuple):
    """Where templates are deployed to; what is not stated is not known."""

    subscription: str = ""
    resource_group: str = ""
    location: str = ""
    tenant: str = ""
    management_group: str = ""
    modules: str = ""
    """Folder of restored registry modules."""


@dataclass(frozen=True, slots=True)
class Config:
    """What one ``bulkhead.yaml`` states."""

    file: str = ""
    """Its path; empty where there is none."""
    estate: str | None = None
    """Path of the Estate, a file or a folder."""
    clusters: Mapping[str, str] = field(default_factory=dict)
    """Cluster name → path below which its manifests are."""
    terraform: TerraformChoice = field(default_factory=TerraformChoice)
    helm: HelmChoice = field(default_factory=HelmChoice)
    kustomize: KustomizeChoice = field(default_factory=KustomizeChoice)
    gitops: bool = True
    """Whether objects of Flux and Argo CD are resolved to what they deploy."""
    azure: AzureChoice = field(default_factory=AzureChoice)
    exclude: tuple[str, ...] = ()
    """Patterns as in ``.gitignore``."""
    packs: tuple[PackReference, ...] = ()
    rules: RuleChoice = field(default_factory=RuleChoice)
    fail_on: Severity | None = None
    min_severity: Severity | None = None
    unknown: str | None = None
    """``ignore``, ``warn`` or ``fail``."""
    incomplete: str | None = None
    """``fail`` or ``warn``."""
    exemptions: ExemptionPolicy = field(default_factory=ExemptionPolicy)
    gate: GateChoice = field(default_factory=GateChoice)
    admission: AdmissionChoice = field(default_factory=AdmissionChoice)
    jobs: int | None = None
    rego_engine: str | None = None


def find_config(paths: Sequence[str], cwd: str = "", named: str | None = None) -> str | None:
    """Return the path of the configuration file, or None where there is none.

    It is the ``named`` one, else ``bulkhead.yaml`` in ``cwd`` (empty: the working directory), else the one in the only
    directory that is scanned. Raises ConfigError where the named one is no file.
    """
    if named is not None:
        if not os.path.exists(named):
            raise ConfigError(f"cannot read configuration {shown(named)}: no such file", hint=_NAMED_HINT)
        return named
    folders = [cwd]
    if len(paths) == 1 and os.path.isdir(os.path.join(cwd, paths[0])):
        folders.append(os.path.join(cwd, paths[0]))
    candidates = (os.path.normpath(os.path.join(folder, FILE_NAME)) for folder in folders)
    return next((path for path in candidates if os.path.isfile(path)), None)


def load_config(path: str, folder: str | None = None) -> Config:
    """Return what a configuration file states; its paths become relative to the working directory.

    ``folder`` is where they start, if that is not where the file is. Raises ConfigError with one detail per fault, each
    with file, line and column.
    """
    text = read_valid(path, "config")
    if not isinstance(text, Text):
        raise ConfigError(f"cannot use configuration {shown(path)}: it has {faults(text)}", details=text)
    return _config(path, text.value, os.path.dirname(path) if folder is None else folder)


def _config(path: str, data: Mapping[str, Any], folder: str) -> Config:

    def below(relative: str) -> str:
        return os.path.normpath(os.path.join(folder, relative))

    severities = {key: Severity.parse(data[key]) for key in ("fail_on", "min_severity") if key in data}
    return Config(
        file=path,
        estate=below(data["estate"]) if "estate" in data else None,
        clusters={name: below(prefix) for name, prefix in data.get("clusters", {}).items()},
        terraform=_terraform(data.get("terraform", {}), below),
        helm=_helm(data.get("helm", {}), below),
        kustomize=KustomizeChoice(**data.get("kustomize", {})),
        gitops=data.get("gitops", True),
        azure=_azure(data.get("azure", {}), below),
        exclude=tuple(data.get("exclude", ())),
        packs=tuple(PackReference(**{**pack, "path": below(pack["path"])}) for pack in data.get("packs", ())),
        rules=_rules(data.get("rules", {})),
        exemptions=_policy(data.get("exemptions", {}), below),
        gate=_gate(data.get("gate", {}), below),
        admission=_admission(data.get("admission", {})),
        unknown=data.get("unknown"),
        incomplete=data.get("incomplete"),
        jobs=data.get("jobs"),
        rego_engine=data.get("rego_engine"),
        **severities,
    )


def _terraform(data: Mapping[str, Any], below: Callable[[str], str]) -> TerraformChoice:
    return TerraformChoice(
        roots=tuple(below(root) for root in data.get("roots", ())),
        var_files={name: tuple(below(file) for file in files) for name, files in data.get("var_files", {}).items()},
        workspace=data.get("workspace", "default"),
        tf_var=data.get("tf_var", False),
    )


def _helm(data: Mapping[str, Any], below: Callable[[str], str]) -> HelmChoice:
    releases = tuple(
        HelmRelease(
            **{**release, "chart": below(release["chart"]), "values": tuple(map(below, release.get("values", ())))}
        )
        for release in data.get("releases", ())
    )
    return HelmChoice(**{**data, "releases": releases, "api_versions": tuple(data.get("api_versions", ()))})


def _azure(data: Mapping[str, Any], below: Callable[[str], str]) -> AzureChoice:
    return AzureChoice(**{**data, "modules": below(data["modules"])} if "modules" in data else data)


def _rules(data: Mapping[str, Any]) -> RuleChoice:
    severities = {rule: Severity.parse(label) for rule, label in data.get("severity", {}).items()}
    return RuleChoice(tuple(data.get("only", ())), tuple(data.get("skip", ())), severities)


def _policy(data: Mapping[str, Any], below: Callable[[str], str]) -> ExemptionPolicy:
    return ExemptionPolicy(
        files=tuple(below(file) for file in data.get("files", ())),
        inline=data.get("inline", "allow") == "allow",
        require=tuple(data["require"]) if "require" in data else None,
        max_days=data.get("max_days"),
        inline_in_change=data.get("inline_in_change", "forbid") == "allow",
        protected=tuple(data.get("protected", ())),
        max_count=data.get("max_count"),
        owners_file=below(data["owners_file"]) if "owners_file" in data else "",
        owners={owner: tuple(mails) for owner, mails in data.get("owners", {}).items()},
    )


def _gate(data: Mapping[str, Any], below: Callable[[str], str]) -> GateChoice:
    return GateChoice(**{**data, "baseline": below(data["baseline"])} if "baseline" in data else data)


def _admission(data: Mapping[str, Any]) -> AdmissionChoice:
    actions = tuple(
        ActionChoice(
            action=entry["action"],
            severities=tuple(map(Severity.parse, entry.get("severities", ()))),
            **{key: tuple(value) for key, value in entry.items() if key not in ("action", "severities")},
        )
        for entry in data.get("actions", ())
    )
    return AdmissionChoice(**{**data, "actions": actions})
