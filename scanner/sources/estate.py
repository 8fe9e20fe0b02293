"""The Source of the Estate itself: what is declared is judged too.

The Estate is read here a second time, as data: the one that judges may be another version of it (that of the base of a
change), and a Rule looks at a Resource, never at a file. All files of a folder are one Resource.
"""

import os
from collections.abc import Iterator

from scanner.errors import Diagnostic, EstateError
from scanner.estate.load import Declared, files_of, read_estate
from scanner.model.ledger import LedgerEntry, State
from scanner.model.location import Location, Origin, Placed
from scanner.model.path import Path
from scanner.model.resource import Resource
from scanner.model.types import ESTATE
from scanner.sources.interface import Locator, Page, PageContent, Source
from scanner.sources.walk import is_inside, printable


class EstateSource(Source):
    """An Estate: a file, or a folder of its parts."""

    kind = "estate"

    def __init__(self, path: str) -> None:
        """Take the path of the file or folder, as :func:`scanner.estate.load_estate` does."""
        self._path = path

    def pages(self) -> Iterator[Page]:
        """Yield its one page."""
        yield EstatePage(self._path)


class EstatePage(Page):
    """All files of one Estate."""

    def __init__(self, path: str, base: str | None = None) -> None:
        """Take the path of the file or folder; names of files are relative to ``base``, the working directory."""
        self._path = path
        self._base = os.path.abspath(base or os.curdir)
        self._declared: Declared | None = None

    def __getstate__(self) -> tuple[str, str]:
        return self._path, self._base

    def __setstate__(self, state: tuple[str, str]) -> None:
        self._path, self._base = state
        self._declared = None

    @property
    def name(self) -> str:
        """The path of the file or folder, as reports print it."""
        return self._name(self._path)

    @property
    def names(self) -> frozenset[str]:
        """The files it is read from, as reports print them; none where it cannot be found."""
        try:
            return frozenset(map(self._name, files_of(self._path)))
        except EstateError:
            return frozenset()

    def read(self) -> PageContent:
        """Return the Estate as one Resource of its data; or an entry for everything that is wrong with it."""
        try:
            self._declared = declared = read_estate(self._path)
        except EstateError as error:
            found = error.details or (Diagnostic("", None, None, str(error)),)
            return PageContent(entries=tuple(self._not_read(detail) for detail in found))
        name = declared.estate.metadata.name
        files = [self._name(file) for file in declared.estate.positions.files]
        origin = Origin(EstateSource.kind, files[0], page=self.name)
        resource = Resource(f"-/{ESTATE}/-/{name}", ESTATE, declared.data, origin, name=name)
        entries = [LedgerEntry(file, State.SCANNED, resources=int(file == files[0])) for file in files]
        return PageContent((resource,), tuple(entries))

    def locator(self) -> Locator:
        """Return what finds a declaration, in whichever file it stands."""
        declared, self._declared = self._declared, None

        def locate(origin: Origin, path: Path) -> Placed | None:
            if declared is None:
                return None
            file, region = declared.estate.positions.region(path)
            return Placed(Location(self._name(file), path, region))

        return locate

    def _not_read(self, detail: Diagnostic) -> LedgerEntry:
        file, line, column, message = detail
        name = self._name(file) if file else self.name
        return LedgerEntry(name, State.UNPARSED, message, line, column, incomplete=True)

    def _name(self, path: str) -> str:
        absolute = os.path.abspath(path)
        below = os.path.relpath(absolute, self._base) if is_inside(absolute, self._base) else absolute
        return printable(below.replace(os.sep, "/"))
