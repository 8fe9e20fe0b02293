"""The Source of files: one walk, and every file goes to whoever reads its kind.

Manifests are read file by file, Terraform root by root. JSON is told apart by its content, since plans, states and
manifests share the extension. A file that was named alone is judged in the context it has in the tree: a Terraform file
belongs to the roots that use it.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from scanner.documents import DEFAULT_LIMITS, Limits
from scanner.model.ledger import LedgerEntry, State
from scanner.sources.files import Unreadable
from scanner.sources.interface import Locator, Page, PageContent, Source
from scanner.sources.manifests import STANDARD_INPUT, ManifestPage, ManifestPages
from scanner.sources.walk import Found, walk

if TYPE_CHECKING:
    from scanner.sources.terraform.roots import RootSettings
    from scanner.sources.terraform.source import TerraformSource

_YAML = (".yaml", ".yml")
_TERRAFORM = (".tf", ".tofu", ".tf.json", ".tofu.json", ".tfvars", ".tfvars.json")
_PLAN_MARKS = (b'"terraform_version"', b'"format_version"', b"tfplan", b'"@level"', b'"encrypted_data"')
"""Words of which every plan and state has one, near its beginning (:mod:`scanner.sources.terraform.plan.recognise`)."""
_HEAD_BYTES = 64 << 10
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
        limits: Limits = DEFAULT_LIMITS,
        stdin: bytes | None = None,
        inline_exemptions: bool = True,
    ) -> None:
        """Take ``paths``: files, folders, or ``-`` for ``stdin``; relative ones start at ``base``.

        ``base`` is the working directory where it is not given. ``exclude`` are patterns in the notation of
        ``.gitignore``, relative to ``base``. ``clusters`` and ``default_cluster`` are as in :class:`ManifestPages`.
        """
        self._paths = tuple(path for path in paths if path != STANDARD_INPUT)
        self._reads_stdin = STANDARD_INPUT in paths
        self._stdin = stdin
        self._base = os.path.abspath(base) if base is not None else os.getcwd()
        self._exclude = tuple(exclude)
        self._terraform = terraform or TerraformSettings()
        self._inline_exemptions = inline_exemptions
        self._manifests = ManifestPages(
            self._base,
            clusters=clusters,
            default_cluster=default_cluster,
            limits=limits,
            inline_exemptions=inline_exemptions,
        )
        self._entries: tuple[LedgerEntry, ...] = ()

    def pages(self) -> Iterator[Page]:
        """Yield the pages of all files that may hold anything, those of one kind in the order of their names."""
        walked = walk(self._paths, self._base, self._exclude)
        self._entries = walked.entries
        if self._reads_stdin:
            yield from self._standard_input()
        terraform = [found for found in walked.files if found.name.endswith(_TERRAFORM)]
        sources = list(self._terraform_sources(terraform)) if terraform else []
        plans = self._plan_settings(sources)
        for found in walked.files:
            if not found.name.endswith(_TERRAFORM):
                yield self._page(found, plans)
        for source in sources:
            yield from source.pages()
            self._entries += source.entries()

    def entries(self) -> tuple[LedgerEntry, ...]:
        """Return what never became a page: foreign, excluded and unreachable files and folders."""
        return self._entries

    def _standard_input(self) -> Iterator[Page]:
        if self._stdin is None:
            reason = "nothing was given on standard input"
            self._entries = (LedgerEntry(STANDARD_INPUT, State.UNREACHABLE, reason, incomplete=True), *self._entries)
            return
        yield JsonPage(self._manifests.standard_input(self._stdin), self._plan_settings(()))

    def _page(self, found: Found, plans: "_Plans") -> Page:
        page = self._manifests.page(found)
        return page if found.name.endswith(_YAML) else JsonPage(page, plans)

    def _plan_settings(self, sources: "Sequence[TerraformSource]") -> "_Plans":
        return _Plans(self._base, sources[0].settings if sources else None, self._inline_exemptions)

    def _terraform_sources(self, files: Sequence[Found]) -> "Iterator[TerraformSource]":
        """Yield the Sources of the roots that the files belong to, one for each repository."""
        from scanner.sources.terraform.source import TerraformChoices, TerraformSource

        choices = TerraformChoices(*self._terraform, inline_exemptions=self._inline_exemptions)
        named = {os.path.normpath(os.path.join(self._base, path)) for path in self._paths}
        for top, inside in self._by_top(files).items():
            if all(found.path in named for found in inside):
                context = [
                    found for found in walk([top], self._base, self._exclude).files if found.name.endswith(_TERRAFORM)
                ]
                requested = [found.name for found in inside]
                yield TerraformSource(context, base=self._base, top=top, choices=choices, requested=requested)
            else:
                yield TerraformSource(inside, base=self._base, top=top, choices=choices)

    def _by_top(self, files: Iterable[Found]) -> Mapping[str, list[Found]]:
        """Return the files by the folder that nothing outside of is opened: the repository they are in."""
        tops: dict[str, str] = {}
        found_in: dict[str, list[Found]] = {}
        for found in files:
            folder = os.path.dirname(found.path)
            if folder not in tops:
                tops[folder] = self._top(folder)
            found_in.setdefault(tops[folder], []).append(found)
        return found_in

    def _top(self, folder: str) -> str:
        """Return the repository around ``folder``; else the base, or the path that was named, that it is below."""
        above = folder
        while not os.path.exists(os.path.join(above, _MARKER)):
            parent = os.path.dirname(above)
            if parent == above:
                return self._named(folder)
            above = parent
        return above

    def _named(self, folder: str) -> str:
        if _inside(folder, self._base):
            return self._base
        paths = (os.path.normpath(os.path.join(self._base, path)) for path in self._paths)
        return next((path for path in paths if _inside(folder, path)), folder)


class _Plans(NamedTuple):
    """What reading plans needs; picklable."""

    base: str
    roots: "RootSettings | None"
    inline_exemptions: bool


class JsonPage(Page):
    """A file that may be a plan, a state or manifests: its content tells."""

    def __init__(self, page: ManifestPage, plans: _Plans) -> None:
        self._page = page
        self._plans = plans
        self._locator: Locator | None = None

    def __getstate__(self) -> tuple[ManifestPage, _Plans]:
        return self._page, self._plans

    def __setstate__(self, state: tuple[ManifestPage, _Plans]) -> None:
        self._page, self._plans = state
        self._locator = None

    @property
    def name(self) -> str:
        """The file as reports print it."""
        return self._page.name

    @property
    def size_bytes(self) -> int:
        """Size of the file when the Source looked at it."""
        return self._page.size_bytes

    def read(self) -> PageContent:
        """Read the file as what it is."""
        self._locator = None
        data = self._data()
        if isinstance(data, Unreadable) or not _is_plan(data):
            return self._page.read_as_manifest(data)
        from scanner.sources.terraform.plan_page import PlanSettings, read_plan_page

        content, self._locator = read_plan_page(data, self._page.found, PlanSettings(*self._plans))
        return content

    def _data(self) -> bytes | Unreadable:
        """Return the content; a plan may be larger than a manifest."""
        data = self._page.data()
        if not isinstance(data, Unreadable) or self._page.size_bytes < _HEAD_BYTES:
            return data
        if not _may_be_plan(_head(self._page.found.path)):
            return data
        from scanner.sources.terraform.plan_page import MAX_BYTES

        return self._page.data(MAX_BYTES)

    def locator(self) -> Locator:
        """Hand over what finds the places of the last read; the page keeps nothing."""
        locator, self._locator = self._locator, None
        return self._page.locator() if locator is None else locator


def _is_plan(data: bytes) -> bool:
    """Whether it is a plan or state of Terraform; nothing is imported for what cannot be one."""
    if not _may_be_plan(data):
        return False
    from scanner.sources.terraform.plan import is_terraform_json

    return bool(is_terraform_json(data))


def _may_be_plan(data: bytes) -> bool:
    return any(mark in data for mark in _PLAN_MARKS)


def _head(path: str) -> bytes:
    try:
        with open(path, "rb") as stream:
            return stream.read(_HEAD_BYTES)
    except OSError:
        return b""


def _inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
