"""Lines of the files that Findings point at, read when a frame needs them; the last file stays open to the next one."""

import os
import re

from scanner.formats.text.masking import holds_secrets, masked

LARGEST_BYTES = 64 * 1024 * 1024
"""A file above this is not read again for a frame."""
LONGEST_LINE = 2_000
"""A longer line is no longer something to read: minified JSON, a certificate."""
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""The line breaks of YAML 1.1, which is how positions were counted."""
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class SourceLines:
    """Gives lines by number, masked; a file that cannot be read has none."""

    def __init__(self) -> None:
        self._file: str | None = None
        self._lines: list[str] = []
        self._has_secret = False

    def line(self, file: str, number: int) -> str | None:
        """Return line ``number`` (from 1) as it may be shown, or None where there is none."""
        self._open(file)
        if not 1 <= number <= len(self._lines) or len(self._lines[number - 1]) > LONGEST_LINE:
            return None
        return masked(self._lines, number - 1)

    def neighbour(self, file: str, number: int) -> str | None:
        """Return line ``number`` where it may serve as context.

        None for a document's end, and for every line of a file that holds a Secret: it may be a part of that.
        """
        text = self.line(file, number)
        if text is None or self._has_secret or text.startswith(("---", "...")):
            return None
        return text

    def _open(self, file: str) -> None:
        if file == self._file:
            return
        self._file = file
        self._lines = _read(file)
        self._has_secret = holds_secrets(self._lines)


def _read(file: str) -> list[str]:
    try:
        if not os.path.isfile(file) or os.path.getsize(file) > LARGEST_BYTES:
            return []
        with open(file, "rb") as stream:
            content = stream.read()
    except (OSError, ValueError):
        return []
    encoding = next((name for mark, name in _BOMS if content.startswith(mark)), "utf-8")
    return _BREAK.split(content.decode(encoding, "replace"))
