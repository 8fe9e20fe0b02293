"""Checks of signatures under public keys: RSA (PKCS 1 v1.5 and PSS, RFC 8017), ECDSA (FIPS 186-4), Ed25519 (RFC 8032).

Only checks, with what everybody may know, so that no care for timing is needed and the standard library is enough.
Nothing here signs, and nothing but the `io.jwt` built-ins may use it.
"""

import hashlib
from typing import NamedTuple


class RsaKey(NamedTuple):
    """A public RSA key."""

    modulus: int
    exponent: int


class Curve(NamedTuple):
    """A curve y² = x³ - 3x + b over the integers modulo `prime`, of the given order, and its base point."""

    prime: int
    b: int
    order: int
    x: int
    y: int


class EcKey(NamedTuple):
    """A point on a curve."""

    curve: Curve
    x: int
    y: int


class EdKey(NamedTuple):
    """A public Ed25519 key: 32 bytes."""

    encoded: bytes


PublicKey = RsaKey | EcKey | EdKey

CURVES = {
    "P-256": Curve(
        2**256 - 2**224 + 2**192 + 2**96 - 1,
        0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
        0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
        0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
        0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
    ),
    "P-384": Curve(
        2**384 - 2**128 - 2**96 + 2**32 - 1,
        0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF,
        0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
        0xAA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7,
        0x3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F,
    ),
    "P-521": Curve(
        2**521 - 1,
        0x0051953EB9618E1C9A1F929A21A0B68540EEA2DA725B99B315F3B8B489918EF109E156193951EC7E937B1652C0BD3BB1BF073573DF883D2C34F1EF451FD46B503F00,
        0x01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFA51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386409,
        0x00C6858E06B70404E9CD9E3ECB662395B4429C648139053FB521F828AF606B4D3DBAA14B5E77EFE75928FE1DC127A2FFA8DE3348B3C1856A429BF97E7E31C2E5BD66,
        0x011839296A789A3BC0045C8A5FB42C7D1BD998F54449579B446817AFBD17273E662C97EE72995EF42640C550B9013FAD0761353C7086A272C24088BE94769FD16650,
    ),
}
"""The curves of JSON Web Keys, by name (FIPS 186-4, appendix D)."""

_HASH_PREFIXES = {
    "sha256": bytes.fromhex("3031300d060960864801650304020105000420"),
    "sha384": bytes.fromhex("3041300d060960864801650304020205000430"),
    "sha512": bytes.fromhex("3051300d060960864801650304020305000440"),
}
"""What stands before a digest in a PKCS 1 v1.5 signature: its DER header (RFC 8017, section 9.2)."""

_KINDS: dict[str, type[PublicKey]] = {"RS": RsaKey, "PS": RsaKey, "ES": EcKey, "Ed": EdKey}


def verify(algorithm: str, key: PublicKey, message: bytes, signature: bytes) -> bool:
    """Say whether a signature fits: `algorithm` as in the header of a token, RS256 to EdDSA.

    A key of another kind fits nothing.
    """
    if not isinstance(key, _KINDS[algorithm[:2]]):
        return False
    if isinstance(key, EdKey):
        return _verify_ed25519(key.encoded, message, signature)
    name = f"sha{algorithm[2:]}"
    digest = hashlib.new(name, message).digest()
    if isinstance(key, EcKey):
        return _verify_ecdsa(key, digest, signature)
    block = _opened(key, signature)
    if block is None:
        return False
    return _is_pkcs1(block, digest, name) if algorithm.startswith("RS") else _is_pss(block, digest, name, key)


def _opened(key: RsaKey, signature: bytes) -> bytes | None:
    """Return the block a signature was made of, as long as the modulus; None where it cannot be one."""
    size = (key.modulus.bit_length() + 7) // 8
    number = int.from_bytes(signature, "big")
    if len(signature) != size or number >= key.modulus:
        return None
    return pow(number, key.exponent, key.modulus).to_bytes(size, "big")


def _is_pkcs1(block: bytes, digest: bytes, name: str) -> bool:
    tail = b"\x00" + _HASH_PREFIXES[name] + digest
    return len(block) >= len(tail) + 10 and block == b"\x00\x01".ljust(len(block) - len(tail), b"\xff") + tail


def _is_pss(block: bytes, digest: bytes, name: str, key: RsaKey) -> bool:
    """RFC 8017, section 9.1.2, with a salt of any length."""
    bits = key.modulus.bit_length() - 1
    size, length = (bits + 7) // 8, len(digest)
    block = block[-size:] if len(block) == size or not block[0] else b""
    if size < length + 2 or block[-1:] != b"\xbc":
        return False
    masked, expected = block[: size - length - 1], block[size - length - 1 : -1]
    spare = 8 * size - bits
    if masked[0] >> (8 - spare):
        return False
    mask = _mask(expected, len(masked), name)
    data = bytearray(one ^ other for one, other in zip(masked, mask, strict=True))
    data[0] &= 0xFF >> spare
    zeros, one, salt = bytes(data).partition(b"\x01")
    if not one or zeros.strip(b"\x00"):
        return False
    return hashlib.new(name, bytes(8) + digest + salt).digest() == expected


def _mask(seed: bytes, length: int, name: str) -> bytes:
    blocks = (hashlib.new(name, seed + counter.to_bytes(4, "big")).digest() for counter in range(length))
    mask = b""
    while len(mask) < length:
        mask += next(blocks)
    return mask[:length]


_Point = tuple[int, int] | None
"""A point of a curve; None is the neutral one."""


def _verify_ecdsa(key: EcKey, digest: bytes, signature: bytes) -> bool:
    curve, half = key.curve, len(signature) // 2
    r, s = int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big")
    on_curve = (key.y**2 - key.x**3 + 3 * key.x - curve.b) % curve.prime == 0
    if not (0 < r < curve.order and 0 < s < curve.order and on_curve):
        return False
    surplus = max(0, 8 * len(digest) - curve.order.bit_length())
    number, inverse = int.from_bytes(digest, "big") >> surplus, pow(s, -1, curve.order)
    base = _multiplied(curve, number * inverse % curve.order, (curve.x, curve.y))
    point = _added(curve, base, _multiplied(curve, r * inverse % curve.order, (key.x, key.y)))
    return point is not None and point[0] % curve.order == r


def _added(curve: Curve, one: _Point, other: _Point) -> _Point:
    if one is None or other is None:
        return one or other
    (x1, y1), (x2, y2) = one, other
    if x1 == x2:
        if (y1 + y2) % curve.prime == 0:
            return None
        slope = (3 * x1 * x1 - 3) * pow(2 * y1, -1, curve.prime)
    else:
        slope = (y2 - y1) * pow(x2 - x1, -1, curve.prime)
    x = (slope * slope - x1 - x2) % curve.prime
    return x, (slope * (x1 - x) - y1) % curve.prime


def _multiplied(curve: Curve, factor: int, point: _Point) -> _Point:
    result: _Point = None
    while factor:
        if factor & 1:
            result = _added(curve, result, point)
        point, factor = _added(curve, point, point), factor >> 1
    return result


_ED_PRIME = 2**255 - 19
_ED_ORDER = 2**252 + 27742317777372353535851937790883648493
_ED_D = -121665 * pow(121666, -1, _ED_PRIME) % _ED_PRIME
_ED_BASE_Y = 4 * pow(5, -1, _ED_PRIME) % _ED_PRIME
_EdPoint = tuple[int, int]


def _verify_ed25519(encoded: bytes, message: bytes, signature: bytes) -> bool:
    """RFC 8032, section 5.1.7."""
    key, commitment = _ed_point(encoded), _ed_point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or key is None or commitment is None or s >= _ED_ORDER:
        return False
    base = _ed_point(_ED_BASE_Y.to_bytes(32, "little"))
    assert base is not None, "the base point is on the curve"
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + encoded + message).digest(), "little") % _ED_ORDER
    return _ed_multiplied(s, base) == _ed_added(commitment, _ed_multiplied(challenge, key))


def _ed_point(encoded: bytes) -> _EdPoint | None:
    """Return the point that 32 bytes stand for (section 5.1.3), or None."""
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    square = (y * y - 1) * pow(_ED_D * y * y + 1, -1, _ED_PRIME) % _ED_PRIME
    x = pow(square, (_ED_PRIME + 3) // 8, _ED_PRIME)
    if (x * x - square) % _ED_PRIME:
        x = x * pow(2, (_ED_PRIME - 1) // 4, _ED_PRIME) % _ED_PRIME
    if len(encoded) != 32 or y >= _ED_PRIME or (x * x - square) % _ED_PRIME or (x == 0 and sign):
        return None
    return (x if x & 1 == sign else _ED_PRIME - x), y


def _ed_added(one: _EdPoint, other: _EdPoint) -> _EdPoint:
    (x1, y1), (x2, y2) = one, other
    product = _ED_D * x1 * x2 * y1 * y2
    x = (x1 * y2 + x2 * y1) * pow(1 + product, -1, _ED_PRIME)
    y = (y1 * y2 + x1 * x2) * pow(1 - product, -1, _ED_PRIME)
    return x % _ED_PRIME, y % _ED_PRIME


def _ed_multiplied(factor: int, point: _EdPoint) -> _EdPoint:
    result: _EdPoint = (0, 1)
    while factor:
        if factor & 1:
            result = _ed_added(result, point)
        point, factor = _ed_added(point, point), factor >> 1
    return result
