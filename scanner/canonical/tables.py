"""The compiled tables of the map, read lazily: a scan pays for the types it meets.

``tables.jsonl`` holds one line per Terraform type (``tf azurerm_x {…}``) and two per ARM type
(``arm microsoft.x/y {…}`` and ``paths microsoft.x/y {…}``, lower case); :mod:`scanner.canonical.compile` writes it from
the YAML beside it.
"""

import json
import os
from functools import cache
from typing import Any

PATH = os.path.join(os.path.dirname(__file__), "tables.jsonl")


@cache
def _lines() -> dict[str, str]:
    lines: dict[str, str] = {}
    with open(PATH, encoding="utf-8") as stream:
        for line in stream:
            kind, name, rest = line.split(" ", 2)
            lines[f"{kind} {name}"] = rest
    return lines


@cache
def terraform_type(name: str) -> dict[str, Any] | None:
    """Return what the map says of a Terraform type; None where it has no file."""
    line = _lines().get(f"tf {name}")
    return json.loads(line) if line else None


@cache
def arm_type(name: str) -> dict[str, Any] | None:
    """Return what is known of an ARM type, given in lower case: its spelling, defaults, nested children."""
    line = _lines().get(f"arm {name}")
    return json.loads(line) if line else None


def arm_paths(name: str) -> dict[str, Any]:
    """Return path → target type (or words) of the known properties of an ARM type, given in lower case."""
    line = _lines().get(f"paths {name}")
    return json.loads(line) if line else {}


def terraform_types() -> list[str]:
    """Return the names of all mapped Terraform types."""
    return sorted(key[3:] for key in _lines() if key.startswith("tf "))


def arm_types() -> list[str]:
    """Return the names of all known ARM types, in lower case."""
    return sorted(key[4:] for key in _lines() if key.startswith("arm "))
