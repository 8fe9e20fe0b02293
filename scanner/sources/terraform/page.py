"""A root module under one environment as a page: everything its configuration gives, and the ledger of its files."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from scanner.model.ledger import LedgerEntry
from scanner.model.resource import Resource
from scanner.sources.interface import Locator, Page, PageContent
from scanner.sources.terraform.configuration.collector import paused_collector
from scanner.sources.terraform.configuration.module import SourceFile
from scanner.sources.terraform.exemptions import NO_INLINE, Inline, find_exemptions
from scanner.sources.terraform.instance import Instance
from scanner.sources.terraform.ledger import (
    NO_INSTANCE,
    file_entries,
    further_faults,
    judged_alone,
    notes,
    resource_notes,
    unmapped_entry,
    unread_modules,
)
from scanner.sources.terraform.resources import ResourceLocator, Setting, Settled, own_places, settle
from scanner.sources.terraform.roots import Configured, RootSettings

_STATE = ("backend", "cloud")


class Root(NamedTuple):
    """A root module as the Source found it."""

    folder: str
    """To open it by."""
    name: str
    """As reports print it; ``.`` for the base."""
    size_bytes: int
    """Of its own files."""


class RootPage(Page):
    """One root module, evaluated for one environment."""

    def __init__(
        self,
        root: Root,
        settings: RootSettings,
        *,
        environment: str = "",
        var_files: tuple[str, ...] = (),
        requested: frozenset[str] | None = None,
        inline_exemptions: bool = True,
    ) -> None:
        """Take what is read; ``requested`` are names of files: only what they declare is reported, None for all."""
        self._root = root
        self._settings = settings
        self._environment = environment
        self._var_files = var_files
        self._requested = requested
        self._inline_exemptions = inline_exemptions
        self._locator: Locator | None = None

    @property
    def name(self) -> str:
        """The folder as reports print it, and the environment."""
        return f"{self._root.name} [{self._environment}]" if self._environment else self._root.name

    @property
    def size_bytes(self) -> int:
        """Size of the root's own files."""
        return self._root.size_bytes

    def read(self) -> PageContent:
        """Evaluate the root module and translate what it gives."""
        with paused_collector():
            return self._read()

    def _read(self) -> PageContent:
        configured = Configured(self._root.folder, self._settings, self._var_files)
        evaluated = configured.evaluated
        alone = judged_alone(configured.tree.module(self._root.folder), configured.given_variables())
        setting = Setting(self._root.name, self._environment, self.name, self._root.name)
        settled = settle(_judged(evaluated.instances, configured, alone), setting, self._settings.deploy)
        self._locator = ResourceLocator(settled, own_places)
        resources, beside = self._parted(settled)
        inline = self._inline(configured, settled, resources)
        told = (*further_faults(evaluated), *notes(evaluated), *resource_notes(settled.notes), *inline.notes)
        return PageContent(
            resources,
            (*self._entries(configured, resources, alone), *self._unmapped(settled)),
            inline.exemptions,
            tuple(entry for entry in told if self._wants(entry.input)),
            beside,
        )

    def _parted(self, settled: Settled) -> tuple[tuple[Resource, ...], tuple[Resource, ...]]:
        """Return the Resources that were asked for, and those of the same root that were not."""
        if self._requested is None:
            return tuple(settled.resources), ()
        asked: list[Resource] = []
        beside: list[Resource] = []
        for resource in settled.resources:
            (asked if self._wants_any(settled.instances(resource.key)) else beside).append(resource)
        return tuple(asked), tuple(beside) if asked else ()

    def locator(self) -> Locator:
        """Hand over what finds the places of the last read; the page keeps nothing."""
        locator, self._locator = self._locator, None
        return super().locator() if locator is None else locator

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "_locator": None}

    def _wants_any(self, instances: Iterable[Instance]) -> bool:
        return self._requested is None or any(instance.file in self._requested for instance in instances)

    def _wants(self, file: str) -> bool:
        return self._requested is None or file in self._requested

    def _entries(self, configured: Configured, resources: Iterable[Resource], alone: str) -> Iterator[LedgerEntry]:
        module = configured.tree.module(self._root.folder)
        said = {file.name: alone for file in module.files}
        living = {instance.file.rpartition("/")[0] for instance in configured.evaluated.instances}
        for other in configured.modules():
            if other.resources and other is not module and not living.intersection(map(_folder, other.files)):
                said.update({file.name: NO_INSTANCE for file in other.files})
        numbers = Counter(resource.origin.file for resource in resources)
        for entry in file_entries(configured.evaluated, configured.files(), numbers, said):
            if self._wants(entry.input):
                yield entry
        for entry in unread_modules(configured.evaluated):
            if self._wants(entry.input.rpartition("#")[0]):
                yield entry

    def _inline(self, configured: Configured, settled: Settled, resources: Sequence[Resource]) -> Inline:
        if not self._inline_exemptions:
            return NO_INLINE
        return find_exemptions(configured.files_with_exemptions(), resources, settled)

    def _unmapped(self, settled: Settled) -> list[LedgerEntry]:
        return unmapped_entry(self.name, settled.unmapped) if self._requested is None else []


def _judged(instances: Iterable[Instance], configured: Configured, alone: str) -> Iterable[Instance]:
    """Return ``instances`` without the settings of a folder that is only meant to be called.

    Such a one lacks values for its variables and says neither where its state is kept nor how a provider is set up. It
    has no state to keep.
    """
    module = configured.tree.module(configured.folder)
    keeps_state = any(block.type in _STATE for declared in module.settings for block in declared.block.body.blocks)
    if not alone or module.providers or keeps_state:
        return instances
    return [instance for instance in instances if instance.mode != "settings"]


def _folder(file: SourceFile) -> str:
    return file.name.rpartition("/")[0]
