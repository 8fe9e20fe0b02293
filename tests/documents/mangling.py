"""Makes YAML that nobody would write: random pieces, and texts with random damage."""

import random

_PIECES = (
    " ", "  ", "-", "- ", ":", ": ", "#", " #", "'", '"', "''", "\\", "\t", "\n", "\n\n", "\n  ", "\n- ", "{", "}", "[",
    "]", ", ", "&a ", "*a", "!x ", "!!str ", "|", "|-", "|+", ">", "~", "null", "y", "0o7", "1e3", "<<: ", "? ",
    "---\n", "...\n", "%", "@", "`", "é", "\u2028", "\x85", "😀", "\r", "\x01", "=", "a", "b", "c: ", "a: b\n",
    "  - x: y\n", "on: ", ".5", '"a": b', "'a': b", "- - a", "-\n", "key:\n", "key: |\n", "\n  \n", " \n", "# c\n",
    "0x1F", ": #", "    text\n",
)  # fmt: skip


def pieces() -> tuple[str, ...]:
    """Return pieces of YAML, half of them dangerous."""
    return _PIECES


def mangled(text: str, chance: random.Random) -> str:
    """Return ``text`` with one to three random changes."""
    for _ in range(chance.randint(1, 3)):
        text = chance.choice((_insert, _cut, _move_line))(text, chance)
    return text


def _insert(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(_PIECES) + text[at:]


def _cut(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + text[at + chance.randint(1, 5) :]


def _move_line(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    match chance.randrange(4):
        case 0:
            lines[at] = " " * chance.randint(1, 3) + lines[at]
        case 1:
            lines[at] = lines[at][chance.randint(1, 2) :]
        case 2:
            lines.insert(at, chance.choice(lines))
        case _:
            del lines[at]
    return "\n".join(lines)
