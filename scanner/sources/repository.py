"""The Source of files: one walk, and every file goes to whoever reads its kind.

Manifests are read file by file, Terraform and Bicep root by root; charts and overlays are rendered first. A file that
was named alone is judged in the context it has in the tree: a Terraform file belongs to the roots that use it, a Bicep
module to its callers.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from scanner.documents import DEFAULT_LIMITS, Limits
from scanner.model.ledger import LedgerEntry, State
from scanner.sources.interface import Page, Source
from scanner.sources.json_page import JsonPage, JsonSettings, TemplateSettings, target_of
from scanner.sources.manifests import STANDARD_INPUT, ManifestPages
from scanner.sources.rendered.choices import RenderedChoices
from scanner.sources.rendered.recognise import is_rendered, outermost
from scanner.sources.walk import Found, is_inside, printable, walk

if TYPE_CHECKING:
    from scanner.canonical.arm_object import ArmObject
    from scanner.canonical.deployment import Deployment
    from scanner.sources.bicep.source import BicepSource
    from scanner.sources.estate import EstatePage
    from scanner.sources.rendered.source import RenderedSource
    from scanner.sources.terraform.source import TerraformSource

S = TypeVar("S", bound=Source)

_YAML = (".yaml", ".yml")
_BICEP = (".bicep", ".bicepparam")
_TERRAFORM = (".tf", ".tofu", ".tf.json", ".tofu.json", ".tfvars", ".tfvars.json")
_PART = "part of a chart or overlay, which is judged as it is rendered"
_MARKER = ".git"
"""Entry of a folder that makes it the top of a repository."""


class TerraformSettings(NamedTuple):
    """How Terraform is evaluated; see :class:`scanner.sources.terraform.source.TerraformChoices`, which is heavier."""

    roots: tuple[str, ...] = ()
    environments: Mapping[str, tuple[str, ...]] = {}
    var_files: tuple[str, ...] = ()
    variables: Mapping[str, str] = {}
    process_environment: Mapping[str, str] = {}
    workspace: str = "default"


class _Part(NamedTuple):
    """Files of one kind in one repository."""

    files: Sequence[Found]
    top: str
    """Its folder; nothing outside is opened."""
    requested: Sequence[str] | None = None
    """Names of the files that were asked for; None for all."""
    asked: Sequence[str] = ()
    """Folders that were asked for: what starts in them is reported whole."""


class RepositorySource(Source):
    """Whatever is below some paths."""

    kind = "files"

    def __init__(
        self,
        paths: Sequence[str],
        *,
        base: str | None = None,
        exclude: Sequence[str] = (),
        clusters: Mapping[str, str] | None = None,
        default_cluster: str = "",
        terraform: TerraformSettings | None = None,
        templates: TemplateSettings | None = None,
        rendered: RenderedChoices | None = None,
        limits: Limits = DEFAULT_LIMITS,
        stdin: bytes | None = None,
        inline_exemptions: bool = True,
        estate: str = "",
        jobs: int = 1,
    ) -> None:
        """Take ``paths``: files, folders, or ``-`` for ``stdin``; relative ones start at ``base``.

        ``base`` is the working directory where it is not given. ``exclude`` are patterns in the notation of
        ``.gitignore``, relative to ``base``. ``clusters`` and ``default_cluster`` are as in :class:`ManifestPages`.
        ``estate`` is the path of the Estate, a file or folder: where any of it is met, it is read as what it is.
        ``jobs`` is the number of processes to look for what is rendered with; 0 chooses.
        """
        self._estate = estate
        self._jobs = jobs
        self._paths = tuple(path for path in paths if path != STANDARD_INPUT)
        self._reads_stdin = STANDARD_INPUT in paths
        self._stdin = stdin
        self._base = os.path.abspath(base) if base is not None else os.getcwd()
        self._exclude = tuple(exclude)
        self._terraform = terraform or TerraformSettings()
        self._templates = templates or TemplateSettings()
        self._inline_exemptions = inline_exemptions
        self._rendered = (rendered or RenderedChoices())._replace(
            clusters=dict(clusters or {}), default_cluster=default_cluster, inline_exemptions=inline_exemptions
        )
        self._manifests = ManifestPages(
            self._base,
            clusters=clusters,
            default_cluster=default_cluster,
            limits=limits,
            inline_exemptions=inline_exemptions,
        )
        self._entries: tuple[LedgerEntry, ...] = ()
        self._tops: dict[str, str] = {}
        self._around: dict[tuple[str, ...], tuple[Found, ...]] = {}

    def pages(self) -> Iterator[Page]:
        """Yield the pages of all files that may hold anything, those of one kind in the order of their names."""
        walked = walk(self._paths, self._base, self._exclude)
        self._entries = walked.entries
        if self._reads_stdin:
            yield from self._standard_input()
        terraform = list(self._sources(walked.files, _TERRAFORM, self._terraform_source))
        bicep = list(self._sources(walked.files, _BICEP, self._bicep_source))
        rendered = list(self._rendered_sources(walked.files))
        met = {found.name for found in walked.files}
        rendered_parts = frozenset[str]().union(*(source.claimed() for source in rendered)) & met
        declared = list(self._estate_pages(walked.files))
        claimed = rendered_parts.union(*(page.names for page in declared))
        for found in walked.files:
            if not found.name.endswith((*_TERRAFORM, *_BICEP)) and found.name not in claimed:
                yield self._page(found, terraform)
        yield from declared
        for source in (*terraform, *bicep, *rendered):
            yield from source.pages()
            self._entries += source.entries()
        said = {entry.input for entry in self._entries}
        parts = (printable(name) for name in sorted(rendered_parts))
        self._entries += tuple(LedgerEntry(name, State.SCANNED, _PART) for name in parts if name not in said)

    def entries(self) -> tuple[LedgerEntry, ...]:
        """Return what never became a page: foreign, excluded and unreachable files and folders."""
        return self._entries

    def _estate_pages(self, files: Sequence[Found]) -> "Iterator[EstatePage]":
        """Yield the page of the Estate, where any of its files is among ``files``."""
        if not self._estate:
            return
        from scanner.sources.estate import EstatePage

        page = EstatePage(self._absolute(self._estate), self._base)
        names = page.names  # asked once: it lists a folder
        if any(found.name in names for found in files):
            yield page

    def _standard_input(self) -> Iterator[Page]:
        if self._stdin is None:
            reason = "nothing was given on standard input"
            self._entries = (LedgerEntry(STANDARD_INPUT, State.UNREACHABLE, reason, incomplete=True), *self._entries)
            return
        settings = JsonSettings(self._base, self._base, None, self._templates, self._inline_exemptions)
        yield JsonPage(self._manifests.standard_input(self._stdin), settings)

    def _page(self, found: Found, terraform: "Sequence[TerraformSource]") -> Page:
        page = self._manifests.page(found)
        if found.name.endswith(_YAML):
            return page
        top = self._top(os.path.dirname(found.path))
        roots = next((source.settings for source in terraform if source.settings.top == top), None)
        return JsonPage(page, JsonSettings(self._base, top, roots, self._templates, self._inline_exemptions))

    def _sources(
        self,
        files: Sequence[Found],
        ends: tuple[str, ...],
        make: "Callable[[_Part], S]",
    ) -> "Iterator[S]":
        """Yield what ``make`` makes of the files whose names end so: one Source for each repository.

        What was asked for may be a part of one; then the other files there tell who calls what.
        """
        asked = self._asked_folders()
        for top, inside in self._by_top(found for found in files if found.name.endswith(ends)).items():
            if any(is_inside(top, folder) for folder in asked):
                yield make(_Part(inside, top))
                continue
            around = (found for found in self._below([top]) if found.name.endswith(ends))
            yield make(_Part(_with(inside, around), top, [found.name for found in inside], asked))

    def _terraform_source(self, part: "_Part") -> "TerraformSource":
        from scanner.sources.terraform.source import TerraformChoices, TerraformSource

        choices = TerraformChoices(*self._terraform, inline_exemptions=self._inline_exemptions)
        return TerraformSource(
            part.files,
            base=self._base,
            top=part.top,
            choices=choices,
            requested=part.requested,
            asked=part.asked,
            deploy=_deploy_template,
        )

    def _bicep_source(self, part: "_Part") -> "BicepSource":
        from scanner.sources.bicep.source import BicepChoices, BicepSource

        choices = BicepChoices(
            caches=(self._templates.modules,) if self._templates.modules else (),
            target=target_of(self._templates),
            inline_exemptions=self._inline_exemptions,
        )
        return BicepSource(
            part.files, base=self._base, top=part.top, choices=choices, requested=part.requested, asked=part.asked
        )

    def _rendered_sources(self, files: Sequence[Found]) -> "Iterator[RenderedSource]":
        """Yield what renders charts and overlays, where there are any; nothing is imported for other trees.

        A file that was named may be a part of one: a template, a file of values, a base.
        """
        asked = self._asked_folders()
        for top, inside in self._by_top(files).items():
            part = _Part(inside, top)
            if not any(is_inside(top, folder) for folder in asked):
                around = self._below(self._contexts(top, inside))
                part = _Part(_with(inside, around), top, [found.name for found in inside])
            releases = tuple(one for one in self._rendered.releases if self._concerns(one.chart, part))
            if not releases and not is_rendered(part.files, self._jobs):
                continue
            from scanner.sources.rendered.source import RenderedSource

            choices = self._rendered._replace(releases=releases)
            yield RenderedSource(part.files, base=self._base, top=top, choices=choices, requested=part.requested)

    def _contexts(self, top: str, inside: Sequence[Found]) -> Sequence[str]:
        """Return the folders to look into for what renders some of the files of ``inside``.

        That is the whole repository; without one, the outermost chart or overlay around each: what else lies below the
        working directory has nothing to do with it.
        """
        if all(found.name.endswith((*_TERRAFORM, *_BICEP)) for found in inside):
            return ()
        if os.path.exists(os.path.join(top, _MARKER)):
            return (top,)
        folders = {os.path.dirname(found.path) for found in inside}
        return sorted(filter(None, (outermost(folder, top) for folder in folders)))

    def _concerns(self, chart: str, part: "_Part") -> bool:
        """Whether the folder of a chart is among some files, or should be: it is below a path that is scanned."""
        folder = self._absolute(chart)
        if is_inside(folder, part.top) and any(is_inside(folder, self._absolute(path)) for path in self._paths):
            return True
        return part.requested is not None and any(os.path.dirname(found.path) == folder for found in part.files)

    def _below(self, folders: Sequence[str]) -> tuple[Found, ...]:
        """Return the files below ``folders``, which are walked once."""
        key = tuple(folders)
        if key not in self._around:
            self._around[key] = walk(folders, self._base, self._exclude).files
        return self._around[key]

    def _asked_folders(self) -> list[str]:
        return [path for path in map(self._absolute, self._paths) if os.path.isdir(path)]

    def _by_top(self, files: Iterable[Found]) -> Mapping[str, list[Found]]:
        """Return the files by the folder that nothing outside of is opened: the repository they are in."""
        found_in: dict[str, list[Found]] = {}
        for found in files:
            folder = os.path.dirname(found.path)
            found_in.setdefault(self._top(folder), []).append(found)
        return found_in

    def _top(self, folder: str) -> str:
        """Return the repository around ``folder``; else the base, or the path that was named, that it is below."""
        known = self._tops.get(folder)
        if known is None:
            known = self._tops[folder] = self._found_top(folder)
        return known

    def _found_top(self, folder: str) -> str:
        above = folder
        while not os.path.exists(os.path.join(above, _MARKER)):
            parent = os.path.dirname(above)
            if parent == above:
                return self._named(folder)
            above = parent
        return above

    def _named(self, folder: str) -> str:
        if is_inside(folder, self._base):
            return self._base
        return next((path for path in map(self._absolute, self._paths) if is_inside(folder, path)), folder)

    def _absolute(self, path: str) -> str:
        return os.path.normpath(os.path.join(self._base, path))


def _with(inside: Iterable[Found], around: Iterable[Found]) -> list[Found]:
    """Return the files of both, each once, by the names they were asked for."""
    everything = {found.path: found for found in around}
    everything.update((found.path, found) for found in inside)
    return list(everything.values())


def _deploy_template(deployment: "Deployment") -> "list[ArmObject]":
    """Evaluate a template that Terraform deploys; what that takes is imported for the first one."""
    from scanner.sources.deployed import deploy

    return deploy(deployment)
