"""Draws the README's picture: what a scan of the broken example estate shows in a terminal.

    python docs/images/generate.py

The terminal output is turned into SVG by rich; the fonts are those of the reader's machine, so that nothing is fetched.
"""

import os
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).resolve().parents[2]
RULES = ("ISO-009", "ISO-029", "RBAC-011")
"""A few rules: the picture is to be read, not to be complete."""


def screen() -> str:
    """Return the coloured output of the scan."""
    rules = [flag for rule in RULES for flag in ("--rule", rule)]
    command = [sys.executable, "-m", "scanner", "scan", "fixtures/erp-hosting-broken", "--today", "2026-11-21", *rules]
    environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    run = subprocess.run(
        command, cwd=ROOT, env={**environment, "FORCE_COLOR": "1"}, capture_output=True, text=True, check=False
    )
    return re.sub(r"\d+\.\d+ s\b", "0.4 s", run.stdout)


def main() -> None:
    """Write ``report.svg`` beside this file."""
    console = Console(record=True, width=100, file=StringIO(), force_terminal=True, color_system="standard")
    console.print(Text.from_ansi("$ bulkhead scan fixtures/erp-hosting-broken\n\n" + screen()))
    svg = console.export_svg(title="bulkhead scan", unique_id="bulkhead")
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    Path(__file__).with_name("report.svg").write_text(svg, "utf-8")


if __name__ == "__main__":
    main()
