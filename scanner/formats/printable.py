"""Text from inputs made harmless: what a file name or a message holds must not command a terminal or hide text.

Manifests come from strangers. An escape sequence in a name could clear the screen or rewrite a verdict, a
right-to-left override could show a line as what it is not, and a lone surrogate (an undecodable byte of a file name)
cannot be written as UTF-8 at all. Build services read commands from the log as well: ``##vso[task.setvariable …]`` on
Azure Pipelines, ``##[…]`` and ``::add-mask::…`` on GitHub Actions.
"""

import re

_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # control characters, C0 and C1: 0x9b alone starts an escape sequence
    "\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"  # invisible, or turns the direction of writing
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"  # annotations, no characters, invisible tags
)
_COMMAND = re.compile(
    r"#(?=#(?:vso)?\[)"  # anywhere in a line
    # at the beginning of a line, where a break may put any word
    r"|(?<!\S):(?=:(?:add-mask|add-matcher|add-path|debug|echo|endgroup|error|group|notice|remove-matcher|save-state"
    r"|set-env|set-output|stop-commands|warning)(?:\s|::))",
    re.IGNORECASE,
)
"""The first character of what a build service would take for a command."""


def printable(text: str) -> str:
    r"""Return ``text`` with every character that is no plain print written as an escape: ``\x1b``, ``\u202e``.

    So is the first character of what build services take for a command: ``\x23#vso[``.
    """
    if not (text.isascii() and text.isprintable()):
        text = _UNSAFE.sub(_escape, text)
    return _COMMAND.sub(_escape, text) if "##" in text or "::" in text else text


def display_width(text: str) -> int:
    """Return how many columns ``text`` takes: wide East Asian characters two, combining ones none."""
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width

    return sum(
        0 if category(character) in ("Mn", "Me") else 2 if east_asian_width(character) in "WF" else 1
        for character in text
    )


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if 0xDC80 <= code <= 0xDCFF:  # a byte of a file name that is no UTF-8, as os.fsdecode keeps it
        code -= 0xDC00
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
