"""Where in a text something stands. Lines and columns are one-based code points, as SARIF counts them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from scanner.model.path import Path


class Region(NamedTuple):
    """A stretch of a text file; the end column is one past the last character (SARIF 2.1.0, 3.30)."""

    line: int
    column: int
    end_line: int
    end_column: int


class Location(NamedTuple):
    """A place in an input: the file, the attribute path, and the region where it is known."""

    file: str
    """Path as reports print it: relative to the working directory, ``/`` between parts; ``-`` is standard input."""
    path: Path
    """The attribute path that was asked for; empty for the whole document."""
    region: Region | None = None
    """Region of the attribute, or of its nearest existing ancestor where the attribute is absent."""
    secret: bool = False
    """Whether the text there may hold secrets (a plan, a state), so that no report shows it."""


class Step(NamedTuple):
    """A place that a value, or a whole declaration, came through."""

    role: str
    """Its part in a few words: ``module.tenant is called here``, ``var.tls is set here``."""
    location: Location


class Placed(NamedTuple):
    """Where an attribute stands, in whichever file, and how it came there."""

    location: Location
    trail: tuple[Step, ...] = ()
    """From the place outwards."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a Resource came from, and how to find the place of any of its attributes later."""

    kind: str
    """Kind of Source, such as ``manifests``."""
    file: str
    """See :attr:`Location.file`."""
    document: int = 0
    """Index of the document in its file, from 0."""
    base: Path = ()
    """Path of the Resource inside its document: ``("items", 3)`` for a list element."""
    address: str = ""
    """Declared address, where the input language has one (Terraform)."""
    locate: Callable[["Origin", Path], Region | None] | None = field(default=None, compare=False)
    """Finds the region of an attribute path of this Resource by reading the file again.
    A module-level function, so that an Origin can be pickled."""
    page: str = ""
    """Name of the page it was read from; empty where that is the file."""
    declared: str = ""
    """Identity of the declaration it is an instance of, with instance keys left out: what all instances of one block
    share. Empty where a declaration stands for one Resource only, as in a manifest."""

    def __reduce__(self) -> tuple[type["Origin"], tuple[Any, ...]]:
        # see Resource: what dataclasses do costs five times as much
        return Origin, (
            self.kind,
            self.file,
            self.document,
            self.base,
            self.address,
            self.locate,
            self.page,
            self.declared,
        )

    def location(self, path: Path) -> Location:
        """Return the Location of ``path`` (relative to the Resource); the region is found now."""
        region = self.locate(self, path) if self.locate is not None else None
        return Location(self.file, path, region)
