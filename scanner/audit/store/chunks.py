"""What all writing into the store has in common: texts that every database takes, and portions."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
SIZE = 5_000
"""Rows, or values of a condition, that are handed to the database at once."""


def chunks(rows: Iterable[T]) -> Iterator[list[T]]:
    """Yield ``rows`` in portions."""
    stream = iter(rows)
    while chunk := list(islice(stream, SIZE)):
        yield chunk


def storable(text: str) -> str:
    """Return ``text`` as every database takes it: lone surrogates and NUL, which JSON can hold, are written out."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\\x00")
