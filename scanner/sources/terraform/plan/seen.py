"""What Terraform recorded when it last applied, and what it saw when it last looked.

A state is both. A plan tells them apart: ``prior_state`` is what was there when it was made, and ``resource_drift``
says what of that is not as it was recorded ("Note: Objects have changed outside of Terraform").

Source: https://developer.hashicorp.com/terraform/internals/json-format, "Plan Representation".
"""

import json
from sys import intern
from typing import Any, NamedTuple

from scanner.documents.encoding import decode
from scanner.sources.terraform.instance import Instance
from scanner.sources.terraform.plan.cursor import ConstantError, Cursor
from scanner.sources.terraform.plan.json_places import JsonPlaces
from scanner.sources.terraform.plan.marks import Marks
from scanner.sources.terraform.plan.modules import Found, resources_below
from scanner.sources.terraform.plan.providers import local_name
from scanner.sources.terraform.plan.recognise import PLAN, STATE, is_terraform_json
from scanner.sources.terraform.plan.result import RefusedError
from scanner.sources.terraform.plan.state import read_state


class Seen(NamedTuple):
    """What Terraform knows of a stack."""

    recorded: tuple[Instance, ...]
    """As they were when they were applied last."""
    there: tuple[Instance, ...]
    """As they were when Terraform looked."""
    problem: str = ""
    """Why something of it may be missing; empty where nothing is."""


def read_seen(data: bytes, file: str) -> Seen:
    """Return what the plan or state ``data`` says of the past. Never raises for a fault of the input."""
    kind = is_terraform_json(data)
    text = decode(data)
    if not isinstance(text, str):
        return Seen((), (), text.reason)
    try:
        if kind == STATE:
            read = read_state(text, JsonPlaces(file, str))
            return Seen(read.instances, read.instances, read.problems[0].message if read.problems else "")
        if kind == PLAN:
            return _Plan(text, file).read()
    except RefusedError as error:
        return Seen((), (), error.problem.message)
    except (ConstantError, RecursionError, ValueError) as error:
        reason = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else "its JSON is not usable"
        return Seen((), (), f"it cannot be read: {reason}")
    return Seen((), (), "it is neither a plan nor a state of Terraform, as JSON")


class _Plan:
    """Reads the two members of a plan that speak of the past."""

    def __init__(self, text: str, file: str) -> None:
        self._cursor = Cursor(text)
        self._file = file
        self._marks = Marks()
        self._there: dict[str, Instance] = {}
        self._recorded: dict[str, Instance] = {}
        self._appeared: set[str] = set()
        self._problem = ""

    def read(self) -> Seen:
        """Return what it says."""
        for key in self._cursor.members():
            if key == "prior_state" and self._cursor.at("{"):
                self._read_prior()
            elif key == "resource_drift" and self._cursor.at("["):
                for index in self._cursor.elements():
                    self._read_drift(self._cursor.value(), index)
            else:
                self._cursor.value()
        self._cursor.finish()
        recorded = {key: one for key, one in self._there.items() if key not in self._appeared} | self._recorded
        self._marks.hide_copies(one.attributes for one in (*self._there.values(), *self._recorded.values()))
        return Seen(tuple(recorded.values()), tuple(self._there.values()), self._problem)

    def _read_prior(self) -> None:
        for key in self._cursor.members():
            if key != "values" or not self._cursor.at("{"):
                self._cursor.value()
                continue
            for found, resource, _, _ in resources_below(self._cursor, self._complain):
                values, marks = resource.get("values"), resource.get("sensitive_values")
                self._there[found.address] = self._instance(found, values, marks)

    def _read_drift(self, entry: Any, index: int) -> None:
        found = Found.of(entry, entry.get("module_address", "")) if isinstance(entry, dict) else None
        change = entry.get("change") if found is not None else None
        if found is None or not isinstance(change, dict):
            self._complain(f"resource_drift[{index}] has no address, type, name or change", None)
        elif "deposed" not in entry and found.mode != "data":
            before = change.get("before")
            if isinstance(before, dict):
                self._recorded[found.address] = self._instance(found, before, change.get("before_sensitive"))
            else:
                self._appeared.add(found.address)

    def _instance(self, found: Found, values: Any, sensitive: Any) -> Instance:
        attributes: dict[str, Any] = values if isinstance(values, dict) else {}
        if sensitive is True:
            self._marks.hide_all(attributes)
        else:
            self._marks.hide_sensitive(attributes, sensitive)
        self._marks.hide_credentials(found.type, attributes)
        attributes = {intern(name): value for name, value in attributes.items()}
        provider = local_name(found.provider)
        return Instance(found.address, found.type, found.name, attributes, found.mode, provider, None, self._file)

    def _complain(self, message: str, _: int | None) -> None:
        self._problem = self._problem or message
