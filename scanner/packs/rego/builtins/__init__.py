"""Built-in functions of OPA that the native engine lacks or has wrong, in Python.

A built-in takes the values of its operands and returns its result: objects are dicts, arrays lists, sets a subclass of
list (see `operands.is_set`) and frozensets on the way back. What it raises is the policy's error, as in OPA; it never
returns something that only looks right. No built-in does input or output, and none reads the clock.

Only a table is here; the file of a built-in is imported when a module calls it.
"""

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any

Builtin = tuple[int, Callable[..., Any]]
"""Number of operands, and the function."""

_HASHES = ("md5", "sha1", "sha256", "sha512")
_SIGNATURES = (*(f"{kind}{size}" for kind in ("hs", "rs", "ps", "es") for size in (256, 384, 512)), "eddsa")

_TABLE: dict[str, tuple[int, str, str]] = {
    "array.flatten": (1, "collections", "flatten"),
    "array.slice": (3, "collections", "array_slice"),
    **{f"crypto.{name}": (1, "digests", name) for name in _HASHES[:3]},
    **{f"crypto.hmac.{name}": (2, "digests", f"hmac_{name}") for name in _HASHES},
    "crypto.hmac.equal": (2, "digests", "hmac_equal"),
    "glob.quote_meta": (1, "globs", "quote_meta"),
    "internal.template_string": (1, "texts", "template_string"),
    "io.jwt.decode": (1, "tokens", "decode"),
    "io.jwt.decode_verify": (2, "tokens", "decode_verify"),
    **{f"io.jwt.verify_{name}": (2, "tokens", f"verify_{name}") for name in _SIGNATURES},
    "json.is_valid": (1, "schemas", "is_valid"),
    "json.match_schema": (2, "schemas", "match_schema"),
    "json.patch": (2, "patches", "patch"),
    "json.unmarshal": (1, "documents", "json_unmarshal"),
    "json.verify_schema": (1, "schemas", "verify_schema"),
    "net.cidr_contains_matches": (2, "networks", "contains_matches"),
    "net.cidr_intersects": (2, "networks", "intersects"),
    "net.cidr_is_valid": (1, "networks", "is_valid"),
    "net.cidr_merge": (1, "networks", "merge"),
    "regex.globs_match": (2, "globs", "globs_match"),
    "semver.compare": (2, "versions", "compare"),
    "semver.is_valid": (1, "versions", "is_valid"),
    "strings.render_template": (2, "rendering", "render_template"),
    "strings.split_n": (3, "texts", "split_n"),
    "time.add_date": (4, "dates", "add_date"),
    "time.format": (1, "dates", "format_time"),
    "time.parse_ns": (2, "dates", "parse_ns"),
    "uri.is_valid": (1, "uris", "is_valid"),
    "uri.parse": (1, "uris", "parse"),
    "yaml.is_valid": (1, "documents", "yaml_is_valid"),
    "yaml.unmarshal": (1, "documents", "yaml_unmarshal"),
}

ARITIES: Mapping[str, int] = {name: arity for name, (arity, _, _) in _TABLE.items()}
"""Number of operands of each built-in, by name."""


def registry() -> Mapping[str, Builtin]:
    """Return all built-ins by name. Imports every file; an engine wants `used_by`."""
    return used_by(_TABLE)


def used_by(names: Iterable[str]) -> Mapping[str, Builtin]:
    """Return those of the built-ins whose names are among the given ones."""
    return {name: _resolve(name) for name in names if name in _TABLE}


def _resolve(name: str) -> Builtin:
    arity, file, function = _TABLE[name]
    return arity, getattr(import_module(f"{__name__}.{file}"), function)
