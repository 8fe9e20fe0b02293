"""The map against the facts of the provider's and of Azure's schemas: every name exists, every default is theirs."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from scanner.canonical import compile as compiler
from scanner.canonical.levels import NEWEST_MAJOR, default_for, holds
from scanner.canonical.templates import Template
from scanner.canonical.values import steps_of
from scanner.model.path import ANY
from scanner.packs.loader import builtin_packs

FACTS = Path(__file__).parent / "facts"
MAJORS = (2, 3, 4, 5)
ENVELOPE = ("id", "name", "type", "apiVersion", "location", "tags", "identity", "scope", "parent")
"""What every type has without a row."""


@cache
def provider(major: int) -> dict[str, dict[str, dict[str, Any]]]:
    return json.loads((FACTS / f"azurerm-{major}.json").read_text("utf-8"))


@cache
def arm() -> dict[str, dict[str, str]]:
    return json.loads((FACTS / "arm.json").read_text("utf-8"))


@cache
def definitions() -> dict[str, Any]:
    return {name: definition for name, (_, definition) in compiler.read_map(compiler.HERE / "azurerm").items()}


MAPPED = sorted(definitions())


class Use(NamedTuple):
    """One row of the map, with where it stands."""

    attribute: str
    """Dotted, from the root of the resource."""
    path: str
    """Dotted, from the root of the body; empty where the row has no target of its own."""
    child: str
    """What goes on below the ARM type: ``/blobServices`` or empty."""
    row: Mapping[str, Any]
    kind: str
    primary: bool
    """Whether it is the row's own name, not an alias."""
    optional: bool
    """Whether a block around it may be missing in a major: then it needs not be there either."""


def uses(name: str) -> Iterator[Use]:
    definition = definitions()[name]
    base = definition.get("patch", {}).get("append", "")
    yield from _uses(definition.get("map", {}), "", base, base, "", False)


def _uses(rows: Mapping[str, Any], prefix: str, base: str, root: str, child: str, optional: bool) -> Iterator[Use]:
    for attribute, entry in rows.items():
        for row in entry if isinstance(entry, list) else (entry,):
            row = {"to": row} if isinstance(row, str) else row
            to = row.get("to", "")
            path = _join(root, to[1:]) if to.startswith("/") else _join(base, to) if to else ""
            kind = next((kind for kind in ("child", "block", "list") if kind in row), "value")
            for alias in (attribute, *row.get("aliases", ())):
                primary = alias == attribute
                yield Use(_join(prefix, alias), path, child, row, kind, primary, optional or "majors" in row)
            inner = _join(prefix, attribute)
            loose = optional or "majors" in row
            if kind == "child":
                yield from _uses(row["block"], inner, "", "", f"{child}/{row['child']['type']}", loose)
            elif kind == "block":
                yield from _uses(row["block"], inner, path or base, root, child, loose)
            elif kind == "list":
                yield from _uses(row["list"], inner, path, path, child, loose)


def _join(base: str, path: str) -> str:
    return f"{base}.{path}" if base and path else base or path


def facts_of(name: str, major: int) -> dict[str, dict[str, Any]] | None:
    return provider(major).get(name)


def claimed(row: Mapping[str, Any]) -> list[int]:
    return [major for major in MAJORS if "majors" not in row or holds(row["majors"], major)]


@pytest.mark.parametrize("name", MAPPED)
def test_every_attribute_exists_in_the_majors_it_is_claimed_for(name: str) -> None:
    newest = NEWEST_MAJOR if facts_of(name, NEWEST_MAJOR) is not None else None
    missing = []
    for use in uses(name):
        majors = [major for major in claimed(use.row) if facts_of(name, major) is not None]
        there = [major for major in majors if use.attribute in facts_of(name, major)]  # type: ignore[operator]
        wanted_newest = use.primary and not use.optional and newest is not None
        if not there or (wanted_newest and newest not in there):
            missing.append((use.attribute, f"in majors {there or 'none'}"))
    assert not missing


@pytest.mark.parametrize("name", MAPPED)
def test_every_attribute_that_a_template_reads_exists(name: str) -> None:
    definition = definitions()[name]
    known = {path for major in MAJORS for path in facts_of(name, major) or ()}
    data = {path for major in MAJORS for path in provider(major).get(f"data.{name}", ())} or known
    parents = definition.get("parent", [])
    parents = parents if isinstance(parents, list) else [parents]
    target = definition.get("patch", {}).get("id", [])
    parents = [*parents, *(target if isinstance(target, list) else [target])]
    texts = [definition.get("name", "{name}"), definition.get("scope", "")]
    texts += [text for entry in parents for text in (entry.values() if isinstance(entry, dict) else [entry])]
    texts += list(definition.get("exports", {}).values())
    missing = [field.path for text in texts for field in Template(text).fields if ".".join(field.path) not in known]
    if "name" not in definition and ("patch" in definition or "name" not in known):
        missing = [path for path in missing if path != ("name",)]
    missing += [
        field.path
        for text in definition.get("data", {}).values()
        for field in Template(text).fields
        if ".".join(field.path) not in data
    ]
    assert not missing
    assert not [each for each in definition.get("exports", {}) if each not in known]
    assert not [each for each in definition.get("data", {}) if each not in data and each != "id"]


@pytest.mark.parametrize("name", MAPPED)
def test_every_arm_path_exists_and_is_writable(name: str) -> None:
    definition = definitions()[name]
    target = definition.get("arm") or definition.get("patch")
    if target is None:
        return
    wrong = []
    table = compiler.arm_tables({name: compiler.compile_type(definition)}, {})
    for type_, entry in ((entry["type"], entry) for entry in table.values()):
        facts = arm_facts(type_, definition)
        if facts is None:
            wrong.append((type_, "no facts"))
            continue
        shown = definition.get("shown", ())
        wrong += [(path, why) for path in entry["paths"] if path not in shown and (why := refused(path, facts))]
    assert not wrong


def arm_facts(type_: str, definition: Mapping[str, Any]) -> dict[str, str] | None:
    version = definition.get("arm", {}).get("apiVersion")
    if version is not None:
        return arm().get(f"{type_}@{version}")
    found = [key for key in arm() if key.startswith(f"{type_}@")]
    return arm()[max(found)] if found else None


def refused(path: str, facts: Mapping[str, str]) -> str:
    """Return why an ARM path is no property that can be written; empty where it is."""
    if path in facts:
        return "read-only" if facts[path].endswith("readonly") else ""
    steps = path.split(".")
    for length in range(len(steps) - 1, 0, -1):
        above = facts.get(".".join(steps[:length]))
        if above is not None:
            return "" if above.split()[0] in ("any", "object") and not _described(steps[:length], facts) else "unknown"
    return "unknown"


def _described(steps: list[str], facts: Mapping[str, str]) -> bool:
    start = ".".join(steps) + "."
    return any(path.startswith(start) for path in facts)


@pytest.mark.parametrize("name", MAPPED)
def test_every_default_is_the_providers(name: str) -> None:
    """Where the provider's schema has a default, the map says the same, in ARM's words."""
    wrong = []
    for use in uses(name):
        if use.kind != "value" or "join" in use.row or not use.path:
            continue
        compiled = compiler._row(use.row)  # the very form that a scan reads
        for major in claimed(use.row):
            wanted = (facts_of(name, major) or {}).get(use.attribute, {}).get("default")
            if wanted is None:
                continue
            for step in steps_of(compiled):
                wanted = step(wanted)
            default = default_of(name, use, major)
            if default != wanted:
                wrong.append((use.attribute, major, f"provider: {wanted!r}, map: {default!r}"))
    assert not wrong


def default_of(name: str, use: Use, major: int) -> Any:
    """Return the default of a row, or that of another row with the same target; None where there is none."""
    for other in (use, *uses(name)):
        if other.path == use.path and other.child == use.child:
            found, value = default_for(compiler._row(other.row), major)
            if found:
                return value
    return None


OF_KUBERNETES = (("metadata",), ("views",), ("data",), ("spec",))
"""Where the paths begin that a rule for both control planes reads of objects in clusters."""


def azure_reads() -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Yield (Rule id, ARM types, dotted path) of everything that a built-in Rule reads of Azure Resources."""
    for pack in builtin_packs():
        for rule in pack.rules:
            if "live" in rule.needs:
                continue  # it is asked of nothing that is declared
            azure = tuple(type_ for type_ in rule.applies_to if type_.startswith("Microsoft."))
            looked_up = (((type_,), path) for type_, paths in rule.looks_up.items() for path in paths)
            for types, path in (*((azure, path) for path in rule.looks_at), *looked_up):
                if types and types[0].startswith("Microsoft.") and path[:1] not in OF_KUBERNETES:
                    yield rule.id, types, ".".join(step for step in path if isinstance(step, str) and step != ANY)


def test_every_path_that_a_rule_reads_is_mapped_from_terraform() -> None:
    """Of one at least of the types it is for; or the ARM tables say under ``not_in_terraform`` why it is not."""
    extra = {name: definition for name, (_, definition) in compiler.read_map(compiler.HERE / "arm").items()}
    nested = {name: {"nested": entry["nested"]} for name, entry in extra.items() if "nested" in entry}
    types = {name: compiler.compile_type(definition) for name, definition in definitions().items()}
    tables = {entry["type"]: entry["paths"] for entry in compiler.arm_tables(types, nested).values()}
    missing = []
    for rule, arm_types, path in azure_reads():
        if any("*" in type_ for type_ in arm_types):
            arm_types = tuple(tables)  # a rule for whatever there is
        live = {name for name, entry in extra.items() if "*" in entry.get("not_in_terraform", {})}
        missing += [(rule, type_, "no type of the map") for type_ in arm_types if type_ not in {*tables, *live}]
        excused = any({path, "*"} & set(extra.get(type_, {}).get("not_in_terraform", {})) for type_ in arm_types)
        if path.split(".")[0] in ENVELOPE or excused:
            continue
        if not any(related(path, known) for type_ in arm_types for known in tables.get(type_, ())):
            missing.append((rule, arm_types[0], path))
    assert not missing


def related(path: str, known: str) -> bool:
    """Whether one is the other, or stands in it."""
    return path == known or path.startswith(f"{known}.") or known.startswith(f"{path}.")


def test_the_compiled_tables_are_current() -> None:
    assert compiler.compiled() == Path(compiler.PATH).read_text("utf-8")
