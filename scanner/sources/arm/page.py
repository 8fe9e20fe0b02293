"""One JSON file of ARM as a page: a template with its parameters files gives Resources, everything gives an entry."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from scanner.canonical.arm_object import ArmObject
from scanner.documents import DEFAULT_LIMITS, Limits, Problem
from scanner.model.ledger import LedgerEntry, State
from scanner.sources.arm.evaluation import Evaluated, evaluate
from scanner.sources.arm.file import PARAMETERS, TEMPLATE, USER_INTERFACE, JsonFile, kind_of, read_file
from scanner.sources.arm.ledger import file_entry, notes, outside_entries, unreadable_note
from scanner.sources.arm.links import TreeLinks
from scanner.sources.arm.parameters import ParametersFile, check_parameters, read_parameters
from scanner.sources.arm.program import Supplied
from scanner.sources.arm.resources import Settled
from scanner.sources.arm.run import Problem as Objection
from scanner.sources.arm.targets import ANYWHERE, Target
from scanner.sources.arm.template import lower
from scanner.sources.files import Unreadable, read_bytes
from scanner.sources.interface import Locator, Page, PageContent

KIND: Final = "arm"

NOT_ARM: Final = "it is neither a template nor its parameters, though it speaks of one"
_INTERFACE: Final = "a user interface definition of the portal"


@dataclass(frozen=True, slots=True)
class ArmContext:
    """What is known of a file beside its content."""

    name: str
    """As reports print it."""
    path: str = ""
    """Absolute; empty where there is no file (standard input): then nothing is paired and no link followed."""
    base: str = ""
    """Folder that the names in reports are relative to; absolute."""
    root: str = ""
    """Folder that nothing outside of is opened; that of the file where it is empty."""
    limits: Limits = DEFAULT_LIMITS
    target: Target = ANYWHERE
    """Where templates are deployed to, as far as the configuration says it."""
    parameters: Mapping[str, str] | None = None
    """Environment → absolute path of a parameters file; None for those that are named after the template."""


class ArmPage(Page):
    """A file that holds ARM."""

    def __init__(self, context: ArmContext, data: bytes | None = None, size_bytes: int = 0) -> None:
        """Take the file; ``data`` is its content where that is read already."""
        self._context = context
        self._data = data
        self._size_bytes = size_bytes
        self._locator: Locator | None = None

    @property
    def name(self) -> str:
        """The file as reports print it."""
        return self._context.name

    @property
    def size_bytes(self) -> int:
        """Size of the file."""
        return self._size_bytes

    def read(self) -> PageContent:
        """Read and evaluate the file."""
        self._locator = None
        context = self._context
        data = self._data if self._data is not None else read_bytes(context.path, context.limits.max_bytes)
        if isinstance(data, Unreadable):
            return PageContent(entries=(LedgerEntry(self.name, data.state, data.reason, incomplete=True),))
        content, self._locator = read_arm(data, context)
        return content

    def locator(self) -> Locator:
        """Hand over what finds the places of the last read; the page keeps nothing."""
        locator, self._locator = self._locator, None
        return super().locator() if locator is None else locator

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "_locator": None}


def read_arm(data: bytes, context: ArmContext) -> tuple[PageContent, Locator | None]:
    """Return what a file holds, and what finds the places of its Resources."""
    file = read_file(data, context.name, context.limits)
    if isinstance(file, Problem):
        reason = file.reason if file.line is None else f"cannot read the JSON: {file.reason}"
        entry = LedgerEntry(context.name, State.UNPARSED, reason, file.line, file.column, incomplete=True)
        return PageContent(entries=(entry,)), None
    kind, _ = kind_of(file.value)
    if kind == TEMPLATE:
        return _template(file, context)
    return PageContent(entries=(_other(kind, file, context),), notes=_suspicious(file)), None


def _other(kind: str, file: JsonFile, context: ArmContext) -> LedgerEntry:
    if kind == USER_INTERFACE:
        return LedgerEntry(context.name, State.UNSUPPORTED, _INTERFACE)
    if kind != PARAMETERS:
        is_resource = isinstance(file.value, dict) and isinstance(file.value.get("type"), str)
        what = f"a resource of type {file.value['type'][:120]} outside of a template" if is_resource else NOT_ARM
        return LedgerEntry(context.name, State.UNSUPPORTED, what)
    template = template_of(context.path) if context.path else None
    if template is None:
        return LedgerEntry(context.name, State.SCANNED, "parameters; no template beside it has its name")
    return LedgerEntry(context.name, State.SCANNED, f"the parameters of {os.path.basename(template)}")


def _template(file: JsonFile, context: ArmContext) -> tuple[PageContent, Locator]:
    root = context.root or os.path.dirname(context.path) or os.curdir
    program = lower(file, TreeLinks(context.base or root, root, context.limits))
    objections: list[Objection] = []
    told: list[LedgerEntry] = list(_suspicious(file))
    evaluated: list[Evaluated] = []
    objects: list[ArmObject] = []
    for environment, given in _given(context, told):
        values: Mapping[str, Supplied] = {}
        if given is not None:
            objections += check_parameters(given, program)
            values = given.values
        one = evaluate(program, values, context.target, environment)
        evaluated.append(one)
        objects += one.objects
        one.release()
    settled = Settled(objects, KIND, context.name)
    entry = file_entry(context.name, program, evaluated, len(settled.resources))
    entries = (entry, *outside_entries(context.name, evaluated))
    told += notes(objections, evaluated)
    return PageContent(tuple(settled.resources), entries, notes=tuple(told)), settled.locate


def _suspicious(file: JsonFile) -> tuple[LedgerEntry, ...]:
    return tuple(unreadable_note(file.name, note) for note in file.notes)


def _given(context: ArmContext, told: list[LedgerEntry]) -> Iterator[tuple[str, ParametersFile | None]]:
    """Yield (environment, values) for each parameters file of a template; once without any where there is none."""
    paths = context.parameters
    if paths is None:
        found = parameters_of(context.path) if context.path else ()
        paths = {_environment(context.path, path) if len(found) > 1 else "": path for path in found}
    read = [(environment, _read_parameters(path, context, told)) for environment, path in paths.items()]
    readable = [(environment, given) for environment, given in read if given is not None]
    if not readable:
        yield "", None
    yield from readable


def _read_parameters(path: str, context: ArmContext, told: list[LedgerEntry]) -> ParametersFile | None:
    name = os.path.relpath(path, context.base).replace(os.sep, "/") if context.base else os.path.basename(path)
    data = read_bytes(path, context.limits.max_bytes)
    if isinstance(data, Unreadable):
        told.append(LedgerEntry(name, State.SCANNED, f"cannot read the parameters file: {data.reason}"))
        return None
    file = read_file(data, name, context.limits)
    if isinstance(file, Problem):
        reason = f"cannot read the parameters file: {file.reason}"
        told.append(LedgerEntry(name, State.SCANNED, reason, file.line, file.column))
        return None
    if kind_of(file.value)[0] != PARAMETERS:
        told.append(LedgerEntry(name, State.SCANNED, "named like a parameters file, and none"))
        return None
    return read_parameters(file)


def parameters_of(path: str) -> Sequence[str]:
    """Return the parameters files that are named after a template, sorted.

    Of ``main.json`` they are ``main.parameters.json``, and where that is not there
    ``main.parameters.<environment>.json`` and ``main.<environment>.parameters.json``.
    """
    folder, name = os.path.split(path)
    stem = name.rpartition(".")[0]
    exact = os.path.join(folder, f"{stem}.parameters.json")
    if os.path.isfile(exact):
        return (exact,)
    try:
        names = sorted(os.listdir(folder or os.curdir))
    except OSError:
        return ()
    return [os.path.join(folder, other) for other in names if _is_named_after(other, stem)]


def template_of(path: str) -> str | None:
    """Return the template that a parameters file is named after; None where there is none."""
    folder, name = os.path.split(path)
    stem = name.rpartition(".")[0]
    at = stem.lower().find(".parameters")
    if at < 0:
        return None
    head = stem[:at]
    for candidate in (head, head.rpartition(".")[0]):
        template = os.path.join(folder, f"{candidate}.json")
        if candidate and os.path.isfile(template):
            return template
    return None


def _is_named_after(name: str, stem: str) -> bool:
    if not name.startswith(f"{stem}.") or not name.endswith(".json"):
        return False
    middle = name[len(stem) + 1 : -len(".json")].split(".")
    return len(middle) == 2 and "parameters" in middle


def _environment(template: str, path: str) -> str:
    stem = os.path.basename(template).rpartition(".")[0]
    middle = os.path.basename(path)[len(stem) + 1 : -len(".json")].split(".")
    return next((part for part in middle if part != "parameters"), "")
