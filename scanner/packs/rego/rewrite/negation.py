"""`not f(input.x)` where `input.x` has no value: undefined in OPA, true in the engine.

OPA takes the operands of a negated expression out of it before it negates, so that only the last step is negated. Here
the same is done in the text: `not f(input.x)` becomes `h = input.x; not f(h)`. References compared by `==` and
references alone stay where they are, in OPA as here.

What a reference iterates over must still be bound outside of the negation; where it is not, nothing is changed, and the
checks of the engine say so.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from scanner.packs.rego.rewrite.edits import Edit
from scanner.packs.rego.rewrite.statements import Statement
from scanner.packs.rego.rewrite.tokens import KEYWORDS, Token, closing, follows_dot, path_at

_RELATIONS = ("==", "!=", "<", "<=", ">", ">=")
_OPERATORS = (*_RELATIONS, ":=", "=", "+", "-", "*", "/", "%", "&", "|", "in", ",")
_CONSTANTS = frozenset(("true", "false", "null"))
_CLOSING = (")", "]", "}")
_BLANK = re.compile(r"[ \t]*\r?\n[ \t]*")

_Tokens = Sequence[Token]


class _Region(NamedTuple):
    """What an operand is looked at against."""

    names: frozenset[str]
    """Names of rules and imports of the module."""
    outside: frozenset[str]
    """Those, and the names in the same statement outside of the negated expression."""


def negation_edits(text: str, tokens: _Tokens, known: Sequence[Statement], prefix: str) -> Iterator[Edit]:
    """Yield the changes for the outermost negated expressions; there may be more inside of what was moved.

    `tokens` and `known` are the words and statements of `text`; `prefix` starts the names of new variables.
    """
    names = frozenset(name for each in known for name in each.binds)
    starts = [each.start for each in known]
    count, done = 0, 0
    for index, token in enumerate(tokens):
        if token.text != "not" or index < done or not _is_negation(tokens, index):
            continue
        end = _end(text, tokens, index + 1)
        if end < len(tokens) and tokens[end].text == "with":
            continue
        region = _Region(names, names.union(_outside(tokens, starts, index, end)))
        operands = [each for each in _operands(tokens[index + 1 : end]) if _can_move(text, each, region)]
        if operands:
            helpers = [f"{prefix}{count + number}" for number in range(len(operands))]
            count, done = count + len(operands), end
            yield from _moved(text, tokens, (index, end), operands, helpers)


def _moved(
    text: str, tokens: _Tokens, literal: tuple[int, int], operands: Sequence[_Tokens], helpers: Sequence[str]
) -> Iterator[Edit]:
    index, end = literal
    bare = tokens[index - 1].text == "if"
    bindings = (
        f"{helper} = {_BLANK.sub(' ', text[operand[0].start : operand[-1].end])}; "
        for operand, helper in zip(operands, helpers, strict=True)
    )
    yield Edit(tokens[index].start, tokens[index].start, ("{ " if bare else "") + "".join(bindings))
    for operand, helper in zip(operands, helpers, strict=True):
        yield from _replaced(text, operand[0].start, operand[-1].end, helper)
    if bare:
        yield Edit(tokens[end - 1].end, tokens[end - 1].end, " }")


def _replaced(text: str, start: int, end: int, name: str) -> Iterator[Edit]:
    """Yield the replacement of a piece of text by a name, its line breaks left where they are."""
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        yield Edit(start, stop, name)
        start, name = stop + 1, ""


def _is_negation(tokens: _Tokens, index: int) -> bool:
    if index == 0 or index + 1 == len(tokens) or follows_dot(tokens, index):
        return False
    return not (tokens[index + 1].text == "." and tokens[index + 1].start == tokens[index].end)


def _end(text: str, tokens: _Tokens, start: int) -> int:
    """Return the index behind the expression that starts at an index."""
    at = start
    while at < len(tokens):
        token = tokens[at]
        if token.text in (";", *_CLOSING) or token.kind == "hole end" or token.text in ("with", "else"):
            return at
        is_new_line = at > start and "\n" in text[tokens[at - 1].end : token.start]
        if is_new_line and tokens[at - 1].text not in _OPERATORS and token.text not in _OPERATORS:
            return at
        at = (closing(tokens, at)[0] if token.text in ("(", "[", "{") else at) + 1
    return at


def _operands(expression: _Tokens) -> Iterator[_Tokens]:
    """Yield the operands OPA would take out of an expression."""
    while expression and expression[0].text == "(" and closing(expression, 0)[0] == len(expression) - 1:
        expression = expression[1:-1]
    pieces = _split(expression)
    kinds = {operator for operator, _ in pieces[1:]}
    if not pieces[0][1]:
        return
    if not kinds:
        yield from _operands_of_term(expression)
    elif kinds <= {"==", "="} and len(pieces) == 2:
        for _, piece in pieces:
            yield from _indexes(piece) if _is_reference(piece) else [piece] if _has_names(piece) else []
    elif len(pieces) == 2 or "," in kinds:
        yield from (piece for _, piece in pieces if _has_names(piece))


def _operands_of_term(term: _Tokens) -> Iterator[_Tokens]:
    if term[0].kind != "name" or term[0].text in KEYWORDS:
        return
    opening = 2 * len(path_at(term, 0)) - 1
    if opening < len(term) and term[opening].text == "(":
        closed, commas = closing(term, opening)
        bounds = [opening, *commas, closed]
        arguments = (term[left + 1 : right] for left, right in pairwise(bounds))
        yield from (argument for argument in arguments if argument and _has_names(argument))
    elif _is_reference(term):
        yield from _indexes(term)


def _indexes(reference: _Tokens) -> Iterator[_Tokens]:
    """Yield what stands in the brackets of a reference and is more than a name or a constant."""
    at = 1
    while at < len(reference):
        if reference[at].text == "[":
            closed, _ = closing(reference, at)
            if closed > at + 2 and _has_names(reference[at + 1 : closed]):
                yield reference[at + 1 : closed]
            at = closed
        at += 1


def _split(expression: _Tokens) -> list[tuple[str, _Tokens]]:
    """Return the pieces of an expression between its loosest operators, each with the operator before it."""
    found: list[tuple[int, str]] = []
    at = 0
    while at < len(expression):
        token = expression[at]
        if token.text in _OPERATORS and token.kind in ("symbol", "name"):
            found.append((at, token.text))
        at = (closing(expression, at)[0] if token.text in ("(", "[", "{") else at) + 1
    for level in (("=", ":="), ("in", ","), _RELATIONS):
        loosest = [each for each in found if each[1] in level]
        if loosest:
            bounds = [(-1, ""), *loosest, (len(expression), "")]
            return [(operator, expression[left + 1 : right]) for (left, operator), (right, _) in pairwise(bounds)]
    return [("", expression)]


def _is_reference(piece: _Tokens) -> bool:
    """Say whether a piece is a reference alone: no call, no operator."""
    if not piece or piece[0].kind != "name" or piece[0].text in KEYWORDS:
        return False
    at = 1
    while at < len(piece):
        if piece[at].text == ".":
            at += 2
        elif piece[at].text == "[" and piece[at].start == piece[at - 1].end:
            at = closing(piece, at)[0] + 1
        else:
            return False
    return True


def _has_names(piece: _Tokens) -> bool:
    return any(token.kind == "name" and token.text not in _CONSTANTS for token in piece)


def _can_move(text: str, operand: _Tokens, region: _Region) -> bool:
    """Say whether an operand may be evaluated before its negation."""
    source = text[operand[0].start : operand[-1].end]
    if "\n" in source and ("#" in source or "`" in source):
        return False
    if len(operand) == 1:
        return operand[0].text in region.names
    return all(name in region.outside for name in _iterators(operand))


def _iterators(operand: _Tokens) -> Iterator[str]:
    """Yield the names that stand alone in the brackets of references: they may iterate."""
    for at in range(1, len(operand) - 2):
        if operand[at].text == "[" and operand[at].start == operand[at - 1].end and operand[at + 2].text == "]":
            inner = operand[at + 1]
            if inner.kind == "name" and inner.text not in _CONSTANTS:
                yield inner.text


def _outside(tokens: _Tokens, starts: Sequence[int], index: int, end: int) -> Iterator[str]:
    """Yield the names around an expression in the statement it belongs to, and the names of the documents."""
    here = tokens[index].start
    first = max((start for start in starts if start <= here), default=0)
    last = min((start for start in starts if start > here), default=tokens[-1].end)
    yield from ("input", "data")
    yield from _names(tokens[:index], first, last)
    yield from _names(tokens[end:], first, last)


def _names(tokens: Iterable[Token], first: int, last: int) -> Iterator[str]:
    for token in tokens:
        if token.kind == "name" and token.text != "_" and first <= token.start < last:
            yield token.text
