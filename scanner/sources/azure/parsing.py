"""Parses pages fast: with orjson where it is installed, and without the collector of cycles, of which JSON has none."""

import gc
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, NoReturn

from scanner.documents.encoding import replace_halves


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


DECODER: Final = json.JSONDecoder(parse_constant=_refuse_constant)
"""Reads a value and says where it ends; NaN and Infinity are no values."""
_HALF: Final = re.compile(r"\\u[dD][89a-fA-F]")


def _loader() -> Callable[[bytes], Any]:
    try:
        import orjson
    except ImportError:  # the extra brings it; an export is read without it too
        return _load
    return orjson.loads


def _load(data: bytes) -> Any:
    text = data.decode()
    return whole(DECODER.decode(text), text)


_LOADS: Final = _loader()


def parse(data: bytes) -> Any:
    """Return the value of a text in UTF-8; raises ValueError for what is no JSON."""
    try:
        return _LOADS(data)
    except ValueError:  # orjson reads no half of a surrogate pair, which Azure writes where it cut a text
        return _load(data)


def whole(value: Any, text: str) -> Any:
    """Return the value of ``text`` with U+FFFD for every half of a surrogate pair, of which no report can be made."""
    return _without_halves(value) if _HALF.search(text) else value


def _without_halves(value: Any) -> Any:
    if value.__class__ is str:
        return replace_halves(value)
    if value.__class__ is list:
        return [_without_halves(item) for item in value]
    if value.__class__ is dict:
        return {replace_halves(key): _without_halves(item) for key, item in value.items()}
    return value


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep the collector from going over every object of a page again and again: that is two fifths of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
