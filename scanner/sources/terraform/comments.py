"""Finds the comments in a Terraform file that are exemptions, and the block or attribute that each stands at.

A comment on a line of its own stands for what starts on the next line with content: a block, nested block, attribute or
item, with all below it; behind a value it stands for the outermost one that starts on its line.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from scanner.model.path import Path
from scanner.sources.terraform.syntax import nodes

MARK = "bulkhead:exempt"

_COMMENT = re.compile(rf"(?:^|(?<=\s))(?:#|//)\s*{MARK}(?=\s|$)(?P<text>.*)")
_NO_CONTENT = re.compile(r"\s*(?:(?:#|//).*)?")


class File(NamedTuple):
    """One file of native syntax that was read."""

    name: str
    text: str
    body: nodes.Body
    line_of: Callable[[nodes.Node], int]
    is_root: bool
    """Whether it stands in the folder of the root module."""


class Target(NamedTuple):
    """What an exemption stands at."""

    block: nodes.Block
    path: Path
    """In the block; empty for all of it."""


def comments(file: File) -> Iterator[tuple[int, int, str, Target | None]]:
    """Yield line, column of the text, text and target of every comment that is meant as an exemption."""
    lines = file.text.split("\n")
    targets = _targets(file)
    offset = 0
    for number, line in enumerate(lines, 1):
        match = _COMMENT.search(line) if MARK in line else None
        if match is not None and not _in_text(file.body, offset + match.start()):
            alone = not line[: match.start()].strip()
            target = _next(lines, number) if alone else number
            yield number, match.start("text") + 1, match["text"].rstrip("\r"), targets.get(target)
        offset += len(line) + 1


def _next(lines: Sequence[str], number: int) -> int:
    """Return the number of the next line with content after line ``number``; 0 where there is none."""
    return next((n for n in range(number + 1, len(lines) + 1) if not _NO_CONTENT.fullmatch(lines[n - 1])), 0)


def _targets(file: File) -> dict[int, Target]:
    """Return line → the outermost thing that starts on it."""
    found: dict[int, Target] = {}
    for block in file.body.blocks:
        found.setdefault(file.line_of(block), Target(block, ()))
        pending: list[tuple[nodes.Body, Path]] = [(block.body, ())]
        while pending:
            body, base = pending.pop()
            for name, attribute in body.attributes.items():
                found.setdefault(file.line_of(attribute), Target(block, (*base, name)))
                for path, node in _items(attribute.value, (*base, name)):
                    found.setdefault(file.line_of(node), Target(block, path))
            for path, nested in _nested(body, base):
                found.setdefault(file.line_of(nested), Target(block, path))
                pending.append((nested.body, path))
    return found


def _nested(body: nodes.Body, base: Path) -> Iterator[tuple[Path, nodes.Block]]:
    """Yield the nested blocks of a body with their paths; those of a dynamic one stand for all it makes."""
    numbers: dict[str, int] = {}
    dynamic = {block.labels[0] for block in body.blocks if block.type == "dynamic" and block.labels}
    for block in body.blocks:
        if block.type == "dynamic" and block.labels:
            yield (*base, block.labels[0]), block
        elif block.type == "content":
            yield base, block
        else:
            number = numbers[block.type] = numbers.get(block.type, -1) + 1
            yield ((*base, block.type) if block.type in dynamic else (*base, block.type, number)), block


def _items(value: Any, base: Path) -> Iterator[tuple[Path, nodes.Node]]:
    """Yield what stands in an object or tuple that is written out, with its path."""
    pending: list[tuple[Path, Any]] = [(base, value)]
    while pending:
        path, node = pending.pop()
        if isinstance(node, nodes.ObjectCons):
            for key, item in node.items:
                if isinstance(key, nodes.Literal) and isinstance(key.value, str):
                    yield (*path, key.value), key
                    pending.append(((*path, key.value), item))
        elif isinstance(node, nodes.TupleCons):
            for index, item in enumerate(node.items):
                yield (*path, index), item
                pending.append(((*path, index), item))


def _in_text(body: nodes.Body, offset: int) -> bool:
    """Whether an offset stands inside a string or heredoc, so that a ``#`` there starts no comment."""
    pending: list[Any] = [body]
    while pending:
        node = pending.pop()
        if isinstance(node, (list, tuple)):
            pending.extend(node)
        elif isinstance(node, dict):
            pending.extend(node.values())
        elif isinstance(node, nodes.Node) and node.start <= offset < node.end:
            if isinstance(node, (nodes.Literal, nodes.Template, nodes.TemplateWrap)):
                return True
            pending.extend(getattr(node, name, None) for name in node.__slots__)
    return False
