"""One manifest file: bytes to Resources, and for everything that gives none the entry of the ledger."""

import bisect
import codecs
from collections.abc import Callable, Mapping
from typing import NamedTuple

from scanner.documents import Document, Limits, Problem, Stream, read_json, read_yaml
from scanner.documents.encoding import decode
from scanner.model.ledger import LedgerEntry, State
from scanner.model.location import Origin, Region
from scanner.model.path import Path, format_path
from scanner.model.resource import Resource
from scanner.model.unknown import find_unknowns
from scanner.sources.foreign import NO_OBJECT, describe, describe_by_name, is_kubernetes_text
from scanner.sources.inline_exemptions import NO_INLINE, find_inline
from scanner.sources.interface import PageContent
from scanner.sources.kubernetes_objects import GO_TEMPLATE, KubernetesObject, NotRead, read_objects

KIND = "manifests"

_EXEMPT = b"bulkhead"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_TEMPLATE = "{{"


class FileContext(NamedTuple):
    """What is known of a file beside its content."""

    name: str
    """As reports print it."""
    cluster: str
    locate: Callable[[Origin, Path], Region | None]
    """For the Origins of its Resources; can be pickled."""
    limits: Limits
    inline_exemptions: bool
    """Whether to look for them."""


class _Fault(NamedTuple):
    """Why a document, or a part of one, gives no Resource."""

    document: int | None
    """Index; None where it is about the whole file."""
    state: State
    reason: str
    line: int | None
    column: int | None

    @property
    def incomplete(self) -> bool:
        return self.state is not State.UNSUPPORTED


def read_manifest(data: bytes, context: FileContext) -> tuple[PageContent, Mapping[int, Document]]:
    """Return what ``data`` holds, and its documents by index, for locating."""
    stream = parse(data, context.name, context.limits)
    resources: list[Resource] = []
    faults: list[_Fault] = []
    for document in stream.documents:
        _read_document(document, context, resources, faults)
    if stream.problems:
        faults += _problem_faults(data, context.name, stream)
        faults.sort(key=lambda fault: -1 if fault.document is None else fault.document)
    notes = tuple(
        LedgerEntry(context.name, State.SCANNED, note.reason, note.line, note.column)
        for document in stream.documents
        for note in document.notes
    )
    entries = _entries(context.name, stream, resources, faults)
    inline = NO_INLINE
    if context.inline_exemptions and (_EXEMPT in data or data.startswith(_UTF16)):
        text = decode(data)
        inline = find_inline(text if isinstance(text, str) else "", context.name, stream.documents, resources)
    content = PageContent(tuple(resources), entries, inline.exemptions, notes + inline.notes)
    return content, {document.index: document for document in stream.documents}


def parse(data: bytes, name: str, limits: Limits) -> Stream:
    """Return the documents of a file; its name decides between JSON and YAML."""
    return read_json(data, limits) if name.endswith(".json") else read_yaml(data, limits)


def region(document: Document, origin: Origin, path: Path) -> Region:
    """Return the place of ``path`` in the Resource with ``origin``, which stands in ``document``."""
    place = (*origin.base, *path)
    if path[:1] == ("data",) and not document.exists(place):  # of a Secret it may have been written as stringData
        written = (*origin.base, "stringData", *path[1:])
        if document.exists(written):
            place = written
    return document.region(place)


def _read_document(document: Document, context: FileContext, resources: list[Resource], faults: list[_Fault]) -> None:
    value = document.value
    if value is None:
        return
    if not isinstance(value, dict):
        reason = describe(value, context.name)
        faults.append(_Fault(document.index, State.UNSUPPORTED, reason, document.line, None))
        return
    for found in read_objects(value):
        if isinstance(found, KubernetesObject):
            resources.append(_resource(found, document, context))
        else:
            faults.append(_fault(found, document, context.name))


def _resource(found: KubernetesObject, document: Document, context: FileContext) -> Resource:
    name = found.name
    if not name:
        place = f":{format_path(found.base)}" if found.base else ""
        name = f"generateName:{found.generate_name}@{context.name}#{document.index}{place}"
    unknowns = tuple(find_unknowns(found.attributes)) if found.masked or document.has_unknowns else ()
    return Resource(
        f"{context.cluster or '-'}/{found.type}/{found.namespace or '-'}/{name}",
        found.type,
        found.attributes,
        Origin(KIND, context.name, document.index, found.base, "", context.locate),
        context.cluster,
        found.namespace,
        found.name or found.generate_name,
        unknowns=unknowns,
    )


def _fault(found: NotRead, document: Document, file: str) -> _Fault:
    if not found.malformed:
        reason = found.reason or describe(document.value, file)
        return _Fault(document.index, State.UNSUPPORTED, reason, document.line, None)
    line, column, *_ = document.region(found.at)
    item = found.at[: max((index + 1 for index, step in enumerate(found.at) if isinstance(step, int)), default=0)]
    place = f"{format_path(item)}: " if item else ""
    return _Fault(document.index, State.UNPARSED, place + found.reason, line, column)


def _problem_faults(data: bytes, file: str, stream: Stream) -> list[_Fault]:
    """Return what the parts that could not be read are.

    Not every file with the extension of a manifest is one: its name may say so, and much JSON is written for programs
    that read comments. YAML that nobody can read may hide anything.
    """
    text = decode(data)
    is_template = _template_lines(text if isinstance(text, str) else "")
    foreign = describe_by_name(file)
    if not foreign and file.endswith(".json") and not is_kubernetes_text(data):
        foreign = NO_OBJECT
    read = {document.index for document in stream.documents}
    faults = []
    for problem, index in zip(stream.problems, stream.unread, strict=True):
        state, reason = State.UNPARSED, problem.reason
        if is_template(problem):
            state, reason = State.UNSUPPORTED, GO_TEMPLATE
        elif foreign:
            state, reason = State.UNSUPPORTED, f"{foreign}, and not readable: {problem.reason}"
        elif index in read:
            state = State.PARTIAL
        faults.append(_Fault(index, state, reason, problem.line, problem.column))
    return faults


def _template_lines(text: str) -> Callable[[Problem], bool]:
    """Return what tells whether the document around a problem holds the braces of a template."""
    lines = text.replace("\r\n", "\n").split("\n")
    markers = [number for number, line in enumerate(lines, 1) if line.startswith("---")]
    marked = frozenset(markers)
    braces = [number for number, line in enumerate(lines, 1) if _TEMPLATE in line]

    def is_template(problem: Problem) -> bool:
        if problem.line is None:
            return bool(braces)
        line = problem.line
        ends_here = problem.column == 1 and line in marked  # a document that breaks off ends at the next marker
        index = bisect.bisect_right(markers, line - ends_here)
        start = markers[index - 1] if index else 1
        end = markers[index] if index < len(markers) else len(lines) + 1
        return bisect.bisect_left(braces, start) < bisect.bisect_left(braces, end)

    return is_template


def _entries(name: str, stream: Stream, resources: list[Resource], faults: list[_Fault]) -> tuple[LedgerEntry, ...]:
    """Return the entry of the file and, where it holds several things, one for each that gave no Resource."""
    entries = [_file_entry(name, len(resources), faults)]
    indexes = {document.index for document in stream.documents if document.value is not None}
    if len(faults) > 1 or len(indexes.union(stream.unread)) > 1:
        for fault in faults:
            part = name if fault.document is None else f"{name}#{fault.document}"
            entries.append(
                LedgerEntry(part, fault.state, fault.reason, fault.line, fault.column, incomplete=fault.incomplete)
            )
    return tuple(entries)


def _file_entry(name: str, resources: int, faults: list[_Fault]) -> LedgerEntry:
    incomplete = [fault for fault in faults if fault.incomplete]
    if incomplete:
        first = incomplete[0]
        state = State.PARTIAL if resources else State.UNPARSED
        reason = first.reason if len(incomplete) == 1 else f"{first.reason}; and {len(incomplete) - 1} more"
        return LedgerEntry(name, state, reason, first.line, first.column, resources, incomplete=True)
    if resources:
        return LedgerEntry(name, State.SCANNED, resources=resources)
    if faults:
        return LedgerEntry(name, State.UNSUPPORTED, faults[0].reason, faults[0].line, faults[0].column)
    return LedgerEntry(name, State.SCANNED, "it holds no objects")
