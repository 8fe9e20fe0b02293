"""What a reader calls a character: grapheme clusters, which Terraform counts, cuts and reverses by.

Follows the extended clusters of Unicode's annex 29. The standard library lacks two of the properties that the annex
uses; they are given here as ranges.
"""

from collections.abc import Iterator

_ZWJ = 0x200D
_PICTOGRAPHIC = (
    (0xA9, 0xA9),
    (0xAE, 0xAE),
    (0x203C, 0x203C),
    (0x2049, 0x2049),
    (0x2122, 0x2122),
    (0x2139, 0x2139),
    (0x2194, 0x21AA),
    (0x231A, 0x23FF),
    (0x24C2, 0x24C2),
    (0x25AA, 0x25FE),
    (0x2600, 0x27BF),
    (0x2934, 0x2935),
    (0x2B05, 0x2B55),
    (0x3030, 0x303D),
    (0x3297, 0x3299),
    (0x1F000, 0x1F0FF),
    (0x1F10D, 0x1F171),
    (0x1F17E, 0x1F1E5),
    (0x1F201, 0x1F3FA),
    (0x1F400, 0x1FAFF),
)
"""Extended_Pictographic, without the holes that no assigned character is in."""
_PREPEND = frozenset((*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0xD4E, 0x110BD, 0x110CD))


def split(text: str) -> list[str]:
    """Return the clusters of ``text``."""
    if text.isascii() and "\r\n" not in text:
        return list(text)
    return list(_clusters(text))


def count(text: str) -> int:
    """Return how many clusters ``text`` has."""
    return len(text) if text.isascii() and "\r\n" not in text else len(split(text))


def _clusters(text: str) -> Iterator[str]:
    kinds = [_kind(char) for char in text]
    start = 0
    for place in range(1, len(text)):
        if _breaks(kinds, place):
            yield text[start:place]
            start = place
    if text:
        yield text[start:]


def _breaks(kinds: list[str], place: int) -> bool:
    before, after = kinds[place - 1], kinds[place]
    if before == "CR" and after == "LF":
        return False
    if before in _CONTROLS or after in _CONTROLS:
        return True
    if after in ("Extend", "ZWJ", "Spacing") or before == "Prepend" or (before, after) in _HANGUL:
        return False
    if before == "ZWJ" and after == "Pictographic":
        return not _after_pictographic(kinds, place - 2)
    if before == after == "Regional":
        return _regionals_before(kinds, place) % 2 == 0
    return True


_CONTROLS = frozenset(("CR", "LF", "Control"))
_HANGUL = frozenset((("L", "L"), ("L", "V"), ("L", "LV"), ("L", "LVT"), ("LV", "V"), ("LV", "T"), ("V", "V"),
                     ("V", "T"), ("LVT", "T"), ("T", "T")))  # fmt: skip


def _after_pictographic(kinds: list[str], place: int) -> bool:
    while place >= 0 and kinds[place] == "Extend":
        place -= 1
    return place >= 0 and kinds[place] == "Pictographic"


def _regionals_before(kinds: list[str], place: int) -> int:
    start = place
    while start > 0 and kinds[start - 1] == "Regional":
        start -= 1
    return place - start


def _kind(char: str) -> str:
    code = ord(char)
    if code < 0x300:
        return _low_kind(char, code)
    if code == _ZWJ:
        return "ZWJ"
    if 0x1100 <= code <= 0x11FF or 0xA960 <= code <= 0xA97C or 0xAC00 <= code <= 0xD7FB:
        return _hangul_kind(code)
    if 0x1F1E6 <= code <= 0x1F1FF:
        return "Regional"
    if 0x1F3FB <= code <= 0x1F3FF or code in (0x200C, 0xFF9E, 0xFF9F):
        return "Extend"
    return _category_kind(char, code)


def _low_kind(char: str, code: int) -> str:
    if char in "\r\n":
        return "CR" if char == "\r" else "LF"
    if code < 0x20 or 0x7F <= code <= 0x9F or code == 0xAD:
        return "Control"
    return "Pictographic" if code in (0xA9, 0xAE) else "Other"


def _hangul_kind(code: int) -> str:
    if code <= 0x115F or 0xA960 <= code <= 0xA97C:
        return "L"
    if code <= 0x11A7 or 0xD7B0 <= code <= 0xD7C6:
        return "V"
    if code <= 0x11FF or code >= 0xD7CB:
        return "T"
    if code <= 0xD7A3:
        return "LV" if (code - 0xAC00) % 28 == 0 else "LVT"
    return "Other"


def _category_kind(char: str, code: int) -> str:
    from unicodedata import category

    found = category(char)
    if found in ("Mn", "Me"):
        return "Extend"
    if found == "Mc":
        return "Spacing"
    if code in _PREPEND:
        return "Prepend"
    if found in ("Zl", "Zp", "Cc") or (found == "Cf" and not 0xE0020 <= code <= 0xE007F):
        return "Control"
    if found == "Cf":
        return "Extend"
    return "Pictographic" if any(low <= code <= high for low, high in _PICTOGRAPHIC) else "Other"
