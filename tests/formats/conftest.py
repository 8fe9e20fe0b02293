"""The example Report, its files in the working directory."""

from pathlib import Path

import pytest

from scanner.report import Report
from tests.formats.example import example


@pytest.fixture
def full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Report:
    """A Report with everything in it."""
    monkeypatch.chdir(tmp_path)
    return example(tmp_path)
