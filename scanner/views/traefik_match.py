"""The ``match`` of a Traefik route: which hosts and paths it is about.

Source: Traefik 3 documentation, *Rules & Priority* (HTTP and TCP routers), and the same page of version 2, whose
matchers take several values and whose ``HostRegexp`` writes variables in braces. What a route matches is widened, never
narrowed: negations and other matchers (headers, methods, addresses) are left out, and a regular expression stands for
the smallest host pattern that is sure to contain it.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from scanner.views.expressions import DEEPEST, And, Expression, Not, Or, Tokens, parse

ANY_HOST = "*"
"""Host pattern that covers every name."""

MOST_ALTERNATIVES = 256
"""Ways to satisfy one match; more is an attack or a mistake."""
LONGEST_PATTERN = 1024
"""Characters of a regular expression that is looked into; a host name has at most 253."""

HOSTS = ("host", "hostsni")
HOST_PATTERNS = ("hostregexp", "hostsniregexp")
PATHS = ("path", "pathprefix", "pathregexp")

_WORD = re.compile(r"""\s+ | && | \|\| | [!(),] | [A-Za-z]\w* | `[^`]*` | "(?:[^"\\\n]|\\.)*" """, re.VERBOSE)
_ESCAPE = re.compile(r"\\(.)")
_VARIABLE = re.compile(r"\{[a-z_]\w*(?::|\})")
"""A variable of version 2, ``{name:[a-z]+}``; in version 3 only digits stand in braces."""
_FLAGS = re.compile(r"\A\(\?[a-z]+\)")
_END = re.compile(r"(?<!\\)\$\Z")
_CLASS = re.compile(r"\[\^?\]?[^\]]*\]")
_GROUP = re.compile(r"\([^()]*\)")
_TAIL = re.compile(r"(?:\\[.-]|\[[.-]\]|[a-z0-9-])*\Z")
_LITERAL = re.compile(r"\\([.-])|\[([.-])\]")


class Matcher(NamedTuple):
    """One matcher with its values: ``PathPrefix(`/web`)``."""

    name: str
    """In lower case: Traefik takes ``Host``, ``host`` and ``HOST``."""
    values: tuple[str, ...]


class Term(NamedTuple):
    """One matcher with one value."""

    name: str
    value: str


Alternative = tuple[Term, ...]
"""Terms that must hold together; other matchers and negations are left out."""


@lru_cache(maxsize=4096)
def alternatives(match: str) -> tuple[Alternative, ...]:
    """Return the ways to satisfy ``match``, in the order of the text; raises ValueError where it cannot be read."""
    return _expanded(parse(match, _WORD, _matcher), positive=True)


@lru_cache(maxsize=4096)
def host_pattern(term: Term, *, version_2: bool = False) -> str:
    """Return the smallest host pattern that is sure to cover a host term.

    It is a name (``a.example.net``), everything below a name (``*.example.net``) or :data:`ANY_HOST`; lower case.
    """
    value = term.value.lower()
    if term.name in HOSTS:
        return value.removeprefix("*").rstrip(".") if value.startswith("**.") else value.rstrip(".")
    if version_2 or _VARIABLE.search(value):
        return _covering(value, value.rpartition("}")[2])
    body = _FLAGS.sub("", value, count=1)
    if len(body) > LONGEST_PATTERN or not _END.search(body) or r"\\" in body or _chooses(body):
        return ANY_HOST
    body = body[:-1]
    tail = _TAIL.search(body)
    literal = tail[0] if tail else ""
    return _covering(body.removeprefix("^") if body.startswith("^") else "^" + body, literal)


def _matcher(tokens: Tokens) -> Matcher:
    name = tokens.take()
    if not name[0].isalpha():
        raise ValueError(f"expected a matcher such as Host(`a.example.net`), found {name!r}")
    tokens.take("(")
    values: list[str] = []
    while not tokens.takes(")"):
        if values:
            tokens.take(",")
        values.append(_literal(tokens.take()))
    return Matcher(name.lower(), tuple(values))


def _literal(word: str) -> str:
    """A Go string literal: raw between backticks, with escapes between double quotes."""
    if word[0] == "`":
        return word[1:-1]
    if word[0] == '"':
        return _ESCAPE.sub(r"\1", word[1:-1])
    raise ValueError(f"expected a value in backticks, found {word!r}")


def _expanded(expression: Expression, *, positive: bool) -> tuple[Alternative, ...]:
    """Disjunctive normal form of ``expression``, or of its negation."""
    match expression:
        case Not(part):
            return _expanded(part, positive=not positive)
        case And(parts):
            branches = [_expanded(part, positive=positive) for part in parts]
            return _together(branches) if positive else _either(branches)
        case Or(parts):
            branches = [_expanded(part, positive=positive) for part in parts]
            return _either(branches) if positive else _together(branches)
        case _:
            return _terms(expression) if positive else ((),)


def _terms(matcher: Matcher) -> tuple[Alternative, ...]:
    """Several values of one matcher are alternatives (version 2)."""
    if matcher.name in (*HOSTS, *HOST_PATTERNS, *PATHS) and matcher.values:
        return _bounded([(Term(matcher.name, value),) for value in matcher.values])
    return ((),)


def _either(branches: Sequence[tuple[Alternative, ...]]) -> tuple[Alternative, ...]:
    return _bounded([alternative for branch in branches for alternative in branch])


def _together(branches: Sequence[tuple[Alternative, ...]]) -> tuple[Alternative, ...]:
    found: tuple[Alternative, ...] = ((),)
    for branch in branches:
        if len(found) * len(branch) > MOST_ALTERNATIVES:
            raise ValueError(f"it has more than {MOST_ALTERNATIVES} alternatives")
        found = tuple((*left, *right) for left, right in product(found, branch))
    return found


def _bounded(found: list[Alternative]) -> tuple[Alternative, ...]:
    if len(found) > MOST_ALTERNATIVES:
        raise ValueError(f"it has more than {MOST_ALTERNATIVES} alternatives")
    return tuple(dict.fromkeys(found))


def _covering(pattern: str, tail: str) -> str:
    """The host pattern for a ``pattern`` that ends in the literal ``tail``; the literal itself if that is all of it."""
    literal = _LITERAL.sub(r"\1\2", tail)
    if tail == pattern:
        return literal
    _, dot, parent = literal.partition(".")
    return f"*.{parent}" if dot and parent else ANY_HOST


def _chooses(pattern: str) -> bool:
    """Whether a regular expression chooses between patterns outside of all groups, or is too deep to tell."""
    left = _CLASS.sub("", _ESCAPE.sub("", pattern))
    for _ in range(DEEPEST):
        outside = _GROUP.sub("", left)
        if outside == left:
            return "|" in left or "(" in left or ")" in left
        left = outside
    return True
