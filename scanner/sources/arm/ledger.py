"""What the ledger says of a template: one entry for the file, one for each link that leads out of the tree, notes."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from scanner.documents import Problem as Unreadable
from scanner.model.ledger import LedgerEntry, State
from scanner.sources.arm.evaluation import Evaluated
from scanner.sources.arm.program import Program
from scanner.sources.arm.run import Problem

_MAX_NAMED: Final = 3


def file_entry(name: str, program: Program, evaluated: Sequence[Evaluated], resources: int) -> LedgerEntry:
    """Return the entry of a template that was evaluated once or several times."""
    problems = [problem for one in evaluated for problem in one.problems if problem.incomplete]
    faults = [Problem(message, program, place, True) for message, place in program.faults]
    incomplete = _distinct([*faults, *problems])
    if incomplete:
        first = incomplete[0]
        line, column = position(first)
        where = f"{first.program.file}: " if first.program.file != name else ""
        more = f"; and {len(incomplete) - 1} more" if len(incomplete) > 1 else ""
        state = State.PARTIAL if resources else State.UNPARSED
        line, column = (None, None) if where else (line, column)
        return LedgerEntry(name, state, f"{where}{first.message}{more}", line, column, resources, incomplete=True)
    return LedgerEntry(name, State.SCANNED, "" if resources else _why_none(program), resources=resources)


def _distinct(problems: Iterable[Problem]) -> list[Problem]:
    return list({(problem.message, repr(problem.place)): problem for problem in problems}.values())


def _why_none(program: Program) -> str:
    if not program.resources and not program.modules:
        return "it declares no resources"
    references = [declaration.existing for declaration in program.resources]
    references += [module.existing for module in program.modules]
    if all(references):
        return "it only refers to resources that exist"
    return "nothing that it declares is deployed: conditions are false, loops and nested deployments are empty"


def outside_entries(name: str, evaluated: Iterable[Evaluated]) -> Iterator[LedgerEntry]:
    """Yield an entry for each program that is not in the tree and was never meant to be."""
    seen: set[str] = set()
    for one in evaluated:
        for problem in one.problems:
            if problem.outside and problem.message not in seen:
                seen.add(problem.message)
                line, column = position(problem)
                input_ = problem.input or f"{problem.program.file}#{len(seen)}"
                yield LedgerEntry(input_, State.UNSUPPORTED, problem.message, line, column)


def notes(problems: Iterable[Problem], evaluated: Iterable[Evaluated]) -> Iterator[LedgerEntry]:
    """Yield what depends on values the template is not given, and the parameters without any."""
    told: set[tuple[object, ...]] = set()
    for problem in (*problems, *(problem for one in evaluated for problem in one.problems)):
        if not problem.incomplete and not problem.outside:
            entry = LedgerEntry(problem.program.file, State.SCANNED, problem.message, *position(problem))
            if entry not in told:
                told.add(entry)
                yield entry
    for one in evaluated:
        for entry in _valueless(one):
            if entry not in told:
                told.add(entry)
                yield entry


def _valueless(evaluated: Evaluated) -> Iterator[LedgerEntry]:
    by_program: dict[str, list[str]] = {}
    for program, declaration in evaluated.valueless:
        by_program.setdefault(program.file, []).append(f"'{declaration.name[:80]}'")
    for file, names in by_program.items():
        named = ", ".join(names[:_MAX_NAMED])
        more = f" and {len(names) - _MAX_NAMED} more" if len(names) > _MAX_NAMED else ""
        what = "the parameter" if len(names) == 1 else "the parameters"
        have = "has" if len(names) == 1 else "have"
        message = f"{what} {named}{more} {have} no value: what depends on it is unknown"
        yield LedgerEntry(file, State.SCANNED, message)  # no place: finding one would cost more than the evaluation


def unreadable_note(name: str, problem: Unreadable) -> LedgerEntry:
    """Return the note about something suspicious in a text that was read."""
    return LedgerEntry(name, State.SCANNED, problem.reason, problem.line, problem.column)


def position(problem: Problem) -> tuple[int | None, int | None]:
    """Return line and column of a problem, where they are known."""
    program = problem.program
    if program.locate is None or problem.place is None:
        return None, None
    region = program.locate(program, problem.place)
    return (region.line, region.column) if region is not None else (None, None)
