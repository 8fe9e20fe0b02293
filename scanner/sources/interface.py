"""What a Source is to the engine: a supplier of pages.

A page is the unit of work: one file, one page of an API listing. Pages are small, picklable and independent of each
other, so that they can be read on any worker, and their content is dropped as soon as it has been judged.
"""

import hashlib
import pickle
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from scanner.model.exemption import Exemption
from scanner.model.ledger import LedgerEntry
from scanner.model.location import Origin, Placed, Region
from scanner.model.path import Path
from scanner.model.resource import Resource

Locator: TypeAlias = Callable[[Origin, Path], Region | Placed | None]
"""Finds an attribute path (relative to the Resource) of the Resource that has this origin: its region in the origin's
file, or its place where that may be another file or was reached through others."""


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
    beside: tuple[Resource, ...] = ()
    """What is declared together with ``resources`` in files that nobody asked for: looked up, never judged. Without it
    a file alone would lack whatever is declared for its resources elsewhere."""


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

    def stamp(self) -> bytes:
        """Digest that is another where the page holds something else; empty where that cannot be told.

        By default it is over the page itself: right for pages that hold their bytes.
        """
        return hashlib.blake2b(pickle.dumps(self), digest_size=16).digest()

    @abstractmethod
    def read(self) -> PageContent:
        """Read, parse and normalise it. Never raises for a fault of the input: that is a ledger entry."""

    def locator(self) -> Locator:
        """Return what finds places in the content of the last :meth:`read`, without reading the input again if it can.

        Ask once after each read: a page may hand over what it kept for this and keep nothing itself.
        """
        return _locate_by_origin


class Source(ABC):
    """A place Resources are read from."""

    kind: str
    """Short name, such as ``manifests``."""

    @abstractmethod
    def pages(self) -> Iterator[Page]:
        """Yield its pages in a stable order."""

    def places(self) -> Iterator[Page]:
        """Yield the pages that say whose Resources are: those with Namespaces, resource groups, subscriptions.

        An audit reads these first. They are among ``pages`` too; by default they are all of them.
        """
        return self.pages()

    def entries(self) -> tuple[LedgerEntry, ...]:
        """What never became a page (excluded, unreachable, foreign files); complete once ``pages`` is exhausted."""
        return ()


def _locate_by_origin(origin: Origin, path: Path) -> Region | None:
    return origin.location(path).region
