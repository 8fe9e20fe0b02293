"""Reads YAML: splits a text into its documents and gives each to the reader that suits it.

Documents are separated before anything is parsed, since no value of YAML can hold a line that starts with ``---``. So
one that cannot be read leaves the others alone, and each is read the cheapest way: plain ones line by line
(:mod:`scanner.documents.lines`), all others through libyaml (:mod:`scanner.documents.event_values`), and what is JSON
by the JSON reader.
"""

import re
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from scanner.documents import line_nodes
from scanner.documents.document import Document, Stream
from scanner.documents.encoding import decode
from scanner.documents.json_stream import read_json_text
from scanner.documents.lines import EMPTY, NOT_PLAIN, read_plain
from scanner.documents.problem import DEFAULT_LIMITS, Limits, Problem

_MARKER = re.compile(r"^---(?=[ \t\n]|\Z)", re.MULTILINE)
_MARKER_LINE = re.compile(r"---\ *+(?:(?<=\ )#[^\n]*+)?(?:\n|\Z)")
_OPENS_JSON = re.compile(r"\s*+\{")
_LEAD = re.compile(r"(?:\ *+(?:#[^\n]*+)?\n)*+")
_DIRECTIVES = re.compile(r"(?:(?:%[^\n]*+|[ \t]*+(?:#[^\n]*+)?)\n)*+")


def read_yaml(data: bytes | str, limits: Limits = DEFAULT_LIMITS) -> Stream:
    """Return all documents of a YAML (or JSON) text, and a Problem for each that could not be read.

    A document that cannot be read does not take the others with it: reading goes on after the next line ``---``.
    """
    if len(data) > limits.max_bytes:
        return Stream.of_problem(limits.size_problem())
    text = decode(data)
    if isinstance(text, Problem):
        return Stream.of_problem(text)
    if _OPENS_JSON.match(text):
        stream = read_json_text(text, limits)
        if stream.documents:
            return stream
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    return _read_chunks(text, limits)


class _Chunk(NamedTuple):
    """The text of one document, or of several that lines ``...`` part."""

    text: str
    """With the line ``---`` that it starts with, where there is one."""
    line: int
    """Line of the whole text on which it starts, one-based."""
    body: int
    """Offset in ``text`` behind a line ``---`` that holds nothing else."""


class _Read(NamedTuple):
    documents: tuple[Document, ...]
    total: int
    """Number of documents, those that hold nothing included."""
    problem: Problem | None = None


def _read_chunks(text: str, limits: Limits) -> Stream:
    documents: list[Document] = []
    problems: list[Problem] = []
    unread: list[int | None] = []
    count = 0
    for chunk in _chunks(text):
        if count >= limits.max_documents:
            problems.append(Problem(f"the stream has more than {limits.max_documents} documents", chunk.line, 1))
            unread.append(None)
            break
        read = _read_chunk(chunk, count, limits)
        count += read.total
        documents.extend(read.documents)
        if read.problem is not None:
            problems.append(read.problem)
            unread.append(count - 1)
    return Stream(tuple(documents), tuple(problems), tuple(unread))


def _chunks(text: str) -> Iterator[_Chunk]:
    """Split ``text`` before each line that starts with the marker ``---``; no YAML value can hold such a line."""
    if not text.startswith("---") and "\n---" not in text:  # far cheaper than the search for markers
        yield _Chunk(text, 1, 0)
        return
    starts = [match.start() for match in _MARKER.finditer(text)]
    if starts and _DIRECTIVES.fullmatch(text, 0, starts[0]):
        starts[0] = 0  # directives and comments belong to the document they stand before
    elif not starts or starts[0]:
        starts.insert(0, 0)
    line = 1
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        marker = _MARKER_LINE.match(text, start)
        yield _Chunk(text[start:end], line, marker.end() - start if marker else 0)
        line += text.count("\n", start, end)


def _read_chunk(chunk: _Chunk, index: int, limits: Limits) -> _Read:
    body = chunk.text[chunk.body :]
    value = read_plain(body, limits)
    if value is NOT_PLAIN:
        return _read_events(chunk, index, limits)
    if value is EMPTY:
        return _Read((), 1 if chunk.body else 0)
    line = chunk.line + (1 if chunk.body else 0)
    lead = _LEAD.match(body)
    first = line + body.count("\n", 0, lead.end()) if lead else line
    return _Read((Document(index, value, first, partial(line_nodes.tree, body, line)),), 1)


def _read_events(chunk: _Chunk, index: int, limits: Limits) -> _Read:
    from scanner.documents import event_nodes
    from scanner.documents.event_values import read_events

    read = read_events(chunk.text, limits)
    documents = []
    for found in read.documents:
        build = partial(event_nodes.tree, chunk.text, found.number, chunk.line)
        documents.append(
            Document(
                index + found.number,
                found.value,
                chunk.line + found.line - 1,
                build,
                suspicious=found.suspicious,
                has_unknowns=found.has_unknowns,
            )
        )
    problem = read.problem
    if problem is not None and problem.line is not None:
        problem = problem._replace(line=chunk.line + problem.line - 1)
    return _Read(tuple(documents), max(read.total, 1), problem)
