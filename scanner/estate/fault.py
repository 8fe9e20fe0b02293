"""What the consistency rules of an Estate find, before and after it is given a place."""

from typing import NamedTuple

from scanner.model.path import Path


class Fault(NamedTuple):
    """A contradiction at a path of the Estate's data."""

    rule: int
    """Number of the consistency rule; docs/estate.md lists them."""
    subject: str
    """What it is about: ``t24 yarrowby``, ``cluster aks-prd-weu-01``."""
    message: str
    path: Path
    """Where, keys as in the file."""
    warning: bool = False
    """Whether it only deserves attention."""


class Inconsistency(NamedTuple):
    """A contradiction with its place."""

    rule: int
    subject: str
    message: str
    file: str
    line: int | None
    column: int | None = None
    warning: bool = False
    """Whether it only deserves attention."""
    path: Path = ()
    """Where in the Estate's data, keys as in the file."""
