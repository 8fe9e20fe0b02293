"""``.tf.json`` and ``.tfvars.json``: the same tree as native syntax, as far as Terraform's own schema says.

JSON cannot tell a block from an attribute; Terraform decides by schema. The blocks of Terraform itself (``resource``,
``lifecycle``, ``dynamic`` …) are known here and become Blocks. What a provider defines stays an Attribute whose value
is an object or a list of objects; who knows that it is a block reads it with :func:`blocks_of`.
Where Terraform wants a reference or a type (``depends_on``, ``provider``, ``type`` …) the value is text holding that
expression, and ``parse_expression`` reads it.
Source: Terraform language documentation, "JSON Configuration Syntax".
"""

from collections.abc import Iterator

from scanner.sources.terraform.syntax import json_text
from scanner.sources.terraform.syntax.bodies import Parsed
from scanner.sources.terraform.syntax.fault import Stop, SyntaxFault
from scanner.sources.terraform.syntax.json_text import Piece, Property
from scanner.sources.terraform.syntax.json_values import plain_value, template_value
from scanner.sources.terraform.syntax.nodes import Attribute, Block, Body, Expression, Literal, ObjectCons, TupleCons

COMMENT = "//"
"""The key whose value is a comment, in every body; among labels it is a label."""
_LABELS = "an object whose keys are labels"

_RESOURCE = {"lifecycle": 0, "connection": 0, "provisioner": 1, "dynamic": 1}
BLOCKS: dict[str, dict[str, int]] = {
    "": {
        "resource": 2,
        "data": 2,
        "ephemeral": 2,
        "action": 2,
        "module": 1,
        "provider": 1,
        "variable": 1,
        "output": 1,
        "check": 1,
        "locals": 0,
        "terraform": 0,
        "moved": 0,
        "import": 0,
        "removed": 0,
    },
    "resource": _RESOURCE,
    "data": _RESOURCE,
    "ephemeral": _RESOURCE,
    "provider": {"dynamic": 1},
    "dynamic": {"content": 0},
    "content": {"dynamic": 1},
    "lifecycle": {"precondition": 0, "postcondition": 0, "action_trigger": 0},
    "provisioner": {"connection": 0},
    "terraform": {"backend": 1, "cloud": 0, "required_providers": 0, "provider_meta": 1, "encryption": 0},
    "cloud": {"workspaces": 0},
    "variable": {"validation": 0},
    "output": {"precondition": 0},
    "check": {"data": 2, "assert": 0},
    "removed": {"lifecycle": 0, "connection": 0, "provisioner": 1},
}
"""By the type of the body ("" is the file): the blocks that Terraform itself defines, and how many labels each has."""


def parse_json(text: str) -> Parsed:
    """Read a ``.tf.json`` text; a block with a broken template is left out and named, broken JSON is one fault."""
    try:
        root = json_text.read(text)
    except Stop as stop:
        return Parsed(Body({}, [], 0, len(text)), (stop.fault,))
    blocks: list[Block] = []
    problems: list[SyntaxFault] = []
    reader = _Reader(text, problems)
    try:
        for entry in _properties(root, "an object, or a list of objects"):
            if entry.key == COMMENT:
                continue
            labels = BLOCKS[""].get(entry.key)
            if labels is None:
                problems.append(SyntaxFault(f'expected a block type, found "{entry.key}"', entry.start, entry.end))
                continue
            blocks.extend(reader.blocks(entry, labels))
    except Stop as stop:
        problems.append(stop.fault)
    return Parsed(Body({}, blocks, root.start, root.end), tuple(sorted(problems, key=lambda fault: fault.start)))


def parse_variables_json(text: str) -> Parsed:
    """Read a ``.tfvars.json`` text: attributes whose strings are no templates."""
    attributes: dict[str, Attribute] = {}
    problems: list[SyntaxFault] = []
    try:
        root = json_text.read(text)
        for entry in _properties(root, "an object"):
            if entry.key == COMMENT:
                continue
            if entry.key in attributes:
                problems.append(_twice(entry))
                continue
            value = plain_value(text, entry.value)
            attributes[entry.key] = Attribute(entry.key, value, entry.start, value.end)
    except Stop as stop:
        problems.append(stop.fault)
    return Parsed(Body(attributes, [], 0, len(text)), tuple(problems))


def blocks_of(attribute: Attribute) -> list[Block] | None:
    """Return the blocks that an attribute of a JSON body stands for, None where its value cannot be blocks.

    An object is one block, a list of objects one for each, ``null`` none. What is in them is attributes again.
    """
    value = attribute.value
    if type(value) is Literal and value.value is None:
        return []
    values: tuple[Expression, ...] = value.items if type(value) is TupleCons else (value,)
    blocks: list[Block] = []
    for one in values:
        if type(one) is not ObjectCons:
            return None
        attributes = {
            key.value: Attribute(key.value, inner, key.start, inner.end)
            for key, inner in one.items
            if type(key) is Literal and key.value != COMMENT
        }
        body = Body(attributes, [], one.start, one.end)
        header_end = attribute.start + len(attribute.name)
        blocks.append(Block(attribute.name, (), body, header_end, one.start, one.end))
    return blocks


class _Reader:
    """Makes bodies of one text."""

    def __init__(self, text: str, problems: list[SyntaxFault]) -> None:
        self.text = text
        self.problems = problems

    def blocks(self, entry: Property, labels: int) -> Iterator[Block]:
        """Yield the blocks of ``entry``, whose key is their type; those with a fault are noted and left out."""
        if labels == 0:
            yield from self._noted(entry.key, entry, (), 0)
            return
        try:
            for inner in _properties(entry.value, _LABELS):
                yield from self._noted(entry.key, inner, (inner.key,), labels - 1)
        except Stop as stop:
            self.problems.append(stop.fault)

    def _noted(self, kind: str, top: Property, names: tuple[str, ...], labels: int) -> Iterator[Block]:
        try:
            for last, all_names in _labelled(top, names, labels):
                for piece in _alternatives(last.value):
                    try:
                        yield self._block(kind, last, all_names, piece)
                    except Stop as stop:
                        self.problems.append(stop.fault)
        except Stop as stop:
            self.problems.append(stop.fault)

    def body(self, piece: Piece, kind: str) -> Body:
        """Return the body of one block of type ``kind``."""
        if not piece.is_object:
            raise Stop(f"expected an object as the body of the block {kind}", piece.start, piece.end)
        known = BLOCKS.get(kind, {})
        to_node = plain_value if kind == "variable" else template_value
        attributes: dict[str, Attribute] = {}
        blocks: list[Block] = []
        for entry in piece.value:
            if entry.key == COMMENT:
                continue
            if entry.key in known:
                blocks.extend(self.nested(entry, known[entry.key]))
                continue
            if entry.key in attributes:
                raise Stop(*_twice(entry))
            value = to_node(self.text, entry.value)
            attributes[entry.key] = Attribute(entry.key, value, entry.start, value.end)
        return Body(attributes, blocks, piece.start, piece.end)

    def nested(self, entry: Property, labels: int) -> Iterator[Block]:
        """Yield the blocks of ``entry`` inside another block; a fault there is one of the outer block."""
        for last, names in _labelled(entry, (), labels):
            for piece in _alternatives(last.value):
                yield self._block(entry.key, last, names, piece)

    def _block(self, kind: str, last: Property, labels: tuple[str, ...], piece: Piece) -> Block:
        """Return a block whose header is the key of its last label, or of its type where it has none."""
        return Block(kind, labels, self.body(piece, kind), last.end, last.start, piece.end)


def _labelled(entry: Property, names: tuple[str, ...], labels: int) -> Iterator[tuple[Property, tuple[str, ...]]]:
    """Yield the property of each last label below ``entry``, and all labels."""
    if labels == 0:
        yield entry, names
        return
    for inner in _properties(entry.value, _LABELS):
        yield from _labelled(inner, (*names, inner.key), labels - 1)


def _properties(piece: Piece, what: str) -> Iterator[Property]:
    """Yield the properties of an object, or of all objects of a list."""
    if piece.value is None:
        return
    for one in piece.value if type(piece.value) is list and not piece.is_object else (piece,):
        if not one.is_object:
            raise Stop(f"expected {what}", one.start, one.end)
        yield from one.value


def _alternatives(piece: Piece) -> list[Piece]:
    """Return the bodies that stand where one block may: an object, a list of them, or null for none."""
    if piece.value is None:
        return []
    return piece.value if type(piece.value) is list and not piece.is_object else [piece]


def _twice(entry: Property) -> SyntaxFault:
    return SyntaxFault(f'expected "{entry.key}" once, found it again', entry.start, entry.end)
