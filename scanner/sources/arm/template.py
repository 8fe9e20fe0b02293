"""Templates in JSON to the program form. The handles of its nodes are paths in the file."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, Protocol

from scanner.model.location import Region
from scanner.model.path import Path, format_path
from scanner.sources.arm.file import JsonFile, kind_of
from scanner.sources.arm.functions.function import find_key
from scanner.sources.arm.program import (
    Access,
    AssertDeclaration,
    Call,
    Expression,
    FunctionDeclaration,
    Literal,
    Loop,
    Missing,
    ModuleDeclaration,
    OutputDeclaration,
    ParameterDeclaration,
    Program,
    Raw,
    Repeat,
    ResourceDeclaration,
    Supplied,
)

_MAX_REFERENCES: Final = 20
_SECURE: Final = frozenset({"securestring", "secureobject"})
_DEPLOYMENTS: Final = "microsoft.resources/deployments"
_NOT_BODY: Final = frozenset(
    {
        "apiversion",
        "comments",
        "condition",
        "copy",
        "dependson",
        "existing",
        "import",
        "metadata",
        "name",
        "resourcegroup",
        "resources",
        "scope",
        "subscriptionid",
        "type",
    }
)


class Links(Protocol):
    """Reads the files that a template links to."""

    def template(self, link: Mapping[str, Any], home: str, value: Any) -> Program | Missing:
        """Return the linked template: ``link`` as it is written in the file ``home``, ``value`` where it leads."""

    def parameters(self, link: Mapping[str, Any], home: str) -> Mapping[str, Supplied] | Missing:
        """Return the values of a linked parameters file."""


def lower(file: JsonFile, links: Links) -> Program:
    """Return the program of a template file."""
    value = file.value
    return _Template(file, links, ()).program(value, kind_of(value)[1], inline=False)


def locate(program: Program, place: Any) -> Region | None:
    """Return the place of a handle (a path), or of the text of an expression."""
    file: JsonFile = program.source
    if isinstance(place, str):
        return file.find(place)
    return file.region(place) if isinstance(place, tuple) else None


class _Template:
    """Lowers one template: that of a file, or one inside of it at ``base``."""

    def __init__(self, file: JsonFile, links: Links, base: Path) -> None:
        self._file = file
        self._links = links
        self._base = base
        self._faults: list[tuple[str, Any]] = []
        self._definitions: Mapping[str, Any] = {}

    def program(self, template: Mapping[str, Any], scope: str, *, inline: bool) -> Program:
        """Return the program of ``template``."""
        self._definitions = self._object(template, "definitions")
        program = Program(
            self._file.name,
            scope=scope,
            inline=inline,
            source=self._file,
            locate=locate,
            faults=self._faults,
        )
        program.parameters = {
            name: self._parameter(name, written, (*self._base, "parameters", name))
            for name, written in self._objects(template, "parameters")
        }
        program.variables = dict(self._variables(self._object(template, "variables")))
        program.functions = dict(self._functions(template.get("functions")))
        program.outputs = {
            name: self._output(name, written, (*self._base, "outputs", name))
            for name, written in self._objects(template, "outputs")
        }
        program.asserts = [
            AssertDeclaration(name, Raw(test, (*self._base, "asserts", name)), (*self._base, "asserts", name))
            for name, test in self._object(template, "asserts").items()
        ]
        self._resources(template.get("resources"), (*self._base, "resources"), None, program)
        return program

    def _fault(self, message: str, path: Path) -> None:
        self._faults.append((message, path))

    def _object(self, template: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        value = template.get(key)
        if isinstance(value, dict):
            return value
        if value is not None:
            self._fault(f"'{key}' must be an object", (*self._base, key))
        return {}

    def _objects(self, template: Mapping[str, Any], key: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for name, value in self._object(template, key).items():
            if isinstance(value, dict):
                yield name, value
            else:
                self._fault(f"{key}.{name} must be an object", (*self._base, key, name))

    def _parameter(self, name: str, written: Mapping[str, Any], path: Path) -> ParameterDeclaration:
        shape = self._resolved(written)
        kind = shape.get("type")
        kind = kind.lower() if isinstance(kind, str) else ""
        default = next((one for one in (written, shape) if "defaultValue" in one), None)
        allowed = next((one["allowedValues"] for one in (written, shape) if "allowedValues" in one), None)
        return ParameterDeclaration(
            name,
            kind,
            Raw(default["defaultValue"], (*path, "defaultValue")) if default is not None else None,
            tuple(allowed) if isinstance(allowed, list) else None,
            kind in _SECURE,
            written.get("nullable", shape.get("nullable")) is True,
            shape if "properties" in shape or "items" in shape else None,
            path,
        )

    def _resolved(self, written: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return a type with its ``$ref`` followed, as far as it leads into this template."""
        shape = written
        for _ in range(_MAX_REFERENCES):
            target = shape.get("$ref")
            if not isinstance(target, str):
                return shape
            found = self._definitions.get(target.removeprefix("#/definitions/").replace("~1", "/").replace("~0", "~"))
            if not isinstance(found, dict):
                return shape
            shape = {**found, "nullable": shape.get("nullable", found.get("nullable"))}
        return shape

    def _variables(self, variables: Mapping[str, Any]) -> Iterator[tuple[str, Expression]]:
        path = (*self._base, "variables")
        for name, value in variables.items():
            if name.lower() == "copy" and isinstance(value, list):
                for index, copy in enumerate(value):
                    if isinstance(copy, dict) and "name" in copy:
                        at = (*path, name, index)
                        yield str(copy["name"]), self._repeat(copy, str(copy["name"]), at)
            else:
                yield name, Raw(value, (*path, name))

    @staticmethod
    def _repeat(copy: Mapping[str, Any], name: str, path: Path) -> Repeat:
        loop = Loop(count=Raw(copy.get("count"), (*path, "count")), name=name, at=(*path, "count"))
        return Repeat(loop, Raw(copy.get("input"), (*path, "input")), path)

    def _functions(self, functions: Any) -> Iterator[tuple[str, FunctionDeclaration]]:
        path = (*self._base, "functions")
        for index, group in enumerate(functions if isinstance(functions, list) else ()):
            members = group.get("members") if isinstance(group, dict) else None
            if not isinstance(members, dict) or not isinstance(group.get("namespace"), str):
                self._fault("a group of functions wants a namespace and members", (*path, index))
                continue
            for name, member in members.items():
                at = (*path, index, "members", name)
                output = member.get("output") if isinstance(member, dict) else None
                if not isinstance(output, dict):
                    self._fault(f"the function '{name}' has no output", at)
                    continue
                written = member.get("parameters")
                parameters = tuple(
                    ParameterDeclaration(str(parameter.get("name")), str(parameter.get("type", "")).lower())
                    for parameter in (written if isinstance(written, list) else ())
                    if isinstance(parameter, dict)
                )
                body = Raw(output.get("value"), (*at, "output", "value"))
                namespace = group["namespace"]
                yield f"{namespace}.{name}", FunctionDeclaration(name, namespace, parameters, body, at)

    def _output(self, name: str, written: Mapping[str, Any], path: Path) -> OutputDeclaration:
        shape = self._resolved(written)
        copy = written.get("copy")
        if isinstance(copy, dict):
            value: Expression = self._repeat(copy, "", (*path, "copy"))
        else:
            value = Raw(written.get("value"), (*path, "value"))
        kind = str(shape.get("type", ""))
        condition = Raw(written["condition"], (*path, "condition")) if "condition" in written else None
        return OutputDeclaration(name, value, str(written.get("type", kind)), condition, kind.lower() in _SECURE, path)

    def _resources(self, resources: Any, path: Path, parent: ResourceDeclaration | None, program: Program) -> None:
        entries: Iterator[tuple[str | int, str, Any]]
        if isinstance(resources, dict):
            entries = ((name, name, value) for name, value in resources.items())
        elif isinstance(resources, list):
            entries = ((index, "", value) for index, value in enumerate(resources))
        elif resources is None:
            return
        else:
            self._fault(f"'{format_path(path)}' must be an array or an object", path)
            return
        for step, symbol, written in entries:
            at = (*path, step)
            if not isinstance(written, dict):
                self._fault(f"'{format_path(at)}' must be an object", at)
                continue
            absent = [key for key in ("type", "name") if find_key(written, key) is None]
            if absent:
                self._fault(f"the resource at '{format_path(at)}' has no {absent[0]}", at)
                continue
            self._resource(_Written(written, at), symbol, parent, program)

    def _resource(self, written: "_Written", symbol: str, parent: ResourceDeclaration | None, program: Program) -> None:
        properties = written.value("properties")
        kind = written.value("type")
        if isinstance(kind, str) and kind.split("@")[0].lower() == _DEPLOYMENTS:
            self._deployment(written, symbol, properties, program)
            return
        body = written.body()
        declaration = ResourceDeclaration(
            written.raw("type"),
            written.raw("name"),
            Raw(body, written.path),
            symbol,
            written.optional("apiVersion"),
            written.value("existing") is True,
            written.optional("condition"),
            written.loop(),
            written.scope(),
            parent,
            depends_on=written.optional("dependsOn"),
            nested=parent is not None,
            at=written.path,
        )
        program.resources.append(declaration)
        key = written.key("resources")
        if key is not None:
            self._resources(written.members[key], (*written.path, key), declaration, program)

    def _deployment(self, written: "_Written", symbol: str, properties: Any, program: Program) -> None:
        if written.value("existing") is True:
            program.modules.append(self._module(written, symbol, {}))
        elif not isinstance(properties, dict) or not ("template" in properties or "templateLink" in properties):
            self._fault("the nested deployment has neither a template nor a templateLink", written.path)
        else:
            program.modules.append(self._module(written, symbol, properties))

    def _module(self, written: "_Written", symbol: str, properties: Mapping[str, Any]) -> ModuleDeclaration:
        path = (*written.path, "properties")
        options = properties.get("expressionEvaluationOptions")
        scope = options.get("scope") if isinstance(options, dict) else None
        template, link = properties.get("template"), properties.get("templateLink")
        inner = isinstance(scope, str) and scope.lower() == "inner"
        arguments, references = self._arguments(properties.get("parameters"), (*path, "parameters"))
        more = properties.get("parametersLink")
        home = self._file.name
        module = ModuleDeclaration(
            self._loader(template, (*path, "template")),
            written.raw("name"),
            arguments,
            references,
            (lambda: self._links.parameters(more, home)) if isinstance(more, dict) else None,
            symbol=symbol,
            outer=isinstance(template, dict) and not inner,
            condition=written.optional("condition"),
            loop=written.loop(),
            scope=written.optional("scope"),
            subscription=written.optional("subscriptionId"),
            resource_group=written.optional("resourceGroup"),
            existing=written.value("existing") is True,
            depends_on=written.optional("dependsOn"),
            at=written.path,
        )
        if not isinstance(template, dict) and isinstance(link, dict):
            written_link = link
            module.link = Raw(_leads_to(link), (*path, "templateLink"))
            module.load_link = lambda value: self._links.template(written_link, home, value)
        return module

    def _loader(self, template: Any, path: Path) -> "Callable[[], Program | Missing]":
        def load() -> Program | Missing:
            if not isinstance(template, dict):
                return Missing("the template of the nested deployment is only known to the service", incomplete=False)
            return _Template(self._file, self._links, path).program(template, kind_of(template)[1], inline=True)

        return load

    def _arguments(self, parameters: Any, path: Path) -> tuple[dict[str, Expression], frozenset[str]]:
        if not isinstance(parameters, dict):
            if parameters is not None:
                self._fault("the parameters of a nested deployment must be an object here", path)
            return {}, frozenset()
        references = frozenset(
            name for name, given in parameters.items() if isinstance(given, dict) and "reference" in given
        )
        values: dict[str, Expression] = {}
        for name, given in parameters.items():
            if isinstance(given, dict) and "value" in given:
                values[name] = Raw(given["value"], (*path, name, "value"))
            elif isinstance(given, str) and given.startswith("["):  # an expression that gives the whole entry
                at = (*path, name)
                values[name] = Access(Raw(given, at), Literal("value", at), safe=True, at=at)
        return values, references


def _leads_to(link: Mapping[str, Any]) -> Any:
    return next((link[key] for key in ("relativePath", "uri", "id") if key in link), None)


class _Written:
    """One resource as it is written; its keys compare without case."""

    __slots__ = ("_keys", "members", "path")

    def __init__(self, members: Mapping[str, Any], path: Path) -> None:
        self.members = members
        self.path = path
        self._keys = {key.lower(): key for key in members}

    def key(self, name: str) -> str | None:
        """Return ``name`` as it is written; None where it is not there."""
        return self._keys.get(name.lower())

    def value(self, name: str) -> Any:
        """Return what is written; None where it is not there."""
        key = self._keys.get(name.lower())
        return self.members[key] if key is not None else None

    def raw(self, name: str) -> Raw:
        """Return it as an expression."""
        key = self._keys[name.lower()]
        return Raw(self.members[key], (*self.path, key))

    def optional(self, name: str) -> Raw | None:
        """Return it as an expression; None where it is not there."""
        key = self._keys.get(name.lower())
        return Raw(self.members[key], (*self.path, key)) if key is not None else None

    def body(self) -> dict[str, Any]:
        """Return what has no field of its own in the program form."""
        return {key: self.members[key] for lowered, key in self._keys.items() if lowered not in _NOT_BODY}

    def loop(self) -> Loop | None:
        """Return what repeats it."""
        if "copy" not in self._keys:
            return None
        copy, path = self.value("copy"), (*self.path, self.key("copy") or "copy")
        if not isinstance(copy, dict):
            return None
        count = Raw(copy.get("count"), (*path, "count"))
        return Loop(count=count, name=str(copy.get("name", "")), at=path)

    def scope(self) -> Expression | None:
        """Return where it is: its ``scope``, or the group and subscription that are written instead."""
        if "scope" in self._keys:
            return self.raw("scope")
        subscription, group = self.optional("subscriptionId"), self.optional("resourceGroup")
        if group is not None:
            whose = subscription or Call("tryGet", (Call("subscription", ()), Literal("subscriptionId")))
            return Call("resourceGroup", (whose, group))
        return Call("subscription", (subscription,)) if subscription is not None else None
