"""Imports that say nothing in Rego v1: `import future.keywords.if`, which beside `import rego.v1` regorus refuses."""

from collections.abc import Iterator, Sequence

from scanner.packs.rego.rewrite.edits import Edit
from scanner.packs.rego.rewrite.tokens import Token, path_at

_NEEDLESS = {("future", "keywords", name) for name in ("contains", "every", "if", "in")} | {("future", "keywords")}


def import_edits(tokens: Sequence[Token]) -> Iterator[Edit]:
    """Yield the removal of imports of keywords that are always there; one under another name stays, to be refused."""
    for index, token in enumerate(tokens[:-1]):
        if token.kind != "name" or token.text != "import":
            continue
        path = path_at(tokens, index + 1)
        following = index + 2 * len(path)
        if tuple(part.text for part in path) not in _NEEDLESS:
            continue
        if following < len(tokens) and tokens[following].text == "as":
            continue
        yield Edit(token.start, path[-1].end, "")
