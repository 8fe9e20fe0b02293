"""Finds the exemptions that stand as comments in Bicep files, and which Resource and attribute each covers.

A comment ``// bulkhead:exempt RULE …`` on a line of its own covers the statement, nested resource, property or item
that starts on the next line with content, with all below it; behind a value it covers the outermost thing that starts
on its line. Above a module it covers everything that the call deploys. It holds for every round of a loop.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from scanner.model.exemption import Exemption
from scanner.model.ledger import LedgerEntry, State
from scanner.model.path import Path
from scanner.model.resource import Resource
from scanner.sources.arm.places import Declared, descend
from scanner.sources.bicep.files import BicepFile
from scanner.sources.bicep.resources import Settled
from scanner.sources.bicep.syntax import nodes
from scanner.sources.inline import InlineExemption, Malformed, parse_inline

MARK = "bulkhead:exempt"

_COMMENT = re.compile(rf"(?:^|(?<=\s))//\s*{MARK}(?=\s|$)(?P<text>.*)")
_NO_CONTENT = re.compile(r"\s*(?:(?://|#disable-|#restore-).*)?")
_DEPTH = 60
"""Values nested deeper are looked at as a whole."""


class Inline(NamedTuple):
    """What stands in the files of one page."""

    exemptions: tuple[Exemption, ...]
    notes: tuple[LedgerEntry, ...]


NO_INLINE = Inline((), ())


class _Span(NamedTuple):
    start: int
    end: int
    module: bool = False

    def holds(self, handle: Any) -> bool:
        """Whether a handle of the file stands inside."""
        return isinstance(handle, tuple) and len(handle) == 2 and self.start <= handle[0] < self.end


def find_exemptions(files: Iterable[BicepFile], resources: Sequence[Resource], settled: Settled) -> Inline:
    """Return the exemptions in ``files``, in the order of files and lines."""
    exemptions: list[Exemption] = []
    notes: list[LedgerEntry] = []
    for file in files:
        if MARK not in file.source.text:
            continue
        for line, column, text, span in _comments(file):
            parsed = parse_inline(text)
            if isinstance(parsed, Malformed):
                reason = f"cannot read inline exemption: {parsed.reason}"
                notes.append(LedgerEntry(file.shown, State.SCANNED, reason, line, column + parsed.offset))
                continue
            covered = list(_covered(file, span, resources, settled)) if span is not None else []
            if not covered:
                reason = "an inline exemption covers nothing: no resource starts there, or none came out of it"
                notes.append(LedgerEntry(file.shown, State.SCANNED, reason, line, column))
            exemptions.extend(_exemption(parsed, file.shown, line, key, path) for key, path in covered)
    return Inline(tuple(exemptions), tuple(notes))


def _exemption(parsed: InlineExemption, file: str, line: int, key: str, path: Path) -> Exemption:
    return Exemption(
        id=f"inline:{file}:{line}",
        source="inline",
        file=file,
        line=line,
        resource=key,
        path=path,
        **parsed._asdict(),
    )


def _comments(file: BicepFile) -> Iterator[tuple[int, int, str, _Span | None]]:
    """Yield line, column of the text, text and target of every comment that is meant as an exemption."""
    lines = file.source.text.split("\n")
    targets, texts = _targets(file)
    offset = 0
    for number, line in enumerate(lines, 1):
        match = _COMMENT.search(line) if MARK in line else None
        start = offset + match.start() if match is not None else 0
        if match is not None and not any(begin <= start < end for begin, end in texts):
            alone = not line[: match.start()].strip()
            target = _next(lines, number) if alone else number
            yield number, match.start("text") + 1, match["text"].rstrip("\r"), targets.get(target)
        offset += len(line) + 1


def _next(lines: Sequence[str], number: int) -> int:
    """Return the number of the next line with content after line ``number``; 0 where there is none."""
    return next((n for n in range(number + 1, len(lines) + 1) if not _NO_CONTENT.fullmatch(lines[n - 1])), 0)


def _targets(file: BicepFile) -> tuple[dict[int, _Span], list[tuple[int, int]]]:
    """Return line → the outermost thing that starts on it, and where strings stand."""
    found: dict[int, _Span] = {}
    texts: list[tuple[int, int]] = []
    pending: list[Any] = list(reversed(file.syntax.statements))
    while pending:
        node = pending.pop()
        if isinstance(node, tuple):
            pending.extend(reversed(node))
            continue
        if not isinstance(node, nodes.Node):
            continue
        if isinstance(node, nodes.Literal | nodes.Template):
            texts.append((node.start, node.end))
        is_target = isinstance(node, nodes.Resource | nodes.Module | nodes.ObjectProperty | nodes.Var | nodes.Param)
        start = min([node.start, *(one.start for one in getattr(node, "decorators", ()))])
        if is_target or isinstance(node, nodes.Object):
            span = _Span(start, node.end, isinstance(node, nodes.Module))
            found.setdefault(file.source.position(start)[0], span)
            found.setdefault(file.source.position(node.start)[0], span)
        pending.extend(getattr(node, slot) for slot in reversed(node.__slots__))
    return found, texts


def _covered(
    file: BicepFile, span: _Span, resources: Sequence[Resource], settled: Settled
) -> Iterator[tuple[str, Path]]:
    """Yield key and path of everything that ``span`` covers."""
    for resource in resources:
        declarations = settled.declarations(resource.key)
        if span.module:
            if declarations and _is_called(file, span, declarations[0]):
                yield resource.key, ()
        elif any(declared.file == file.shown for declared in declarations):
            yield from ((resource.key, path) for path in _paths(file, span, settled, resource))


def _is_called(file: BicepFile, span: _Span, declared: Declared) -> bool:
    """Whether the module that ``span`` is deploys the declaration, itself or through others."""
    return any(
        step.owner.program.file == file.shown and span.holds(step.declaration.at)
        for step in declared.instance.deployment.chain
    )


def _paths(file: BicepFile, span: _Span, settled: Settled, resource: Resource) -> list[Path]:
    """Return the outermost paths of a Resource that were written inside of ``span``."""
    found: list[Path] = []
    pending: list[tuple[Path, Any]] = [((), resource.attributes)]
    while pending:
        path, value = pending.pop()
        declared, inner = settled.written(resource.key, path)
        if declared is not None and declared.file == file.shown and span.holds(_handle(declared, inner)):
            found.append(path)
            continue
        if len(path) < _DEPTH:
            pending.extend((((*path, step), item) for step, item in reversed(_below(value))))
    return found


def _handle(declared: Declared, path: Path) -> Any:
    """Return where an attribute is written; None where it is not."""
    declaration = declared.instance.declaration
    if not path:
        return declaration.at
    if path == ("name",):
        return declaration.name.at
    handle, expression = descend(declaration.body, path, None)
    return handle if expression is not None else None


def _below(value: Any) -> list[tuple[str | int, Any]]:
    if isinstance(value, dict):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list) else []
