"""Regular expressions as Go's ``regexp`` reads them: from text to a tree.

No look-around, no backreferences: what Go refuses is refused here too, so that ``can(regex(…))`` answers the same.
Source: Go's regexp/syntax (documentation of the syntax, RE2 dialect with Perl classes).
"""

from typing import NamedTuple, TypeAlias

from scanner.sources.terraform.functions.pattern_classes import (
    MAX_CODE,
    PERL,
    POSIX,
    Ranges,
    category_ranges,
    folded,
    inverted,
    merged,
)
from scanner.sources.terraform.values.value import ValueFault

_MAX_REPEAT = 1000
_MAX_DEPTH = 200


class PatternFault(ValueFault):
    """The text is no regular expression of this dialect."""


class Chars(NamedTuple):
    """One character of a class."""

    ranges: Ranges


class Assertion(NamedTuple):
    """A place: ``text_start``, ``text_end``, ``line_start``, ``line_end``, ``word``, ``inside``."""

    kind: str


class Sequence(NamedTuple):
    """One after the other; empty matches the empty text."""

    items: "tuple[Tree, ...]"


class Alternatives(NamedTuple):
    """The first that leads to a match."""

    items: "tuple[Tree, ...]"


class Repeat(NamedTuple):
    """``item`` from ``least`` to ``most`` times, None for no end."""

    item: "Tree"
    least: int
    most: int | None
    greedy: bool


class Group(NamedTuple):
    """A capture, counted from 1."""

    item: "Tree"
    number: int


Tree: TypeAlias = Chars | Assertion | Sequence | Alternatives | Repeat | Group


class Pattern(NamedTuple):
    """A regular expression."""

    tree: Tree
    names: tuple[str, ...]
    """Of the captures in order, empty where one has none."""


_CONTROL = {"a": 7, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}


class _Flags(NamedTuple):
    fold: bool = False
    lines: bool = False
    dot_all: bool = False
    lazy: bool = False


def parse(text: str) -> Pattern:
    """Return the tree of ``text``; PatternFault where Go would not compile it."""
    parser = _Parser(text)
    tree = parser.alternatives(_Flags(), 0)
    if parser.place < len(text):
        raise PatternFault("unexpected )")
    if _repeats(tree) > _MAX_REPEAT:
        raise PatternFault("invalid repeat count")
    return Pattern(tree, tuple(parser.names))


def _repeats(tree: Tree) -> int:
    """Return how often the most repeated part of ``tree`` would be written out."""
    match tree:
        case Repeat():
            times = tree.most if tree.most is not None else tree.least
            return max(times, 1) * _repeats(tree.item)
        case Group():
            return _repeats(tree.item)
        case Sequence() | Alternatives():
            return max((_repeats(item) for item in tree.items), default=1)
    return 1


class _Parser:
    """Recursive descent over the text of an expression."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.names: list[str] = []

    def _peek(self, text: str) -> bool:
        return self.text.startswith(text, self.place)

    def _take(self, text: str) -> bool:
        if self._peek(text):
            self.place += len(text)
            return True
        return False

    def _next(self, fault: str) -> str:
        if self.place >= len(self.text):
            raise PatternFault(fault)
        self.place += 1
        return self.text[self.place - 1]

    def alternatives(self, flags: _Flags, depth: int) -> Tree:
        """Read up to the end or an unmatched ``)``."""
        if depth > _MAX_DEPTH:
            raise PatternFault("expression nests too deeply")
        found: list[Tree] = []
        items: list[Tree] = []
        while self.place < len(self.text) and not self._peek(")"):
            if self._take("|"):
                found.append(_sequence(items))
                items = []
            elif self._peek("(?") and not self._is_named():
                flags = self._flag_group(flags, items, depth)
            else:
                self._item(flags, items, depth)
        found.append(_sequence(items))
        return found[0] if len(found) == 1 else Alternatives(tuple(found))

    def _is_named(self) -> bool:
        return self._peek("(?P<") or self._peek("(?<")

    def _flag_group(self, flags: _Flags, items: list[Tree], depth: int) -> _Flags:
        """Read ``(?flags)``, which changes the flags from here on, or ``(?flags:…)``."""
        self.place += 2
        changed, on, seen = flags, True, False
        while True:
            char = self._next("missing closing )")
            if char in ":)":
                if not on and not seen:
                    raise PatternFault("invalid or unsupported Perl syntax")
                break
            if char == "-" and on:
                on, seen = False, False
                continue
            name = {"i": "fold", "m": "lines", "s": "dot_all", "U": "lazy"}.get(char)
            if name is None:
                raise PatternFault("invalid or unsupported Perl syntax")
            changed, seen = changed._replace(**{name: on}), True
        if char == ")":
            return changed
        items.append(self._closed(changed, depth))
        self._repetition(flags, items)
        return flags

    def _closed(self, flags: _Flags, depth: int) -> Tree:
        inner = self.alternatives(flags, depth + 1)
        if not self._take(")"):
            raise PatternFault("missing closing )")
        return inner

    def _item(self, flags: _Flags, items: list[Tree], depth: int) -> None:
        char = self.text[self.place]
        if char in "*+?" or (char == "{" and self._counted() is not None):
            raise PatternFault(f"missing argument to repetition operator: `{char}`")
        if self._peek("\\Q"):
            self._literal(flags, items)
            return
        items.append(self._group(flags, depth) if char == "(" else self._single(flags))
        self._repetition(flags, items)

    def _literal(self, flags: _Flags, items: list[Tree]) -> None:
        end = self.text.find("\\E", self.place + 2)
        stop = end if end >= 0 else len(self.text)
        items.extend(_char(ord(char), flags) for char in self.text[self.place + 2 : stop])
        self.place = stop + 2 if end >= 0 else stop
        if items:
            self._repetition(flags, items)

    def _group(self, flags: _Flags, depth: int) -> Tree:
        name = ""
        if self._take("(?P<") or self._take("(?<"):
            end = self.text.find(">", self.place)
            name = self.text[self.place : max(end, self.place)]
            if end < 0 or not name or not all(char.isascii() and (char.isalnum() or char == "_") for char in name):
                raise PatternFault("invalid named capture")
            self.place = end + 1
        else:
            self.place += 1
        self.names.append(name)
        number = len(self.names)
        return Group(self._closed(flags, depth), number)

    def _single(self, flags: _Flags) -> Tree:
        char = self._next("")
        if char == ".":
            return Chars(((0, MAX_CODE),) if flags.dot_all else inverted(((10, 10),)))
        if char == "^":
            return Assertion("line_start" if flags.lines else "text_start")
        if char == "$":
            return Assertion("line_end" if flags.lines else "text_end")
        if char == "[":
            return Chars(self._class(flags))
        return self._escape(flags) if char == "\\" else _char(ord(char), flags)

    def _escape(self, flags: _Flags) -> Tree:
        char = self.text[self.place : self.place + 1]
        kind = {"A": "text_start", "z": "text_end", "b": "word", "B": "inside"}.get(char)
        if kind is not None:
            self.place += 1
            return Assertion(kind)
        ranges = self._named_class(flags)
        return Chars(ranges) if ranges is not None else _char(self._escaped(), flags)

    def _named_class(self, flags: _Flags) -> Ranges | None:
        """Read what follows a backslash if it is a class: ``d``, ``W``, ``pL``, ``P{Lu}``."""
        char = self.text[self.place : self.place + 1]
        if char.lower() in PERL and char:
            self.place += 1
            ranges = PERL[char.lower()]
            ranges = folded(ranges) if flags.fold else ranges
            return inverted(ranges) if char.isupper() else ranges
        if char not in ("p", "P"):
            return None
        self.place += 1
        name = self._next("invalid character class range")
        if name == "{":
            end = self.text.find("}", self.place)
            if end < 0:
                raise PatternFault("invalid character class range")
            name, self.place = self.text[self.place : end], end + 1
        negative = (char == "P") != name.startswith("^")
        ranges = category_ranges(name.removeprefix("^"))
        return inverted(ranges) if negative else ranges

    def _escaped(self) -> int:
        char = self._next("trailing backslash at end of expression")
        if char in "01234567":
            following = self.text[self.place : self.place + 1]
            if char != "0" and (not following or following not in "01234567"):
                raise PatternFault(f"invalid escape sequence: `\\{char}`")
            digits = char
            while len(digits) < 3 and self.text[self.place : self.place + 1] in tuple("01234567"):
                digits += self._next("")
            return int(digits, 8)
        if char == "x":
            return self._hexadecimal()
        if char in _CONTROL:
            return _CONTROL[char]
        if char.isascii() and not char.isalnum():
            return ord(char)
        raise PatternFault(f"invalid escape sequence: `\\{char}`")

    def _hexadecimal(self) -> int:
        fault = PatternFault("invalid escape sequence: `\\x`")
        if self._take("{"):
            end = self.text.find("}", self.place)
            digits = self.text[self.place : max(end, self.place)]
            self.place = end + 1
        else:
            digits = self.text[self.place : self.place + 2]
            self.place += 2
            if len(digits) < 2:
                raise fault
        if not digits or len(digits) > 8 or any(digit not in "0123456789abcdefABCDEF" for digit in digits):
            raise fault
        code = int(digits, 16)
        if code > MAX_CODE:
            raise fault
        return code

    def _class(self, flags: _Flags) -> Ranges:
        negative = self._take("^")
        ranges: list[tuple[int, int]] = []
        first = True
        while first or not self._peek("]"):
            if self.place >= len(self.text):
                raise PatternFault("missing closing ]")
            ranges.extend(self._class_part(flags))
            first = False
        self.place += 1
        found = merged(ranges)
        if flags.fold:
            found = folded(found)
        return inverted(found) if negative else found

    def _class_part(self, flags: _Flags) -> Ranges:
        if self._peek("[:"):
            end = self.text.find(":]", self.place + 2)
            if end >= 0:
                return self._posix(end)
        if self._peek("\\"):
            self.place += 1
            ranges = self._named_class(flags)
            if ranges is not None:
                return ranges
            low = self._escaped()
        else:
            low = ord(self._next("missing closing ]"))
        if not self._peek("-") or self.text[self.place + 1 : self.place + 2] in ("]", ""):
            return ((low, low),)
        self.place += 1
        high = self._escaped() if self._take("\\") else ord(self._next("missing closing ]"))
        if high < low:
            raise PatternFault("invalid character class range")
        return ((low, high),)

    def _posix(self, end: int) -> Ranges:
        name = self.text[self.place + 2 : end]
        ranges = POSIX.get(name.removeprefix("^"))
        if ranges is None:
            raise PatternFault("invalid character class range")
        self.place = end + 2
        return inverted(ranges) if name.startswith("^") else ranges

    def _repetition(self, flags: _Flags, items: list[Tree]) -> None:
        """Read a repetition operator, if one follows, and apply it to the last item."""
        operator = self._operator()
        if operator is None:
            return
        least, most = operator
        greedy = self._take("?") == flags.lazy
        items[-1] = Repeat(items[-1], least, most, greedy)
        if self._operator() is not None:
            raise PatternFault("invalid nested repetition operator")

    def _operator(self) -> tuple[int, int | None] | None:
        char = self.text[self.place : self.place + 1]
        if char and char in "*+?":
            self.place += 1
            return (int(char == "+"), 1 if char == "?" else None)
        counted = self._counted()
        if counted is None:
            return None
        least, most, self.place = counted
        if least > _MAX_REPEAT or (most is not None and (most > _MAX_REPEAT or most < least)):
            raise PatternFault("invalid repeat count")
        return least, most

    def _counted(self) -> tuple[int, int | None, int] | None:
        """Return the numbers of ``{n,m}`` and where it ends; None where the brace is a character like others."""
        end = self.text.find("}", self.place)
        if not self._peek("{") or end < 0:
            return None
        low, comma, high = self.text[self.place + 1 : end].partition(",")
        for digits in (low, high):
            if digits and (not digits.isascii() or not digits.isdigit() or (digits[0] == "0" and len(digits) > 1)):
                return None
        if not low:
            return None
        least = int(low[:6])
        most = (int(high[:6]) if high else None) if comma else least
        return least, most, end + 1


def _sequence(items: list[Tree]) -> Tree:
    return items[0] if len(items) == 1 else Sequence(tuple(items))


def _char(code: int, flags: _Flags) -> Chars:
    ranges: Ranges = ((code, code),)
    return Chars(folded(ranges) if flags.fold else ranges)
