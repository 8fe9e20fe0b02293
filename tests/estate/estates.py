"""Estates for tests: the small one of ``small.yaml``, as it is or with a mistake put in."""

from pathlib import Path

import pytest

from scanner.errors import EstateError
from scanner.estate import Estate, load_estate

SMALL = (Path(__file__).parent / "small.yaml").read_text("utf-8")
EXAMPLE = Path(__file__).parents[2] / "fixtures" / "erp-hosting" / "estate.yaml"


def changed(*changes: tuple[str, str]) -> str:
    """Return the small Estate with each (old, new) replaced; every old text must be there exactly once."""
    text = SMALL
    for old, new in changes:
        assert text.count(old) == 1, f"{text.count(old)} times in small.yaml: {old}"
        text = text.replace(old, new)
    return text


def estate(*changes: tuple[str, str]) -> Estate:
    """Load the small Estate from ``estate.yaml`` in the working directory, which the test has made its own."""
    Path("estate.yaml").write_text(changed(*changes), "utf-8")
    return load_estate("estate.yaml")


def refused(*changes: tuple[str, str]) -> str:
    """Return what a person reads when the small Estate with these changes is loaded."""
    with pytest.raises(EstateError) as caught:
        estate(*changes)
    return caught.value.diagnostics()


def line_of(text: str, content: str = SMALL) -> int:
    """Return the line on which ``text`` stands."""
    return content[: content.index(text)].count("\n") + 1
