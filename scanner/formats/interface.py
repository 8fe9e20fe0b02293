"""What a Format is: a pure function from a Report to text. It writes no file and chooses no exit code."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass

from scanner.report import Report


@dataclass(frozen=True, slots=True)
class Presentation:
    """How a Report is to be shown, as far as the user or the terminal has a say."""

    color: bool = False
    """Whether ANSI colours may be used."""
    width: int = 100
    """Columns of the terminal."""
    include_passes: bool = False
    """Whether pass and skip verdicts are listed too, where the format can."""
    verbose: bool = False


class Format(ABC):
    """One output format."""

    name: str
    """What ``--report NAME=PATH`` calls it."""

    @abstractmethod
    def render(self, report: Report, presentation: Presentation) -> Iterator[str]:
        """Yield the whole output in pieces, so that a large Report need not be held twice."""
