"""Finds the exemptions that stand in a manifest itself, and which Resource and attribute path each covers.

A comment ``# bulkhead:exempt RULE …`` on a line of its own covers the value that starts on the next line with content,
with all below it; before the first key of a document it covers the whole Resource. Behind a value it covers the
outermost value that starts on its line. The annotation ``bulkhead/exempt`` holds one exemption per line for the whole
Resource.
"""

import bisect
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from scanner.documents import Document
from scanner.model.exemption import Exemption
from scanner.model.ledger import LedgerEntry, State
from scanner.model.path import Path
from scanner.model.resource import Resource
from scanner.sources.inline import InlineExemption, Malformed, parse_inline

MARK = "bulkhead:exempt"
ANNOTATION = "bulkhead/exempt"

_COMMENT = re.compile(rf"(?:^|(?<=\s))#\s*{MARK}(?=\s|$)(?P<text>.*)")
_NO_CONTENT = re.compile(r"\s*(?:#.*)?")
_MARKER = re.compile(r"---(?:\s|$)")
_MAX_EXEMPTIONS = 10_000
_MAX_NOTES = 100
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
    """Return the exemptions in ``text``, the file's content, in the order of their lines; at most 10,000."""
    places = _Places(text, documents, resources)
    statements = sorted([*places.comments(), *places.annotations()], key=lambda found: (found.line, found.column))
    exemptions: list[Exemption] = []
    notes: list[LedgerEntry] = []
    for statement in statements:
        if len(exemptions) + len(statement.covers) > _MAX_EXEMPTIONS or len(notes) == _MAX_NOTES:
            notes.append(_note(file, "there are too many inline exemptions; those from here on do not hold", statement))
            break
        parsed = parse_inline(statement.text)
        if isinstance(parsed, Malformed):
            reason = f"cannot read inline exemption: {parsed.reason}"
            notes.append(_note(file, reason, statement, parsed.offset))
        elif not statement.covers:
            reason = "an inline exemption covers nothing: no value of a Kubernetes object starts there"
            notes.append(_note(file, reason, statement))
        else:
            exemptions.extend(_exemptions(parsed, statement, file))
    return InlineExemptions(tuple(exemptions), tuple(notes))


def _exemptions(parsed: InlineExemption, statement: _Statement, file: str) -> Iterator[Exemption]:
    for resource, path in statement.covers:
        yield Exemption(
            id=f"inline:{file}:{statement.line}",
            source="inline",
            file=file,
            line=statement.line,
            resource=resource.key,
            path=path,
            **parsed._asdict(),
        )


def _note(file: str, reason: str, statement: _Statement, offset: int = 0) -> LedgerEntry:
    return LedgerEntry(file, State.SCANNED, reason, statement.line, statement.column + offset)


class _Places:
    """Where exemptions stand in a file, and what stands near them. Everything is looked up, nothing searched twice."""

    def __init__(self, text: str, documents: Sequence[Document], resources: Sequence[Resource]) -> None:
        self._lines = text.replace("\r\n", "\n").split("\n") if MARK in text else []
        self._documents = documents
        self._first_lines = [document.line for document in documents]
        self._resources = resources
        self._lists: dict[tuple[int, Path], tuple[tuple[Resource, Path], ...]] = {}
        self._by_place = {(resource.origin.document, resource.origin.base): resource for resource in resources}

    def comments(self) -> Iterator[_Statement]:
        """Yield what stands in comments."""
        targets = self._targets()
        for number, line in enumerate(self._lines, 1):
            match = _COMMENT.search(line) if MARK in line else None
            if match is None:
                continue
            around = self._document_at(number)
            if around is not None and around.in_scalar(number, match.start() + 1):
                continue
            alone = line[: match.start()].strip() in ("", "---")
            target = targets[number] if alone else number
            covers = self._covered(target, whole=alone) if target else ()
            yield _Statement(match["text"], number, match.start("text") + 1, covers)

    def annotations(self) -> Iterator[_Statement]:
        """Yield what stands in the annotation."""
        documents = {document.index: document for document in self._documents}
        for resource in self._resources:
            text = resource.value(*_ANNOTATION_PATH)
            if not isinstance(text, str):
                continue
            region = documents[resource.origin.document].region((*resource.origin.base, *_ANNOTATION_PATH))
            in_block = region.end_line > region.line
            for offset, line in enumerate(text.splitlines()):
                if line.strip():
                    number = min(region.line + 1 + offset, region.end_line) if in_block else region.line
                    yield _Statement(line, number, region.column, ((resource, ()),))

    def _targets(self) -> list[int]:
        """Return for each line the number of the next one with content in the same document, 0 where there is none.

        Comments at the top of a file stand before the marker of the document they belong to.
        """
        targets = [0] * (len(self._lines) + 1)
        top = next((n for n, line in enumerate(self._lines) if not _NO_CONTENT.fullmatch(line)), len(self._lines))
        target = 0
        for number in range(len(self._lines), 0, -1):
            targets[number] = target
            line = self._lines[number - 1]
            if _MARKER.match(line):
                target = target if number - 1 == top else 0
            elif not _NO_CONTENT.fullmatch(line):
                target = number
        return targets

    def _document_at(self, line: int) -> Document | None:
        """Return the document that ``line`` stands in or behind."""
        before = bisect.bisect_right(self._first_lines, line)
        return self._documents[before - 1] if before else None

    def _covered(self, line: int, *, whole: bool) -> tuple[tuple[Resource, Path], ...]:
        """Return what starts on ``line``; with ``whole`` the first line of a document stands for all of it."""
        document = self._document_at(line)
        path = None
        if document is not None:
            path = () if whole and document.line == line else document.path_at(line)
        if document is None or path is None:
            return ()
        for length in range(len(path) + 1):
            resource = self._by_place.get((document.index, path[:length]))
            if resource is not None:
                return ((resource, _canonical(path[length:])),)
        return self._below(document.index, path)

    def _below(self, document: int, path: Path) -> tuple[tuple[Resource, Path], ...]:
        """Return all Resources of a list; remembered, since many comments may stand above one list."""
        place = document, path
        if place not in self._lists:
            self._lists[place] = tuple(
                (resource, ())
                for resource in self._resources
                if resource.origin.document == document and resource.origin.base[: len(path)] == path
            )
        return self._lists[place]


def _canonical(path: Path) -> Path:
    """Return ``path`` as the Resource has it: ``stringData`` of a Secret is part of its ``data``."""
    return ("data", *path[1:]) if path[:1] == ("stringData",) else path
