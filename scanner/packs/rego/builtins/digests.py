"""Hashes and keyed hashes, as lower-case hexadecimal text.

MD5 and SHA-1 are here because policies compare given digests; nothing is secured with them.
"""

import hashlib
import hmac

from scanner.packs.rego.builtins.operands import string


def md5(text: object) -> str:
    """`crypto.md5`."""
    return hashlib.md5(_bytes(text, 1), usedforsecurity=False).hexdigest()


def sha1(text: object) -> str:
    """`crypto.sha1`."""
    return hashlib.sha1(_bytes(text, 1), usedforsecurity=False).hexdigest()


def sha256(text: object) -> str:
    """`crypto.sha256`."""
    return hashlib.sha256(_bytes(text, 1)).hexdigest()


def hmac_md5(text: object, key: object) -> str:
    """`crypto.hmac.md5`."""
    return _keyed(text, key, "md5")


def hmac_sha1(text: object, key: object) -> str:
    """`crypto.hmac.sha1`."""
    return _keyed(text, key, "sha1")


def hmac_sha256(text: object, key: object) -> str:
    """`crypto.hmac.sha256`."""
    return _keyed(text, key, "sha256")


def hmac_sha512(text: object, key: object) -> str:
    """`crypto.hmac.sha512`."""
    return _keyed(text, key, "sha512")


def hmac_equal(one: object, other: object) -> bool:
    """`crypto.hmac.equal`: compare without telling by the time taken where the difference is."""
    return hmac.compare_digest(_bytes(one, 1), _bytes(other, 2))


def _keyed(text: object, key: object, name: str) -> str:
    return hmac.new(_bytes(key, 2), _bytes(text, 1), name).hexdigest()


def _bytes(text: object, position: int) -> bytes:
    return string(text, position).encode()
