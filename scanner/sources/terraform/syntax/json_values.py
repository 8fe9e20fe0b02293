"""JSON values as expressions: a string is a template, and its nodes stand where its characters stand.

Source: Terraform language documentation, "JSON Configuration Syntax", expression mapping.
"""

import re
from collections.abc import Callable
from typing import Any

from scanner.sources.terraform.syntax.expressions import whole_template
from scanner.sources.terraform.syntax.fault import Stop
from scanner.sources.terraform.syntax.json_text import Piece, Property
from scanner.sources.terraform.syntax.nodes import Expression, Literal, Node, ObjectCons, TupleCons

ToNode = Callable[[str, Piece], Expression]
"""Makes the node of a value; takes the text of the file."""


def template_value(text: str, piece: Piece) -> Expression:
    """Return the expression of a value whose strings, keys included, are templates."""
    return _node(text, piece, _template)


def plain_value(text: str, piece: Piece) -> Expression:
    """Return the expression of a value whose strings are only strings: in variable files, and as variable defaults."""
    return _node(text, piece, _plain)


def _node(text: str, piece: Piece, string: ToNode) -> Expression:
    value = piece.value
    if type(value) is str:
        return string(text, piece)
    if type(value) is not list:
        return Literal(value, piece.start, piece.end)
    if piece.is_object:
        _once(value)
        items = tuple(
            (string(text, Piece(key, start, end)), _node(text, inner, string)) for key, start, end, inner in value
        )
        return ObjectCons(items, piece.start, piece.end)
    return TupleCons(tuple(_node(text, inner, string) for inner in value), piece.start, piece.end)


def _once(properties: list[Property]) -> None:
    seen: set[str] = set()
    for key, start, end, _ in properties:
        if key in seen:
            raise Stop(f'expected "{key}" once, found it again', start, end)
        seen.add(key)


def _plain(text: str, piece: Piece) -> Expression:
    return Literal(piece.value, piece.start, piece.end)


def _template(text: str, piece: Piece) -> Expression:
    value = piece.value
    if "${" not in value and "%{" not in value:
        return Literal(value, piece.start, piece.end)
    place = _places(text[piece.start + 1 : piece.end - 1], piece.start + 1)
    try:
        node = whole_template(value)
    except Stop as stop:
        fault = stop.fault
        raise Stop(fault.message, place(fault.start), place(fault.end)) from None
    _move(node, place)
    node.start, node.end = piece.start, piece.end
    return node


_CHARACTER = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|.", re.DOTALL
)


def _places(raw: str, start: int) -> Callable[[int], int]:
    """Return what turns an offset into a decoded string into an offset into the file."""
    if "\\" not in raw:
        return lambda offset: start + offset
    places = [start + match.start() for match in _CHARACTER.finditer(raw)]
    places.append(start + len(raw))
    return lambda offset: places[offset]


def _move(node: Any, place: Callable[[int], int]) -> None:
    if isinstance(node, tuple):
        for part in node:
            _move(part, place)
    elif isinstance(node, Node):
        node.start, node.end = place(node.start), place(node.end)
        for slot in type(node).__slots__:
            _move(getattr(node, slot), place)
