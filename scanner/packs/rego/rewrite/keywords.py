"""Keywords as parts of references: `input.if`, `data.a.in.b`, and rules named `some.thing`.

A string in brackets says the same where the engine reads a value. It cannot start a rule and cannot name a function;
there the keyword gets a prefix. Nobody sees the name of a function; a rule whose first part is a keyword is reachable
under its own name in its own module only.
"""

from collections.abc import Iterator, Sequence

from scanner.packs.rego.rewrite.edits import Edit
from scanner.packs.rego.rewrite.tokens import KEYWORDS, Token, follows_dot, path_at

PREFIX = "keyword__"
"""Put before a keyword that has to be a name."""


def keyword_edits(tokens: Sequence[Token]) -> Iterator[Edit]:
    """Yield the changes for all references that have a keyword in them."""
    index = 0
    while index < len(tokens):
        if tokens[index].kind != "name":
            index += 1
            continue
        path = path_at(tokens, index)
        if _is_import_of_keywords(tokens, index):
            index += 2 * len(path) - 1
            continue
        inside = follows_dot(tokens, index)
        index += 2 * len(path) - 1
        is_call = index < len(tokens) and tokens[index].text == "(" and tokens[index].start == path[-1].end
        if not inside and len(path) > 1 and path[0].text in KEYWORDS:
            yield Edit(path[0].start, path[0].end, PREFIX + path[0].text)
        for part in path if inside else path[1:]:
            if part.text in KEYWORDS:
                yield _as_name(part) if is_call else Edit(part.start - 1, part.end, f'["{part.text}"]')


def _as_name(part: Token) -> Edit:
    return Edit(part.start, part.end, PREFIX + part.text)


def _is_import_of_keywords(tokens: Sequence[Token], index: int) -> bool:
    """Say whether the name is `future` or `rego` behind `import`, where the path is not a reference."""
    return index > 0 and tokens[index - 1].text == "import" and tokens[index].text in ("future", "rego")
