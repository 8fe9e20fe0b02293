"""One instance of a module: its named objects, each evaluated when something refers to it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from scanner.model.unknown import Unknown
from scanner.sources.terraform.configuration.call_value import CallValue, ModuleOutputs
from scanner.sources.terraform.configuration.module import Module, ModuleCall, Repeated, Resource, Variable
from scanner.sources.terraform.configuration.overrides import file_of
from scanner.sources.terraform.configuration.repetition import Asked, Repetition, Repetitions, repetitions
from scanner.sources.terraform.configuration.settling import DONE, Need, settle
from scanner.sources.terraform.configuration.variables import MISSING, Given, accept
from scanner.sources.terraform.evaluation import (
    AFTER_APPLY,
    NOT_READ,
    Bounds,
    Compiled,
    ExpressionError,
    Reference,
    ResourceObject,
)
from scanner.sources.terraform.evaluation.bodies import Report, evaluated
from scanner.sources.terraform.syntax import nodes

if TYPE_CHECKING:
    from scanner.sources.terraform.configuration.session import Session

_EXACT_TYPES = frozenset(("terraform_data",))
"""Resource types all of whose arguments are as they are written."""
_CYCLE_SHOWN = 8
_KINDS = {
    "var": "var",
    "local": "local",
    "resource": "",
    "module": "module",
    "output": "output",
    "call": "module",
    "arguments": "module",
}


class Call(NamedTuple):
    """How a module instance came to be."""

    parent: "ModuleInstance"
    block: ModuleCall
    repetition: Repetition


class Made(NamedTuple):
    """One resource instance, evaluated."""

    resource: Resource
    repetition: Repetition
    address: str
    values: dict[str, Any]


class ModuleInstance:
    """The named objects of one module, called once; see :class:`scanner.sources.terraform.evaluation.Names`."""

    def __init__(self, session: "Session", module: Module, address: str, call: Call | None) -> None:
        self.session = session
        self.module = module
        self.address = address
        """``module.a["x"]``; empty for the root."""
        self.call = call
        self.states: dict[Reference, int] = {}
        self.variables: dict[str, Any] = {}
        self.locals: dict[str, Any] = {}
        self.resources: dict[str, Any] = {}
        self.calls: dict[str, CallValue] = {}
        self.outputs: dict[str, Any] = {}
        self.children: dict[str, list[ModuleInstance]] = {}
        self.made: dict[str, list[Made]] = {}
        """By :attr:`Resource.key`."""
        self.paths, self.terraform, self.context = session.surroundings(module)
        self.budget = session.budget
        self._cyclic: set[Reference] = set()

    def evaluate_all(self) -> None:
        """Evaluate everything that this module declares; the modules it calls are evaluated as far as it needs them.

        Locals and outputs that no resource needs are evaluated too, as Terraform does: their faults would stop a plan,
        and each is evaluated once.
        """
        module = self.module
        for kind, names in (
            ("var", module.variables),
            ("local", module.locals),
            ("resource", module.resources),
            ("arguments", module.calls),
            ("output", module.outputs),
        ):
            for name in names:
                settle(self, Reference(kind, name))

    def full(self, name: str) -> str:
        """Return the address of something in this module."""
        return f"{self.address}.{name}" if self.address else name

    def work(self, reference: Reference) -> Iterator[Need]:
        """Evaluate one named object; see :class:`.settling.Settling`."""
        match reference.kind:
            case "var":
                return self._variable(reference)
            case "local":
                return self._local(reference)
            case "resource":
                return self._resource(reference)
            case "module":
                return self._module(reference)
            case "call":
                return self._call(reference)
            case "arguments":
                return self._arguments(reference)
        return self._output(reference)

    def break_cycle(self, reference: Reference, cycle: tuple[Need, ...]) -> None:
        """Give an object that refers to itself an Unknown, and tell so once."""
        if reference in self._cyclic:
            return
        self._cyclic.add(reference)
        chain = _chain(cycle)
        title = _title(self, reference)
        stand_in = Unknown(f"{title} refers to itself: {chain}")
        file, node = self._place(reference)
        if node is not None:
            self.session.fault(file, node, f"cannot evaluate {title}: it refers to itself: {chain}")
        match reference.kind:
            case "var":
                self.variables[reference.name] = stand_in
            case "local":
                self.locals[reference.name] = stand_in
            case "resource":
                self.resources[reference.name] = stand_in
            case "output":
                self.outputs[reference.name] = stand_in
            case _:
                self.calls[reference.name] = CallValue(
                    self.full(f"module.{reference.name}"), "absent", {}, stand_in.reason
                )

    def report(self, file: str, what: str) -> Report:
        """Return what notes a fault of an attribute in ``file`` and gives the Unknown that stands for it."""

        def note(error: ExpressionError, node: nodes.Node) -> Unknown:
            name = node.name if isinstance(node, nodes.Attribute) else ""
            noun = f"{what}.{name}" if what and name else what or name
            self.session.fault(file_of(node, file), error.node, f"cannot evaluate {noun}: {error.message}")
            return Unknown(f"{noun} cannot be evaluated: {error.message}")

        return note

    def _needs(self, compiled: Compiled | None) -> Iterator[Need]:
        if compiled is not None:
            yield from self._missing(compiled.references)

    def _missing(self, references: tuple[Reference, ...]) -> Iterator[Need]:
        states = self.states
        for reference in references:
            if states.get(reference) != DONE:
                yield self, reference

    def _variable(self, reference: Reference) -> Iterator[Need]:
        name = reference.name
        variable = self.module.variables.get(name)
        if variable is None:
            return
        given = self.session.given.get(name, MISSING) if self.call is None else MISSING
        if self.call is not None:
            compiled = self.call.block.arguments.get(name)
            if compiled is not None:
                yield from self.call.parent._needs(compiled)
                given = self._argument(self.call, name, compiled)
        if reference not in self._cyclic:
            self.variables[name] = self._accept(variable, name, given)

    def _argument(self, call: Call, name: str, compiled: Compiled) -> Given:
        node = call.block.block.body.attributes[name]
        parent = call.parent
        report = parent.report(call.block.file, f"module.{call.block.name}")
        value = evaluated(compiled.evaluate, call.repetition.frame(parent, compiled.size), node, report)
        return Given(self._bounded(value, node, report), file_of(node, call.block.file), node)

    def _bounded(self, value: Any, node: nodes.Attribute, report: Report) -> Any:
        excess = self.session.weights.excess(value)
        return report(ExpressionError(excess, node), node) if excess else value

    def _accept(self, variable: Variable, name: str, given: Given) -> Any:
        if given is MISSING and self.call is not None and variable.attribute("default") is None:
            block = self.call.block
            message = f"cannot call module.{block.name}: argument {name} is required"
            self.session.fault(block.file, block.block, message)
        return accept(self, variable, name, given)

    def _local(self, reference: Reference) -> Iterator[Need]:
        local = self.module.locals.get(reference.name)
        if local is None:
            return
        yield from self._missing(local.compiled.references)
        if reference in self._cyclic:
            return
        report = self.report(local.file, "local")
        value = evaluated(local.compiled.evaluate, self.frame(local.compiled.size), local.node, report)
        self.locals[reference.name] = self._bounded(value, local.node, report)

    def _output(self, reference: Reference) -> Iterator[Need]:
        output = self.module.outputs.get(reference.name)
        if output is None:
            return
        written = output.attribute("value")
        if output.value is None or written is None:
            self.session.fault(output.file, output.block, f"cannot evaluate output {reference.name}: it has no value")
            self.outputs[reference.name] = Unknown(f"output {reference.name} has no value")
            return
        yield from self._missing(output.value.references)
        if reference not in self._cyclic:
            report = self.report(output.file, f"output {reference.name}")
            self.outputs[reference.name] = evaluated(
                output.value.evaluate, self.frame(output.value.size), written, report
            )

    def frame(self, size: int) -> list[Any]:
        """Return a frame for an expression that stands in no repeated block."""
        return Repetition("", None).frame(self, size)

    def _resource(self, reference: Reference) -> Iterator[Need]:
        resource = self.module.resources.get(reference.name)
        if resource is None:
            return
        yield from self._needs(resource.for_each)
        yield from self._needs(resource.count)
        yield from self._missing(resource.program.references)
        found = self._repetitions(resource, resource.key, self.session.limits.instances_per_block)
        self.made[resource.key] = made = self._make(resource, found)
        self.resources[reference.name] = _referable(resource, found, made)

    def _repetitions(self, block: Repeated, what: str, most: int) -> Repetitions:
        size = max((compiled.size for compiled in (block.for_each, block.count) if compiled), default=0)
        session, file = self.session, block.file
        asked = Asked(
            self.report(file, what), lambda message, node: session.note(file_of(node, file), node, message), most
        )
        return repetitions(block, self.frame(size), asked)

    def _make(self, resource: Resource, found: Repetitions) -> list[Made]:
        program = resource.program
        report = self.report(resource.file, resource.key)
        bounds = Bounds(report, self.session.limits.instances_per_block, self.budget)
        address = self.full(resource.key)
        made: list[Made] = []
        before: dict[str, Any] | None = None
        for repetition in self.session.granted(resource, found.items):
            frame = repetition.frame(self, program.size)
            before = program.run(frame, bounds, before) if program.varies or before is None else before
            made.append(Made(resource, repetition, address + repetition.suffix, before))
        return made

    def _call(self, reference: Reference) -> Iterator[Need]:
        block = self.module.calls.get(reference.name)
        if block is None:
            return
        yield from self._needs(block.for_each)
        yield from self._needs(block.count)
        yield from self._needs(block.source)
        address = self.full(f"module.{block.name}")
        module, reason = self.session.find_module(self, block, self._source(block))
        if module is None:
            self.children[block.name] = []
            self.calls[block.name] = CallValue(address, "absent", {}, reason)
            return
        found = self._repetitions(block, f"module.{block.name}", self.session.limits.instances_per_block)
        items = self.session.granted_modules(block, found.items)
        children = [
            ModuleInstance(self.session, module, address + item.suffix, Call(self, block, item)) for item in items
        ]
        self.children[block.name] = children
        declared = {name: output.sensitive for name, output in module.outputs.items()}
        outputs = {
            child.call.repetition.key: ModuleOutputs(declared, child.outputs) for child in children if child.call
        }
        kind = found.kind
        reason = found.reason
        if len(items) and items[0].suffix == "[*]":
            kind, reason = "symbolic", reason or "its instances are too many"
        if reference not in self._cyclic:
            self.calls[block.name] = CallValue(address, kind, outputs, reason)
        for name, node in block.block.body.attributes.items():
            if name in block.arguments and name not in module.variables:
                message = f"cannot set {name} of module.{block.name}: the module has no such variable"
                self.session.fault(file_of(node, block.file), node, message)

    def _arguments(self, reference: Reference) -> Iterator[Need]:
        """Evaluate what a call gives to a module that is not there, for its faults; others take what they need."""
        call = Reference("call", reference.name)
        if self.states.get(call) != DONE:
            yield self, call
        block = self.module.calls[reference.name]
        if self.children[reference.name] or block.for_each or block.count:
            return
        yield from self._missing(block.program.references)
        report = self.report(block.file, f"module.{block.name}")
        bounds = Bounds(report, self.session.limits.instances_per_block, self.budget)
        block.program.run(self.frame(block.program.size), bounds)

    def _source(self, block: ModuleCall) -> Any:
        written = block.attribute("source")
        if block.source is None or written is None:
            return None
        report = self.report(block.file, f"module.{block.name}")
        return evaluated(block.source.evaluate, self.frame(block.source.size), written, report)

    def _module(self, reference: Reference) -> Iterator[Need]:
        call = Reference("call", reference.name)
        if self.states.get(call) != DONE:
            yield self, call
        for child in self.children.get(reference.name, ()):
            names = (reference.output,) if reference.output else child.module.outputs
            for name in names:
                output = Reference("output", name)
                if name in child.module.outputs and child.states.get(output) != DONE:
                    yield child, output

    def _place(self, reference: Reference) -> tuple[str, nodes.Node | None]:
        module, name = self.module, reference.name
        if reference.kind == "local":
            local = module.locals[name]
            return local.file, local.node
        tables: dict[str, Any] = {"var": module.variables, "resource": module.resources, "output": module.outputs}
        declared = tables.get(reference.kind, module.calls)[name]
        return declared.file, declared.block


def _chain(cycle: tuple[Need, ...]) -> str:
    """Return the elements of a cycle in order, and the first again; of a long one the middle is left out."""
    titles = [_title(holder, current) for holder, current in cycle[:_CYCLE_SHOWN]]
    if len(cycle) > _CYCLE_SHOWN:
        titles.append(f"{len(cycle) - _CYCLE_SHOWN} more")
    return " → ".join((*titles, titles[0]))


def _title(holder: Any, reference: Reference) -> str:
    prefix = _KINDS[reference.kind]
    name = f"{prefix}.{reference.name}" if prefix else reference.name
    return str(holder.full(f"{name}.{reference.output}" if reference.output else name))


def _referable(resource: Resource, found: Repetitions, made: list[Made]) -> Any:
    """Return what a reference to the resource is worth."""
    exact, reason = resource.type in _EXACT_TYPES, AFTER_APPLY if resource.mode == "managed" else NOT_READ
    if found.kind == "symbolic" or (made and made[0].repetition.suffix == "[*]"):
        return Unknown(found.reason or "its instances are too many", made[0].address)
    objects = [ResourceObject(item.values, item.address, reason, exact) for item in made]
    if found.kind == "single":
        return objects[0]
    if found.kind == "count":
        return tuple(objects)
    return {item.repetition.key: target for item, target in zip(made, objects, strict=True)}
