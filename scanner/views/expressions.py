"""Boolean expressions with ``&&``, ``||``, ``!`` and parentheses, as Traefik and Calico write them.

The two languages differ in their words and in what stands between the operators (the atoms); what they share is here.
Expressions come out of scanned files, so length and depth are bounded, and everything that is not an expression is a
ValueError that says where.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

LONGEST = 16_384
"""Characters of an expression; Traefik rules of a few hundred are long already."""
DEEPEST = 64
"""Parentheses and negations inside each other."""


class And(NamedTuple):
    """All parts hold."""

    parts: tuple[Any, ...]


class Or(NamedTuple):
    """Some part holds."""

    parts: tuple[Any, ...]


class Not(NamedTuple):
    """The part does not hold."""

    part: Any


Expression: TypeAlias = Any
"""And, Or, Not, or an atom: whatever the language's atom reader returned."""


class Tokens:
    """The words of an expression, one after the other."""

    def __init__(self, text: str, word: re.Pattern[str]) -> None:
        if len(text) > LONGEST:
            raise ValueError(f"it is longer than {LONGEST} characters")
        self._words: list[tuple[str, int]] = []
        self._next = 0
        position = 0
        while position < len(text):
            match = word.match(text, position)
            if match is None:
                raise ValueError(f"unexpected {text[position]!r} at offset {position}")
            position = match.end()
            if not match[0].isspace():
                self._words.append((match[0], match.start()))

    def peek(self) -> str:
        """Return the next word without taking it; empty at the end."""
        return self._words[self._next][0] if self._next < len(self._words) else ""

    def take(self, *expected: str) -> str:
        """Return the next word and go on; raises ValueError where it is none of ``expected``, if any are given."""
        word = self.peek()
        if not word or (expected and word not in expected):
            place = f"{word!r} at offset {self._words[self._next][1]}" if word else "the end"
            wanted = f"; expected {' or '.join(expected)}" if expected else ""
            raise ValueError(f"unexpected {place}{wanted}")
        self._next += 1
        return word

    def takes(self, word: str) -> bool:
        """Go on if the next word is ``word``, and return whether it was."""
        if self.peek() != word:
            return False
        self._next += 1
        return True


def parse(text: str, word: re.Pattern[str], atom: Callable[[Tokens], Any]) -> Expression:
    """Return the expression that ``text`` writes.

    ``word`` matches one word or a run of white space; ``atom`` takes the words of one atom. Raises ValueError.
    """
    tokens = Tokens(text, word)
    expression = _either(tokens, atom, 0)
    if tokens.peek():
        tokens.take("&&", "||")
    return expression


def holds(expression: Expression, decide: Callable[[Any], bool | None]) -> bool | None:
    """Return whether ``expression`` holds, given whether its atoms do; None where it depends on atoms that are None."""
    match expression:
        case Not(part):
            held = holds(part, decide)
            return None if held is None else not held
        case And(parts):
            return _combined([holds(part, decide) for part in parts], decisive=False)
        case Or(parts):
            return _combined([holds(part, decide) for part in parts], decisive=True)
        case _:
            return decide(expression)


def _combined(answers: Sequence[bool | None], *, decisive: bool) -> bool | None:
    if decisive in answers:
        return decisive
    return None if None in answers else not decisive


def _either(tokens: Tokens, atom: Callable[[Tokens], Any], depth: int) -> Expression:
    parts = [_all(tokens, atom, depth)]
    while tokens.takes("||"):
        parts.append(_all(tokens, atom, depth))
    return parts[0] if len(parts) == 1 else Or(tuple(parts))


def _all(tokens: Tokens, atom: Callable[[Tokens], Any], depth: int) -> Expression:
    parts = [_one(tokens, atom, depth)]
    while tokens.takes("&&"):
        parts.append(_one(tokens, atom, depth))
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def _one(tokens: Tokens, atom: Callable[[Tokens], Any], depth: int) -> Expression:
    if depth > DEEPEST:
        raise ValueError(f"it is nested deeper than {DEEPEST}")
    if tokens.takes("!"):
        return Not(_one(tokens, atom, depth + 1))
    if tokens.takes("("):
        inside = _either(tokens, atom, depth + 1)
        tokens.take(")")
        return inside
    return atom(tokens)
