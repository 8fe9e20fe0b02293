"""Calls that OPA understands and the engine does not: results as last argument, iteration over `walk`, unary minus."""

from collections.abc import Iterator, Mapping

from scanner.packs.rego.rewrite.edits import Edit
from scanner.packs.rego.rewrite.source import Source
from scanner.packs.rego.rewrite.templates import LOCAL
from scanner.packs.rego.rewrite.tokens import KEYWORDS

_OPERAND_ENDS = frozenset((")", "]", "}"))
_OPERAND_KINDS = frozenset(("name", "number", "string", "template end", "hole end"))


def call_edits(source: Source, arities: Mapping[str, int]) -> Iterator[Edit]:
    """Yield the changes for calls. `arities` are those of the built-ins that are ours."""
    aliases = frozenset(each.binds for each in source.statements if each.kind == "import")
    for index, word in enumerate(source.words):
        if word.kind == "name" and not source.follows_dot(index):
            path = source.path(index)
            opening = index + 2 * len(path) - 1
            if source.word(opening).text == "(" and path[0].text not in aliases:
                yield from _call_edits(source, index, opening, ".".join(part.text for part in path), arities)
        elif word.text == "-" and word.kind == "symbol" and _is_unary(source, index):
            yield from _minus_edits(source, index)


def _call_edits(source: Source, index: int, opening: int, name: str, arities: Mapping[str, int]) -> Iterator[Edit]:
    if name != "walk" and name not in arities:
        return
    closed, commas = source.closer(opening), source.commas(opening)
    trailing = [commas[-1]] if commas and commas[-1] == closed - 1 else []
    separators = commas[: len(commas) - len(trailing)]
    count = len(separators) + (closed > opening + 1)
    if name == "walk" and count == 1:
        # As a value `walk` yields nothing at all; only the form with a result iterates.
        start, end = source.word(index).start, source.word(closed)
        yield Edit(start, start, f"[{LOCAL} | ")
        yield Edit(end.start, end.end, f"{'' if trailing else ','} {LOCAL})][_]")
    elif count == arities.get(name, count) + 1 and separators:
        # f(a, x) is x = f(a), and the other way round; nothing has to move.
        comma = source.word(separators[-1])
        yield Edit(comma.start, comma.end, ") =" if source.text[comma.end : comma.end + 1].isspace() else ") = ")
        for at in (*trailing, closed):
            yield Edit(source.word(at).start, source.word(at).end, "")


def _minus_edits(source: Source, index: int) -> Iterator[Edit]:
    """Yield `(0 -a.b[c])` for `-a.b[c]`; in OPA nothing but a reference or a call can follow."""
    end = index + 1
    if not source.is_name(end) or source.word(end).text in KEYWORDS:
        return
    while source.touches(end + 1):
        if source.word(end + 1).text in ("[", "("):
            end = source.closer(end + 1)
        elif source.word(end + 1).text == "." and source.is_name(end + 2):
            end += 2
        else:
            break
    yield Edit(source.word(index).start, source.word(index).start, "(0 ")
    yield Edit(source.word(end).end, source.word(end).end, ")")


def _is_unary(source: Source, index: int) -> bool:
    before = source.word(index - 1)
    return before.text not in _OPERAND_ENDS and (before.kind not in _OPERAND_KINDS or before.text in KEYWORDS)
