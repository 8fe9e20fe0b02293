"""A Rego source as the changes need it: its words, its brackets, its statements; each found in one pass.

Whoever asks for a word outside of the text gets one without text, so that no question about neighbours needs a bound.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from scanner.packs.rego.rewrite.tokens import KEYWORDS, Token, tokenize

MAX_DEPTH = 64
"""Open brackets at one place; the engine refuses far fewer, and a bound keeps every question cheap."""

_NOTHING = Token("", "", 0, 0)
_BRACKETS = frozenset(("symbol", "hole", "hole end"))
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_CONTINUES = (KEYWORDS - {"default", "import", "package", "true", "false", "null"}) | {
    ",",
    ":",
    ":=",
    "=",
    "==",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
}
_CONTINUES |= {"+", "-", "*", "/", "%", "&", "|", "."}


class Statement(NamedTuple):
    """A package declaration, an import, or one definition of a rule."""

    start: int
    """Offset of its first word."""
    kind: str
    """`package`, `import` or `rule`."""
    path: tuple[str, ...]
    """The names of the package, of what is imported, or of the rule without its package."""
    binds: str
    """The name it makes known in the module; empty for a package."""


class Source:
    """One text. Raises ValueError where it can be no Rego: a string without end, brackets that do not pair."""

    text: str
    words: list[Token]
    """Its words, without spaces and comments."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = tokenize(text)
        self._closers: dict[int, int] = {}
        self._commas: dict[int, list[int]] = {}
        open_brackets: list[int] = []
        for index, word in enumerate(self.words):
            if word.kind not in _BRACKETS:
                continue
            if word.text in _OPENING:
                open_brackets.append(index)
                if len(open_brackets) > MAX_DEPTH:
                    raise ValueError(f"more than {MAX_DEPTH} open brackets at offset {word.start}")
            elif word.text in _CLOSING:
                if not open_brackets:
                    raise ValueError(f"nothing opens the bracket at offset {word.start}")
                self._closers[open_brackets.pop()] = index
            elif word.text == "," and open_brackets:
                self._commas.setdefault(open_brackets[-1], []).append(index)
        if open_brackets:
            raise ValueError(f"nothing closes the bracket at offset {self.words[open_brackets[-1]].start}")

    def __len__(self) -> int:
        return len(self.words)

    def word(self, index: int) -> Token:
        """Return a word; before the first and behind the last one without text."""
        return self.words[index] if 0 <= index < len(self.words) else _NOTHING

    def is_name(self, index: int) -> bool:
        """Say whether a word is a name or a keyword."""
        return self.word(index).kind == "name"

    def closer(self, index: int) -> int:
        """Return the index of the bracket that closes the one at an index."""
        return self._closers[index]

    def commas(self, index: int) -> tuple[int, ...]:
        """Return the indexes of the commas directly inside of the bracket at an index."""
        return tuple(self._commas.get(index, ()))

    def is_bracket(self, index: int) -> bool:
        """Say whether a word opens a bracket."""
        return index in self._closers

    def touches(self, index: int) -> bool:
        """Say whether nothing stands between a word and the one before it."""
        return index > 0 and self.word(index - 1).end == self.word(index).start

    def follows_dot(self, index: int) -> bool:
        """Say whether a name is a part of a reference, but not its first."""
        return self.word(index - 1).text == "." and self.touches(index)

    def path(self, index: int) -> list[Token]:
        """Return the names of the dotted path that starts at a name: `a.b.c`; brackets end it."""
        names = [self.word(index)]
        while self.word(index + 1).text == "." and self.touches(index + 1) and self.is_name(index + 2):
            index += 2
            names.append(self.word(index))
        return names

    @cached_property
    def statements(self) -> list[Statement]:
        """The statements: each starts with a name, outside of all brackets, that nothing before it asks for."""
        return list(self._find_statements())

    @cached_property
    def package(self) -> tuple[str, ...]:
        """The names of the package, without `data`."""
        return next((each.path for each in self.statements if each.kind == "package"), ())

    def _find_statements(self) -> Iterator[Statement]:
        index = 0
        while index < len(self.words):
            if self.is_bracket(index):
                index = self.closer(index)
            elif self.is_name(index) and self._starts(index):
                yield self._statement(index)
            index += 1

    def _starts(self, index: int) -> bool:
        word, before = self.word(index), self.word(index - 1)
        if not before.text:
            return True
        if word.text in ("package", "default"):
            return before.text != "."
        return word.text not in KEYWORDS - {"import"} and before.text not in _CONTINUES

    def _statement(self, index: int) -> Statement:
        start, first = self.word(index).start, self.word(index).text
        if first not in ("package", "import"):
            path = self.path(index + (first == "default"))
            return Statement(start, "rule", tuple(part.text for part in path), path[0].text)
        names = tuple(part.text for part in self.path(index + 1))
        if first == "package":
            return Statement(start, first, names, "")
        behind = index + 2 * len(names)
        renamed = self.word(behind).text == "as"
        return Statement(start, first, names, self.word(behind + 1).text if renamed else names[-1])
