"""What the evaluation of one file shares: its bounds, and what it has to say about what it could not evaluate."""

from typing import Any, Final, NamedTuple, Protocol

from scanner.sources.arm.program import Missing, ParameterDeclaration, Program
from scanner.sources.arm.values import Budget, EvaluationError, Token, braced

MAX_VALUES: Final = 5_000_000
"""Values that one file may expand to."""
MAX_DEPTH: Final = 60
"""Variables, parameters, functions and deployments whose values wait for each other."""
MAX_DEPLOYMENTS: Final = 2_000
"""Nested deployments of one file."""
MAX_NESTING: Final = 24
"""Deployments inside of each other."""
MAX_OBJECTS: Final = 50_000
"""Resources of one file."""
_MAX_PROBLEMS: Final = 200
_FAULT_COST: Final = 20


class Problem(NamedTuple):
    """Something that the evaluation objects to."""

    message: str
    program: Program
    place: Any
    """A handle of the program, or the text of an expression of it; None for the file."""
    incomplete: bool
    """Whether something stays unknown that the template does say; else it depends on values it is not given."""
    input: str = ""
    """What the ledger calls it, where it is not the file of the program."""
    outside: bool = False
    """Whether it is a program that is not in the tree, and was never meant to be."""


class Releasable(Protocol):
    """What holds evaluated values."""

    def release(self) -> None:
        """Let go of them."""


class Run:
    """Bounds and problems of one file."""

    def __init__(self) -> None:
        self.budget = Budget(MAX_VALUES)
        self.problems: dict[tuple[str, str, Any], Problem] = {}
        self.valueless: dict[tuple[str, str], tuple[Program, ParameterDeclaration]] = {}
        """Parameters that were asked for and have no value."""
        self.started: list[Releasable] = []
        """The deployments."""
        self.deployments = 0
        self._depth = 0

    def release(self) -> None:
        """Let go of everything that was evaluated."""
        for deployment in self.started:
            deployment.release()
        self.started.clear()

    def enter(self) -> None:
        """Go one value deeper. Raises :class:`EvaluationError` where that is too deep."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            self._depth -= 1
            raise EvaluationError(f"more than {MAX_DEPTH} values and functions wait for each other")

    def leave(self) -> None:
        """Come back."""
        self._depth -= 1

    def faulted(self, fault: EvaluationError, program: Program, place: Any) -> Token:
        """Note a fault and return what stands for the value."""
        self.budget.spend(_FAULT_COST)
        place = fault.at if fault.at is not None else place
        self.problem(Problem(fault.message, program, place, not fault.by_value))
        return Token(braced(f"fault:{fault.message}"), fault.message)

    def problem(self, problem: Problem) -> None:
        """Note a problem once."""
        if len(self.problems) < _MAX_PROBLEMS:
            key = (problem.program.file, problem.message, repr(problem.place))
            self.problems.setdefault(key, problem)

    def missing(self, missing: Missing, program: Program, place: Any) -> None:
        """Note a program that is not there."""
        outside = not missing.incomplete
        self.problem(Problem(missing.reason, program, place, missing.incomplete, missing.input, outside))

    def without_value(self, program: Program, declaration: ParameterDeclaration) -> None:
        """Note a parameter that has no value."""
        self.valueless.setdefault((program.file, declaration.name), (program, declaration))
