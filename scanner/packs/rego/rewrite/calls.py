"""Calls that OPA understands and the engine does not: results as last argument, iteration over `walk`, unary minus."""

from collections.abc import Iterator, Mapping, Sequence

from scanner.packs.rego.rewrite.edits import Edit
from scanner.packs.rego.rewrite.statements import Statement
from scanner.packs.rego.rewrite.templates import LOCAL
from scanner.packs.rego.rewrite.tokens import KEYWORDS, Token, closing, follows_dot, path_at

_OPERAND_ENDS = frozenset((")", "]", "}"))
_OPERAND_KINDS = frozenset(("name", "number", "string", "template end", "hole end"))


def call_edits(tokens: Sequence[Token], known: Sequence[Statement], arities: Mapping[str, int]) -> Iterator[Edit]:
    """Yield the changes for calls. `known` are the statements, `arities` those of the built-ins that are ours."""
    aliases = frozenset(name for each in known if each.kind == "import" for name in each.binds)
    for index, token in enumerate(tokens):
        if token.kind == "name" and not follows_dot(tokens, index):
            path = path_at(tokens, index)
            opening = index + 2 * len(path) - 1
            if opening < len(tokens) and tokens[opening].text == "(" and path[0].text not in aliases:
                yield from _call_edits(tokens, index, opening, ".".join(part.text for part in path), arities)
        elif token.text == "-" and token.kind == "symbol" and _is_unary(tokens, index):
            yield from _minus_edits(tokens, index)


def _call_edits(
    tokens: Sequence[Token], index: int, opening: int, name: str, arities: Mapping[str, int]
) -> Iterator[Edit]:
    if name != "walk" and name not in arities:
        return
    closed, commas = closing(tokens, opening)
    trailing = [commas.pop()] if commas and commas[-1] == closed - 1 else []
    count = len(commas) + (closed > opening + 1)
    if name == "walk" and count == 1:
        # As a value `walk` yields nothing at all; only the form with a result iterates.
        yield Edit(tokens[index].start, tokens[index].start, f"[{LOCAL} | ")
        yield Edit(tokens[closed].start, tokens[closed].end, f"{'' if trailing else ','} {LOCAL})][_]")
    elif count == arities.get(name, count) + 1 and commas:
        # f(a, x) is x = f(a), and the other way round; nothing has to move.
        yield Edit(tokens[commas[-1]].start, tokens[commas[-1]].end, ") = ")
        for at in (*trailing, closed):
            yield Edit(tokens[at].start, tokens[at].end, "")


def _minus_edits(tokens: Sequence[Token], index: int) -> Iterator[Edit]:
    """Yield `(0 -a.b[c])` for `-a.b[c]`; in OPA nothing but a reference or a call can follow."""
    end = index + 1
    if end >= len(tokens) or tokens[end].kind != "name" or tokens[end].text in KEYWORDS:
        return
    while end + 1 < len(tokens) and tokens[end + 1].start == tokens[end].end:
        if tokens[end + 1].text in ("[", "("):
            end = closing(tokens, end + 1)[0]
        elif tokens[end + 1].text == "." and end + 2 < len(tokens) and tokens[end + 2].kind == "name":
            end += 2
        else:
            break
    yield Edit(tokens[index].start, tokens[index].start, "(0 ")
    yield Edit(tokens[end].end, tokens[end].end, ")")


def _is_unary(tokens: Sequence[Token], index: int) -> bool:
    before = tokens[index - 1]
    return before.text not in _OPERAND_ENDS and (before.kind not in _OPERAND_KINDS or before.text in KEYWORDS)
