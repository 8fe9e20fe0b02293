"""What reading a plan or a state gives: Instances, and everything that stood in the way."""

from typing import NamedTuple

from scanner.sources.terraform.instance import Instance


class Problem(NamedTuple):
    """Something of a plan or state that could not be read, or that a reader should know."""

    message: str
    """One sentence in lower case, without values of the file."""
    line: int | None = None
    column: int | None = None
    incomplete: bool = True
    """Whether something that should be judged is not."""


class Read(NamedTuple):
    """What one plan or state holds."""

    kind: str
    """``plan`` or ``state``."""
    instances: tuple[Instance, ...] = ()
    """In the order of the file."""
    problems: tuple[Problem, ...] = ()


class RefusedError(Exception):
    """Nothing of the file can be read; holds the Problem."""

    def __init__(self, message: str, *, incomplete: bool = True) -> None:
        super().__init__(message)
        self.problem = Problem(message, incomplete=incomplete)
