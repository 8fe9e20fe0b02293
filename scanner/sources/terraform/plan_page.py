"""A plan or state as a page: what it holds as Resources, and its findings at the lines of the configuration beside it.

A plan beside its configuration is joined with it by address, so that a Finding points at the line to correct and an
exemption written there holds for the plan too. Without it the places are those in the JSON itself, whose text no report
shows: it is full of secrets.
"""

import os
from functools import partial
from typing import NamedTuple

from scanner.model.ledger import LedgerEntry, State
from scanner.sources.files import Unreadable, read_bytes
from scanner.sources.interface import Locator, Page, PageContent
from scanner.sources.terraform.beside import Beside, PlanOrigins, refine
from scanner.sources.terraform.configuration.collector import paused_collector
from scanner.sources.terraform.exemptions import COVERS_NOTHING, NO_INLINE, Inline, find_exemptions
from scanner.sources.terraform.ledger import resource_notes, unmapped_entry
from scanner.sources.terraform.plan import PLAN, Problem, Read, read_terraform_json
from scanner.sources.terraform.resources import ResourceLocator, Setting, Settled, settle
from scanner.sources.terraform.roots import Configured, RootSettings
from scanner.sources.walk import Found, printable

MAX_BYTES = 512 * 1024 * 1024
"""Size of a plan or state that is read; other JSON has a smaller bound."""


class PlanSettings(NamedTuple):
    """What the plan pages of a run share."""

    base: str
    """Folder that the names of files are relative to."""
    roots: RootSettings | None = None
    """How the configuration beside a plan is evaluated; None where it is not to be looked at."""
    inline_exemptions: bool = True


class PlanPage(Page):
    """One plan or state."""

    def __init__(self, found: Found, settings: PlanSettings, data: bytes | None = None) -> None:
        """Take the file; ``data`` is its content where there is no file to read it from."""
        self._found = found
        self._settings = settings
        self._data = data
        self._locator: Locator | None = None

    def __getstate__(self) -> tuple[Found, PlanSettings, bytes | None]:
        return self._found, self._settings, self._data

    def __setstate__(self, state: tuple[Found, PlanSettings, bytes | None]) -> None:
        self._found, self._settings, self._data = state
        self._locator = None

    @property
    def name(self) -> str:
        """The file as reports print it."""
        return printable(self._found.name)

    @property
    def size_bytes(self) -> int:
        """Size of the file when the Source looked at it."""
        return self._found.size_bytes

    def read(self) -> PageContent:
        """Read it and translate what it holds."""
        self._locator = None
        data: bytes | Unreadable = self._data if self._data is not None else read_bytes(self._found.path, MAX_BYTES)
        if isinstance(data, Unreadable):
            return PageContent(entries=(LedgerEntry(self.name, data.state, data.reason, incomplete=True),))
        with paused_collector():
            content, self._locator = read_plan_page(data, self._found, self._settings)
        return content

    def locator(self) -> Locator:
        """Hand over what finds the places of the last read; the page keeps nothing."""
        locator, self._locator = self._locator, None
        return super().locator() if locator is None else locator


def read_plan_page(data: bytes, found: Found, settings: PlanSettings) -> tuple[PageContent, Locator]:
    """Return what a plan or state holds, and what finds places in it until the next is read.

    ``data`` is what :func:`scanner.sources.terraform.plan.is_terraform_json` has recognised. It is not kept; for places
    in the JSON the file is read again.
    """
    name = printable(found.name)
    again = partial(_bytes, found.path) if found.path else lambda: data
    read = read_terraform_json(data, name, again)
    folder = os.path.dirname(found.path)
    root = printable(os.path.dirname(found.name)) or "."
    beside = Beside(_configured(read, folder, settings))
    if beside.configured is not None:
        refine(read.instances, beside)
    deploy = settings.roots.deploy if settings.roots is not None else None
    settled = settle(read.instances, Setting(root, "", name, name), deploy)
    inline = _exemptions(settled, beside, settings)
    content = PageContent(
        tuple(settled.resources),
        tuple(_entries(name, read, settled)),
        inline.exemptions,
        (*(_note(name, problem) for problem in read.problems[1:]), *resource_notes(settled.notes), *inline.notes),
    )
    return content, ResourceLocator(settled, beside.places, name)


def _configured(read: Read, folder: str, settings: PlanSettings) -> Configured | None:
    if read.kind != PLAN or not read.instances or settings.roots is None or not folder:
        return None
    configured = Configured(folder, settings.roots)
    return configured if configured.exists else None


def _exemptions(settled: Settled, beside: Beside, settings: PlanSettings) -> Inline:
    """Return the exemptions of the configuration, for the Resources of the plan."""
    configured = beside.configured
    if configured is None or not settings.inline_exemptions:
        return NO_INLINE
    files = list(configured.files_with_exemptions())
    if not files:
        return NO_INLINE

    found = find_exemptions(files, settled.resources, PlanOrigins(settled, beside))
    malformed = tuple(note for note in found.notes if not note.reason.startswith(COVERS_NOTHING))
    return Inline(found.exemptions, malformed)  # a plan need not hold everything that its configuration declares


def _entries(name: str, read: Read, settled: Settled) -> list[LedgerEntry]:
    """Return the entry of the file, and one for what no rule can be asked about."""
    number = len(settled.resources)
    first = read.problems[0] if read.problems else None
    incomplete = any(problem.incomplete for problem in read.problems)
    if first is None:
        reason = "" if read.instances else f"a {read.kind} without resources"
        entries = [LedgerEntry(name, State.SCANNED, reason, resources=number)]
    else:
        state = State.PARTIAL if read.instances else State.UNPARSED if incomplete else State.UNSUPPORTED
        more = f"; and {len(read.problems) - 1} more" if len(read.problems) > 1 else ""
        entries = [
            LedgerEntry(name, state, first.message + more, first.line, first.column, number, incomplete=incomplete)
        ]
    return [*entries, *unmapped_entry(name, settled.unmapped)]


def _note(name: str, problem: Problem) -> LedgerEntry:
    return LedgerEntry(name, State.SCANNED, problem.message, problem.line, problem.column)


def _bytes(path: str) -> bytes:
    data = read_bytes(path, MAX_BYTES)
    return b"" if isinstance(data, Unreadable) else data
