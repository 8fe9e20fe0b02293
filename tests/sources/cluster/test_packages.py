"""Whoever only names the Source pays for none of its packages."""

import subprocess
import sys
from pathlib import Path

import scanner.sources.cluster


def test_no_module_imports_the_packages_of_the_extra() -> None:
    folder = Path(scanner.sources.cluster.__file__).parent
    names = [f"scanner.sources.cluster.{path.stem}" for path in sorted(folder.glob("*.py")) if path.stem != "__init__"]
    assert "scanner.sources.cluster.live" in names
    script = f"import sys, {', '.join(names)}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not {"kubernetes", "orjson", "urllib3", "aiohttp", "pydantic"} & set(done.stdout.split())
