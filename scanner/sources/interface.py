"""What a Source is to the engine: a supplier of pages.

A page is the unit of work: one file, one page of an API listing. Pages are small, picklable and independent of each
other, so that they can be read on any worker, and their content is dropped as soon as it has been judged.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field

from scanner.model.exemption import Exemption
from scanner.model.ledger import LedgerEntry
from scanner.model.resource import Resource


@dataclass(frozen=True, slots=True)
class PageContent:
    """What one page held."""

    resources: tuple[Resource, ...] = ()
    """In document order."""
    entries: tuple[LedgerEntry, ...] = ()
    """One or more per page: whatever was and was not read."""
    exemptions: tuple[Exemption, ...] = field(default=())
    """Inline exemptions, in document order."""
    notes: tuple[LedgerEntry, ...] = field(default=())
    """Malformed inline exemptions and the like: reported, not counted as inputs."""


class Page(ABC):
    """One unit of input, not read yet. Picklable."""

    @property
    @abstractmethod
    def name(self) -> str:
        """The input's name in the ledger: its path as reports print it."""

    @property
    def size_bytes(self) -> int:
        """Size of the input where it is known, else 0; decides whether workers are worth starting."""
        return 0

    @abstractmethod
    def read(self) -> PageContent:
        """Read, parse and normalise it. Never raises for a fault of the input: that is a ledger entry."""


class Source(ABC):
    """A place Resources are read from."""

    kind: str
    """Short name, such as ``manifests``."""

    @abstractmethod
    def pages(self) -> Iterator[Page]:
        """Yield its pages in a stable order."""

    def entries(self) -> tuple[LedgerEntry, ...]:
        """What never became a page (excluded, unreachable, foreign files); complete once ``pages`` is exhausted."""
        return ()
