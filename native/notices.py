"""Writes NOTICES.md: the licences of the crates that end up in the compiled extension.

    python native/notices.py            write the file
    python native/notices.py --check    status 1 where the file does not name every crate that is linked

Where a crate offers Apache-2.0 among others, that is the licence we take, and its text is the project's own LICENSE.
For the rest the texts of the crates' own licence files are kept, once where several are the same. Needs cargo and its
downloaded sources.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

NATIVE = Path(__file__).resolve().parent
NOTICES = NATIVE / "NOTICES.md"
OWN = "bulkhead-rego"

HEAD = """# Third-party notices

The native Rego engine (`scanner/_rego.*` in platform wheels) is compiled from `native/` and contains the crates below.
Written by `native/notices.py`; patch versions may differ from build to build.

Crates that offer the Apache License 2.0 are used under it; its text is in LICENSE. The texts of all other licences
follow the table.

| crate | version | licence |
|---|---|---|
"""


def cargo(*arguments: str) -> str:
    """Return what cargo prints."""
    command = ["cargo", *arguments, "--manifest-path", str(NATIVE / "Cargo.toml")]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603


def linked() -> list[Mapping[str, Any]]:
    """Return the metadata of every crate that is linked, sorted by name: no build scripts, no procedural macros."""
    tree = cargo("tree", "--edges", "normal,no-proc-macro", "--target", "all", "--prefix", "none", "--format", "{p}")
    names = {tuple(line.split()[:2]) for line in tree.splitlines() if line}
    packages = json.loads(cargo("metadata", "--format-version", "1"))["packages"]
    chosen = [package for package in packages if (package["name"], "v" + package["version"]) in names]
    return sorted((package for package in chosen if package["name"] != OWN), key=lambda each: str(each["name"]))


def licence_texts(package: Mapping[str, Any]) -> Iterator[str]:
    """Yield the texts a crate ships, without those of the Apache License."""
    folder = Path(package["manifest_path"]).parent
    for path in sorted(folder.iterdir()):
        is_licence = path.is_file() and path.name.upper().startswith(("LICENSE", "LICENCE", "COPYING", "NOTICE"))
        if is_licence and "APACHE" not in path.name.upper():
            yield "\n".join(line.rstrip() for line in path.read_text(encoding="utf-8").strip().splitlines())


def render(packages: list[Mapping[str, Any]]) -> str:
    """Return the whole file."""
    rows = [f"| {each['name']} | {each['version']} | {each['license']} |" for each in packages]
    texts: dict[str, list[str]] = {}
    for package in packages:
        if "Apache-2.0" in package["license"] and " AND " not in package["license"]:
            continue
        for text in licence_texts(package):
            texts.setdefault(text, []).append(package["name"])
    parts = [f"\n## {', '.join(names)}\n\n```text\n{text}\n```" for text, names in texts.items()]
    return HEAD + "\n".join([*rows, *parts]) + "\n"


def main() -> int:
    """Write or check the file."""
    packages = linked()
    if "--check" not in sys.argv:
        NOTICES.write_text(render(packages), encoding="utf-8")
        return 0
    present = NOTICES.read_text(encoding="utf-8")
    missing = [each["name"] for each in packages if f"| {each['name']} |" not in present]
    if missing:
        print(f"cannot confirm {NOTICES.name}: it does not name {', '.join(missing)}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
