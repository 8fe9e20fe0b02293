"""Compiles the YAML of the map into ``tables.jsonl``: ``python -m scanner.canonical.compile [--check]``.

A tool for those who change the map; a scan reads only what it writes. Reading a hundred YAML files would cost a scan
more than everything it does with them.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scanner.canonical.functions import FUNCTIONS
from scanner.canonical.tables import PATH
from scanner.canonical.templates import FILTERS, Template

HERE = Path(__file__).parent
_CONDITION_STARTS = ("<", ">", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9")


class MapError(ValueError):
    """The map is not well-formed; names the file and the type."""


def read_map(folder: Path) -> dict[str, tuple[str, Any]]:
    """Return type → (file name, definition) of all YAML files in ``folder``."""
    from scanner.documents import read_yaml

    types: dict[str, tuple[str, Any]] = {}
    for file in sorted(folder.glob("*.yaml")):
        stream = read_yaml(file.read_bytes())
        problems = [*stream.problems, *(note for document in stream.documents for note in document.notes)]
        if problems:
            raise MapError(f"cannot read {file.name}: {problems[0]}")
        for document in stream.documents:
            for name, definition in document.value.items():
                if name in types:
                    raise MapError(f"cannot read {file.name}: {name} stands in {types[name][0]} already")
                types[name] = (file.name, definition)
    return types


def validate(types: Mapping[str, tuple[str, Any]], schema: Any) -> None:
    """Raise MapError for the first definition that ``schema`` refuses."""
    import jsonschema

    validator = jsonschema.Draft202012Validator(schema)
    for name, (file, definition) in types.items():
        error = jsonschema.exceptions.best_match(validator.iter_errors({name: definition}))
        if error is not None:
            at = ".".join(str(step) for step in error.absolute_path)
            raise MapError(f"cannot read {file}: {at}: {error.message}")


def check_names(types: Mapping[str, tuple[str, Any]]) -> None:
    """Raise MapError for a function or a template's filter that does not exist."""
    for name, (file, definition) in types.items():
        for key, value in _texts(definition):
            if key == "fn" and value not in FUNCTIONS:
                raise MapError(f"cannot read {file}: {name}: there is no function {value!r}")
            for field in Template(value).fields:
                if field.filter and field.filter not in FILTERS:
                    raise MapError(f"cannot read {file}: {name}: there is no filter {field.filter!r}")


def _texts(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Yield (key, text) of every text in ``value``."""
    if isinstance(value, dict):
        for below, item in value.items():
            yield from _texts(item, below)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, key)
    elif isinstance(value, str):
        yield key, value


def compile_type(definition: Mapping[str, Any]) -> dict[str, Any]:
    """Return a Terraform type as a scan reads it: shorthands written out, alternatives as lists."""
    compiled = {key: definition[key] for key in definition if key not in ("map", "majors", "parent", "shown")}
    if "parent" in definition:
        compiled["parent"] = _ways(definition["parent"])
    if "patch" in definition:
        compiled["patch"] = {**definition["patch"], "id": _ways(definition["patch"]["id"])}
    if "map" in definition:
        compiled["rows"] = _rows(definition["map"])
    return compiled


def _ways(entry: Any) -> list[dict[str, str]]:
    """Return the ways to name a parent or target, as a list of ``{id}`` and ``{name, under}``."""
    return [{"id": way} if isinstance(way, str) else way for way in (entry if isinstance(entry, list) else [entry])]


def _rows(rows: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: [_row(each) for each in entry] if isinstance(entry, list) else _row(entry) for name, entry in rows.items()
    }


def _row(entry: Any) -> dict[str, Any]:
    if isinstance(entry, str):
        return {"to": entry}
    row = {key: value for key, value in entry.items() if key not in ("block", "list", "majors", "default")}
    if "default" in entry:
        row["defaults" if _by_major(entry["default"]) else "default"] = entry["default"]
    for kind in ("block", "list"):
        if kind in entry:
            row["kind"], row["rows"] = kind, _rows(entry[kind])
    if "child" in entry:
        row["kind"] = "child"
    if "join" in entry:
        row["joins"] = Template(entry["join"]).names()
    return row


def _by_major(default: Any) -> bool:
    """Whether a default is given by provider major: all its keys are conditions."""
    return isinstance(default, dict) and bool(default) and all(key.startswith(_CONDITION_STARTS) for key in default)


def arm_tables(types: Mapping[str, Mapping[str, Any]], extra: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return ARM type (lower case) → its table: all paths that the map or ``arm/`` names, defaults, nested children."""
    tables: dict[str, dict[str, Any]] = {}

    def table(type_: str) -> dict[str, Any]:
        found = tables.setdefault(type_.lower(), {"type": type_, "paths": {}})
        if found["type"] != type_:
            raise MapError(f"{type_} is also written {found['type']}")
        return found

    for compiled in types.values():
        target = compiled.get("arm") or compiled.get("patch")
        if target is None:
            continue
        if "scope" in compiled:
            table(target["type"])["extension"] = True
        for type_, below, word in _paths_of_type(target["type"], compiled):
            path = _join(target.get("append", ""), below)
            _note(table(type_)["paths"], path, word)
    for type_, definition in extra.items():
        found = table(type_)
        for path, word in definition.get("paths", {}).items():
            found["paths"][path] = word
        for key in ("defaults", "nested", "implies", "extension"):
            if key in definition:
                found[key] = definition[key]
        for path, default in definition.get("defaults", {}).items():
            for value in default.values() if _by_major(default) else (default,):
                for below, word in _constant(path, value):
                    _note(found["paths"], below, word)
    for found in list(tables.values()):
        for child, entry in found.get("nested", {}).items():
            if "at" not in entry:
                for field in entry["fields"].values():
                    _note(found["paths"], field["to"], "")
                continue
            _share(found["paths"], table(f"{found['type']}/{child}")["paths"], entry)
    return tables


def _share(outer: dict[str, Any], inner: dict[str, Any], entry: Mapping[str, str]) -> None:
    """Give a parent the paths of a child that it nests, and the child those that only the parent names."""
    at = entry["at"]
    for path, word in list(inner.items()):
        if entry["shape"] == "list":
            if path.startswith(f"{entry['from']}."):
                _note(outer, at + path[len(entry["from"]) :], word)
        elif entry["shape"] == "named":
            _note(outer, f"{at}.{path}", word)
        elif path.startswith("properties."):
            _note(outer, f"{at}.{path[len('properties.') :]}", word)
    for path, word in list(outer.items()):
        if not path.startswith(f"{at}.") or path == f"{at}.name":
            continue
        below = path[len(at) + 1 :]
        if entry["shape"] == "list":
            _note(inner, f"{entry['from']}.{below}", word)
        else:
            _note(inner, below if entry["shape"] == "named" else f"properties.{below}", word)


def _note(paths: dict[str, Any], path: str, word: Any) -> None:
    """Keep what is known of ``path``; lists of words grow, a type beats no type."""
    known = paths.get(path, "")
    if isinstance(word, list) and isinstance(known, list):
        paths[path] = [*known, *(each for each in word if each not in known)]
    else:
        paths[path] = known or word


def _paths_of_type(type_: str, compiled: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    for path, value in compiled.get("set", {}).items():
        yield from ((type_, below, word) for below, word in _constant(path, value))
    yield from _paths_of(type_, "", "", compiled.get("rows", {}))


def _paths_of(type_: str, base: str, root: str, rows: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Yield (ARM type, path from the root of its body, target type or words) of every path that rows can write."""
    for entry in rows.values():
        for row in entry if isinstance(entry, list) else (entry,):
            to = row.get("to", "")
            path = _join(root, to[1:]) if to.startswith("/") else _join(base, to)
            inside = path if row.get("kind") in ("block", "list") else base
            if row.get("kind") == "child":
                child = f"{type_}/{row['child']['type']}"
                yield from _paths_of(child, "", "", row["rows"])
                continue
            for at, value in row.get("present", {}).items():
                yield from (
                    (type_, *each) for each in _constant(_join(root if at[0] == "/" else inside, at.lstrip("/")), value)
                )
            for value in row.get("defaults", {"": row["default"]} if "default" in row else {}).values():
                yield from ((type_, *each) for each in _constant(path, value))
            if row.get("kind") == "block":
                yield from _paths_of(type_, path, root, row["rows"])
            elif row.get("kind") == "list":
                yield from _paths_of(type_, path, path, row["rows"])
            elif to:
                yield from ((type_, *each) for each in _value_paths(path, row))


def _value_paths(path: str, row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    if isinstance(row.get("each"), dict):
        yield path, ""
        yield from ((f"{path}.{key}", "") for key in row["each"])
    elif "bool_enum" in row:
        yield path, list(row["bool_enum"])
    elif "enum" in row:
        yield path, list(dict.fromkeys(word for word in row["enum"].values() if isinstance(word, str)))
    else:
        yield path, row.get("type") or ("boolean" if row.get("invert") else "")


def _constant(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        for key, below in value.items():
            yield from _constant(_join(path, key), below)
    else:
        yield path, "boolean" if isinstance(value, bool) else ""


def _join(base: str, path: str) -> str:
    return f"{base}.{path}" if base and path else base or path


def compiled() -> str:
    """Return the text of ``tables.jsonl``; raises MapError where the map is not well-formed."""
    definitions = read_map(HERE / "azurerm")
    extra = read_map(HERE / "arm")
    validate(definitions, json.loads((HERE / "azurerm" / "schema.json").read_text("utf-8")))
    validate(extra, json.loads((HERE / "arm" / "schema.json").read_text("utf-8")))
    check_names(definitions)
    types = {name: compile_type(definition) for name, (_, definition) in definitions.items()}
    lines = [f"tf {name} {_line(table)}" for name, table in sorted(types.items())]
    arm = arm_tables(types, {name: definition for name, (_, definition) in extra.items()})
    for name, table in sorted(arm.items()):
        paths = table.pop("paths")
        lines += [f"arm {name} {_line(table)}", f"paths {name} {_line(paths)}"]
    return "\n".join(lines) + "\n"


def _line(table: Any) -> str:
    return json.dumps(table, separators=(",", ":"), ensure_ascii=False)


def main(arguments: list[str]) -> int:
    """Write the tables, or with ``--check`` say whether they are current; returns the exit code."""
    try:
        text = compiled()
    except MapError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    current = Path(PATH).read_text("utf-8") if Path(PATH).exists() else ""
    if "--check" in arguments:
        if text != current:
            sys.stderr.write("tables.jsonl is out of date: run python -m scanner.canonical.compile\n")
        return int(text != current)
    temporary = Path(f"{PATH}.{os.getpid()}")
    temporary.write_text(text, "utf-8")
    temporary.replace(PATH)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
