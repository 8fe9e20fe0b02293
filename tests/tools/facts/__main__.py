"""``python -m tests.tools.facts``: writes the fact files again."""

import argparse
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.tools.facts import arm_models, declarations, defaults, packages

_HERE = Path(__file__).parent
_ROOT = _HERE.parents[2]
_MAP = _ROOT / "scanner" / "canonical" / "azurerm"


def _map() -> dict[str, Any]:
    """Every Terraform type that a file of the map describes."""
    types: dict[str, Any] = {}
    for file in sorted(_MAP.glob("azurerm_*.yaml")):
        types |= yaml.safe_load(file.read_text("utf-8"))
    return dict(sorted(types.items()))


def _mapped_types(types: Mapping[str, Any]) -> list[str]:
    """The types of the map, and the data sources where the map speaks of them."""
    return [*types, *(f"data.{name}" for name in types if "data" in types[name])]


def _mapped_blocks(rows: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """Paths of the nested blocks that have rows."""
    for name, entry in rows.items():
        for row in entry if isinstance(entry, list) else [entry]:
            inner = {} if isinstance(row, str) else row.get("block") or row.get("list") or {}
            for alias in (name, *row.get("aliases", ())) if inner else ():
                yield f"{prefix}{alias}"
                yield from _mapped_blocks(inner, f"{prefix}{alias}.")


def _pruned(facts: declarations.Facts, definition: Mapping[str, Any]) -> declarations.Facts:
    """Facts without the insides of blocks that the map says nothing of: half of all, and nobody asks for them."""
    blocks = {"", *_mapped_blocks(definition.get("map", {}))}
    return {path: fact for path, fact in facts.items() if path.rpartition(".")[0] in blocks}


def _write(file: Path, facts: Mapping[str, Any]) -> None:
    """One line per type, so that a diff names the type that changed."""
    lines = [f"{json.dumps(name)}:{json.dumps(value, separators=(',', ':'))}" for name, value in facts.items()]
    file.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
    print(f"{file.name}: {len(facts)} types, {sum(map(len, facts.values()))} paths, {file.stat().st_size:,} bytes")


def _provider(
    cache: Path, major: int, spec: Mapping[str, str], types: Mapping[str, Any], corrected: Mapping[str, Any]
) -> dict[str, declarations.Facts]:
    registry, *named = spec["bindings"].split()
    library = packages.bindings(packages.fetch(cache, registry, *named))
    documented = packages.documentation(packages.fetch(cache, "pypi", *spec["documentation"].split()))
    facts = {}
    for name in _mapped_types(types):
        found = declarations.read(library, name)
        if not found:
            continue
        if not name.startswith("data.") and not defaults.add(documented, name, found):
            print(f"azurerm {major}: no documented defaults for {name}")
        for path, values in corrected.get(name, {}).items():
            if values.get(major) is not None:
                found[path]["default"] = values[major]
            elif major in values:
                found[path].pop("default", None)
        facts[name] = _pruned(found, types.get(name, {}))
    return facts


def _arm(cache: Path, targets: Mapping[str, list[str]]) -> dict[str, dict[str, str]]:
    facts = {}
    for arm_type, (package, place, *models) in targets.items():
        folder = packages.fetch(cache, "pypi", *package.split()) / "azure" / "mgmt" / place
        facts[f"{arm_type}@{arm_models.api_version(folder, arm_type)}"] = arm_models.read(folder, models)
    return facts


def main() -> None:
    """Read the packages named in ``targets.yaml`` and write ``azurerm-<major>.json`` and ``arm.json``."""
    parser = argparse.ArgumentParser(prog="python -m tests.tools.facts", description=__doc__)
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "bulkhead-facts", help="package folder")
    parser.add_argument("--output", type=Path, default=_ROOT / "tests" / "canonical" / "facts", help="where to write")
    options = parser.parse_args()
    targets = yaml.safe_load((_HERE / "targets.yaml").read_text("utf-8"))
    types = _map()
    for major, spec in targets["providers"].items():
        facts = _provider(options.cache, major, spec, types, targets["corrected_defaults"])
        _write(options.output / f"azurerm-{major}.json", facts)
    _write(options.output / "arm.json", _arm(options.cache, targets["arm"]))


if __name__ == "__main__":
    main()
