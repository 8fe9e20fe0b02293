"""The Source of Kubernetes manifests: YAML and JSON files, folders of them, and standard input.

What the files mean is decided by :mod:`scanner.sources.manifest_file`; here is which files there are, to which cluster
each belongs, and how places in them are found again.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from scanner.documents import DEFAULT_LIMITS, Document, Limits
from scanner.model.ledger import LedgerEntry, State
from scanner.model.location import Origin, Region
from scanner.model.path import Path
from scanner.sources.files import Unreadable, read_bytes
from scanner.sources.foreign import CHART_TEMPLATE, is_chart_template
from scanner.sources.interface import Locator, Page, PageContent, Source
from scanner.sources.manifest_file import KIND, FileContext, parse, read_manifest, region
from scanner.sources.walk import Found, printable, walk

STANDARD_INPUT = "-"


class ManifestsSource(Source):
    """Manifests below some paths."""

    kind = KIND

    def __init__(
        self,
        paths: Sequence[str],
        *,
        base: str | None = None,
        exclude: Sequence[str] = (),
        clusters: Mapping[str, str] | None = None,
        default_cluster: str = "",
        limits: Limits = DEFAULT_LIMITS,
        stdin: bytes | None = None,
        inline_exemptions: bool = True,
    ) -> None:
        """Take ``paths``: files, folders, or ``-`` for ``stdin``; relative ones start at ``base``.

        ``base`` is the working directory where it is not given. ``exclude`` are patterns in the notation of
        ``.gitignore``, relative to ``base``. ``clusters`` maps the name of a cluster to the folder or file that holds
        what is deployed to it, relative to ``base`` or absolute; the longest match counts, and ``default_cluster``
        where there is none.
        """
        self._paths = tuple(paths)
        self._base = os.path.abspath(base) if base is not None else os.getcwd()
        self._exclude = tuple(exclude)
        folders = {os.path.normpath(os.path.join(self._base, path)): name for name, path in (clusters or {}).items()}
        self._clusters = sorted(folders.items(), key=lambda item: (-len(item[0]), item))
        self._default_cluster = default_cluster
        self._settings = _Settings(limits, inline_exemptions, partial(_locate_in_file, self._base, limits))
        self._stdin = stdin
        self._entries: tuple[LedgerEntry, ...] = ()

    def pages(self) -> Iterator[Page]:
        """Yield one page for each file that may hold manifests, sorted by path. Reads nothing but ignore files."""
        walked = walk([path for path in self._paths if path != STANDARD_INPUT], self._base, self._exclude)
        self._entries = walked.entries
        if STANDARD_INPUT in self._paths:
            yield from self._standard_input()
        for found in walked.files:
            yield ManifestPage(found, self._cluster(found.path), self._settings)

    def entries(self) -> tuple[LedgerEntry, ...]:
        """Return what never became a page: foreign, excluded and unreachable files and folders."""
        return self._entries

    def _standard_input(self) -> Iterator[Page]:
        if self._stdin is None:
            reason = "nothing was given on standard input"
            self._entries = (LedgerEntry(STANDARD_INPUT, State.UNREACHABLE, reason, incomplete=True), *self._entries)
            return
        found = Found(STANDARD_INPUT, "", len(self._stdin))
        settings = self._settings._replace(locate=partial(_locate_in_bytes, self._stdin, self._settings.limits))
        yield ManifestPage(found, self._default_cluster, settings, self._stdin)

    def _cluster(self, path: str) -> str:
        for folder, cluster in self._clusters:
            if path == folder or path.startswith(folder.rstrip(os.sep) + os.sep):
                return cluster
        return self._default_cluster


class _Settings(NamedTuple):
    """What all pages of a Source share."""

    limits: Limits
    inline_exemptions: bool
    locate: Locator


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

    def read(self) -> PageContent:
        """Read, parse and normalise the file."""
        self._documents = None
        limits, inline_exemptions, locate = self._settings
        data: bytes | Unreadable
        if self._data is not None:
            data = self._data
        elif is_chart_template(self._found.path):
            return PageContent(entries=(LedgerEntry(self.name, State.UNSUPPORTED, CHART_TEMPLATE),))
        else:
            data = read_bytes(self._found.path, limits.max_bytes)
        if isinstance(data, Unreadable):
            return PageContent(entries=(LedgerEntry(self.name, data.state, data.reason, incomplete=True),))
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
