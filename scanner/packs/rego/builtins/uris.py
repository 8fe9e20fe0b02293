"""`uri.parse` and `uri.is_valid`, after the rules of Go's `net/url`, which are stricter than those of `urllib`."""

import re
from urllib.parse import quote, unquote

from scanner.packs.rego.builtins.operands import string

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(.*)", re.DOTALL)
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_BAD_CHARACTER = re.compile(r"[\x00-\x1f\x7f]")
_HOST = re.compile(r"(?P<name>\[[^\]]*\]|[^:\[\]]*)(?::(?P<port>[0-9]*))?")
_BAD_IN_HOST = re.compile(r"[\x00-\x20\x7f\"<>\\^`{|}]")
_BAD_IN_USER = re.compile(r"[^A-Za-z0-9\-._:~!$&'()*+,;=%@]")
_PLAIN_IN_PATH = "-_.~$&+,/:;=@"


def parse(text: object) -> dict[str, str]:
    """`uri.parse`: the parts of an address that are not empty; `raw_path` wherever there is a path."""
    return {name: value for name, value in _parts(string(text, 1)).items() if value}


def is_valid(text: object) -> bool:
    """`uri.is_valid`: whether a value is a text that `uri.parse` takes; the empty one is not."""
    if not isinstance(text, str) or not text:
        return False
    try:
        _parts(text)
    except ValueError:
        return False
    return True


def _parts(text: str) -> dict[str, str]:
    rest, _, fragment = text.partition("#")
    if _BAD_CHARACTER.search(rest):
        raise ValueError(f"parse {text!r}: net/url: invalid control character in URL")
    scheme, rest = _scheme(text, rest)
    rest, _, query = rest.partition("?")
    parts = {"scheme": scheme, "raw_query": query, "fragment": unquote(_escaped(text, fragment))}
    if not rest.startswith("/"):
        if scheme:
            return parts  # opaque: mailto:someone
        if ":" in rest.partition("/")[0]:
            raise ValueError(f"parse {text!r}: first path segment in URL cannot contain colon")
    if rest.startswith("//") and (scheme or not rest.startswith("///")):
        authority, slash, path = rest[2:].partition("/")
        parts |= _authority(text, authority)
        rest = slash + path
    path = unquote(_escaped(text, rest))
    # What the usual encoding of the path gives back is not kept apart.
    return parts | {"path": path, "raw_path": path if quote(path, safe=_PLAIN_IN_PATH) == rest else rest}


def _scheme(text: str, rest: str) -> tuple[str, str]:
    if rest.startswith(":"):
        raise ValueError(f"parse {text!r}: missing protocol scheme")
    match = _SCHEME.fullmatch(rest)
    return (match[1].lower(), match[2]) if match else ("", rest)


def _authority(text: str, authority: str) -> dict[str, str]:
    user, at, host = authority.rpartition("@")
    if at and _BAD_IN_USER.search(_escaped(text, user)):
        raise ValueError(f"parse {text!r}: net/url: invalid userinfo")
    match = _HOST.fullmatch(host)
    if match is None:
        raise ValueError(f"parse {text!r}: invalid port or host {host!r}")
    if _BAD_IN_HOST.search(host):
        raise ValueError(f"parse {text!r}: invalid character in host name")
    return {"hostname": unquote(_escaped(text, match["name"])).strip("[]"), "port": match["port"] or ""}


def _escaped(text: str, part: str) -> str:
    """Return a part whose percent signs all start an escape."""
    match = _BAD_ESCAPE.search(part)
    if match:
        raise ValueError(f"parse {text!r}: invalid URL escape {part[match.start() : match.start() + 3]!r}")
    return part
