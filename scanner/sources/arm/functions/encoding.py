"""Functions that turn text into other notations and back: base64, data URIs, URIs, JSON.

The standard library's parser of URIs is imported where it is used: few templates need it.
"""

import base64
import binascii
import json
from typing import Any, Final

from scanner.model.unknown import Unknown
from scanner.sources.arm.functions.function import Function, bounded_text, want_dict, want_text
from scanner.sources.arm.values import EvaluationError, joined

_DATA: Final = "data:"
_MAX_JSON_DEPTH: Final = 200


def to_base64(text: Any) -> str:
    """Return ``text`` in base64."""
    return base64.b64encode(want_text("base64", text).encode("utf-8", "replace")).decode()


def from_base64(text: Any) -> str:
    """Return the text that is written in base64."""
    return _decoded("base64ToString", want_text("base64ToString", text))


def base64_to_json(text: Any) -> Any:
    """Return the value that is written as JSON in base64."""
    return to_json(_decoded("base64ToJson", want_text("base64ToJson", text)))


def _decoded(name: str, text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        raise EvaluationError(f"{name}() wants base64 of UTF-8 text", by_value=True) from None


def data_uri(text: Any) -> str:
    """Return ``text`` as a data URI."""
    encoded = base64.b64encode(want_text("dataUri", text).encode("utf-8", "replace")).decode()
    return f"data:text/plain;charset=utf8;base64,{encoded}"


def data_uri_to_string(text: Any) -> str:
    """Return the text of a data URI."""
    from urllib.parse import unquote

    text = want_text("dataUriToString", text)
    head, comma, body = text.partition(",")
    if not head.lower().startswith(_DATA) or not comma:
        raise EvaluationError("dataUriToString() wants a data URI", by_value=True)
    return _decoded("dataUriToString", body) if head.lower().endswith(";base64") else unquote(body)


def uri(base: Any, relative: Any) -> Any:
    """Return the address that ``relative`` means at ``base``; of what is not known the known end is kept."""
    from urllib.parse import urljoin, urlsplit

    if isinstance(base, Unknown) or isinstance(relative, Unknown):
        return joined([base, "/", relative])
    base, relative = want_text("uri", base), want_text("uri", relative)
    try:
        parts = urlsplit(base)
    except ValueError:
        parts = None
    if parts is None or not parts.scheme or not parts.netloc:
        raise EvaluationError("uri() wants an absolute address to start from", by_value=True)
    return urljoin(base if parts.path else f"{base}/", relative)


def uri_component(text: Any) -> str:
    """Return ``text`` encoded for a URI."""
    from urllib.parse import quote

    return bounded_text(quote(want_text("uriComponent", text), safe="-_.!~*'()"))


def uri_component_to_string(text: Any) -> str:
    """Return the text that is encoded for a URI."""
    from urllib.parse import unquote

    return unquote(want_text("uriComponentToString", text))


def build_uri(parts: Any) -> str:
    """Return the address of ``scheme``, ``host``, ``port``, ``path`` and ``query``."""
    parts = want_dict("buildUri", parts)
    scheme, host = str(parts.get("scheme") or "https"), str(parts.get("host") or "")
    port = f":{parts['port']}" if parts.get("port") else ""
    path = str(parts.get("path") or "/")
    return f"{scheme}://{host}{port}{path if path.startswith('/') else '/' + path}{parts.get('query') or ''}"


def parse_uri(text: Any) -> dict[str, Any]:
    """Return the parts of an address: ``scheme``, ``host``, ``port``, ``path`` and ``query``."""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(want_text("parseUri", text))
        port = parts.port
    except ValueError:
        raise EvaluationError("parseUri() cannot read the address", by_value=True) from None
    standard = {"http": 80, "https": 443}.get(parts.scheme)
    query = f"?{parts.query}" if parts.query else ""
    host = parts.hostname or ""
    return {"scheme": parts.scheme, "host": host, "port": port or standard, "path": parts.path or "/", "query": query}


def to_json(value: Any) -> Any:
    """Return the value that a text says in JSON."""
    text = want_text("json", value)
    try:
        result = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise EvaluationError("json() cannot read its text: it is not JSON", by_value=True) from None
    level, depth = [result], 0
    while level := [
        item for one in level if isinstance(one, (dict, list)) for item in (one.values() if type(one) is dict else one)
    ]:
        depth += 1
        if depth > _MAX_JSON_DEPTH:
            raise EvaluationError(f"json() gives a value that is nested deeper than {_MAX_JSON_DEPTH} levels")
    return result


def _refuse(name: str) -> Any:
    raise ValueError(name)


TABLE: Final = {
    "base64": Function(to_base64, 1, 1),
    "base64tojson": Function(base64_to_json, 1, 1),
    "base64tostring": Function(from_base64, 1, 1),
    "builduri": Function(build_uri, 1, 1, deep=True),
    "datauri": Function(data_uri, 1, 1),
    "datauritostring": Function(data_uri_to_string, 1, 1),
    "json": Function(to_json, 1, 1),
    "parseuri": Function(parse_uri, 1, 1),
    "uri": Function(uri, 2, 2, lenient=True),
    "uricomponent": Function(uri_component, 1, 1),
    "uricomponenttostring": Function(uri_component_to_string, 1, 1),
}
