"""Reads the attributes of one azurerm type out of the provider's TypeScript bindings (``.d.ts``).

The bindings carry the exact attribute name in each property's documentation link, and its type. They
know nothing of defaults: those come from :mod:`tests.tools.facts.defaults`.
"""

import re
from pathlib import Path
from typing import Any

_INTERFACE = re.compile(r"^export interface (\w+)(?: extends [\w.]+)? \{\n(.*?)^\}", re.M | re.S)
_PROPERTY = re.compile(r"#([a-z0-9_]+) \w+#[^}]*\}(?:(?!\*/).)*\*/\s+readonly \w+\??: ([^;]+(?:;\s*\}[^;]*)?);", re.S)
_CLASS = re.compile(
    r"^export declare class (\w+) extends \w+\.Terraform(?:Resource|DataSource) \{\n(.*?)^\}", re.M | re.S
)
_GETTER = re.compile(r"^    get (\w+)\(\)|^    readonly (\w+): ", re.M)
_META = frozenset({"timeouts", "id"})
_SCALARS = {"string": "string", "number": "number", "boolean": "bool"}

Facts = dict[str, dict[str, Any]]
"""Attribute path (``network_rules.ip_rules``) to ``{type, computed?}``."""


def _files(library: Path, azurerm_type: str) -> list[Path]:
    """The declaration files of one type (``data.azurerm_…`` for a data source).

    New packages have a folder for each type, old ones a file.
    """
    name = azurerm_type.removeprefix("azurerm_").replace("data.", "data-").replace("_", "-")
    folder = library / name
    found = sorted(folder.rglob("*.d.ts")) if folder.is_dir() else [library / f"{name}.d.ts"]
    return [file for file in found if file.is_file()]


def _type_of(text: str) -> str | None:
    """``list(string)`` and the like for a TypeScript type; None where it is a nested block."""
    bare = re.sub(r"\s*\|\s*\w+\.IResolvable\b", "", text).strip().strip("()")
    if bare in _SCALARS:
        return _SCALARS[bare]
    if match := re.fullmatch(r"(\w+)(?:\s*\|[^\[]*)?\)?\[\]", bare):
        return f"list({_SCALARS[match[1]]})" if match[1] in _SCALARS else None
    if match := re.search(r"\[key: string\]: \(?(\w+)", bare):
        return f"map({_SCALARS.get(match[1], 'any')})"
    return None


def _walk(interfaces: dict[str, str], interface: str, prefix: str, facts: Facts, depth: int = 0) -> None:
    for name, text in _PROPERTY.findall(interfaces.get(interface, "")):
        if not prefix and name in _META:
            continue
        fact: dict[str, Any] = {"type": _type_of(text) or "block"}
        nested = re.search(r"\b([A-Z]\w+)\b", re.sub(r"\w+\.IResolvable", "", text))
        facts[f"{prefix}{name}"] = fact
        if fact["type"] == "block" and nested and depth < 8:
            _walk(interfaces, nested[1], f"{prefix}{name}.", facts, depth + 1)


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def read(library: Path, azurerm_type: str) -> Facts:
    """Every attribute path of ``azurerm_type`` in the bindings under ``library``; empty where it has no such type."""
    text = "\n".join(file.read_text("utf-8") for file in _files(library, azurerm_type))
    interfaces = dict(_INTERFACE.findall(text))
    facts: Facts = {}
    config = next((name for name in interfaces if name.endswith("Config")), "")
    declared = _CLASS.search(text)
    if declared:
        config = f"{declared[1]}Config"
    _walk(interfaces, config, "", facts)
    computed = declared[2] if declared else ""
    for getter, _ in _GETTER.findall(computed):
        name = _snake(getter)
        if getter and name != "timeouts" and not name.endswith("_input") and name not in facts:
            facts[name] = {"type": "any", "computed": True}
    return dict(sorted(facts.items()))
