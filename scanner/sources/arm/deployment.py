"""Deployments: a program at a target, its instances, and the nested deployments it starts."""

from collections.abc import Iterator
from typing import Any, Final, TypeVar

from scanner.model.unknown import Unknown
from scanner.sources.arm.closures import evaluate, rounds, unknown_round
from scanner.sources.arm.frame import Frame
from scanner.sources.arm.instance import ModuleInstance, ResourceInstance, condition_of
from scanner.sources.arm.program import (
    Loop,
    Missing,
    ModuleDeclaration,
    Program,
    ResourceDeclaration,
    Supplied,
)
from scanner.sources.arm.references import ABSENT, LoopReference
from scanner.sources.arm.run import MAX_DEPLOYMENTS, MAX_NESTING, Problem, Run
from scanner.sources.arm.scope import Arguments, ProgramScope, find, find_name
from scanner.sources.arm.targets import Target
from scanner.sources.arm.values import EvaluationError, Masked, Token, braced, derive, text_of

_Instance = TypeVar("_Instance", ResourceInstance, ModuleInstance)
_NO_ROUND: Final = "*"


class Deployment:
    """One program with its parameters at its target."""

    def __init__(
        self,
        program: Program,
        run: Run,
        target: Target,
        name: Any,
        arguments: Arguments,
        caller: ModuleInstance | None = None,
    ) -> None:
        self.program = program
        self.run = run
        self.target = target.of_kind(program.scope if caller is None else "")
        self.caller = caller
        """The module that started it; None for a file."""
        self._resources: dict[int, list[ResourceInstance]] = {}
        self._modules: dict[int, list[ModuleInstance]] = {}
        self._outputs: dict[str, Any] = {}
        self._modules_by_id: dict[str, ModuleInstance] | None = None
        self._resources_by_id: dict[str, ResourceInstance] | None = None
        self._symbols: dict[str, ResourceDeclaration | ModuleDeclaration] | None = None
        self._scope: ProgramScope | None = None
        run.started.append(self)
        if caller is not None and caller.declaration.outer:
            self.frame: Frame = caller.frame
        else:
            self._scope = ProgramScope(program, run, self.target, name, arguments)
            self._scope.symbols = self
            self.frame = self._scope.frame

    def release(self) -> None:
        """Forget what was evaluated, so that nothing refers to each other in a circle; places can still be asked for.

        What is in circles is freed late, and the search for it costs more than the evaluation.
        """
        self._resources.clear()
        self._modules.clear()
        self._outputs.clear()
        self._modules_by_id = self._resources_by_id = None
        if self._scope is not None:
            self._scope.release()
        if self.caller is not None:
            self.caller.release()

    @property
    def chain(self) -> tuple[ModuleInstance, ...]:
        """The modules from the file to here, outermost first."""
        return () if self.caller is None else (*self.caller.owner.chain, self.caller)

    def resources(self) -> Iterator[ResourceInstance]:
        """Yield what is deployed, in the order it is declared; what is below nested deployments comes last."""
        for declaration in self.program.resources:
            if not declaration.existing:
                yield from (one for one in self.instances(declaration) if one.condition is not False)
        for module in self.program.modules:
            if module.existing:
                continue
            for started in self.modules(module):
                if started.condition is False:
                    continue
                child = started.child()
                if isinstance(child, Missing):
                    self.run.missing(child, self.program, module.at)
                else:
                    yield from child.resources()

    def instances(self, declaration: ResourceDeclaration) -> list[ResourceInstance]:
        """Return all rounds of a resource of this program."""
        found = self._resources.get(id(declaration))
        if found is None:
            self._resources[id(declaration)] = []  # what needs itself finds nothing
            found = self._resources[id(declaration)] = self._instantiate(declaration)
        return found

    def _instantiate(self, declaration: ResourceDeclaration) -> list[ResourceInstance]:
        parent = declaration.parent
        if parent is None:
            pairs: list[tuple[Frame, ResourceInstance | None]] = [(self.frame, None)]
        elif declaration.parent_index is None:
            pairs = [(one.frame if declaration.nested else self.frame, one) for one in self.instances(parent)]
        else:
            pairs = [(self.frame, None)]
        found: list[ResourceInstance] = []
        for frame, above in pairs:
            for one, number in self._rounds(declaration.loop, frame, declaration.at):
                owner = above if declaration.parent_index is None else self._chosen(declaration, one)
                instance = ResourceInstance(self, declaration, one, owner, number)
                if owner is not None and number is None and declaration.nested:
                    instance.round = owner.round
                instance.condition = condition_of(declaration.condition, one)
                if declaration.nested and owner is not None and instance.condition is not False:
                    instance.condition = _both(owner.condition, instance.condition)
                found.append(instance)
        return found

    def _chosen(self, declaration: ResourceDeclaration, frame: Frame) -> ResourceInstance | None:
        """Return the round of the parent that the index means; any, where that is not known."""
        parent, index = declaration.parent, declaration.parent_index
        if parent is None or index is None:
            return None
        rounds_ = self.instances(parent)
        number = evaluate(index, frame)
        if isinstance(number, int) and 0 <= number < len(rounds_):
            return rounds_[number]
        if len(rounds_) == 1 and rounds_[0].round == _NO_ROUND:
            return rounds_[0]
        why = number if isinstance(number, Unknown) else Token(braced("index"), "the parent has no such round")
        loop = parent.loop or Loop()
        return ResourceInstance(self, parent, unknown_round(loop, self.frame, why), None, _NO_ROUND)

    def modules(self, declaration: ModuleDeclaration) -> list[ModuleInstance]:
        """Return all rounds of a nested deployment of this program."""
        found = self._modules.get(id(declaration))
        if found is None:
            found = self._modules[id(declaration)] = []
            for frame, number in self._rounds(declaration.loop, self.frame, declaration.at):
                instance = ModuleInstance(self, declaration, frame, number)
                instance.condition = condition_of(declaration.condition, frame)
                found.append(instance)
        return found

    def _rounds(self, loop: Loop | None, frame: Frame, place: Any) -> list[tuple[Frame, int | str | None]]:
        if loop is None:
            return [(frame, None)]
        try:
            frames = rounds(loop, frame)
        except EvaluationError as fault:
            frames = frame.scope.faulted(fault, loop.at if loop.at is not None else place)
        if isinstance(frames, Unknown):
            return [(unknown_round(loop, frame, frames), _NO_ROUND)]
        return [(one, number) for number, one in enumerate(frames)]

    def symbol(self, name: str, frame: Frame) -> Any:
        """Return the resource or module with that symbolic name; all rounds of it where it has a loop."""
        found = self._symbol(name)
        if found is None:
            raise EvaluationError(f"there is no resource '{name[:80]}'")
        return found

    def _symbol(self, name: str) -> Any:
        lowered = name.lower()
        if not lowered:
            return None
        if self._symbols is None:
            declared: list[ResourceDeclaration | ModuleDeclaration] = [*self.program.modules, *self.program.resources]
            self._symbols = {one.symbol.lower(): one for one in declared if one.symbol}
        declaration = self._symbols.get(lowered)
        if isinstance(declaration, ResourceDeclaration):
            return _referenced(self.instances(declaration), declaration.loop)
        return _referenced(self.modules(declaration), declaration.loop) if declaration is not None else None

    def find(self, text: str, frame: Frame) -> Any:
        """Return the resource or module with that symbolic name, name or id; None where there is none."""
        name, _, rest = text.partition("[")
        found = self._symbol(text) if not rest else self._symbol(name)
        if isinstance(found, LoopReference) and rest:
            found = found.one
        if isinstance(found, list):
            number = rest.rstrip("]")
            found = found[int(number)] if number.isdigit() and int(number) < len(found) else None
        if found is not None:
            return found
        lowered = text.lower()
        started = self._found_module(lowered) or self._found_resource(lowered)
        return started.reference() if started is not None else None

    def _found_module(self, text: str) -> ModuleInstance | None:
        if self._modules_by_id is None:
            self._modules_by_id = {}  # names that need a reference find nothing
            found: dict[str, ModuleInstance] = {}
            for declaration in self.program.modules:
                for module in self.modules(declaration):
                    found.setdefault(module.id.lower(), module)
                    found.setdefault(text_of(module.name).lower(), module)
            self._modules_by_id = found
        return self._modules_by_id.get(text) or self._modules_by_id.get(text.rpartition("/deployments/")[2])

    def _found_resource(self, text: str) -> ResourceInstance | None:
        if self._resources_by_id is None:
            self._resources_by_id = {}
            found: dict[str, ResourceInstance] = {}
            for declaration in self.program.resources:
                for instance in self.instances(declaration):
                    try:
                        found.setdefault(instance.id.lower(), instance)
                    except EvaluationError:
                        continue  # told where it is deployed
                    found.setdefault("/".join(instance.names).lower(), instance)
            self._resources_by_id = found
        return self._resources_by_id.get(text)

    def output(self, name: str) -> Any:
        """Return the value of an output; :data:`ABSENT` where it is not declared."""
        declaration = find(self.program.outputs, name)
        if declaration is None:
            return ABSENT
        if declaration.name not in self._outputs:
            label = f"output '{declaration.name}'"
            self._outputs[declaration.name] = Token(braced(label), f"the {label} is defined by itself")
            value: Any = None
            if condition_of(declaration.condition, self.frame) is not False:
                value = self._entered(declaration.value)
            if declaration.secure and value and not isinstance(value, Masked):
                value = Masked(braced(f"{self._label}.outputs.{name}"), f"the {label} is secure", label)
            self._outputs[declaration.name] = value
        return self._outputs[declaration.name]

    def _entered(self, expression: Any) -> Any:
        try:
            self.run.enter()
        except EvaluationError as fault:
            return self.frame.scope.faulted(fault, expression.at)
        try:
            value = evaluate(expression, self.frame)
            self.run.budget.weigh(value)
        except EvaluationError as fault:
            return self.frame.scope.faulted(fault, expression.at)
        else:
            return value
        finally:
            self.run.leave()

    @property
    def _label(self) -> str:
        return self.caller.label if self.caller is not None else "template"

    def output_type(self, name: str) -> str:
        """Return the type that an output declares."""
        found = find_name(self.program.outputs, name)
        return self.program.outputs[found].type if found is not None else ""

    def start(self, module: ModuleInstance) -> "Deployment | Missing":
        """Return the deployment that a module starts, or why it cannot be."""
        chain = (*self.chain, module)
        self.run.deployments += 1
        if len(chain) > MAX_NESTING:
            return Missing(f"the deployments are nested deeper than {MAX_NESTING} levels")
        if self.run.deployments > MAX_DEPLOYMENTS:
            return Missing(f"the template has more than {MAX_DEPLOYMENTS} nested deployments")
        declaration = module.declaration
        if declaration.link is not None and declaration.load_link is not None:
            program = declaration.load_link(evaluate(declaration.link, module.frame))
        else:
            program = declaration.load()
        if isinstance(program, Missing):
            return program
        files = [step.owner.program.file for step in chain]
        if not program.inline and program.file in files:
            circle = list(dict.fromkeys([*files[files.index(program.file) :], program.file]))
            return Missing(f"the templates call each other in a circle: {' → '.join([*circle, program.file])}")
        return Deployment(program, self.run, module.target, module.name, self._arguments(module, program), module)

    def _arguments(self, module: ModuleInstance, program: Program) -> Arguments:
        declaration = module.declaration
        expressions = {name.lower(): expression for name, expression in declaration.arguments.items()}
        references = frozenset(name.lower() for name in declaration.references)
        supplied: dict[str, Supplied] = {}
        if declaration.more_arguments is not None:
            more = declaration.more_arguments()
            if isinstance(more, Missing):
                self.run.missing(more, self.program, declaration.at)
            else:
                supplied = {name.lower(): value for name, value in more.items()}
        if not declaration.outer:
            for name, expression in declaration.arguments.items():
                if find_name(program.parameters, name) is None:
                    message = f"the deployment '{module.label}' has no parameter '{name[:80]}'"
                    self.run.problem(Problem(message, self.program, expression.at, incomplete=False))
        return Arguments(expressions, supplied, references, module.frame)


def _referenced(instances: list[_Instance], loop: Loop | None) -> Any:
    values = [instance.reference() for instance in instances]
    if loop is None:
        return values[0] if values else None
    if len(instances) == 1 and instances[0].round == _NO_ROUND:
        return LoopReference(values[0])
    return values


def _both(first: Any, second: Any) -> Any:
    """Return the conjunction of two conditions, none of which is False but the first may be."""
    if first is False:
        return False
    if isinstance(first, Unknown):
        if not isinstance(second, Unknown):
            return first
        return derive(first, braced(f"and({text_of(first)},{text_of(second)})"))
    return second
