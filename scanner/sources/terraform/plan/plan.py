"""Reads what ``terraform show -json`` says of a plan: every resource as it will be once the plan is applied.

Resources that will be destroyed are not in that future and are left out. Values come from ``resource_changes``, which
also say what is secret and what is not known yet; ``planned_values`` tell which resources there will be.

Source: https://developer.hashicorp.com/terraform/internals/json-format, format versions 0.1 to 1.x.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from sys import intern
from typing import Any, NamedTuple

from scanner.model.path import Path, format_path
from scanner.model.unknown import Unknown
from scanner.sources.terraform.instance import Instance
from scanner.sources.terraform.plan.cursor import Cursor
from scanner.sources.terraform.plan.json_places import JsonPlaces, Span
from scanner.sources.terraform.plan.marks import Marks, add_unknown
from scanner.sources.terraform.plan.modules import Found, resources_below
from scanner.sources.terraform.plan.providers import Providers, local_name
from scanner.sources.terraform.plan.recognise import PLAN
from scanner.sources.terraform.plan.references import Blocks, References
from scanner.sources.terraform.plan.result import Problem, Read, RefusedError

AFTER_APPLY = "known after apply"
"""Reason of what does not exist yet."""

_AFTER: Path = ("change", "after")
_VALUES: Path = ("values",)
_GONE = (["delete"], ["forget"])
_OWN = frozenset(("format_version", "planned_values", "resource_changes"))


class _Planned(NamedTuple):
    """One resource as it will be; secrets are hidden in it already."""

    found: Found
    attributes: dict[str, Any]
    unknown: Any
    """Marks of what is known only after apply."""
    span: Span


def read_plan(text: str, places: JsonPlaces) -> Read:
    """Return what the plan ``text`` holds; raises RefusedError where that is nothing, JSONDecodeError for no JSON."""
    reader = _Reader(text)
    reader.read()
    return reader.result(places)


class _Reader:
    """Reads the members of a plan, in whatever order they come, and keeps what is needed of each."""

    def __init__(self, text: str) -> None:
        self._cursor = Cursor(text)
        self._seen: dict[str, Any] = {}
        """Members of the top level that were met; those that are single values, with the value."""
        self._planned: dict[str, tuple[Found, Span]] = {}
        self._changes: dict[str, _Planned] = {}
        self._gone: set[str] = set()
        self._data: dict[str, _Planned] = {}
        self._problems: list[Problem] = []
        self._marks = Marks()
        self._configuration: dict[str, Any] = {}

    def read(self) -> None:
        readers: dict[str, Callable[[], None]] = {
            "planned_values": self._read_planned,
            "resource_changes": self._read_changes,
            "prior_state": self._read_data,
            "configuration": self._read_configuration,
            "deferred_changes": self._read_deferred,
        }
        if not self._cursor.at("{"):
            raise RefusedError("cannot read plan: it is no JSON object")
        for key in self._cursor.members():
            reader = readers.get(key)
            if reader is not None and (self._cursor.at("{") or self._cursor.at("[")):
                self._seen[key] = True
                reader()
            else:
                value = self._cursor.value()
                self._seen[key] = value if isinstance(value, str | bool) else None
        self._cursor.finish()
        self._check()

    def result(self, places: JsonPlaces) -> Read:
        """Return the Instances, unknown values put where they belong."""
        planned = [*self._resources(), *self._data.values()]
        self._marks.hide_copies(one.attributes for one in planned)
        builder = _Builder(planned, self._configuration, places)
        return Read(PLAN, tuple(map(builder.instance, planned)), tuple(self._problems))

    def _check(self) -> None:
        if _OWN.isdisjoint(self._seen):
            raise RefusedError("no plan: it holds one inside something else", incomplete=False)
        version = self._seen.get("format_version")
        if not isinstance(version, str) or version.split(".")[0] not in ("0", "1"):
            shown = f"'{version[:20]}'" if isinstance(version, str) else "missing"
            raise RefusedError(f"cannot read plan: its format_version is {shown}; 0.x and 1.x are understood")
        if "planned_values" not in self._seen:
            raise RefusedError(
                "cannot read plan: it has no planned_values; write it with terraform show -json FILE > plan.json"
            )
        if "resource_changes" not in self._seen and self._planned:
            self._problems.append(
                Problem("the plan has no resource_changes: what is known only after apply is taken to be absent")
            )
        if self._seen.get("errored") is True:
            self._problems.append(Problem("planning ended with an error, so the plan is not complete"))
        elif self._seen.get("complete") is False:
            self._problems.append(Problem("the plan is not complete: it was targeted, or changes were deferred"))

    def _resources(self) -> Iterator[_Planned]:
        """Yield what will be, in the order of the changes; what is planned without a change comes last."""
        yield from self._changes.values()
        for address, (found, span) in self._planned.items():
            if address in self._changes or address in self._gone:
                continue
            resource = Cursor(self._cursor.text, span.start).value()
            attributes = self._attributes(found.type, resource.get("values"), resource.get("sensitive_values"))
            yield _Planned(found, attributes, None, span)

    def _read_planned(self) -> None:
        for found, _, start, end in resources_below(self._cursor, self._problem):
            self._planned[found.address] = found, Span(start, end, _VALUES)

    def _read_data(self) -> None:
        """Keep the data that was read while planning: nothing else says what it was."""
        for key in self._cursor.members():
            if key != "values" or not self._cursor.at("{"):
                self._cursor.value()
                continue
            for found, resource, start, end in resources_below(self._cursor, self._problem):
                if found.mode == "data":
                    attributes = self._attributes(found.type, resource.get("values"), resource.get("sensitive_values"))
                    self._data[found.address] = _Planned(found, attributes, None, Span(start, end, _VALUES))

    def _read_changes(self) -> None:
        for index in self._cursor.elements():
            start = self._cursor.position
            resource = self._cursor.value()
            found = Found.of(resource, resource.get("module_address", "")) if isinstance(resource, dict) else None
            change = resource.get("change") if found is not None else None
            if found is None or not isinstance(change, dict):
                self._problem(f"resource_changes[{index}] has no address, type, name or change", start)
            elif change.get("actions") in _GONE:
                self._gone.add(found.address)
            elif "deposed" not in resource:
                attributes = self._attributes(found.type, change.get("after"), change.get("after_sensitive"))
                span = Span(start, self._cursor.position, _AFTER)
                self._changes[found.address] = _Planned(found, attributes, change.get("after_unknown"), span)

    def _read_deferred(self) -> None:
        number = sum(1 for _ in self._cursor.elements() if self._cursor.value() is not None)
        if number:
            self._problem(f"{number} changes are deferred and not in the plan", None)

    def _read_configuration(self) -> None:
        value = self._cursor.value()
        self._configuration = value if isinstance(value, dict) else {}

    def _attributes(self, type_: str, values: Any, sensitive: Any) -> dict[str, Any]:
        """Return the attributes without their secrets; names are shared between resources."""
        if not isinstance(values, dict):
            return {}
        if sensitive is True:
            self._marks.hide_all(values)
        else:
            self._marks.hide_sensitive(values, sensitive)
        self._marks.hide_credentials(type_, values)
        return {intern(name): value for name, value in values.items()}

    def _problem(self, message: str, offset: int | None) -> None:
        text = self._cursor.text
        if offset is None:
            self._problems.append(Problem(message))
        else:
            line, column = text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
            self._problems.append(Problem(message, line, column))


class _Builder:
    """Makes Instances."""

    def __init__(self, planned: list[_Planned], configuration: dict[str, Any], places: JsonPlaces) -> None:
        keys: defaultdict[str, list[str]] = defaultdict(list)
        for one in planned:
            keys[one.found.block_address].append(one.found.key)
        unknown = {one.found.address: one.unknown for one in planned}
        self._references = References(configuration, Blocks(keys, unknown))
        self._providers = Providers(configuration)
        self._places = places

    def instance(self, planned: _Planned) -> Instance:
        """Return the Instance that ``planned`` is."""
        found = planned.found
        attributes = planned.attributes
        if planned.unknown:
            attributes = add_unknown(attributes, planned.unknown, partial(self._unknown, found))
            if isinstance(attributes, Unknown):
                attributes = {}  # nothing at all is known of it
        key = self._references.provider(found.module, found.block)
        return Instance(
            found.address,
            found.type,
            found.name,
            attributes,
            found.mode,
            local_name(found.provider),
            self._providers.major(key, found.provider),
            self._places.file,
            partial(self._places.places, planned.span),
        )

    def _unknown(self, found: Found, path: Path) -> Unknown:
        origin = self._references.origin(found.module, found.block, found.key, path)
        if origin is None:
            origin = f"{found.address}.{format_path(path)}"
        return Unknown(AFTER_APPLY, origin)
