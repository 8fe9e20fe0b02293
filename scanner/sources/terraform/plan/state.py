"""Reads Terraform's state: the file (version 4), and what ``terraform show -json`` prints of it.

Everything in it exists, with its real ids. It is full of secrets: what is marked sensitive, and what looks like a
credential, is replaced before anything else sees it; outputs and the ``private`` data of providers are not kept at all.
"""

import json
from collections.abc import Callable, Iterator
from functools import partial
from sys import intern
from typing import Any

from scanner.model.path import Path
from scanner.sources.terraform.instance import Instance
from scanner.sources.terraform.plan.cursor import Cursor
from scanner.sources.terraform.plan.json_places import JsonPlaces, Span
from scanner.sources.terraform.plan.marks import Marks
from scanner.sources.terraform.plan.modules import Found, resources_below
from scanner.sources.terraform.plan.providers import local_name
from scanner.sources.terraform.plan.recognise import STATE
from scanner.sources.terraform.plan.result import Problem, Read, RefusedError

_ATTRIBUTES: Path = ("attributes",)
_VALUES: Path = ("values",)
_VERSION = 4
_DYNAMIC = {"value", "type"}
_OWN = frozenset(("version", "format_version", "encrypted_data"))


def read_state(text: str, places: JsonPlaces) -> Read:
    """Return what the state ``text`` holds; raises RefusedError where that is nothing, JSONDecodeError for no JSON."""
    reader = _Reader(text, places)
    reader.read()
    return Read(STATE, tuple(reader.instances), tuple(reader.problems))


class _Reader:
    """Reads the members of either form; which one it is turns out on the way."""

    def __init__(self, text: str, places: JsonPlaces) -> None:
        self.instances: list[Instance] = []
        self.problems: list[Problem] = []
        self._cursor = Cursor(text)
        self._marks = Marks()
        self._places = places
        self._seen: dict[str, Any] = {}

    def read(self) -> None:
        readers: dict[str, tuple[str, Callable[[], None]]] = {
            "resources": ("[", self._read_resources),
            "values": ("{", self._read_values),
        }
        if not self._cursor.at("{"):
            raise RefusedError("cannot read state: it is no JSON object")
        for key in self._cursor.members():
            opening, reader = readers.get(key, ("", None))
            if reader is not None and self._cursor.at(opening):
                self._seen[key] = True
                reader()
            else:
                value = self._cursor.value()
                self._seen[key] = value if isinstance(value, str | int) else None
        self._cursor.finish()
        self._check()
        self._marks.hide_copies(instance.attributes for instance in self.instances)

    def _check(self) -> None:
        if _OWN.isdisjoint(self._seen):
            raise RefusedError("no state: it holds one inside something else", incomplete=False)
        if "encrypted_data" in self._seen:
            raise RefusedError("cannot read state: it is encrypted; write it with tofu show -json > state.json")
        if "format_version" in self._seen:
            version = self._seen["format_version"]
            if not isinstance(version, str) or version.split(".")[0] not in ("0", "1"):
                shown = f"'{version[:20]}'" if isinstance(version, str) else "no text"
                raise RefusedError(f"cannot read state: its format_version is {shown}; 0.x and 1.x are understood")
            return
        version = self._seen.get("version")
        if version != _VERSION or isinstance(version, bool):
            shown = str(version) if isinstance(version, int) else "missing"
            hint = "; terraform state push of Terraform 0.12 or later upgrades it" if shown in ("1", "2", "3") else ""
            raise RefusedError(f"cannot read state: its version is {shown[:20]}; 4 is understood{hint}")
        if "resources" not in self._seen:
            raise RefusedError("cannot read state: it has no resources")

    def _read_values(self) -> None:
        for found, resource, start, end in resources_below(self._cursor, self._problem):
            values = resource.get("values")
            marks = resource.get("sensitive_values")
            attributes = values if isinstance(values, dict) else {}
            if marks is True:
                self._marks.hide_all(attributes)
            else:
                self._marks.hide_sensitive(attributes, marks)
            self._add(found, attributes, Span(start, end, _VALUES))

    def _read_resources(self) -> None:
        for index in self._cursor.elements():
            start = self._cursor.position
            if not self._cursor.at("{"):
                self._problem(f"resources[{index}] is no object", start)
                self._cursor.value()
                continue
            self._read_resource(index, start)

    def _read_resource(self, index: int, start: int) -> None:
        """Read one resource block; its instances may stand before what says whose they are."""
        facts: dict[str, Any] = {}
        instances: list[tuple[dict[str, Any], int, int]] = []
        for key in self._cursor.members():
            if key == "instances" and self._cursor.at("["):
                instances.extend(self._read_instances(index))
            else:
                facts[key] = self._cursor.value()
        block = Found.of({**facts, "address": ""}, facts.get("module", ""))
        if block is None:
            self._problem(f"resources[{index}] has no type or name", start)
            return
        block = block._replace(provider=facts["provider"] if isinstance(facts.get("provider"), str) else "")
        for instance, begin, end in instances:
            address = block.block_address + _key(instance.get("index_key"))
            attributes = instance.get("attributes")
            if "deposed" in instance:
                continue
            if not isinstance(attributes, dict):
                self._problem(f"{address} has no attributes, or those of a Terraform before 0.12", begin)
                continue
            attributes = {name: _plain(value) for name, value in attributes.items()}
            paths = instance.get("sensitive_attributes")
            if isinstance(paths, list):
                self._marks.hide_paths(attributes, paths)
            self._add(block._replace(address=address), attributes, Span(begin, end, _ATTRIBUTES))

    def _read_instances(self, resource: int) -> Iterator[tuple[dict[str, Any], int, int]]:
        for index in self._cursor.elements():
            start = self._cursor.position
            instance = self._cursor.value()
            if isinstance(instance, dict):
                yield instance, start, self._cursor.position
            else:
                self._problem(f"resources[{resource}].instances[{index}] is no object", start)

    def _add(self, found: Found, attributes: dict[str, Any], span: Span) -> None:
        self._marks.hide_credentials(found.type, attributes)
        self.instances.append(
            Instance(
                found.address,
                found.type,
                found.name,
                {intern(name): value for name, value in attributes.items()},
                found.mode,
                local_name(found.provider),
                None,
                self._places.file,
                partial(self._places.places, span),
            )
        )

    def _problem(self, message: str, offset: int | None) -> None:
        text = self._cursor.text
        start = offset or 0
        line, column = text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)
        self.problems.append(Problem(message, line, column))


def _plain(value: Any) -> Any:
    """Return an attribute without the wrapping of one whose type is only known with its value (``body`` of azapi)."""
    if type(value) is dict and value.keys() == _DYNAMIC and isinstance(value["type"], list | str):
        return value["value"]
    return value


def _key(key: Any) -> str:
    """Return an instance key as addresses write it."""
    if isinstance(key, str):
        return f"[{json.dumps(key, ensure_ascii=False)}]"
    return "" if key is None else f"[{key}]"
