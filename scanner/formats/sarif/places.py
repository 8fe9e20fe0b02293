"""Places as SARIF writes them: relative URIs, regions, and the Resource as a logical location."""

import os
import re
from typing import Any

import sarif_om as om

from scanner.formats.printable import printable
from scanner.formats.titles import resource_title
from scanner.model.location import Location, Region

ROOT = "%SRCROOT%"
"""Base of relative paths: the folder Bulkhead was run in, which code scanning takes for the repository's root."""
STDIN = "stdin"

_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=@/")
_DRIVE = re.compile(r"[A-Za-z]:[/\\]")


def artifact(file: str) -> Any:
    """Return the artifactLocation of a path as reports print it."""
    if file == "-":
        return om.ArtifactLocation(uri=STDIN, description=om.Message(text="standard input"))
    if file.startswith("/") or _DRIVE.match(file):
        return om.ArtifactLocation(uri=f"file:///{_encoded(file.replace(os.sep, '/').lstrip('/'))}")
    return om.ArtifactLocation(uri=_encoded(file), uri_base_id=ROOT)


def physical(location: Location) -> Any:
    """Return the physicalLocation of ``location``.

    Code scanning services reject places without a start line, so the first line is named where none is known.
    """
    region = location.region
    return om.PhysicalLocation(
        artifact_location=artifact(location.file),
        region=_region(region) if region is not None else om.Region(start_line=1),
    )


def logical(key: str, type_: str, address: str = "") -> Any:
    """Return the logicalLocation of a Resource: its declared address or else its title, and its key."""
    name = printable(address) if address else resource_title(key, type_)
    return om.LogicalLocation(name=name, fully_qualified_name=printable(key), kind="resource")


def _region(region: Region) -> Any:
    return om.Region(
        start_line=region.line,
        start_column=region.column,
        end_line=region.end_line if region.end_line != region.line else None,
        end_column=region.end_column,
    )


def _encoded(path: str) -> str:
    """Return ``path`` as a URI reference; a colon is encoded too, or its beginning would be read as a scheme."""
    return "".join(chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in os.fsencode(path))
