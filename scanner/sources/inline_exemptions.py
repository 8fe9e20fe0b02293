"""Finds the exemptions that stand in a manifest itself, and which Resource and attribute path each covers.

A comment ``# bulkhead:exempt RULE …`` on a line of its own covers the value that starts on the next line with content,
with all below it; before the first key of a document it covers the whole Resource. Behind a value it covers the
outermost value that starts on its line. The annotation ``bulkhead/exempt`` holds one exemption per line for the whole
Resource.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from scanner.documents import Document
from scanner.model.exemption import Exemption
from scanner.model.ledger import LedgerEntry, State
from scanner.model.path import Path
from scanner.model.resource import Resource
from scanner.sources.inline import Malformed, parse_inline

MARK = "bulkhead:exempt"
ANNOTATION = "bulkhead/exempt"

_COMMENT = re.compile(rf"(?:^|(?<=\s))#\s*{MARK}(?=\s|$)(?P<text>.*)")
_NO_CONTENT = re.compile(r"\s*(?:#.*)?")
_MARKER = re.compile(r"---(?:\s|$)")
_ANNOTATION_PATH: Path = ("metadata", "annotations", ANNOTATION)


class InlineExemptions(NamedTuple):
    """What stands in one file."""

    exemptions: tuple[Exemption, ...]
    notes: tuple[LedgerEntry, ...]
    """Those that cannot be read or cover nothing."""


NO_INLINE = InlineExemptions((), ())


class _Statement(NamedTuple):
    """One exemption as text, and what it covers."""

    text: str
    line: int
    column: int
    """Of the text; one-based."""
    covers: tuple[tuple[Resource, Path], ...]
    """Resources, each with the path in it; empty where it covers nothing."""


def find_inline(text: str, file: str, documents: Sequence[Document], resources: Sequence[Resource]) -> InlineExemptions:
    """Return the exemptions in ``text``, the file's content, in the order of their lines."""
    statements = [*_comments(text, documents, resources), *_annotations(documents, resources)]
    exemptions: list[Exemption] = []
    notes: list[LedgerEntry] = []
    for statement in sorted(statements, key=lambda statement: (statement.line, statement.column)):
        parsed = parse_inline(statement.text)
        if isinstance(parsed, Malformed):
            column = statement.column + parsed.offset
            notes.append(_note(file, f"cannot read inline exemption: {parsed.reason}", statement.line, column))
        elif not statement.covers:
            reason = "an inline exemption covers nothing: no value of a Kubernetes object starts there"
            notes.append(_note(file, reason, statement.line, statement.column))
        else:
            exemptions.extend(
                Exemption(
                    id=f"inline:{file}:{statement.line}",
                    source="inline",
                    file=file,
                    line=statement.line,
                    resource=resource.key,
                    path=path,
                    **parsed._asdict(),
                )
                for resource, path in statement.covers
            )
    return InlineExemptions(tuple(exemptions), tuple(notes))


def _note(file: str, reason: str, line: int, column: int) -> LedgerEntry:
    return LedgerEntry(file, State.SCANNED, reason, line, column)


def _comments(text: str, documents: Sequence[Document], resources: Sequence[Resource]) -> Iterator[_Statement]:
    if MARK not in text:
        return
    lines = text.replace("\r\n", "\n").split("\n")
    for number, line in enumerate(lines, 1):
        match = _COMMENT.search(line) if MARK in line else None
        if match is None:
            continue
        around = _document_at(documents, number)
        if around is not None and around.in_scalar(number, match.start() + 1):
            continue
        before = line[: match.start()].strip()
        target = _next_content(lines, number) if before in ("", "---") else number
        covers = tuple(_covered(documents, resources, target, whole=target != number)) if target else ()
        yield _Statement(match["text"], number, match.start("text") + 1, covers)


def _next_content(lines: list[str], number: int) -> int | None:
    """Return the number of the first line with content behind line ``number``, None at the end of the document.

    Comments at the top of a file stand before the marker of the document they belong to.
    """
    at_top = all(_NO_CONTENT.fullmatch(line) for line in lines[: number - 1])
    for following in range(number, len(lines)):
        line = lines[following]
        if _NO_CONTENT.fullmatch(line) or (at_top and _MARKER.match(line)):
            continue
        return None if _MARKER.match(line) else following + 1
    return None


def _document_at(documents: Sequence[Document], line: int) -> Document | None:
    """Return the document that ``line`` stands in or behind."""
    return max(
        (document for document in documents if document.line <= line), key=lambda found: found.line, default=None
    )


def _covered(
    documents: Sequence[Document], resources: Sequence[Resource], line: int, *, whole: bool
) -> Iterator[tuple[Resource, Path]]:
    """Yield what starts on ``line``; with ``whole`` the first line of a document stands for all of it."""
    document = _document_at(documents, line)
    if document is None:
        return
    path = () if whole and document.line == line else document.path_at(line)
    if path is None:
        return
    for resource in resources:
        base = resource.origin.base
        if resource.origin.document != document.index:
            continue
        if path[: len(base)] == base:
            yield resource, _canonical(path[len(base) :])
        elif base[: len(path)] == path:
            yield resource, ()


def _canonical(path: Path) -> Path:
    """Return ``path`` as the Resource has it: ``stringData`` of a Secret is part of its ``data``."""
    return ("data", *path[1:]) if path[:1] == ("stringData",) else path


def _annotations(documents: Sequence[Document], resources: Sequence[Resource]) -> Iterator[_Statement]:
    for resource in resources:
        text = resource.value(*_ANNOTATION_PATH)
        if not isinstance(text, str):
            continue
        document = next(found for found in documents if found.index == resource.origin.document)
        region = document.region((*resource.origin.base, *_ANNOTATION_PATH))
        in_block = region.end_line > region.line
        for offset, line in enumerate(text.splitlines()):
            if line.strip():
                number = min(region.line + 1 + offset, region.end_line) if in_block else region.line
                yield _Statement(line, number, region.column, ((resource, ()),))
