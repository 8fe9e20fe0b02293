"""What the command line hands to the gate, for tests that do not start a process."""

from typing import Any


def flags(**changes: Any) -> dict[str, Any]:
    """Return the flags of a run that writes nothing, on the day of the fixtures, but for `changes`."""
    return {"reports": ("json=/dev/null",), "jobs": 1, "today": "2026-11-21", **changes}
