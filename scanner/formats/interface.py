"""What a Format is: a pure function from a Report to text. It writes no file and chooses no exit code."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass

from scanner.model.finding import Finding
from scanner.report import Report


@dataclass(frozen=True, slots=True)
class Comparison:
    """What became of the Findings between a base and this run; Exemptions are applied on both sides.

    ``introduced``, ``unchanged`` and ``became_unknown`` hold Findings of the Report that is shown; ``fixed`` holds
    those of the base, whose files may no longer exist.
    """

    base: str
    """What was compared with, for people: a Git reference, the name of a baseline file."""
    introduced: tuple[Finding, ...] = ()
    """Fails now, and did not there."""
    fixed: tuple[Finding, ...] = ()
    """Failed there, and does not now."""
    unchanged: tuple[Finding, ...] = ()
    """Fails in both, or is unknown in both."""
    became_unknown: tuple[Finding, ...] = ()
    """Was decided there, and can no longer be."""
    elapsed_s: float = 0.0
    """What judging the base took; 0 where it had not to be judged."""
    peak_bytes: int = 0
    """Largest memory of the process while it did; 0 where that is not known."""


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
    comparison: Comparison | None = None
    """What is new since a base; None where the run compares with nothing."""
    source_link: str = ""
    """Address of a line of a file, with ``{file}``, ``{line}`` and ``{end_line}`` in it; empty for no links.
    See :func:`scanner.formats.links.source_link_of`."""
    summaries: tuple[str, ...] = ()
    """Absolute paths of the Markdown reports that the same run writes to files; ``azure-pipelines`` attaches them."""


class Format(ABC):
    """One output format."""

    name: str
    """What ``--report NAME=PATH`` calls it."""

    @abstractmethod
    def render(self, report: Report, presentation: Presentation) -> Iterator[str]:
        """Yield the whole output in pieces, so that a large Report need not be held twice."""
