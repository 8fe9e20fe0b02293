"""Text of inputs as Markdown that shows it and does nothing else.

A resource named ``@everyone``, ``#12``, ``<img src=…>`` or ``[click](https://…)`` must not call people, link issues or
bring an image into a comment. The rules are those of GitHub's dialect; GitLab and Azure Repos understand the result.
"""

import re

from scanner.formats.printable import printable

_SYNTAX = re.compile(r"[\\`*\[\]|~$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
"""What means something in running text; an underscore within a word does not."""
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_LIVELY = re.compile(r"(?<=@)(?=\w)|(?<=[#!])(?=\d)|(?<=:)(?=//)|(?<=\bwww)(?=\.)|(?<=\bmailto)(?=:)", re.IGNORECASE)
"""Where a word would become a mention, a reference or a link."""
_BREAK = "&#8203;"
"""An invisible break in such a word."""
_FENCE = re.compile("`+")
_WORDS = re.compile(r"`[^`\s][^`]*`|[^`]+|`")


def text(value: str) -> str:
    """Return ``value`` as running text; it must not stand at the beginning of a line."""
    plain = _SYNTAX.sub(r"\\\g<0>", printable(value).translate(_ENTITIES))
    return _LIVELY.sub(_BREAK, plain)


def prose(value: str) -> str:
    """Return ``value`` as running text, where words between backticks are code already."""
    parts = _WORDS.findall(value)
    return "".join(code(part[1:-1]) if len(part) > 2 and part[0] == "`" else text(part) for part in parts)


def code(value: str) -> str:
    """Return ``value`` as a span of code that may stand in a table."""
    plain = printable(value).replace("|", "\\|") or "-"
    longest = max((len(run) for run in _FENCE.findall(plain)), default=0)
    fence = "`" * (longest + 1)
    room = " " if plain.startswith("`") or plain.endswith("`") or plain.strip() != plain else ""
    return f"{fence}{room}{plain}{room}{fence}"


def linked(label: str, address: str) -> str:
    """Return ``label``, which is Markdown already, as a link to ``address``; without one, the label alone."""
    if not address.startswith(("https://", "http://")):
        return label
    target = re.sub(r"[\s<>()\\|\"'`]", lambda match: f"%{ord(match[0]):02X}", address)
    return f"[{label}]({target})"
