"""What the ledger says of a root module: one entry for each file, and one for what no rule can be asked about."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from scanner.model.ledger import LedgerEntry, State
from scanner.sources.terraform.configuration import Evaluated, Fault
from scanner.sources.terraform.configuration.module import Module, SourceFile

NO_INSTANCE = "no instance of its module is made"
"""What is said of the files of a module that is called, but never with an instance."""

_MOST_NAMED = 10
_UNREAD = re.compile(r"(module\.\S+) was not read: ")
"""What the evaluator says of a module that is not in the tree."""


def file_entries(
    evaluated: Evaluated, files: Mapping[str, SourceFile], resources: Mapping[str, int], said: Mapping[str, str]
) -> Iterator[LedgerEntry]:
    """Yield the entry of every file that was read for a root, in the order of names.

    ``files`` are the parsed ones, ``resources`` counts Resources by file, ``said`` is what else is to be said of some.
    """
    faults: defaultdict[str, list[Fault]] = defaultdict(list)
    for fault in evaluated.faults:
        faults[fault.file].append(fault)
    for name in sorted({*evaluated.files, *files, *faults}):
        yield _entry(name, files.get(name), resources.get(name, 0), faults[name], said.get(name, ""))


def further_faults(evaluated: Evaluated) -> Iterator[LedgerEntry]:
    """Yield all faults of a file but the first, which its entry names."""
    seen: set[str] = set()
    for fault in evaluated.faults:
        if fault.file in seen:
            yield _note(fault)
        seen.add(fault.file)


def notes(evaluated: Evaluated) -> Iterator[LedgerEntry]:
    """Yield what a reader should know and nothing is wrong with."""
    yield from (_note(fault) for fault in evaluated.notes if not _UNREAD.match(fault.message))


def unread_modules(evaluated: Evaluated) -> Iterator[LedgerEntry]:
    """Yield an entry for every call of a module that is not in the tree: what it holds is not judged."""
    for fault in evaluated.notes:
        unread = _UNREAD.match(fault.message)
        if unread is not None:
            entry = _note(fault)
            yield entry._replace(input=f"{fault.file}#{unread[1]}", state=State.UNSUPPORTED)


def resource_notes(found: Iterable[tuple[str, str, str]]) -> Iterator[LedgerEntry]:
    """Yield what is to be said of single resources: address, file and reason."""
    for address, file, reason in found:
        yield LedgerEntry(file, State.SCANNED, f"{address}: {reason}")


def _note(fault: Fault) -> LedgerEntry:
    region = fault.region
    line, column = (region.line, region.column) if region is not None else (None, None)
    return LedgerEntry(fault.file, State.SCANNED, fault.message, line, column)


def unmapped_entry(name: str, unmapped: Mapping[str, int]) -> list[LedgerEntry]:
    """Return the entry for Terraform types that no map translates; none where there are none."""
    if not unmapped:
        return []
    ordered = sorted(Counter(unmapped).items(), key=lambda item: (-item[1], item[0]))
    named = ", ".join(f"{type_} ({number})" if number > 1 else type_ for type_, number in ordered[:_MOST_NAMED])
    more = f" and {len(ordered) - _MOST_NAMED} more types" if len(ordered) > _MOST_NAMED else ""
    number = sum(unmapped.values())
    what = "1 resource is of a type" if number == 1 else f"{number} resources are of types"
    return [LedgerEntry(name, State.UNSUPPORTED, f"{what} that no rule knows: {named}{more}")]


def judged_alone(module: Module, given: Iterable[str]) -> str:
    """Return what to say of a module that nothing calls and that has variables without a value; else ``""``."""
    known = set(given)
    missing = [
        f"var.{name}"
        for name, variable in module.variables.items()
        if variable.attribute("default") is None and name not in known
    ]
    return f"nothing calls this module, and {_listed(missing)} no value" if missing else ""


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:3])
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"{shown}{more} {'has' if len(names) == 1 else 'have'}"


def _entry(name: str, file: SourceFile | None, resources: int, faults: Sequence[Fault], said: str) -> LedgerEntry:
    if not faults:
        reason = said if file is not None else "variables"
        return LedgerEntry(name, State.SCANNED, reason, resources=resources)
    first = faults[0]
    more = f"; and {len(faults) - 1} more" if len(faults) > 1 else ""
    unread = file is not None and _is_empty(file)
    state = State.UNPARSED if unread else State.PARTIAL
    line, column = (first.region.line, first.region.column) if first.region is not None else (None, None)
    return LedgerEntry(name, state, first.message + more, line, column, resources, incomplete=True)


def _is_empty(file: SourceFile) -> bool:
    """Whether nothing of a file with a fault could be read."""
    return file.body is None or (bool(file.faults) and not (file.body.blocks or file.body.attributes))
