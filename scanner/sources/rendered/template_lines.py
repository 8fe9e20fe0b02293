"""Which line of which template a rendered line was written by.

The copy of a chart is rendered once more with a mark at the end of its lines, in a comment, so that the control flow of
the templates stays as it is. Where the second rendering without its marks is the first one, each line has told where it
comes from; elsewhere the texts are compared. A line that nothing tells has no place: a wrong one is worse.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice, takewhile
from typing import NamedTuple

SOURCE = re.compile(r"^---\n# Source: (?P<name>.+)$", re.MULTILINE)

_ACTION = re.compile(r"\{\{-?\s*(?:/\*.*?\*/|(?:\"(?:\\.|[^\"\\])*\"|`[^`]*`|[^}]|\}(?!\}))*?)\s*-?\}\}", re.DOTALL)
_CONTROL = re.compile(r"\{\{-?\s*(?:if|else|end|with|range|define|block|template|break|continue|/\*|\$\w*\s*(?:,|:?=))")
_BLOCK = re.compile(r"\{\{-?\s*(?P<word>if|with|range|define|block|end)\b")
_LOOKS_LIKE_YAML = re.compile(r"\s*(?:- |[\w.\"'/{}$-][^#]*:(?:\s|$))")
_MARK = re.compile(r" #⟦(?P<file>\d+):(?P<line>\d+)⟧")


class Line(NamedTuple):
    """A line of a template, by the name that Helm gives the template."""

    template: str
    line: int


class Chunk(NamedTuple):
    """What was rendered from one template, or a part of it."""

    template: str
    first: int
    """Number of its first line, one-based: the one behind the comment that names the template."""
    lines: tuple[str, ...]


def chunks(text: str) -> list[Chunk]:
    """Return the parts of a rendering, each from one template."""
    found = list(SOURCE.finditer(text))
    ends = [*(match.start() for match in found[1:]), len(text)][: len(found)]
    result = []
    number, position = 1, 0
    for match, end in zip(found, ends, strict=True):
        number += text.count("\n", position, match.end())
        position = match.end()
        result.append(Chunk(match["name"].strip(), number + 1, tuple(text[match.end() + 1 : end].split("\n"))))
    return result


def mark(text: str, number: int, *, helpers_only: bool = False) -> str:
    """Return a template with marks that name it ``number``.

    A line whose end belongs to an action gets none: it would change what the action sees or trims. In definitions,
    whose output may be a name that functions look at, only lines with a key of YAML get one.
    """
    actions = [match.span() for match in _ACTION.finditer(text)]
    defined = _defined(text, actions)
    out: list[str] = []
    position = start = 0
    current = 0
    for line_number, line in enumerate(text.split("\n"), 1):
        end = start + len(line)
        while current < len(actions) and actions[current][1] <= start:
            current += 1
        inside = list(takewhile(partial(_begins_before, end), islice(actions, current, None)))
        if end < len(text) and _is_markable(text, start, end, inside, helpers_only or _within(start, defined)):
            at = end - (text[end - 1] == "\r")
            out += (text[position:at], f" #⟦{number}:{line_number}⟧")
            position = at
        start = end + 1
    out.append(text[position:])
    return "".join(out)


def lines_of(plain: str, marked: str, templates: Sequence[str]) -> Mapping[int, tuple[Line, ...]]:
    """Return line of ``plain`` → the lines of templates that wrote it, the innermost first.

    ``marked`` is the rendering with marks; ``templates`` names their numbers.
    """
    found: dict[int, tuple[Line, ...]] = {}
    parts, marked_parts = chunks(plain), chunks(marked)
    if [part.template for part in parts] != [part.template for part in marked_parts]:
        return found
    for part, other in zip(parts, marked_parts, strict=True):
        found.update(_told(part, other, templates))
    return found


def _told(part: Chunk, other: Chunk, templates: Sequence[str]) -> Iterator[tuple[int, tuple[Line, ...]]]:
    bare = [_MARK.sub("", line).rstrip() for line in other.lines]
    lines: tuple[Line, ...] = ()
    caller: tuple[Line, ...] = ()
    written: list[tuple[Line, ...]] = []
    for line in reversed(other.lines):
        marks = [Line(templates[int(mark["file"])], int(mark["line"])) for mark in _MARK.finditer(line)]
        callers = [mark for mark in marks if not is_helper(mark.template)]
        caller = tuple(callers[:1]) or caller
        if marks:  # an action that writes several lines has its mark behind the last of them
            lines = tuple(marks) if callers else (*marks, *caller)
        written.append(lines)
    written.reverse()
    for offset, at in _aligned([line.rstrip() for line in part.lines], bare):
        if written[at]:
            yield part.first + offset, written[at]


def _aligned(lines: Sequence[str], others: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield which line is which; the texts differ where a template has looked at a mark, or is random."""
    if len(lines) == len(others):
        for offset, (line, other) in enumerate(zip(lines, others, strict=True)):
            if line == other or line.split(":")[0] == other.split(":")[0]:
                yield offset, offset
        return
    from difflib import SequenceMatcher

    for block in SequenceMatcher(None, lines, others, autojunk=False).get_matching_blocks():
        for step in range(block.size):
            yield block.a + step, block.b + step


def is_helper(path: str) -> bool:
    """Whether a file of templates only defines what others use."""
    return os.path.basename(path).startswith("_") or path.endswith(".tpl")


def search(part: Chunk, offset: int, template: Sequence[str]) -> int:
    """Return the number of the only line of ``template`` that can have written a line, 0 where none or several can."""
    wanted = part.lines[offset].strip()
    if not wanted:
        return 0
    same = [number for number, line in enumerate(template, 1) if line.strip() == wanted]
    if len(same) == 1:
        return same[0]
    key = re.match(r"(?:- )?[\w.\"'/-]+:", wanted)
    if key is None or same:
        return 0
    indent = len(part.lines[offset]) - len(part.lines[offset].lstrip())
    near = [
        number
        for number, line in enumerate(template, 1)
        if line.strip().startswith(key[0]) and len(line) - len(line.lstrip()) == indent
    ]
    return near[0] if len(near) == 1 else 0


def mark_files(files: Iterable[tuple[str, str]]) -> list[str]:
    """Mark templates in place; they are given as (name, path). Returns the names, by number."""
    names: list[str] = []
    for name, path in files:
        try:
            with open(path, encoding="utf-8", newline="") as stream:
                text = stream.read()
        except (OSError, UnicodeDecodeError):
            continue
        marked = mark(text, len(names), helpers_only=is_helper(path))
        with open(path, "w", encoding="utf-8", newline="") as stream:
            stream.write(marked)
        names.append(name)
    return names


def _is_markable(text: str, start: int, end: int, inside: Sequence[tuple[int, int]], in_definition: bool) -> bool:
    if any(begin < end < stop for begin, stop in inside):
        return False
    line = text[start:end]
    if not inside:
        return bool(_LOOKS_LIKE_YAML.match(line) if in_definition else line.strip(" \t\r-."))
    begin, stop = inside[-1]
    if text[:stop].endswith("-}}") and not text[stop:end].strip():
        return False
    literal = "".join(
        text[max(a, start) : b]
        for a, b in zip([start, *(s for _, s in inside)], [*(b for b, _ in inside), end], strict=True)
    )
    if in_definition:
        return bool(literal.strip() and _LOOKS_LIKE_YAML.match(line.strip()))
    return bool(literal.strip()) or not _CONTROL.match(text, begin)


def _defined(text: str, actions: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the spans of definitions."""
    spans: list[tuple[int, int]] = []
    depth: list[tuple[bool, int]] = []
    for begin, stop in actions:
        found = _BLOCK.match(text, begin)
        if found is None:
            continue
        if found["word"] != "end":
            depth.append((found["word"] in ("define", "block"), begin))
        elif depth:
            is_definition, opened = depth.pop()
            if is_definition:
                spans.append((opened, stop))
    return spans


def _begins_before(end: int, span: tuple[int, int]) -> bool:
    return span[0] < end


def _within(position: int, spans: Iterable[tuple[int, int]]) -> bool:
    return any(begin <= position < end for begin, end in spans)
