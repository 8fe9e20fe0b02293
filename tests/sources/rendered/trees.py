"""Small trees of files, and the real programs that render them."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from scanner.model.location import Location, Placed
from scanner.model.path import Path as AttributePath
from scanner.model.resource import Resource
from scanner.sources.interface import Page, PageContent
from scanner.sources.rendered.choices import RenderedChoices
from scanner.sources.rendered.source import RenderedSource
from scanner.sources.walk import walk

# Read before any test scrubs the environment.
_CACHE = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
_TOOLS = Path(os.environ.get("BULKHEAD_TOOLS") or Path(_CACHE, "bulkhead-tools", "bin"))


def needs(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Let the scanner find the real programs, or skip the test with the reason."""
    for name in names:
        if shutil.which(name) is None and not (_TOOLS / name).is_file():
            pytest.skip(f"no {name!r} is there; tests/tools/oracles.sh {name} builds it")
    monkeypatch.setenv("BULKHEAD_TOOLS", str(_TOOLS))


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """Write files below ``folder``."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def source(folder: Path, requested: list[str] | None = None, **choices: Any) -> RenderedSource:
    """Return the Source of a tree."""
    files = walk([str(folder)], str(folder)).files
    made = RenderedChoices(**choices)
    return RenderedSource(files, base=str(folder), top=str(folder), choices=made, requested=requested)


def pages(folder: Path, **choices: Any) -> list[Page]:
    """Return the pages of a tree."""
    return list(source(folder, **choices).pages())


def read(folder: Path, **choices: Any) -> PageContent:
    """Return what the only page of a tree holds."""
    (page,) = pages(folder, **choices)
    return page.read()


def place(page: Page, content: PageContent, title: str, path: AttributePath) -> Placed:
    """Return the place of an attribute of the Resource with ``title``; ``page`` has been read just now."""
    return places(page, content, {title: (path,)})[0]


def places(page: Page, content: PageContent, wanted: Mapping[str, tuple[AttributePath, ...]]) -> list[Placed]:
    """Return the places of attributes of Resources, by title."""
    locate = page.locator()
    found = []
    for title, paths in wanted.items():
        resource = of(content, title)
        for path in paths:
            placed = locate(resource.origin, path)
            assert isinstance(placed, Placed)
            found.append(placed)
    return found


def of(content: PageContent, title: str) -> Resource:
    """Return the Resource with ``title``."""
    return next(resource for resource in content.resources if resource.title == title)


def at(location: Location) -> tuple[str, int]:
    """Return file and line."""
    assert location.region is not None
    return location.file, location.region.line
