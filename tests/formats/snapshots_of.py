"""Whole outputs kept as files: what a user sees is what is reviewed.

``UPDATE_SNAPSHOTS=1 pytest tests/formats`` writes them anew; the diff is then for a person to read.
"""

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "snapshots"


def assert_snapshot(name: str, text: str) -> None:
    """Fail where ``text`` differs from the snapshot of that name."""
    path = FOLDER / name
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.write_text(text, "utf-8")
    assert path.is_file(), f"there is no snapshot {name}; write it with UPDATE_SNAPSHOTS=1"
    assert text == path.read_text("utf-8")
