"""Hashes, and the UUID that is one."""

import binascii
from collections.abc import Callable

from scanner.sources.terraform.functions.function import Function, FunctionError
from scanner.sources.terraform.values.types import STRING


def digest(algorithm: str, data: bytes) -> bytes:
    """Return the hash of ``data``: ``md5``, ``sha1``, ``sha256`` or ``sha512``."""
    import hashlib

    return hashlib.new(algorithm, data, usedforsecurity=False).digest()


def _hex(algorithm: str) -> Callable[[str], str]:
    return lambda text: digest(algorithm, text.encode("utf-8", "replace")).hex()


def _base64(algorithm: str) -> Callable[[str], str]:
    return lambda text: to_base64(digest(algorithm, text.encode("utf-8", "replace")))


def to_base64(data: bytes) -> str:
    """Return ``data`` in standard base64 on one line."""
    return binascii.b2a_base64(data, newline=False).decode()


_NAMESPACES = {name: f"6ba7b81{digit}-9dad-11d1-80b4-00c04fd430c8" for name, digit in
               (("dns", 0), ("url", 1), ("oid", 2), ("x500", 4))}  # fmt: skip
"""RFC 4122, appendix C."""


def _uuid5(namespace: str, name: str) -> str:
    import re

    written = _NAMESPACES.get(namespace, namespace)
    digits = written.removeprefix("urn:uuid:")
    if len(digits) == 38 and digits[0] == "{" and digits[-1] == "}":
        digits = digits[1:-1]
    if re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9a-fA-F]{32}", digits) is None:
        raise FunctionError(f'uuidv5() doesn\'t support namespace "{namespace}"', 0)
    data = bytearray(digest("sha1", bytes.fromhex(digits.replace("-", "")) + name.encode())[:16])
    data[6] = (data[6] & 0x0F) | 0x50
    data[8] = (data[8] & 0x3F) | 0x80
    made = data.hex()
    return f"{made[:8]}-{made[8:12]}-{made[12:16]}-{made[16:20]}-{made[20:]}"


FUNCTIONS = {
    "base64sha256": Function(_base64("sha256"), STRING),
    "base64sha512": Function(_base64("sha512"), STRING),
    "md5": Function(_hex("md5"), STRING),
    "sha1": Function(_hex("sha1"), STRING),
    "sha256": Function(_hex("sha256"), STRING),
    "sha512": Function(_hex("sha512"), STRING),
    "uuidv5": Function(_uuid5, STRING, STRING),
}
