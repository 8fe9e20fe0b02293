"""Bodies: attributes and blocks, and how to go on after a broken one.

Blocks are kept on a stack, so that their nesting costs no Python frame. A block with a fault is left out whole: half a
resource would be judged by what its other half does not say. Reading goes on at the next line that looks like the
start of a block (or of an attribute, where the fault was in an attribute of the file itself).
"""

import re
from typing import NamedTuple

from scanner.sources.terraform.syntax.expressions import MAX_DEPTH, Expressions, reference
from scanner.sources.terraform.syntax.fault import Stop, SyntaxFault, expected
from scanner.sources.terraform.syntax.nodes import Attribute, Block, Body, Expression, Literal
from scanner.sources.terraform.syntax.patterns import (
    AFTER_BRACE,
    BODY_ITEM,
    LABEL,
    LINE_END,
    QUOTED_TOKEN,
    SHORT_GAP,
)
from scanner.sources.terraform.syntax.templates import unescaped

MAX_FAULTS = 100
"""Of one file; a file with more is no Terraform."""


class Parsed(NamedTuple):
    """What a text holds, and what of it could not be read."""

    body: Body
    """Without the blocks and attributes that have a fault."""
    problems: tuple[SyntaxFault, ...]
    """In the order of the text; empty for a clean one."""


class _Open(NamedTuple):
    """A block whose closing brace has not come yet, and the body around it."""

    type: str
    labels: tuple[str, ...]
    start: int
    header_end: int
    brace: int
    """Offset one past the opening brace."""
    attributes: dict[str, Attribute]
    blocks: list[Block]


class Bodies(Expressions):
    """Reads one text as a configuration file."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.stack: list[_Open] = []
        self.attributes: dict[str, Attribute] = {}
        self.blocks: list[Block] = []
        self.item = 0
        """Where the item of the file starts that is being read."""

    def file(self) -> Parsed:
        """Read the whole text."""
        text = self.text
        attributes, blocks = self.attributes, self.blocks
        problems: list[SyntaxFault] = []
        again = 0
        pos: int | None = 1 if text.startswith("\ufeff") else 0
        while pos is not None:
            self.stack.clear()
            self.depth = 0
            self.attributes, self.blocks = attributes, blocks
            self.item = pos
            try:
                self._items(pos)
                break
            except Stop as stop:
                problems.append(stop.fault)
                reached = stop.fault.end
                pos = self._resume(stop.fault)
                # A brace that is missing sends the reader to the end of the file once per block.
                again += max(0, reached - pos) if pos is not None else 0
                if pos is not None and (len(problems) >= MAX_FAULTS or again > 4 * len(text)):
                    problems.append(SyntaxFault("too many faults; the rest of the file was not read", pos, pos))
                    break
        return Parsed(Body(attributes, blocks, 0, len(text)), tuple(problems))

    def _items(self, pos: int) -> None:
        """Read items until the end of the text."""
        text = self.text
        stack = self.stack
        attributes, blocks = self.attributes, self.blocks
        while True:
            match = BODY_ITEM(text, pos)
            kind = match.lastindex
            pos = match.end()
            if kind == 3:
                name = match[1]
                start = match.start(1)
                if name in attributes:
                    raise self._twice(name, start)
                attributes[name] = Attribute(name, Literal(match[3], match.start(3) - 1, pos), start, pos)
            elif kind == 4:
                name = match[1]
                start = match.start(1)
                if name in attributes:
                    raise self._twice(name, start)
                words = match[4]
                attributes[name] = Attribute(name, reference(words, pos - len(words)), start, pos)
            elif kind == 2:
                name = match[1]
                start = match.start(1)
                if not stack:
                    self.item = start
                if name in attributes:
                    raise self._twice(name, start)
                value = self.expression(pos, False)
                pos = value.end
                if LINE_END(text, pos) is None:
                    raise expected("a new line after the value", text, SHORT_GAP(text, pos).end())
                attributes[name] = Attribute(name, value, start, pos)
            elif kind == 8:
                start = match.start(1)
                if not stack:
                    self.item = start
                first, second = match.group(6, 7)
                labels: tuple[str, ...]
                if first is None:
                    labels = ()
                    header_end = match.end(1)
                elif second is None:
                    labels = (first,)
                    header_end = match.end(6) + 1
                else:
                    labels = (first, second)
                    header_end = match.end(7) + 1
                self._open(_Open(match[1], labels, start, header_end, pos, attributes, blocks))
                attributes, blocks = {}, []
            elif kind == 9:
                if not stack:
                    raise expected("a block or an attribute", text, pos - 1)
                opened = stack.pop()
                body = Body(attributes, blocks, opened.brace - 1, pos)
                attributes, blocks = opened.attributes, opened.blocks
                blocks.append(Block(opened.type, opened.labels, body, opened.header_end, opened.start, pos))
                self.depth = len(stack)
            elif kind == 5:
                name = match[1]
                start = match.start(1)
                if name in attributes:
                    raise self._twice(name, start)
                attributes[name] = Attribute(name, Literal(int(match[5]), match.start(5), pos), start, pos)
            elif kind == 10:
                if stack:
                    raise self._unclosed()
                return
            else:
                self.attributes, self.blocks = attributes, blocks
                pos = self._rare(match.start(1) if kind == 1 else pos)
                attributes, blocks = self.attributes, self.blocks

    def _open(self, opened: _Open) -> None:
        self.stack.append(opened)
        self.depth = len(self.stack)
        if self.depth > MAX_DEPTH:
            raise Stop(f"expected at most {MAX_DEPTH} levels of nesting, found more", opened.start, opened.header_end)

    def _rare(self, pos: int) -> int:
        """Read what the one pattern does not: other headers, one-line blocks, names in any script. Return its end."""
        text = self.text
        if not self.stack:
            self.item = pos
        start = pos
        name = self._word(pos)
        if name is None:
            if self.stack and text.startswith("}", pos):
                raise expected("a new line after the block", text, SHORT_GAP(text, pos + 1).end())
            raise expected("a block or an attribute", text, pos)
        pos = SHORT_GAP(text, start + len(name)).end()
        if text.startswith("=", pos):
            return self._attribute(name, start, pos + 1)
        labels, header_end, pos = self._labels(start + len(name))
        after = AFTER_BRACE(text, pos)
        if after.lastindex == 1:
            self._open(_Open(name, labels, start, header_end, pos, self.attributes, self.blocks))
            self.attributes, self.blocks = {}, []
            return pos
        attributes: dict[str, Attribute] = {}
        end = after.end()
        if after.lastindex is None:
            attribute = self._only_attribute(end)
            attributes[attribute.name] = attribute
            end = SHORT_GAP(text, attribute.end).end()
            if not text.startswith("}", end):
                raise expected('"}" after the only attribute of a block on one line', text, end)
            end += 1
        elif after.lastindex == 3:
            raise Stop('expected "}" to end the block, found the end of the file', start, header_end)
        if LINE_END(text, end) is None:
            raise expected("a new line after the block", text, SHORT_GAP(text, end).end())
        body = Body(attributes, [], pos - 1, end)
        self.blocks.append(Block(name, labels, body, header_end, start, end))
        return end

    def _attribute(self, name: str, start: int, pos: int) -> int:
        if name in self.attributes:
            raise self._twice(name, start)
        value = self.expression(pos, False)
        if LINE_END(self.text, value.end) is None:
            raise expected("a new line after the value", self.text, SHORT_GAP(self.text, value.end).end())
        self.attributes[name] = Attribute(name, value, start, value.end)
        return value.end

    def _only_attribute(self, pos: int) -> Attribute:
        name = self._word(pos)
        if name is None:
            raise expected("an attribute", self.text, pos)
        equals = SHORT_GAP(self.text, pos + len(name)).end()
        if not self.text.startswith("=", equals):
            raise expected('"=", since a block on one line holds one attribute', self.text, equals)
        value: Expression = self.expression(equals + 1, False)
        return Attribute(name, value, pos, value.end)

    def _labels(self, pos: int) -> tuple[tuple[str, ...], int, int]:
        """Return the labels from ``pos``, where the last ends, and the offset one past the brace."""
        text = self.text
        labels: list[str] = []
        header_end = pos
        while True:
            match = LABEL(text, pos)
            kind = match.lastindex
            pos = match.end()
            if kind == 3:
                return tuple(labels), header_end, pos
            if kind in (1, 2):
                labels.append(match[kind])
            elif kind is None and text.startswith('"', pos):
                label, pos = self._label(pos)
                labels.append(label)
            elif kind is None and (word := self._word(pos)) is not None:
                labels.append(word)
                pos += len(word)
            else:
                raise expected('"{" or a label of the block', text, match.start(4) if kind == 4 else pos)
            header_end = pos

    def _label(self, start: int) -> tuple[str, int]:
        """Return a quoted label with escapes, and its end."""
        text = self.text
        pieces: list[str] = []
        pos = start + 1
        while True:
            match = QUOTED_TOKEN(text, pos)
            kind = match.lastindex if match is not None else None
            if match is None or kind in (3, 4):
                raise expected("a quote to end the label", text, pos)
            if kind == 5:
                return "".join(pieces), match.end()
            pieces.append(unescaped(match[0], pos) if kind == 1 else match[0][-2:] if len(match[0]) == 3 else match[0])
            pos = match.end()

    def _twice(self, name: str, start: int) -> Stop:
        if not self.stack:
            self.item = start
        return Stop(f'expected "{name}" once, found it again', start, start + len(name))

    def _unclosed(self) -> Stop:
        opened = self.stack[-1]
        return Stop(
            f'expected "}}" to end the block {opened.type}, found the end of the file', opened.start, len(self.text)
        )

    def _resume(self, fault: SyntaxFault) -> int | None:
        """Return where the next item of the file seems to start after a fault; None where there is none."""
        text = self.text
        # A brace, bracket or marker that is missing shows late: at the end of the file, or in the next block's header.
        newline = -1 if fault.end >= len(text) else text.rfind("\n", self.item, fault.start)
        if newline < 0:
            newline = text.find("\n", self.item)
        if newline < 0:
            return None
        match = (_BLOCK_START if self.stack else _ITEM_START).search(text, newline)
        return match.start() if match is not None else None


_LABELS = r'(?:[ \t]*+(?:"[^"\r\n]*+"|[A-Za-z_][\w-]*+))*+[ \t]*+'
_BLOCK_START = re.compile(rf"^[A-Za-z_][\w-]*+{_LABELS}\{{", re.MULTILINE)
_ITEM_START = re.compile(rf"^[A-Za-z_][\w-]*+(?:[ \t]*+=|{_LABELS}\{{)", re.MULTILINE)


def parse_file(text: str) -> Parsed:
    """Read a ``.tf``, ``.tofu``, ``.tfvars`` or ``.hcl`` text; offsets in the result are into ``text``."""
    return Bodies(text).file()
