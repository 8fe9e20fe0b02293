"""Public keys out of certificates, PEM files and JSON Web Keys (RFC 5280, 7517, 8037)."""

import base64
import binascii
import json
import re
from typing import Any, NamedTuple

from scanner.packs.rego.builtins.signatures import CURVES, EcKey, EdKey, PublicKey, RsaKey

_PEM = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----\s*([A-Za-z0-9+/=\s]*?)\s*-----END \1-----\n?", re.DOTALL)
_ALGORITHMS = {f"{kind}{size}" for kind in ("RS", "PS", "ES", "HS") for size in (256, 384, 512)} | {"EdDSA"}

_INTEGER, _BIT_STRING, _OBJECT_ID, _SEQUENCE, _VERSION = 0x02, 0x03, 0x06, 0x30, 0xA0
_RSA, _EC, _ED25519 = "2a864886f70d010101", "2a8648ce3d0201", "2b6570"
_CURVE_IDS = {"2a8648ce3d030107": "P-256", "2b81040022": "P-384", "2b81040023": "P-521"}


class VerificationKey(NamedTuple):
    """A key and what a key set says of it."""

    key: PublicKey | bytes
    """Bytes are a shared secret."""
    algorithm: str = ""
    """The only algorithm it is for, or empty."""
    id: str = ""


def read_keys(text: str) -> list[VerificationKey]:
    """Return the keys of a PEM certificate, a PEM public key, a JSON Web Key or a set of those.

    Raises ValueError with OPA's words.
    """
    match = _PEM.search(text)
    if match is None:
        return _read_key_set(text)
    if text[match.end() :]:
        raise ValueError("extra data after a PEM certificate block")
    if match[1] not in ("CERTIFICATE", "PUBLIC KEY"):
        raise ValueError("failed to extract a Key from the PEM certificate")
    what = "certificate" if match[1] == "CERTIFICATE" else "public key"
    try:
        encoded = base64.b64decode("".join(match[2].split()), validate=True)
        return [VerificationKey(_of_certificate(encoded) if what == "certificate" else _of_info(encoded))]
    except (ValueError, IndexError, KeyError) as error:
        raise ValueError(f"failed to parse a PEM {what}: {error}") from None


def _of_certificate(encoded: bytes) -> PublicKey:
    """Return the key of a certificate: the seventh field, or the sixth where the version is left out."""
    fields = _items(_items(_items(encoded)[0][1])[0][1])
    info = fields[6 if fields[0][0] == _VERSION else 5]
    return _of_info(_wrapped(*info))


def _of_info(encoded: bytes) -> PublicKey:
    """Return the key of a SubjectPublicKeyInfo."""
    (_, algorithm), (_, bits) = _items(_items(encoded)[0][1])[:2]
    parts, key = _items(algorithm), bits[1:]
    kind = parts[0][1].hex()
    if kind == _RSA:
        (_, modulus), (_, exponent) = _items(_items(key)[0][1])[:2]
        return RsaKey(int.from_bytes(modulus, "big"), int.from_bytes(exponent, "big"))
    if kind == _EC and key[0] == 4:
        half = len(key) // 2
        curve = CURVES[_CURVE_IDS[parts[1][1].hex()]]
        return EcKey(curve, int.from_bytes(key[1 : half + 1], "big"), int.from_bytes(key[half + 1 :], "big"))
    if kind == _ED25519:
        return EdKey(key)
    raise ValueError(f"key of an unsupported kind {kind}")


def _items(encoded: bytes) -> list[tuple[int, bytes]]:
    """Return tag and content of each DER value in a row."""
    items, at = [], 0
    while at < len(encoded):
        tag, length, at = encoded[at], encoded[at + 1], at + 2
        if length & 0x80:
            count = length & 0x7F
            length, at = int.from_bytes(encoded[at : at + count], "big"), at + count
        if at + length > len(encoded):
            raise ValueError("a value ends too early")
        items.append((tag, encoded[at : at + length]))
        at += length
    return items


def _wrapped(tag: int, content: bytes) -> bytes:
    length = len(content).to_bytes(4, "big")
    return bytes((tag, 0x84)) + length + content


def _read_key_set(text: str) -> list[VerificationKey]:
    try:
        loaded = json.loads(text)
        entries = loaded.get("keys", [loaded])
        return [_of_entry(entry) for entry in entries if entry.get("alg", "") in _ALGORITHMS | {""}]
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as error:
        raise ValueError(f"failed to parse a JWK key (set): {error}") from None


def _of_entry(entry: dict[str, Any]) -> VerificationKey:
    kind = entry["kty"]
    key: PublicKey | bytes
    if kind == "RSA":
        key = RsaKey(_number(entry["n"]), _number(entry["e"]))
    elif kind == "EC":
        key = EcKey(CURVES[entry["crv"]], _number(entry["x"]), _number(entry["y"]))
    elif kind == "OKP" and entry["crv"] == "Ed25519":
        key = EdKey(decoded(entry["x"]))
    elif kind == "oct":
        key = decoded(entry["k"])
    else:
        raise ValueError(f"key of an unsupported kind {kind}")
    return VerificationKey(key, entry.get("alg", ""), entry.get("kid", ""))


def _number(text: str) -> int:
    return int.from_bytes(decoded(text), "big")


def decoded(text: str) -> bytes:
    """Return what base64url text stands for, with padding or without. Raises ValueError."""
    try:
        return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError(f"illegal base64 data: {error}") from None
