"""JSON as it goes over the wire: orjson where it is installed (extra ``webhook``), the standard library elsewhere.

Both refuse what JSON is not (NaN, trailing text, invalid UTF-8) and what is nested too deep, so a recorded review gives
the same answer on a laptop without the extra.
"""

import json
from collections.abc import Callable
from typing import Any, NoReturn

from scanner.errors import ReviewError

MAX_BYTES = 16 << 20
"""Largest body that is read. An API server accepts 3 MiB; a review holds the object, its old self, and JSON of what may
have been sent as something shorter."""


def loads(body: bytes) -> Any:
    """Return the JSON value in ``body``. Raises ReviewError for anything else."""
    if len(body) > MAX_BYTES:
        raise ReviewError(f"cannot read review: it is larger than {MAX_BYTES >> 20} MiB")
    try:
        return _LOADS(body)
    except (ValueError, RecursionError) as error:
        # messages of parsers may repeat what they read, which may be a secret
        place = f" at byte {error.pos}" if isinstance(error, json.JSONDecodeError) else ""
        raise ReviewError(f"cannot read review: the body is no valid JSON{place}") from None


def dumps(value: Any) -> bytes:
    """Return ``value``, plain data, as JSON."""
    return _DUMPS(value)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _standard_loads(body: bytes) -> Any:
    return json.loads(body.decode("utf-8"), parse_constant=_refuse)


def _standard_dumps(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _chosen() -> tuple[Callable[[bytes], Any], Callable[[Any], bytes]]:
    try:
        import orjson
    except ImportError:
        return _standard_loads, _standard_dumps
    return orjson.loads, orjson.dumps


_LOADS, _DUMPS = _chosen()
