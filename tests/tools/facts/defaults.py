"""Finds documented defaults of azurerm attributes in the docstrings of the bridged Python package (``pulumi-azure``).

That package repeats the provider's documentation property by property, so "Defaults to `x`." is the provider's own
statement. Conditional sentences ("Defaults to `x` when …") are left out: they are no default.
"""

import ast
import re
from functools import cache
from pathlib import Path
from typing import Any

_DEFAULT = re.compile(
    r"(?:[Dd]efaults?(?: value)? (?:to|is)|[Tt]he default value is|default of) `+\"?([^`\"]*)\"?`+\s*(?:[.,;)]|$)"
)
_STEMS = {
    "azurerm_api_management": "service",
    "azurerm_app_configuration": "configuration_store",
    "azurerm_data_protection_backup_instance_blob_storage": "backup_instance_blog_storage",
    "azurerm_eventhub": "event_hub",
    "azurerm_lb": "load_balancer",
    "azurerm_web_application_firewall_policy": "policy",
}
"""Types whose file in the package is not named after the end of the type's name."""


@cache
def _classes(file: Path) -> dict[str, ast.ClassDef]:
    return {node.name: node for node in ast.parse(file.read_text("utf-8")).body if isinstance(node, ast.ClassDef)}


def _getters(node: ast.ClassDef) -> dict[str, ast.FunctionDef]:
    return {
        item.name: item
        for item in node.body
        if isinstance(item, ast.FunctionDef) and any("getter" in ast.unparse(mark) for mark in item.decorator_list)
    }


def _arguments(file: Path) -> ast.ClassDef | None:
    return next((node for name, node in _classes(file).items() if name.endswith("Args") and name[0] != "_"), None)


def _resource(package: Path, azurerm_type: str, attributes: frozenset[str]) -> tuple[Path, ast.ClassDef] | None:
    """The input class that shares most names with the type, among files whose name ends the type's name."""
    bare = azurerm_type.removeprefix("azurerm_")
    best: tuple[float, Path, ast.ClassDef] | None = None
    for file in sorted(package.glob("*/*.py")):
        if not (bare.endswith(file.stem) or _STEMS.get(azurerm_type) == file.stem):
            continue
        node = _arguments(file)
        if node is None:
            continue
        names = {_singular(name) for name in _getters(node)}
        score = len(names & attributes) / max(len(names | attributes), 1)
        if best is None or score > best[0]:
            best = (score, file, node)
    return best[1:] if best and best[0] >= 0.4 else None


def _singular(name: str) -> str:
    return re.sub(r"(?:(?<=s)es|(?<!s)s)$", "", re.sub(r"ies$", "y", name))


def _typed(text: str, kind: str) -> Any:
    if kind == "bool":
        return {"true": True, "false": False}.get(text.lower())
    if kind == "number":
        try:
            value = float(text) if "." in text else int(text)
        except ValueError:
            return None
        return None if value == -1 else value  # -1 is how the provider says "not set"
    return text if kind == "string" and text not in ("null", "nil", "") else None


def _walk(node: ast.ClassDef, nested: dict[str, ast.ClassDef], prefix: str, facts: dict[str, dict[str, Any]]) -> None:
    by_singular = {
        _singular(path.removeprefix(prefix)): path
        for path in facts
        if path.startswith(prefix) and "." not in path.removeprefix(prefix)
    }
    for name, getter in _getters(node).items():
        path = by_singular.get(_singular(name))
        if path is None:
            continue
        found = _DEFAULT.findall(ast.get_docstring(getter) or "")
        value = _typed(found[-1], facts[path]["type"]) if len(found) == 1 else None
        if value is not None:
            facts[path]["default"] = value
        inner = re.search(r"'(\w+Args)'", ast.unparse(getter.returns) if getter.returns else "")
        if inner and inner[1] in nested and prefix.count(".") < 8:
            _walk(nested[inner[1]], nested, f"{path}.", facts)


def add(package: Path, azurerm_type: str, facts: dict[str, dict[str, Any]]) -> bool:
    """Add ``default`` to the facts of one type; False where the package has no class for it."""
    top = frozenset(_singular(path) for path, fact in facts.items() if "." not in path and not fact.get("computed"))
    found = _resource(package, azurerm_type, top)
    if found is None:
        return False
    file, node = found
    inputs = file.parent / "_inputs.py"
    _walk(node, _classes(inputs) if inputs.is_file() else {}, "", facts)
    return True
