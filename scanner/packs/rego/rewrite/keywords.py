"""Keywords as parts of references: `input.if`, `data.a.in.b`, and rules named `some.thing`.

A string in brackets says the same where the engine reads a value. It cannot start a rule and cannot name a function;
there the keyword gets a prefix. Nobody sees the name of a function; a rule whose first part is a keyword is reachable
under its own name in its own module only.
"""

from collections.abc import Iterator

from scanner.packs.rego.rewrite.edits import Edit
from scanner.packs.rego.rewrite.source import Source
from scanner.packs.rego.rewrite.tokens import KEYWORDS, Token

PREFIX = "keyword__"
"""Put before a keyword that has to be a name."""


def keyword_edits(source: Source) -> Iterator[Edit]:
    """Yield the changes for all references that have a keyword in them."""
    index = 0
    while index < len(source):
        if not source.is_name(index):
            index += 1
            continue
        path, inside = source.path(index), source.follows_dot(index)
        of_keywords = source.word(index - 1).text == "import" and path[0].text in ("future", "rego")
        index += 2 * len(path) - 1
        if of_keywords:
            continue
        is_call = source.word(index).text == "(" and source.touches(index)
        if not inside and len(path) > 1 and path[0].text in KEYWORDS:
            yield _as_name(path[0])
        for part in path if inside else path[1:]:
            if part.text in KEYWORDS:
                yield _as_name(part) if is_call else Edit(part.start - 1, part.end, f'["{part.text}"]')


def _as_name(part: Token) -> Edit:
    return Edit(part.start, part.end, PREFIX + part.text)
