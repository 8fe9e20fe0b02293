"""Kubernetes manifests as pages: YAML and JSON files, and standard input.

What the files mean is decided by :mod:`scanner.sources.manifest_file`; here is to which cluster each belongs, and how
places in them are found again.
"""

import os
from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

from scanner.documents import DEFAULT_LIMITS, Document, Limits
from scanner.model.ledger import LedgerEntry, State
from scanner.model.location import Origin, Region
from scanner.model.path import Path
from scanner.sources.files import Unreadable, read_bytes
from scanner.sources.foreign import CHART_TEMPLATE, is_chart_template
from scanner.sources.interface import Locator, Page, PageContent
from scanner.sources.manifest_file import FileContext, parse, read_manifest, region
from scanner.sources.walk import Found, printable

STANDARD_INPUT = "-"


class ManifestPages:
    """Makes the pages of manifest files."""

    def __init__(
        self,
        base: str,
        *,
        clusters: Mapping[str, str] | None = None,
        default_cluster: str = "",
        limits: Limits = DEFAULT_LIMITS,
        inline_exemptions: bool = True,
    ) -> None:
        """Take the folder that names of files are relative to.

        ``clusters`` maps the name of a cluster to the folder or file that holds what is deployed to it, relative to
        ``base`` or absolute; the longest match counts, and ``default_cluster`` where there is none.
        """
        folders = {os.path.normpath(os.path.join(base, path)): name for name, path in (clusters or {}).items()}
        self._clusters = sorted(folders.items(), key=lambda item: (-len(item[0]), item))
        self._default_cluster = default_cluster
        self._settings = _Settings(limits, inline_exemptions, partial(_locate_in_file, base, limits))

    def page(self, found: Found) -> "ManifestPage":
        """Return the page of a file."""
        return ManifestPage(found, self._cluster(found.path), self._settings)

    def standard_input(self, data: bytes) -> "ManifestPage":
        """Return the page of what came in on standard input."""
        settings = self._settings._replace(locate=partial(_locate_in_bytes, data, self._settings.limits))
        return ManifestPage(Found(STANDARD_INPUT, "", len(data)), self._default_cluster, settings, data)

    def _cluster(self, path: str) -> str:
        for folder, cluster in self._clusters:
            if path == folder or path.startswith(folder.rstrip(os.sep) + os.sep):
                return cluster
        return self._default_cluster


class _Settings(NamedTuple):
    """What all pages of a Source share."""

    limits: Limits
    inline_exemptions: bool
    locate: Callable[[Origin, Path], Region | None]


class ManifestPage(Page):
    """One file, or standard input."""

    def __init__(self, found: Found, cluster: str, settings: _Settings, data: bytes | None = None) -> None:
        self._found = found
        self._cluster = cluster
        self._settings = settings
        self._data = data
        """The content, where there is no file to read it from."""
        self._documents: Mapping[int, Document] | None = None

    def __getstate__(self) -> tuple[Found, str, _Settings, bytes | None]:
        return self._found, self._cluster, self._settings, self._data

    def __setstate__(self, state: tuple[Found, str, _Settings, bytes | None]) -> None:
        self._found, self._cluster, self._settings, self._data = state
        self._documents = None

    @property
    def name(self) -> str:
        """The file as reports print it."""
        return printable(self._found.name)

    @property
    def size_bytes(self) -> int:
        """Size of the file when the Source looked at it."""
        return self._found.size_bytes

    @property
    def found(self) -> Found:
        """The file as the walk found it."""
        return self._found

    def read(self) -> PageContent:
        """Read, parse and normalise the file."""
        if is_chart_template(self._found.path):
            return PageContent(entries=(LedgerEntry(self.name, State.UNSUPPORTED, CHART_TEMPLATE),))
        return self.read_as_manifest(self.data())

    def data(self, max_bytes: int = 0) -> bytes | Unreadable:
        """Return the content of the file, or why there is none; ``max_bytes`` may be another bound."""
        if self._data is not None:
            return self._data
        return read_bytes(self._found.path, max_bytes or self._settings.limits.max_bytes)

    def read_as_manifest(self, data: bytes | Unreadable) -> PageContent:
        """Parse and normalise ``data``, the content of the file."""
        self._documents = None
        if isinstance(data, Unreadable):
            return PageContent(entries=(LedgerEntry(self.name, data.state, data.reason, incomplete=True),))
        limits, inline_exemptions, locate = self._settings
        context = FileContext(self.name, self._cluster, locate, limits, inline_exemptions)
        content, self._documents = read_manifest(data, context)
        return content

    def locator(self) -> Locator:
        """Hand over the documents of the last read; the page keeps none, since pages outlive what they held."""
        documents, self._documents = self._documents, None
        return super().locator() if documents is None else partial(_locate_in_documents, documents)


def _locate_in_documents(documents: Mapping[int, Document], origin: Origin, path: Path) -> Region | None:
    document = documents.get(origin.document)
    return region(document, origin, path) if document is not None else None


def _locate_in_bytes(data: bytes, limits: Limits, origin: Origin, path: Path) -> Region | None:
    stream = parse(data, origin.file, limits)
    return _locate_in_documents({document.index: document for document in stream.documents}, origin, path)


def _locate_in_file(base: str, limits: Limits, origin: Origin, path: Path) -> Region | None:
    data = read_bytes(os.path.join(base, origin.file), limits.max_bytes)
    return None if isinstance(data, Unreadable) else _locate_in_bytes(data, limits, origin, path)
