"""Says where a value that is known only after apply will come from.

A plan has no expressions, but for every argument the list of what its expression refers to, each relative to the module
it stands in. Followed through variables, module calls and outputs that leads to an attribute of one resource, or to
several, and then nothing is said. Locals are not in a plan: what goes through one stays without origin.

Source: the "Expression Representation" of https://developer.hashicorp.com/terraform/internals/json-format. A reference
is followed by its own prefixes (``a.b.id``, ``a.b``), and one through ``each.key`` or a splat loses what is behind it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from scanner.model.path import Path

_KEY = r'\[(?:"(?:[^"\\]|\\.)*"|\d+)\]'
_CALL = re.compile(rf"module\.([^.\[\]]+)({_KEY})?(?:\.|\Z)")
_RESOURCE = re.compile(rf"((?:data\.)?[^.\[\]]+\.[^.\[\]]+)({_KEY})?(?:\.(.+))?\Z", re.DOTALL)
_OUTPUT = re.compile(rf"module\.([^.\[\]]+)({_KEY})?(?:\.([^.\[\]]+)(.*))?\Z", re.DOTALL)
_VARIABLE = re.compile(r"var\.([^.\[\]]+)(.*)\Z", re.DOTALL)
_EACH_VALUE = re.compile(r"each\.value(.*)\Z", re.DOTALL)
_WITHOUT_RESOURCE = ("each.key", "count.index", "path.", "terraform.", "self")
_MOST_STEPS = 30
"""Variables and outputs that one value may be passed through."""


class Blocks(NamedTuple):
    """What a plan holds, by address."""

    keys: Mapping[str, Sequence[str]]
    """Address of a block in a module instance → the instance keys it has, as written (``["a"]``, ``[0]``, ``""``)."""
    unknown: Mapping[str, Any]
    """Address of an instance → marks of what is known only after apply."""


class Module(NamedTuple):
    """One module instance of a plan."""

    address: str
    """``module.a["x"].module.b``; empty for the root."""
    configuration: Mapping[str, Any]
    """What the plan says of the module it is an instance of; empty where that is nothing."""
    parent: "Module | None"
    call: Mapping[str, Any]
    """What the plan says of the call; empty for the root."""
    key: str
    """Own instance key, as written."""


class _Target(NamedTuple):
    """An attribute of an instance; ``attribute`` is empty where the reference lost it."""

    instance: str
    attribute: str


class _UntraceableError(Exception):
    """A reference that may be anything."""


class References:
    """Finds origins; answers are remembered by module instance where they do not depend on the asking resource."""

    def __init__(self, configuration: Mapping[str, Any], blocks: Blocks) -> None:
        self._root = Module("", _mapping(configuration, "root_module"), None, {}, "")
        self._blocks = blocks
        self._modules: dict[str, Module] = {"": self._root}
        self._resources: dict[int, Mapping[str, Mapping[str, Any]]] = {}

    def expressions(self, module_address: str, block: str) -> Mapping[str, Any]:
        """Return what is said of the arguments of a block (``azurerm_subnet.a``, ``data.x.y``), by name."""
        return _mapping(self._configured(self.module(module_address), block), "expressions")

    def provider(self, module_address: str, block: str) -> str:
        """Return the key of the provider configuration a block uses; empty where the plan does not say."""
        key = self._configured(self.module(module_address), block).get("provider_config_key")
        return key if isinstance(key, str) else ""

    def origin(self, module_address: str, block: str, key: str, path: Path) -> str | None:
        """Return where ``path`` of an instance comes from: ``module.a.azurerm_subnet.b.id``.

        Empty where it cannot be told, None where the configuration does not set it, so that the provider does.
        """
        module = self.module(module_address)
        expression = _expression(self.expressions(module_address, block), path)
        if expression is None:
            return None
        loop = self._configured(module, block).get("for_each_expression")
        try:
            targets = set(self._targets(module, _references(expression), key, loop, 0))
        except _UntraceableError:
            return ""
        named = {self._named(target, path, block) for target in targets}
        (found,) = named if len(named) == 1 else ("",)
        return found

    def module(self, address: str) -> Module:
        """Return the module instance at ``address``."""
        found = self._modules.get(address)
        if found is None:
            found = self._modules[address] = self._find_module(address)
        return found

    def _find_module(self, address: str) -> Module:
        module, position = self._root, 0
        while position < len(address):
            match = _CALL.match(address, position)
            if match is None:
                return Module(address, {}, None, {}, "")
            position = match.end()
            module = self._called(module, match[1], match[2] or "")
        return module

    def _called(self, parent: Module, name: str, key: str) -> Module:
        call = _mapping(_mapping(parent.configuration, "module_calls"), name)
        address = f"{parent.address}.module.{name}{key}".removeprefix(".")
        return Module(address, _mapping(call, "module"), parent, call, key)

    def _configured(self, module: Module, block: str) -> Mapping[str, Any]:
        resources = self._resources.get(id(module.configuration))
        if resources is None:
            listed = module.configuration.get("resources")
            blocks = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
            resources = {str(one.get("address")): one for one in blocks}
            self._resources[id(module.configuration)] = resources
        return resources.get(block, {})

    def _targets(self, module: Module, references: Sequence[str], key: str, loop: Any, depth: int) -> Iterator[_Target]:
        """Yield what ``references`` lead to that is not known; ``key`` and ``loop`` are those of their block."""
        if depth > _MOST_STEPS:
            raise _UntraceableError
        for reference in _longest(references):
            if reference.startswith(_WITHOUT_RESOURCE):
                continue
            if reference.startswith("local."):
                raise _UntraceableError
            if variable := _VARIABLE.match(reference):
                yield from self._through_variable(module, variable[1], variable[2], depth)
            elif output := _OUTPUT.match(reference):
                yield from self._through_output(module, output, key, depth)
            elif each := _EACH_VALUE.match(reference):
                yield from self._through_each(module, each[1], key, loop, depth)
            elif resource := _RESOURCE.match(reference):
                yield from self._of_resource(module, resource, key)

    def _through_variable(self, module: Module, name: str, rest: str, depth: int) -> Iterator[_Target]:
        if module.parent is None:
            return  # a variable of the root has a value before anything is applied
        argument = _mapping(module.call, "expressions").get(name)
        loop = module.call.get("for_each_expression")
        for target in self._targets(module.parent, _references(argument), module.key, loop, depth + 1):
            yield self._further(target, rest)

    def _through_output(self, module: Module, output: re.Match[str], key: str, depth: int) -> Iterator[_Target]:
        name, written, out, rest = output.groups()
        if out is None:
            raise _UntraceableError
        child = self._called(module, name, written or (key if self._is_repeated(module, name) else ""))
        expression = _mapping(_mapping(_mapping(child.configuration, "outputs"), out), "expression")
        for target in self._targets(child, _references(expression), "", None, depth + 1):
            yield self._further(target, rest)

    def _through_each(self, module: Module, rest: str, key: str, loop: Any, depth: int) -> Iterator[_Target]:
        """``each.value`` where the block loops over a resource or module: the one with the same key."""
        over = list(_longest(_references(loop)))
        if len(over) != 1:
            raise _UntraceableError
        for target in self._targets(module, over, key, None, depth + 1):
            yield self._further(target, rest)

    def _of_resource(self, module: Module, resource: re.Match[str], key: str) -> Iterator[_Target]:
        block, written, attribute = resource.groups()
        address = f"{module.address}.{block}".removeprefix(".")
        keys = self._blocks.keys.get(address, ())
        if written is None:
            chosen = key if key in keys else keys[0] if len(keys) == 1 else None
        else:
            chosen = written if written in keys else None
        if chosen is None:
            if keys or not block.startswith("data."):
                raise _UntraceableError
            return  # data that was read while planning is known
        instance = address + chosen
        if not attribute or _is_unknown(self._blocks.unknown.get(instance), attribute):
            yield _Target(instance, attribute or "")

    def _named(self, target: _Target, path: Path, block: str) -> str:
        """Return the full origin; what attribute a shortened reference meant follows from the one it fills."""
        if target.attribute:
            return f"{target.instance}.{target.attribute}"
        unknown = self._blocks.unknown.get(target.instance)
        filled = next((step for step in reversed(path) if isinstance(step, str)), "")
        if not isinstance(unknown, dict):
            return ""
        if filled in unknown and filled != "id":
            return f"{target.instance}.{filled}"
        if "id" in unknown and (filled in _TAKES_ID or filled.endswith(("_id", "_ids"))):
            return f"{target.instance}.id"
        return ""

    def _further(self, target: _Target, rest: str) -> _Target:
        """Return ``target`` with the steps that follow where it is handed on: ``.id`` of a whole resource.

        Where it is a single value already, the steps were those of an object it was put into on the way.
        """
        if not rest or (
            target.attribute and _mark(self._blocks.unknown.get(target.instance), target.attribute) is True
        ):
            return target
        return target._replace(attribute=(target.attribute + rest).removeprefix("."))

    def _is_repeated(self, module: Module, name: str) -> bool:
        call = _mapping(_mapping(module.configuration, "module_calls"), name)
        return "for_each_expression" in call or "count_expression" in call


_TAKES_ID = frozenset(("scope", "id", "resource", "target_resource", "scopes"))
"""Arguments that take the id of something, beside those whose name ends in ``_id``."""


def _mapping(container: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = container.get(key)
    return value if isinstance(value, dict) else {}


def _expression(expressions: Mapping[str, Any], path: Path) -> Any:
    """Return what is said of the argument that ``path`` is in; None where it is not set.

    Nested blocks are objects or lists of objects of expressions; an expression has ``references`` or a constant.
    """
    found: Any = expressions
    for step in path:
        if isinstance(found, dict):
            if found is not expressions and _is_expression(found):
                return found
            found = found.get(step) if isinstance(step, str) else found if step == 0 else None
        elif isinstance(found, list) and isinstance(step, int):
            found = found[step] if step < len(found) else None
        else:
            return None
    return found if isinstance(found, dict) and _is_expression(found) else None


def _is_expression(value: Mapping[str, Any]) -> bool:
    return not value or "constant_value" in value or isinstance(value.get("references"), list)


def _references(expression: Any) -> Sequence[str]:
    found = expression.get("references") if isinstance(expression, dict) else None
    return [reference for reference in found if isinstance(reference, str)] if isinstance(found, list) else ()


def _longest(references: Sequence[str]) -> Iterator[str]:
    """Yield the references without the prefixes that follow each of them."""
    last = ""
    for reference in references:
        if not (last.startswith(reference) and last[len(reference) : len(reference) + 1] in (".", "[", "")):
            last = reference
            yield reference


def _is_unknown(marks: Any, attribute: str) -> bool:
    """Whether the first step of ``attribute`` has anything in it that is not known."""
    return not isinstance(marks, dict) or bool(_mark(marks, attribute))


def _mark(marks: Any, attribute: str) -> Any:
    first = re.match(r"[^.\[]*", attribute)
    return marks.get(first[0]) if first and isinstance(marks, dict) else None
