"""`not f(input.x)` where `input.x` has no value: undefined in OPA, true in the engine.

OPA takes the operands of a negated expression out of it before it negates, so that only the last step is negated. Here
the same is done in the text: `not f(input.x)` becomes `h = input.x; not f(h)`. References compared by `==` and
references alone stay where they are, in OPA as here.

What a reference iterates over must still be bound outside of the negation; where it is not, nothing is changed, and the
checks of the engine say so.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from scanner.packs.rego.rewrite.edits import Edit
from scanner.packs.rego.rewrite.source import Source
from scanner.packs.rego.rewrite.tokens import KEYWORDS

MAX_WORDS = 512
"""Words of a negated expression that is looked at; nobody writes longer ones."""

_RELATIONS = ("==", "!=", "<", "<=", ">", ">=")
_LEVELS = (("=", ":="), ("in", ","), _RELATIONS)
_OPERATORS = frozenset((*_RELATIONS, ":=", "=", "+", "-", "*", "/", "%", "&", "|", "in", ","))
_CONSTANTS = frozenset(("true", "false", "null"))
_ENDS = frozenset((";", ")", "]", "}", "with", "else", "not"))
_BLANK = re.compile(r"[ \t]*\r?\n[ \t]*")


class _Span(NamedTuple):
    """Words from `start` up to, but without, `end`."""

    start: int
    end: int


def negation_edits(source: Source, prefix: str) -> Iterator[Edit]:
    """Yield the changes for the outermost negated expressions; there may be more inside of what was moved.

    `prefix` starts the names of new variables.
    """
    known = frozenset(each.binds for each in source.statements)
    scopes = _Scopes(source)
    count, done = 0, 0
    for index, word in enumerate(source.words):
        if word.text != "not" or index < done or not _is_negation(source, index):
            continue
        literal = _Span(index + 1, _end(source, index + 1))
        if not 0 < literal.end - literal.start <= MAX_WORDS or source.word(literal.end).text == "with":
            continue
        bound = scopes.around(literal, known)
        operands = [each for each in _operands(source, literal) if _can_move(source, each, known, bound)]
        if operands:
            variables = [f"{prefix}{count + number}" for number in range(len(operands))]
            count, done = count + len(operands), literal.end
            yield from _moved(source, literal, operands, variables)


class _Scopes:
    """The names of each statement, counted."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._starts = [each.start for each in source.statements]
        self._names: dict[int, Counter[str]] = {}
        for word in source.words:
            if word.kind == "name":
                self._names.setdefault(bisect_right(self._starts, word.start), Counter())[word.text] += 1

    def around(self, literal: _Span, known: frozenset[str]) -> frozenset[str]:
        """Return which names of an expression also stand elsewhere in its statement, or are known in the module."""
        words = [word for word in self._source.words[literal.start : literal.end] if word.kind == "name"]
        if not words:
            return frozenset()
        everywhere = self._names[bisect_right(self._starts, words[0].start)]
        inside = Counter(word.text for word in words)
        return frozenset(
            name
            for name, times in inside.items()
            if name in ("input", "data") or name in known or (name != "_" and everywhere[name] > times)
        )


def _moved(source: Source, literal: _Span, operands: Sequence[_Span], variables: Sequence[str]) -> Iterator[Edit]:
    negation = source.word(literal.start - 1).start
    is_bare = source.word(literal.start - 2).text == "if"
    bindings = "{ " if is_bare else ""
    for operand, variable in zip(operands, variables, strict=True):
        start, end = source.word(operand.start).start, source.word(operand.end - 1).end
        bindings += f"{variable} = {_BLANK.sub(' ', source.text[start:end])}; "
        yield from _replaced(source.text, start, end, variable)
    yield Edit(negation, negation, bindings)
    if is_bare:
        end = source.word(literal.end - 1).end
        yield Edit(end, end, " }")


def _replaced(text: str, start: int, end: int, name: str) -> Iterator[Edit]:
    """Yield the replacement of a piece of text by a name, its line breaks left where they are."""
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        yield Edit(start, stop, name)
        start, name = stop + 1, ""


def _is_negation(source: Source, index: int) -> bool:
    is_part = source.word(index + 1).text == "." and source.touches(index + 1)
    return source.is_name(index) and not is_part and not source.follows_dot(index)


def _end(source: Source, start: int) -> int:
    """Return the index behind the expression that starts at an index, or one too far away to matter."""
    at, steps = start, 0
    while at < len(source) and steps <= MAX_WORDS:
        word, before = source.word(at), source.word(at - 1)
        if word.text in _ENDS or word.kind == "hole end":
            return at
        is_new_line = at > start and "\n" in source.text[before.end : word.start]
        if is_new_line and before.text not in _OPERATORS and word.text not in _OPERATORS:
            return at
        at, steps = _next(source, at), steps + 1
    return at if at >= len(source) else start + MAX_WORDS + 1


def _next(source: Source, at: int) -> int:
    """Return the index of the next word outside of brackets."""
    return (source.closer(at) if source.is_bracket(at) else at) + 1


def _operands(source: Source, span: _Span) -> Iterator[_Span]:
    """Yield the operands OPA would take out of an expression."""
    while source.word(span.start).text == "(" and source.closer(span.start) == span.end - 1:
        span = _Span(span.start + 1, span.end - 1)
    operators, pieces = _split(source, span)
    if not operators:
        yield from _operands_of_term(source, span)
    elif operators in (["=="], ["="]):
        for piece in pieces:
            if _is_reference(source, piece):
                yield from _indexes(source, piece)
            elif _has_names(source, piece):
                yield piece
    elif len(operators) == 1 or "," in operators:
        yield from (piece for piece in pieces if _has_names(source, piece))


def _operands_of_term(source: Source, term: _Span) -> Iterator[_Span]:
    if not source.is_name(term.start) or source.word(term.start).text in KEYWORDS:
        return
    opening = term.start + 2 * len(source.path(term.start)) - 1
    if opening < term.end and source.word(opening).text == "(":
        bounds = (opening, *source.commas(opening), source.closer(opening))
        arguments = (_Span(left + 1, right) for left, right in pairwise(bounds))
        yield from (argument for argument in arguments if _has_names(source, argument))
    elif _is_reference(source, term):
        yield from _indexes(source, term)


def _indexes(source: Source, reference: _Span) -> Iterator[_Span]:
    """Yield what stands in the brackets of a reference and is more than a name or a constant."""
    at = reference.start
    while at < reference.end:
        inner = _Span(at + 1, _next(source, at) - 1)
        if inner.end > inner.start + 1 and _has_names(source, inner):
            yield inner
        at = _next(source, at)


def _split(source: Source, span: _Span) -> tuple[list[str], list[_Span]]:
    """Return the loosest operators of an expression, and what stands between them."""
    found: list[int] = []
    at = span.start
    while at < span.end:
        if source.word(at).text in _OPERATORS and source.word(at).kind in ("symbol", "name"):
            found.append(at)
        at = _next(source, at)
    for level in _LEVELS:
        loosest = [at for at in found if source.word(at).text in level]
        if loosest:
            bounds = (span.start - 1, *loosest, span.end)
            pieces = [_Span(left + 1, right) for left, right in pairwise(bounds)]
            return [source.word(at).text for at in loosest], pieces
    return [], [span]


def _is_reference(source: Source, piece: _Span) -> bool:
    """Say whether a piece is a reference alone: no call, no operator."""
    if not source.is_name(piece.start) or source.word(piece.start).text in KEYWORDS:
        return False
    at = piece.start + 1
    while at < piece.end:
        if source.word(at).text == "." and source.is_name(at + 1):
            at += 2
        elif source.word(at).text == "[" and source.touches(at):
            at = _next(source, at)
        else:
            return False
    return True


def _has_names(source: Source, piece: _Span) -> bool:
    words = source.words[piece.start : piece.end]
    return any(word.kind == "name" and word.text not in _CONSTANTS for word in words)


def _can_move(source: Source, operand: _Span, known: frozenset[str], bound: frozenset[str]) -> bool:
    """Say whether an operand may be evaluated before its negation."""
    text = source.text[source.word(operand.start).start : source.word(operand.end - 1).end]
    if "\n" in text and ("#" in text or "`" in text):
        return False
    if operand.end == operand.start + 1:
        return source.word(operand.start).text in known
    return all(name in bound for name in _iterators(source, operand))


def _iterators(source: Source, operand: _Span) -> Iterator[str]:
    """Yield the names that stand alone in the brackets of references: they may iterate."""
    for at in range(operand.start + 1, operand.end - 2):
        inner = source.word(at + 1)
        alone = source.word(at).text == "[" and source.touches(at) and source.word(at + 2).text == "]"
        if alone and inner.kind == "name" and inner.text not in _CONSTANTS:
            yield inner.text
