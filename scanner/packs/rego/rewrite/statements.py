"""Where the statements of a module start, and what they name."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from scanner.packs.rego.rewrite.tokens import KEYWORDS, Token, path_at

_CONTINUES = (KEYWORDS - {"default", "import", "package"}) | {",", ":", ":=", "=", "==", "!=", "<", "<=", ">", ">="}
_CONTINUES |= {"+", "-", "*", "/", "%", "&", "|", "."}
_OPENING, _CLOSING = ("(", "[", "{"), (")", "]", "}")


class Statement(NamedTuple):
    """A package declaration, an import, or one definition of a rule."""

    start: int
    """Offset of its first word."""
    kind: str
    """`package`, `import` or `rule`."""
    path: tuple[str, ...]
    """The names of the package, of what is imported, or of the rule without its package."""
    binds: tuple[str, ...]
    """The name it makes known in the module, if any."""


def statements(tokens: Sequence[Token]) -> Iterator[Statement]:
    """Yield the statements: each starts with a name, outside of all brackets, that nothing before it asks for."""
    depth = 0
    for index, token in enumerate(tokens):
        if token.kind in ("symbol", "hole", "hole end"):
            depth += (token.text in _OPENING) - (token.text in _CLOSING)
        elif depth == 0 and token.kind == "name" and _starts(tokens, index):
            yield _statement(tokens, index)


def _starts(tokens: Sequence[Token], index: int) -> bool:
    token, before = tokens[index], tokens[index - 1] if index else None
    if before is None or token.text in ("package", "default"):
        return True
    return token.text not in KEYWORDS - {"import"} and before.text not in _CONTINUES


def _statement(tokens: Sequence[Token], index: int) -> Statement:
    start, first = tokens[index].start, tokens[index].text
    if first not in ("package", "import"):
        path = path_at(tokens, index + (first == "default"))
        return Statement(start, "rule", tuple(part.text for part in path), (path[0].text,))
    path = path_at(tokens, index + 1)
    names = tuple(part.text for part in path)
    if first == "package":
        return Statement(start, first, names, ())
    behind = index + 2 * len(path)
    renamed = behind + 1 < len(tokens) and tokens[behind].text == "as"
    return Statement(start, first, names, (tokens[behind + 1].text if renamed else names[-1],))
