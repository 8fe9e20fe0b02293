"""Content digests: what a Finding is about in substance, whatever address it stands at.

A fingerprint follows the Resource's key, and the key of what Terraform declares is made of folders, modules and labels.
This digest leaves those out: it is over what the Resource is (type, namespace, name) and what the Rule reads of it, so
that a block that was moved into a module is recognised, and one that was changed is not.
"""

import hashlib
import re
from typing import Any

from scanner.model.path import ANY, Path, format_path
from scanner.model.resource import Resource
from scanner.model.unknown import Unknown

_ADDRESS = re.compile(r"\{([^{}]*)\}")
"""What is not known before creation stands in braces, by its address: ``{module.hub.azurerm_subnet.nodes}``."""
_MODULE = re.compile(r"module\.[\w-]+(?:\[[^\]]*\])?\.")
_MAX_DEPTH = 60


def content_of(rule: str, resource: Resource, at: Path, read: Any) -> str:
    """Return 32 hexadecimal digits over Rule id, type, namespace, name, place and ``read``: what the Rule reads.

    The order of lists counts for nothing, an address in a reference only by its type, an Unknown only for being one.
    """
    place = format_path(tuple(ANY if isinstance(step, int) else step for step in at))
    parts = (rule, resource.type, resource.namespace, _settled(resource.name), place)
    return _digest("\0".join(parts).encode(errors="backslashreplace") + _digest_of(read, _MAX_DEPTH)).hex()


def _digest_of(value: Any, depth: int) -> bytes:
    if depth == 0 or isinstance(value, Unknown):
        return b"?"
    if isinstance(value, dict):
        pairs = sorted(_digest_of(str(key), 1) + _digest_of(below, depth - 1) for key, below in value.items())
        return _digest(b"{" + b"".join(pairs))
    if isinstance(value, list):
        return _digest(b"[" + b"".join(sorted(_digest_of(below, depth - 1) for below in value)))
    if isinstance(value, str):
        return _digest(b'"' + _settled(value).encode(errors="backslashreplace"))
    return _digest(repr(value).encode())


def _settled(text: str) -> str:
    """Return ``text`` with addresses in braces as what they are of: ``{azurerm_subnet}``."""
    return _ADDRESS.sub(_kind, text) if "{" in text else text


def _kind(address: "re.Match[str]") -> str:
    return "{" + _MODULE.sub("", address[1]).partition(".")[0] + "}"


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=16).digest()
