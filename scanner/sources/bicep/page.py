"""A root ``.bicep`` file with its parameters as a page: everything it deploys, and the ledger of its files."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from scanner.model.ledger import LedgerEntry, State
from scanner.sources.arm.evaluation import Evaluated, evaluate
from scanner.sources.arm.parameters import check_parameters
from scanner.sources.arm.program import Missing, Program, Supplied
from scanner.sources.arm.run import Problem
from scanner.sources.arm.targets import Target
from scanner.sources.bicep.exemptions import NO_INLINE, find_exemptions
from scanner.sources.bicep.files import PARAMETERS, BicepFile, Tree
from scanner.sources.bicep.modules import Registry
from scanner.sources.bicep.parameters import read_json_parameters, read_parameters
from scanner.sources.bicep.resources import Settled
from scanner.sources.bicep.workspace import Workspace
from scanner.sources.files import Unreadable
from scanner.sources.interface import Locator, Page, PageContent

_MOST_NAMED = 3


class BicepSettings(NamedTuple):
    """How root files are evaluated; picklable."""

    run: str
    """Names the run: what was read is kept for as long as pages of the same run follow."""
    top: str
    """Folder that nothing outside of is opened."""
    base: str
    """Folder that names of files are relative to in reports."""
    caches: tuple[str, ...] = ()
    """See :class:`scanner.sources.bicep.modules.Registry`."""
    aliases: tuple[tuple[str, str], ...] = ()
    target: Target = Target()  # a frozen value
    inline_exemptions: bool = True


@lru_cache(1)
def workspace_of(
    run: str, top: str, base: str, caches: tuple[str, ...], aliases: tuple[tuple[str, str], ...]
) -> Workspace:
    """Return the files of a run: each is parsed once per process, not once per root that calls it."""
    return Workspace(Tree(top, base), Registry(caches, dict(aliases)))


class _Fault(NamedTuple):
    message: str
    line: int | None
    column: int | None


class BicepPage(Page):
    """One root file, evaluated with the values of one parameters file."""

    def __init__(
        self,
        path: str,
        settings: BicepSettings,
        *,
        parameters: str = "",
        environment: str = "",
        size_bytes: int = 0,
        requested: frozenset[str] | None = None,
    ) -> None:
        """Take paths in the tree. ``environment`` tells the pages of one root with several parameters files apart.

        ``requested`` are names of files: only what they declare is reported, None for all.
        """
        self._path = path
        self._settings = settings
        self._parameters = parameters
        self._environment = environment
        self._size_bytes = size_bytes
        self._requested = requested
        self._locator: Locator | None = None

    @property
    def name(self) -> str:
        """The file as reports print it, and the environment."""
        shown = Tree(self._settings.top, self._settings.base).display(self._path)
        return f"{shown} [{self._environment}]" if self._environment else shown

    @property
    def size_bytes(self) -> int:
        """Size of the root file."""
        return self._size_bytes

    def read(self) -> PageContent:
        """Evaluate the file with its parameters."""
        settings = self._settings
        workspace = workspace_of(settings.run, settings.top, settings.base, settings.caches, settings.aliases)
        program = workspace.program(workspace.tree, self._path)
        ledger = _Ledger(workspace)
        if isinstance(program, Missing):
            return PageContent(entries=(_unread(workspace, self._path, program),))
        values = self._values(workspace, ledger, program)
        evaluated = evaluate(program, values, settings.target, self._environment)
        settled = Settled(evaluated.objects, self.name)
        self._locator = settled.locate
        resources = tuple(one for one in settled.resources if self._wants(one.origin.file))
        files = workspace.reachable(workspace.tree, self._path)
        inline = find_exemptions(files, resources, settled) if settings.inline_exemptions else NO_INLINE
        numbers = Counter(resource.origin.file for resource in resources)
        entries, notes = ledger.of(files, evaluated, numbers)
        return PageContent(
            resources,
            tuple(entry for entry in entries if self._wants(entry.input.partition("#")[0])),
            inline.exemptions,
            tuple(entry for entry in (*notes, *inline.notes) if self._wants(entry.input)),
            tuple(one for one in settled.resources if not self._wants(one.origin.file)) if resources else (),
        )

    def _values(self, workspace: Workspace, ledger: _Ledger, program: Program) -> Mapping[str, Supplied]:
        if not self._parameters:
            return {}
        tree = workspace.tree
        if not self._parameters.endswith(PARAMETERS):
            given = read_json_parameters(tree, self._parameters)
            shown = tree.display(self._parameters)
            if isinstance(given, str):
                ledger.unread(shown, given)
                return {}
            ledger.read(shown)
            ledger.problems(check_parameters(given, program))
            return given.values
        file = workspace.open(tree, self._parameters)
        if isinstance(file, Unreadable):
            ledger.unread(tree.display(self._parameters), file.reason)
            return {}
        found = read_parameters(file, workspace, self._settings.target)
        for one in found.programs:
            ledger.faults_of(one)
            ledger.read(one.file)
        ledger.problems(found.problems)
        return found.values

    def locator(self) -> Locator:
        """Hand over what finds the places of the last read; the page keeps nothing."""
        locator, self._locator = self._locator, None
        return super().locator() if locator is None else locator

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "_locator": None}

    def _wants(self, file: str) -> bool:
        return self._requested is None or file in self._requested


def read_bicep(path: str, settings: BicepSettings, parameters: str = "", environment: str = "") -> PageContent:
    """Return what one root file deploys with the values of a parameters file; paths are those in the tree."""
    return BicepPage(path, settings, parameters=parameters, environment=environment).read()


def _unread(workspace: Workspace, path: str, missing: Missing) -> LedgerEntry:
    found = workspace.open(workspace.tree, path)
    state = found.state if isinstance(found, Unreadable) else State.UNPARSED
    return LedgerEntry(workspace.tree.display(path), state, missing.reason, incomplete=True)


class _Ledger:
    """What is said of the files of one page."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._faults: defaultdict[str, list[_Fault]] = defaultdict(list)
        self._notes: list[LedgerEntry] = []
        self._missing: list[LedgerEntry] = []
        self._other: dict[str, str] = {}

    def read(self, shown: str) -> None:
        """Note a file that gave values only."""
        self._other.setdefault(shown, "parameters")

    def unread(self, shown: str, reason: str) -> None:
        """Note a file that cannot be read."""
        self._other.setdefault(shown, "")
        self._faults[shown].append(_Fault(reason, None, None))

    def faults_of(self, program: Program) -> None:
        """Take what lowering objected to."""
        for message, handle in program.faults:
            region = program.locate(program, handle) if program.locate is not None and handle is not None else None
            self._fault(program.file, message, (region.line, region.column) if region is not None else (None, None))

    def problems(self, problems: Iterable[Problem]) -> None:
        """Take what the evaluation objected to."""
        for problem in problems:
            program = problem.program
            located = program.locate is not None and problem.place is not None
            region = program.locate(program, problem.place) if located and program.locate is not None else None
            place = (region.line, region.column) if region is not None else (None, None)
            if problem.outside or problem.input:
                self._missing.append(_missing(problem, place))
            elif problem.incomplete:
                self._fault(program.file, problem.message, place)
            else:
                self._notes.append(LedgerEntry(program.file, State.SCANNED, problem.message, *place))

    def _fault(self, file: str, message: str, place: tuple[int | None, int | None]) -> None:
        fault = _Fault(message, *place)
        others = self._faults[file]
        if all(other.message != message and (other[1:] != fault[1:] or other.line is None) for other in others):
            others.append(fault)

    def of(
        self, files: list[BicepFile], evaluated: Evaluated, resources: Mapping[str, int]
    ) -> tuple[list[LedgerEntry], list[LedgerEntry]]:
        """Return the entries, one for each file and module that is not there, and the notes."""
        for file in files:
            program = self._workspace.program(file.tree, file.path)
            if isinstance(program, Program):
                self.faults_of(program)
        self.problems(evaluated.problems)
        said = self._valueless(evaluated)
        shown = {file.shown: file for file in files}
        for file, reason, offset in self._workspace.notes:
            if file.shown in shown:
                line, column = file.source.position(offset)
                name = f"{file.shown}#{line}"
                self._missing.append(LedgerEntry(name, State.UNSUPPORTED, reason, line, column))
        entries = [
            self._entry(name, shown.get(name), resources.get(name, 0), said.get(name, self._other.get(name, "")))
            for name in sorted({*shown, *resources, *self._other, *self._faults})
        ]
        return [*entries, *dict.fromkeys(self._missing)], [*self._further(), *dict.fromkeys(self._notes)]

    def _valueless(self, evaluated: Evaluated) -> dict[str, str]:
        names: defaultdict[str, list[str]] = defaultdict(list)
        for program, declaration in evaluated.valueless:
            names[program.file].append(declaration.name)
        return {file: f"nothing gives a value to {_listed(found)}" for file, found in names.items()}

    def _entry(self, name: str, file: BicepFile | None, resources: int, said: str) -> LedgerEntry:
        faults = self._faults.get(name)
        if not faults:
            return LedgerEntry(name, State.SCANNED, said, resources=resources)
        faults.sort(key=lambda fault: (fault.line or 0, fault.column or 0))
        first = faults[0]
        more = f"; and {len(faults) - 1} more" if len(faults) > 1 else ""
        unread = file is not None and not file.syntax.statements
        state = State.UNPARSED if unread else State.PARTIAL
        return LedgerEntry(name, state, first.message + more, first.line, first.column, resources, incomplete=True)

    def _further(self) -> Iterator[LedgerEntry]:
        for name, faults in sorted(self._faults.items()):
            for fault in faults[1:]:
                yield LedgerEntry(name, State.SCANNED, *fault)


def _missing(problem: Problem, place: tuple[int | None, int | None]) -> LedgerEntry:
    """Return the entry of a program that is called and not there."""
    if problem.incomplete:
        return LedgerEntry(problem.input, State.UNPARSED, problem.message, incomplete=True)
    file = problem.program.file
    name = problem.input if problem.input.startswith(f"{file}#") else f"{file}#{problem.input or place[0]}"
    return LedgerEntry(name, State.UNSUPPORTED, problem.message, *place)


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:_MOST_NAMED])
    return f"{shown} and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else shown
