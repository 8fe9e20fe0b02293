"""Bytes to text, as YAML 1.1 wants it: UTF-8, or UTF-16 with a byte order mark."""

import codecs
import re

from scanner.documents.problem import Problem

_HALF = re.compile("[\ud800-\udfff]")


def decode(data: bytes | str) -> str | Problem:
    """Return the text without its byte order mark, or what is wrong with it and where."""
    if isinstance(data, str):
        return data.removeprefix("\ufeff")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding, name = "utf-16", "UTF-16"
    else:
        encoding, name = "utf-8", "UTF-8"
        data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, "replace")
        reason = f"the byte at offset {error.start} is not {name}"
        return Problem(reason, before.count("\n") + 1, len(before) - before.rfind("\n"))


def replace_halves(text: str) -> str:
    """Return ``text`` with U+FFFD for every half of a surrogate pair, as Go's JSON decoder reads it."""
    return _HALF.sub("\ufffd", text)
