"""A dump of a cluster as a Source: what ``kubectl get … -o json`` wrote, so that an audit can be replayed offline."""

import gzip
import os
import re
import zlib
from collections.abc import Collection, Iterator
from typing import BinaryIO, cast

from scanner.documents import Limits, read_yaml
from scanner.model.ledger import LedgerEntry, State, Unseen
from scanner.sources.cluster.dump_files import DumpFile, find
from scanner.sources.cluster.json_parts import MAX_VALUE_BYTES, SEPARATORS, Part, list_around, split
from scanner.sources.cluster.objects import PageReader, Place
from scanner.sources.cluster.packages import require
from scanner.sources.cluster.trimming import NOTHING_READ, Trimming
from scanner.sources.files import Unreadable, cause, read_bytes
from scanner.sources.interface import Page, PageContent, Source

_YAML_LIMITS = Limits(max_bytes=MAX_VALUE_BYTES, max_nodes=4_000_000)
_LARGE_YAML = "; a dump as JSON (kubectl get -o json) is read in parts, whatever its size"
_NAMESPACES = re.compile(rb'kind"?\s*:\s*"?Namespace(?:List)?\b')


class ClusterDump(Source):
    """The objects of one cluster, from a file or a folder of files.

    JSON (a List, single objects, JSON Lines) is handed out in parts of about a megabyte; YAML file by file; either may
    be compressed by gzip. Values of Secrets are replaced by ``Unknown`` when a part is read.
    """

    kind = "cluster-dump"

    def __init__(self, name: str, path: str | os.PathLike[str], trimming: Trimming = NOTHING_READ) -> None:
        """Take the name of the cluster as the Estate has it, and the file or folder. Raises UsageError without orjson.

        ``trimming`` says what the selected Rules read of ``status`` and ``managedFields``.
        """
        require("orjson")
        self._name = name
        self._path = os.fspath(path)
        self._trimming = trimming
        self._entries: dict[LedgerEntry, None] = {}
        self._listed: set[str] = set()

    @property
    def cluster(self) -> str:
        """Name of the cluster as the Estate has it."""
        return self._name

    @property
    def title(self) -> str:
        """What the ledger calls the cluster: ``cluster NAME``."""
        return f"cluster {self._name}"

    def pages(self) -> Iterator[Page]:
        """Yield all parts of all files, by the names of the files; only one part is held at a time."""
        return self._pages(None)

    def places(self) -> Iterator[Page]:
        """Yield the parts that hold Namespaces; every file is looked through for them, nothing is parsed."""
        return self.holding(_NAMESPACES)

    def of_types(self, types: Collection[str], trimming: Trimming) -> Iterator[Page]:
        """Yield, once more, the parts that may hold objects of ``types``, with what ``trimming`` leaves of them."""
        kinds = "|".join(sorted({re.escape(type_.rpartition("/")[2]) for type_ in types}))
        words = re.compile(rb'kind"?\s*:\s*"?(?:%b)(?:List)?\b' % kinds.encode())
        return ClusterDump(self._name, self._path, trimming).holding(words)

    def holding(self, words: "re.Pattern[bytes]") -> Iterator[Page]:
        """Yield the parts in which ``words`` occur; every file is looked through for them, nothing is parsed."""
        return self._pages(words)

    def entries(self) -> tuple[LedgerEntry, ...]:
        """Return what of the dump is no file to read, or could not be read at all."""
        return tuple(self._entries)

    def listed_types(self) -> frozenset[str]:
        """Return the types that were asked for, as far as the dump says it, known once ``pages`` is exhausted.

        A ``NetworkPolicyList`` says it, though it is empty; a ``List`` of what kubectl found does not.
        """
        return frozenset(self._listed)

    def _pages(self, words: "re.Pattern[bytes] | None") -> Iterator[Page]:
        for found in find(self._path, f"{self.title}: "):
            if isinstance(found, LedgerEntry):
                if found.incomplete:
                    found = found._replace(unseen=Unseen((self._name,)))
                self._entries[found] = None
            elif found.is_yaml:
                page = DumpPage(found, None, self._place(found, 0), b"")
                if words is None or page.holds(words):
                    yield page
            else:
                yield from self._parts(found, words)

    def _parts(self, file: DumpFile, words: "re.Pattern[bytes] | None") -> Iterator[Page]:
        number = 0
        try:
            with _open(file) as stream:
                for number, (part, data) in enumerate(split(stream), 1):
                    self._listed.update(_listed_by(part))
                    if words is not None and not (words.search(part.head) or words.search(data)):
                        continue
                    yield DumpPage(file, part, self._place(file, number), data if file.is_compressed else b"")
        except (OSError, EOFError, zlib.error) as error:
            state = State.PARTIAL if number else State.UNREACHABLE
            where = f", behind part {number}" if number else ""
            self._lack(self._place(file, 0).input + where, state, _cannot_read(error))
        else:
            if not number:
                self._lack(self._place(file, 0).input, State.UNPARSED, "the file is empty")

    def _lack(self, input_: str, state: State, reason: str) -> None:
        """Note what could not be read; it may have held objects of any type."""
        entry = LedgerEntry(input_, state, reason, incomplete=True, unseen=Unseen((self._name,)))
        self._entries[entry] = None

    def _place(self, file: DumpFile, number: int) -> Place:
        input_ = f"{self.title}: {file.name}"
        return Place(self._name, input_, f"{input_}, part {number}" if number > 1 else input_, self._trimming)


class DumpPage(Page):
    """A YAML file, or a part of a JSON file. It holds where the part is, and its bytes only if it was compressed."""

    def __init__(self, file: DumpFile, part: Part | None, place: Place, data: bytes) -> None:
        self._file = file
        self._part = part
        self._place = place
        self._data = data

    @property
    def name(self) -> str:
        """The file, and which part of it from the second on."""
        return self._place.page

    @property
    def size_bytes(self) -> int:
        """Size of the part."""
        return self._file.size_bytes if self._part is None else self._part.length

    def holds(self, words: "re.Pattern[bytes]") -> bool:
        """Whether ``words`` occur in the whole file; in one that cannot be read they may."""
        data = self._bytes()
        return isinstance(data, Unreadable) or words.search(data) is not None

    def read(self) -> PageContent:
        """Parse and normalise it."""
        reader = PageReader(self._place)
        if self._part is not None and self._part.fault:
            reader.fail(self._part.fault)
            return reader.content()
        data = self._bytes()
        if isinstance(data, Unreadable):
            unseen = Unseen((self._place.cluster,))
            entry = LedgerEntry(self._place.input, data.state, data.reason, incomplete=True, unseen=unseen)
            return PageContent(entries=(entry,))
        if self._part is None:
            _add_yaml(reader, data)
        else:
            _add_json(reader, self._part, data)
        return reader.content()

    def _bytes(self) -> bytes | Unreadable:
        if self._data:
            return self._data
        if self._part is None:
            return _whole(self._file)
        try:
            with open(self._file.path, "rb") as stream:
                stream.seek(self._part.start)
                return stream.read(self._part.length)
        except OSError as error:
            return Unreadable(State.UNREACHABLE, _cannot_read(error))


def _listed_by(part: Part) -> Iterator[str]:
    """Yield the type of a list that holds one type only."""
    listed = list_around(part.head) if part.head else None
    kind = str(listed.get("kind")) if listed is not None else ""
    if listed is not None and kind.endswith("List") and kind != "List":
        yield f"{str(listed.get('apiVersion')).rpartition('/')[0] or 'core'}/{kind.removesuffix('List')}"


def _add_json(reader: PageReader, part: Part, data: bytes) -> None:
    if part.head:
        listed = list_around(part.head)
        if listed is None:
            reader.fail("the beginning of a list is no JSON")
        else:
            reader.add_elements(listed, data)
        return
    for start, end in zip((0, *part.ends), part.ends, strict=False):
        reader.add_json(data[start:end].lstrip(SEPARATORS))


def _add_yaml(reader: PageReader, data: bytes) -> None:
    stream = read_yaml(data, _YAML_LIMITS)
    for document in stream.documents:
        if document.value is not None:
            reader.add(document.value)
    for problem in stream.problems:
        line = f"line {problem.line}: " if problem.line is not None else ""
        large = _LARGE_YAML if problem.line is None else ""
        reader.fail(line + problem.reason + large)


def _open(file: DumpFile) -> BinaryIO:
    if file.is_compressed:
        return cast(BinaryIO, gzip.open(file.path, "rb"))
    return open(file.path, "rb")


def _whole(file: DumpFile) -> bytes | Unreadable:
    """Return the content of a file that is read in one piece."""
    if not file.is_compressed:
        data = read_bytes(file.path, MAX_VALUE_BYTES)
        if isinstance(data, Unreadable) and data.state is State.UNPARSED:
            return data._replace(reason=data.reason + _LARGE_YAML)
        return data
    try:
        with _open(file) as stream:
            data = stream.read(MAX_VALUE_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        return Unreadable(State.UNREACHABLE, _cannot_read(error))
    if len(data) > MAX_VALUE_BYTES:
        return Unreadable(State.UNPARSED, f"the file is larger than {MAX_VALUE_BYTES >> 20} MiB{_LARGE_YAML}")
    return data


def _cannot_read(error: Exception) -> str:
    told = cause(error) if isinstance(error, OSError) and error.strerror else str(error)
    return f"cannot read the file: {told[:1].lower()}{told[1:]}"
