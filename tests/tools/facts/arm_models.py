"""Reads the property paths of an ARM type out of the model classes of an ``azure-mgmt-*`` package, not importing it.

Two generations of those packages exist: models with ``rest_field`` annotations, and models with ``_attribute_map`` and
``_validation`` tables. Both name the wire property, its type and whether a caller may set it.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

_SCALARS = {
    "str": "string",
    "int": "integer",
    "long": "integer",
    "float": "number",
    "bool": "boolean",
    "iso-8601": "string",
    "rfc-1123": "string",
    "duration": "string",
    "date": "string",
    "time": "string",
    "bytearray": "string",
    "object": "any",
}
_MAX_DEPTH = 14
_NESTED_RESOURCES = 3
"""How many ``properties`` a path may hold: models of one resource embed whole other resources without end."""


class _Property(NamedTuple):
    wire: str
    """``minimumTlsVersion``, or ``properties.minimumTlsVersion`` where the model is flattened."""
    kind: str
    """``string`` …, ``object``, ``array`` or ``any``."""
    model: str
    """Class of a nested object or of an array's elements; empty for none."""
    read_only: bool


@cache
def _models(folder: Path) -> dict[str, ast.ClassDef]:
    files = sorted((folder / "models").glob("_models*.py"), key=lambda file: file.name != "_models.py")
    return {
        node.name: node
        for file in files
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.ClassDef)
    }


def _bases(folder: Path, node: ast.ClassDef) -> Iterator[ast.ClassDef]:
    """The class and what it inherits, base first."""
    for base in node.bases:
        name = ast.unparse(base).rsplit(".", 1)[-1]
        if name in _models(folder) and name != node.name:
            yield from _bases(folder, _models(folder)[name])
    yield node


@cache
def _children(folder: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, node in _models(folder).items():
        for base in node.bases:
            found.setdefault(ast.unparse(base).rsplit(".", 1)[-1], []).append(name)
    return found


def _variants(folder: Path, model: str, discriminated: bool) -> Iterator[str]:
    """A discriminated model stands for all its subclasses."""
    yield model
    if discriminated:
        for child in _children(folder).get(model, ()):
            yield from _variants(folder, child, True)


def _is_discriminated(folder: Path, model: str) -> bool:
    text = ast.unparse(_models(folder)[model])
    return "__mapping__" in text or "_subtype_map" in text


def _old_style(folder: Path, node: ast.ClassDef) -> Iterator[_Property]:
    tables = {
        target.id: ast.literal_eval(item.value)
        for item in node.body
        if isinstance(item, ast.Assign)
        for target in item.targets
        if isinstance(target, ast.Name) and target.id in ("_attribute_map", "_validation")
    }
    rules = tables.get("_validation", {})
    for name, entry in tables.get("_attribute_map", {}).items():
        wire = entry["key"].replace("\\\\.", "\\.")
        text = entry["type"]
        inner = text.strip("[]{}")
        model = inner if inner in _models(folder) else ""
        kind = "array" if text[0] == "[" else "object" if text[0] == "{" or model else _SCALARS.get(text, "string")
        yield _Property(wire, kind, "" if text[0] == "{" else model, bool(rules.get(name, {}).get("readonly")))


def _kind_of(annotation: str) -> str:
    bare = re.sub(r"Optional\[(.*)\]$", r"\1", annotation).replace("'", "").replace('"', "")
    if bare.lower().startswith("list["):
        return "array"
    if bare.lower().startswith(("dict[", "mapping[")):
        return "object"
    if bare.startswith("_models."):
        return "object"
    if bare.startswith("Union["):
        return "string"
    return _SCALARS.get(bare, "any" if bare == "Any" else "string")


def _new_style(folder: Path, node: ast.ClassDef) -> Iterator[_Property]:
    for item in node.body:
        if not (isinstance(item, ast.AnnAssign) and isinstance(item.value, ast.Call)):
            continue
        if ast.unparse(item.value.func) not in ("rest_field", "rest_discriminator"):
            continue
        options = {word.arg: word.value for word in item.value.keywords if word.arg}
        wire = ast.literal_eval(options["name"]) if "name" in options else ast.unparse(item.target)
        visibility = ast.literal_eval(options["visibility"]) if "visibility" in options else ["read", "create"]
        annotation = ast.unparse(item.annotation)
        kind = _kind_of(annotation)
        named = re.search(r"_models\.(\w+)", annotation)
        model = named[1] if named and kind in ("array", "object") and named[1] in _models(folder) else ""
        is_map = "dict[" in annotation.lower()
        yield _Property(wire, kind, "" if is_map else model, visibility == ["read"])


def _properties(folder: Path, model: str) -> Iterator[_Property]:
    seen: dict[str, _Property] = {}
    for node in _bases(folder, _models(folder)[model]):
        for found in (*_old_style(folder, node), *_new_style(folder, node)):
            if found.wire:  # empty for the catch-all of "additional properties"
                seen[found.wire] = found
    yield from seen.values()


def _embedded(properties: list[_Property], prefix: str) -> list[_Property]:
    """Of a whole resource inside another one only the id is ever written."""
    is_resource = {"id", "location", "properties"} <= {found.wire for found in properties}
    return [found for found in properties if found.wire == "id"] if prefix and is_resource else properties


def _walk(folder: Path, model: str, prefix: str, above: tuple[str, ...], paths: dict[str, str]) -> None:
    for variant in _variants(folder, model, _is_discriminated(folder, model)):
        for wire, kind, nested, read_only in _embedded(list(_properties(folder, variant)), prefix):
            path = f"{prefix}{wire}"
            if path.split(".").count("properties") > _NESTED_RESOURCES or path.count(".") > _MAX_DEPTH:
                continue
            if "." in wire:
                paths.setdefault(f"{prefix}{wire.split('.')[0]}", "object")
            if not read_only or path not in paths:
                paths[path] = f"{kind} readonly" if read_only else kind
            if nested and not read_only and nested not in above:
                _walk(folder, nested, f"{path}.", (*above, nested), paths)


def read(folder: Path, models: list[str]) -> dict[str, str]:
    """``{path: type}`` over the given model classes; lists are transparent, read-only paths end in `` readonly``."""
    paths: dict[str, str] = {}
    for model in models:
        _walk(folder, model, "", (model,), paths)
    return dict(sorted(paths.items()))


def _type_of(url: str) -> str:
    """``microsoft.x/y/z`` for the URL of one resource, empty for a collection's."""
    if re.fullmatch(r"/subscriptions/\{\w+\}/resourcegroups/\{\w+\}", url.lower()):
        return "microsoft.resources/resourcegroups"
    words = url.rpartition("/providers/")[2].lower().split("/")
    return "/".join(word for index, word in enumerate(words) if index == 0 or index % 2) if len(words) % 2 else ""


def api_version(folder: Path, arm_type: str) -> str:
    """The version of ``arm_type``: the folder's own (``v2022_04_01``), or what the operations on its URL send.

    Raises:
        LookupError: no operation of the package has the type's URL.
    """
    if match := re.fullmatch(r"v(\d{4})_(\d\d)_(\d\d)(_preview)?", folder.name):
        return "-".join(match.groups()[:3]) + (match[4] or "").replace("_", "-")
    for file in sorted((folder / "operations").glob("*.py")):
        for builder in re.split(r"^def ", file.read_text("utf-8"), flags=re.M)[1:]:
            version = re.search(r'"api-version", "(\d{4}-\d\d-\d\d(?:-preview)?)"', builder)
            if version and any(_type_of(url) == arm_type.lower() for url in re.findall(r"\"(/[^\"]+)\"", builder)):
                return version[1]
    raise LookupError(f"cannot find the API version of {arm_type}: no operation of {folder} has its URL")
