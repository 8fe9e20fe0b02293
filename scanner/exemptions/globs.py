"""Many globs against one text at once.

A thousand globs against a hundred thousand names would be a hundred million comparisons. Plain texts and globs whose
only ``*`` is at one end are therefore looked up by hash, and only the others are tried one by one. Sets of globs are
bits of an int: bit *n* stands for the *n*-th one, whatever its owner takes that for.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from fnmatch import translate
from typing import TypeAlias

_MAGIC = re.compile(r"[*?\[]")
_ByLength: TypeAlias = defaultdict[int, defaultdict[str, int]]
"""Length of a text → text → bits, so that a name is cut once per length that occurs."""


class GlobIndex:
    """Answers which of its entries match a text; every answer is kept."""

    def __init__(self, entries: Iterable[tuple[int, str]]) -> None:
        """Index ``entries``: bits, and a glob that stands for them. ``*``, ``?`` and ``[…]`` are as in a shell."""
        self._exact: defaultdict[str, int] = defaultdict(int)
        self._prefixes: _ByLength = defaultdict(lambda: defaultdict(int))
        self._suffixes: _ByLength = defaultdict(lambda: defaultdict(int))
        others: defaultdict[str, int] = defaultdict(int)
        for bits, glob in entries:
            magic = _MAGIC.search(glob)
            if magic is None:
                self._exact[glob] |= bits
            elif glob.endswith("*") and magic.end() == len(glob):
                self._prefixes[len(glob) - 1][glob[:-1]] |= bits
            elif glob.startswith("*") and not _MAGIC.search(glob, 1):
                self._suffixes[len(glob) - 1][glob[1:]] |= bits
            else:
                others[glob] |= bits
        self._others: list[tuple[int, Callable[[str], object]]] = [
            (bits, re.compile(translate(glob)).match) for glob, bits in others.items()
        ]
        self._answers: dict[str, int] = {}

    def matching(self, text: str) -> int:
        """Return the bits of all entries that match ``text``."""
        bits = self._answers.get(text)
        if bits is None:
            bits = self._exact.get(text, 0)
            for length, prefixes in self._prefixes.items():
                bits |= prefixes.get(text[:length], 0)
            for length, suffixes in self._suffixes.items():
                bits |= suffixes.get(text[-length:], 0)
            for other, matches in self._others:
                if bits & other != other and matches(text):
                    bits |= other
            self._answers[text] = bits
        return bits
