"""JSON Web Tokens: decoding and checking (RFC 7515, 7519). Nothing here signs.

OPA takes the clock where `io.jwt.decode_verify` is given no time; here that is an error once a token has a date in it,
because the same input has to give the same verdict.
"""

import hmac
import json
from collections.abc import Callable
from typing import Any, NamedTuple

from scanner.packs.rego.builtins.keys import VerificationKey, decoded, read_keys
from scanner.packs.rego.builtins.operands import mapping, string, type_name
from scanner.packs.rego.builtins.signatures import verify

_CONSTRAINTS = {"alg": "string", "aud": "string", "cert": "string", "iss": "string", "secret": "string"}
_CONSTRAINTS["time"] = "number"
_HEADER_TEXTS = ("alg", "kid", "typ", "cty")
_ALGORITHMS = {f"{kind}{size}" for kind in ("HS", "RS", "PS", "ES") for size in (256, 384, 512)} | {"EdDSA"}
_REFUSED: list[object] = [False, {}, {}]


class _Token(NamedTuple):
    header_text: str
    payload_text: str
    signature_text: str

    @property
    def signed(self) -> bytes:
        return f"{self.header_text}.{self.payload_text}".encode()

    def header(self) -> dict[str, Any]:
        header = _object(_text("header", self.header_text), "bad JWT header: ")
        if "enc" in header:
            raise ValueError("JWT is a JWE object, which is not supported")
        return header

    def payload(self) -> str:
        return _text("payload", self.payload_text)

    def signature(self) -> bytes:
        return decoded(self.signature_text)


def decode(token: object) -> list[object]:
    """`io.jwt.decode`: header, payload and the signature in hexadecimal; of the innermost where tokens are nested."""
    parts = _split(token)
    header = parts.header()
    if header.get("cty") == "JWT":
        return decode(parts.payload().strip("\"'"))
    return [header, _object(parts.payload()), parts.signature().hex()]


def decode_verify(token: object, constraints: object) -> list[object]:
    """`io.jwt.decode_verify`: whether signature and claims fit, header, payload; both empty where they do not."""
    wanted = _constraints(constraints)
    parts = _split(token)
    while True:
        header = _checked_header(parts)
        if not _fits(parts, header, wanted):
            return _REFUSED
        if str(header.get("cty", "")).upper() != "JWT":
            break
        parts = _split(parts.payload())
    payload = _object(parts.payload())
    return [True, header, payload] if _claims_hold(payload, wanted) else _REFUSED


def _verifier(algorithm: str) -> Callable[[object, object], bool]:
    """Return the built-in for one algorithm."""

    def verify_token(token: object, key: object) -> bool:
        parts, text = _split(token), string(key, 2)
        if algorithm.startswith("HS"):
            return _verify(algorithm, text.encode(), parts)
        keys = read_keys(text)
        return _any_fits(_checked_header(parts), keys, parts, algorithm)

    return verify_token


def _any_fits(header: dict[str, Any], keys: list[VerificationKey], parts: _Token, algorithm: str) -> bool:
    """Say whether the key the token names, or without such a name any key, made the signature."""
    named = [each for each in keys if header.get("kid") and each.id == header["kid"]]
    candidates = named[:1] or [each for each in keys if each.algorithm in ("", header.get("alg", ""))]
    return any(_verify(algorithm, each.key, parts) for each in candidates)


def _verify(algorithm: str, key: Any, parts: _Token) -> bool:
    if not algorithm.startswith("HS"):
        return not isinstance(key, bytes) and verify(algorithm, key, parts.signed, parts.signature())
    if not isinstance(key, bytes):
        return False
    expected = hmac.new(key, parts.signed, f"sha{algorithm[2:]}").digest()
    return hmac.compare_digest(expected, parts.signature())


def _constraints(value: object) -> dict[str, Any]:
    constraints = mapping(value, 2)
    for name, each in constraints.items():
        if name not in _CONSTRAINTS:
            raise ValueError(f"unknown token validation constraint: {name}")
        if type_name(each) != _CONSTRAINTS[name]:
            raise ValueError(f"{name} constraint: must be a {_CONSTRAINTS[name]}")
    count = ("cert" in constraints) + bool(constraints.get("secret"))
    if count != 1:
        raise ValueError("duplicate key constraints" if count else "no key constraint")
    return constraints


def _fits(parts: _Token, header: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """Say whether header and signature are as wanted."""
    algorithm = header.get("alg", "")
    known = set(header.get("crit", ())) - {"crit", *_HEADER_TEXTS}
    if not algorithm or known & set(header) or wanted.get("alg", algorithm) != algorithm:
        return False
    if algorithm not in _ALGORITHMS:
        return False
    if "secret" in wanted:
        return _verify(algorithm, wanted["secret"].encode(), parts)
    return _any_fits(header, read_keys(wanted["cert"]), parts, algorithm)


def _checked_header(parts: _Token) -> dict[str, Any]:
    header = parts.header()
    for name in _HEADER_TEXTS:
        if not isinstance(header.get(name, ""), str):
            raise ValueError(f"{name}: must be a string")  # noqa: TRY004 (the policy's error)
    critical = header.get("crit", ["-"])
    if not isinstance(critical, list) or not critical:
        raise ValueError("crit: must be a nonempty list")
    return header


def _claims_hold(payload: dict[str, Any], wanted: dict[str, Any]) -> bool:
    if wanted.get("iss") and payload.get("iss") != wanted["iss"]:
        return False
    audience = payload.get("aud", "")
    if wanted.get("aud", "") not in (audience if isinstance(audience, list) else [audience]):
        return False
    if "exp" in payload and not _now(wanted, payload, "exp") < payload["exp"]:
        return False
    return "nbf" not in payload or _now(wanted, payload, "nbf") >= payload["nbf"]


def _now(wanted: dict[str, Any], payload: dict[str, Any], claim: str) -> float:
    """Return the time to check a claim against, in seconds."""
    if type_name(payload[claim]) != "number":
        raise ValueError(f"{claim} value must be a number")
    if "time" not in wanted:
        raise ValueError(f"the token has {claim}, and the constraints have no time: the clock is part of the input")
    return float(wanted["time"] / 1_000_000_000)


def _split(token: object) -> _Token:
    parts = string(token, 1).split(".")
    if len(parts) == 1:
        raise ValueError("encoded JWT had no period separators")
    if len(parts) != 3:
        raise ValueError(f"encoded JWT must have 3 sections, found {len(parts)}")
    return _Token(*parts)


def _text(what: str, encoded: str) -> str:
    try:
        return decoded(encoded).decode()
    except ValueError as error:
        raise ValueError(f"JWT {what} had invalid encoding: {error}") from None


def _object(text: str, context: str = "") -> dict[str, Any]:
    try:
        loaded = json.loads(text, parse_constant=_refuse_constant)
    except ValueError as error:
        raise ValueError(f"{context}invalid JSON: {error}") from None
    if not isinstance(loaded, dict):
        raise ValueError(f"{context}decoded JSON type was not an Object")  # noqa: TRY004
    return loaded


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is no value of JSON")


verify_hs256, verify_hs384, verify_hs512 = (_verifier(f"HS{size}") for size in (256, 384, 512))
verify_rs256, verify_rs384, verify_rs512 = (_verifier(f"RS{size}") for size in (256, 384, 512))
verify_ps256, verify_ps384, verify_ps512 = (_verifier(f"PS{size}") for size in (256, 384, 512))
verify_es256, verify_es384, verify_es512 = (_verifier(f"ES{size}") for size in (256, 384, 512))
verify_eddsa = _verifier("EdDSA")
