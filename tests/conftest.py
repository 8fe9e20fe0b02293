"""What all tests share: a scrubbed environment, an own cache folder, and the corpus where it is there."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def _scrubbed(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No colours, no user configuration, no shared cache: a test sees what it sets."""
    for name in ("FORCE_COLOR", "BULKHEAD_DEBUG", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the slowest first: one that takes minutes must not be left to the end, when the other processes idle."""
    items.sort(key=_seconds, reverse=True)


def _seconds(item: pytest.Item) -> float:
    """About how long a test takes; ``@pytest.mark.slow(seconds=…)`` says it of one that takes minutes."""
    marker = item.get_closest_marker("slow")
    return float(marker.kwargs.get("seconds", 10)) if marker is not None else 0.0


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real-world inputs; tests that need it skip visibly without it."""
    path = Path(os.environ.get("BULKHEAD_CORPUS", ROOT.parent / "shared" / "corpus"))
    if not path.is_dir():
        pytest.skip(f"the corpus of real-world inputs is not at {path}; name it in BULKHEAD_CORPUS")
    return path
