"""Every test of the Estate works in an empty directory, so that file names in messages are short."""

from pathlib import Path

import pytest

from scanner.estate import Estate
from tests.estate.estates import estate


@pytest.fixture(autouse=True)
def _own_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def small() -> Estate:
    return estate()
