"""``python -m tests.tools.facts.drift_paths``: writes ``scanner/drift/azure_paths.json`` from ``arm.json``.

For each ARM type the tree of its properties: a word is a key, ``1`` below it a property that may be set, ``0`` one that
only the service writes. Lists are transparent.
"""

import json
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parents[3]
FACTS = _ROOT / "tests" / "canonical" / "facts" / "arm.json"
OUTPUT = _ROOT / "scanner" / "drift" / "azure_paths.json"


def tree_of(paths: dict[str, str]) -> dict[str, Any]:
    """Return the nested form of ``{path: kind}``; nothing is kept below what the service alone writes."""
    tree: dict[str, Any] = {}
    for path, kind in sorted(paths.items()):
        *above, last = path.split(".")
        node: Any = tree
        for step in above:
            below = node.get(step)
            if below == 0:
                break
            if not isinstance(below, dict):
                below = node[step] = {}
            node = below
        else:
            if not isinstance(node.get(last), dict):
                node[last] = 0 if kind.endswith(" readonly") else 1
    return tree


def text() -> str:
    """Return what the file should hold: one line for each type."""
    facts = json.loads(FACTS.read_text("utf-8"))
    lines = []
    for name, paths in sorted(facts.items(), key=lambda item: item[0].lower()):
        type_ = name.partition("@")[0]
        lines.append(f"{json.dumps(type_)}:{json.dumps(tree_of(paths), separators=(',', ':'))}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    OUTPUT.write_text(text(), "utf-8")
    print(f"{OUTPUT.name}: {OUTPUT.stat().st_size:,} bytes")
