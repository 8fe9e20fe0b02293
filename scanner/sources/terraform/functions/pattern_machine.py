"""Runs regular expressions in time linear in the text, with the results of Go's ``regexp``.

A small and harmless expression goes to Python's ``re``, which is fast but backtracks; everything else to a machine
that follows all alternatives at once. The estimate decides, not the input's author.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

from scanner.sources.terraform.functions.function import Unevaluated
from scanner.sources.terraform.functions.pattern_classes import MAX_CODE, Ranges
from scanner.sources.terraform.functions.pattern_program import Instruction, write_program
from scanner.sources.terraform.functions.pattern_syntax import (
    Alternatives,
    Assertion,
    Chars,
    Group,
    Pattern,
    Repeat,
    Sequence,
    Tree,
    parse,
)
from scanner.sources.terraform.functions.strings import check_length

_MAX_STEPS = 20_000_000
"""Instructions times characters; more is not evaluated."""
_MAX_BACKTRACKING = 1_000_000
"""Steps that ``re`` may take in the worst case."""

Spans = tuple[int, ...]
"""Start and end of the match, then of each capture; -1 for one that took no part."""


class Expression:
    """A compiled expression."""

    __slots__ = ("_program", "_python", "_tree", "_variable", "groups", "names")

    def __init__(self, pattern: Pattern) -> None:
        self.names = pattern.names
        self.groups = len(pattern.names)
        self._tree = pattern.tree
        self._program: list[Instruction] | None = None
        self._variable, nested = _variability(pattern.tree, inside=False)
        self._python = None if nested else re.compile(_to_python(pattern.tree), re.DOTALL)

    def search(self, text: str, start: int = 0) -> Spans | None:
        """Return the leftmost match at or after ``start``."""
        if self._python is not None and (len(text) + 1) ** (self._variable + 1) <= _MAX_BACKTRACKING:
            match = self._python.search(text, start)
            return None if match is None else tuple(end for span in match.regs for end in span)
        if self._program is None:
            self._program = write_program(self._tree)
        if len(self._program) * (len(text) + 1) > _MAX_STEPS:
            raise Unevaluated("regex cannot be evaluated: too large for the text")
        return _run(self._program, text, start, self.groups)

    def find_all(self, text: str) -> Iterator[Spans]:
        """Yield all matches that do not overlap; an empty one right after another is none."""
        place, last = 0, -1
        while place <= len(text):
            spans = self.search(text, place)
            if spans is None:
                return
            empty = spans[1] == place
            accepted = not (empty and spans[0] == last)
            place = place + 1 if empty else spans[1]
            last = spans[1]
            if accepted:
                yield spans

    def replace_all(self, text: str, template: str) -> str:
        """Return ``text`` with every match replaced; ``$1`` and ``${name}`` in the template are captures."""
        out: list[str] = []
        end = place = length = 0
        while place <= len(text):
            spans = self.search(text, place)
            if spans is None:
                break
            length += spans[0] - end + len(template)
            check_length(length)
            out.append(text[end : spans[0]])
            if spans[1] > end or spans[0] == 0:
                out.append(self._expand(template, text, spans))
            end = spans[1]
            place = place + 1 if place + 1 > end else end
        return "".join(out) + text[end:]

    def _expand(self, template: str, text: str, spans: Spans) -> str:
        def capture(match: "re.Match[str]") -> str:
            if match[0] == "$$":
                return "$"
            name = match[1] or match[2]
            number = int(name[:6]) if name.isdigit() else self._named(name)
            if not 0 <= number <= self.groups or spans[2 * number] < 0:
                return ""
            return text[spans[2 * number] : spans[2 * number + 1]]

        return _CAPTURE.sub(capture, template)

    def _named(self, name: str) -> int:
        return self.names.index(name) + 1 if name in self.names else -1


_CAPTURE = re.compile(r"\$\$|\$(\w+)|\$\{(\w+)\}")


@lru_cache(maxsize=512)
def compile_pattern(text: str) -> Expression:
    """Return the expression; PatternFault where Go would not compile it."""
    return Expression(parse(text))


def _variability(tree: Tree, *, inside: bool) -> tuple[int, bool]:
    """Return how many repetitions of ``tree`` can vary, and whether one is inside of another."""
    match tree:
        case Repeat():
            varies = tree.least != tree.most
            count, nested = _variability(tree.item, inside=True)
            return count + varies, nested or inside or _branches(tree.item)
        case Group():
            return _variability(tree.item, inside=inside)
        case Sequence() | Alternatives():
            found = [_variability(item, inside=inside) for item in tree.items]
            return sum(count for count, _ in found), any(nested for _, nested in found)
    return 0, False


def _branches(tree: Tree) -> bool:
    """Tell whether ``tree`` has alternatives, which repeated may cost exponential time."""
    match tree:
        case Alternatives():
            return True
        case Group():
            return _branches(tree.item)
        case Sequence():
            return not tree.items or any(map(_branches, tree.items))
        case Repeat() | Assertion():
            return True
    return False


_PYTHON_ASSERTIONS = {
    "text_start": r"\A",
    "text_end": r"\Z",
    "line_start": r"(?:\A|(?<=\n))",
    "line_end": r"(?=\n|\Z)",
    "word": "(?a:\\b)",
    "inside": "(?:(?a:\\B)|(?<![\\s\\S])(?![\\s\\S]))",
}


def _to_python(tree: Tree) -> str:
    match tree:
        case Chars():
            return _python_class(tree.ranges)
        case Assertion():
            return _PYTHON_ASSERTIONS[tree.kind]
        case Sequence():
            return "".join(map(_to_python, tree.items))
        case Alternatives():
            return f"(?:{'|'.join(map(_to_python, tree.items))})"
        case Group():
            return f"({_to_python(tree.item)})"
    most = "" if tree.most is None else str(tree.most)
    return f"(?:{_to_python(tree.item)}){{{tree.least},{most}}}{'' if tree.greedy else '?'}"


def _python_class(ranges: Ranges) -> str:
    if ranges == ((0, MAX_CODE),):
        return "."
    if not ranges:
        return r"(?!)"
    if len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
        return re.escape(chr(ranges[0][0]))
    parts = (f"{_code(low)}-{_code(high)}" if low < high else _code(low) for low, high in ranges)
    return f"[{''.join(parts)}]"


def _code(code: int) -> str:
    return f"\\U{code:08x}"


_Thread = tuple[int, Spans]


def _run(program: list[Instruction], text: str, start: int, groups: int) -> Spans | None:
    """Follow all threads through the text at once, those of higher priority first."""
    fresh = (-1,) * (2 * groups + 2)
    threads: list[_Thread] = []
    found: Spans | None = None
    for place in range(start, len(text) + 1):
        seen: set[int] = set()
        ready: list[_Thread] = []
        for address, spans in threads:
            _follow(program, address, spans, text, place, seen, ready)
        if found is None:
            _follow(program, 0, fresh, text, place, seen, ready)
        code = ord(text[place]) if place < len(text) else -1
        threads = []
        for address, spans in ready:
            instruction = program[address]
            if instruction.name == "match":
                found = spans
                break
            if _holds(instruction.ranges, code):
                threads.append((address + 1, spans))
        if not threads and found is not None:
            break
    return found


def _holds(ranges: Ranges, code: int) -> bool:
    if code < 0:
        return False
    at = bisect_right(ranges, (code, MAX_CODE)) - 1
    return at >= 0 and ranges[at][0] <= code <= ranges[at][1]


def _follow(
    program: list[Instruction],
    address: int,
    spans: Spans,
    text: str,
    place: int,
    seen: set[int],
    ready: list[_Thread],
) -> None:
    """Add to ``ready`` what can be reached from ``address`` without reading a character."""
    pending = [(address, spans)]
    while pending:
        address, spans = pending.pop()
        if address in seen:
            continue
        seen.add(address)
        instruction = program[address]
        if instruction.name == "split":
            pending.append((instruction.second, spans))
            pending.append((instruction.first, spans))
        elif instruction.name == "save":
            changed = (*spans[: instruction.first], place, *spans[instruction.first + 1 :])
            pending.append((address + 1, changed))
        elif instruction.name == "assert":
            if _at(instruction.kind, text, place):
                pending.append((address + 1, spans))
        else:
            ready.append((address, spans))


def _at(kind: str, text: str, place: int) -> bool:
    if kind == "text_start":
        return place == 0
    if kind == "text_end":
        return place == len(text)
    if kind == "line_start":
        return place == 0 or text[place - 1] == "\n"
    if kind == "line_end":
        return place == len(text) or text[place] == "\n"
    boundary = _is_word(text, place - 1) != _is_word(text, place)
    return boundary if kind == "word" else not boundary


def _is_word(text: str, place: int) -> bool:
    return 0 <= place < len(text) and text[place].isascii() and (text[place].isalnum() or text[place] == "_")
