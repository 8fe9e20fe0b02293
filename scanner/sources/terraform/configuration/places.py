"""Where the attributes of an Instance are written, and what carried their values there; found when somebody asks."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast

from scanner.model.path import Path
from scanner.model.unknown import Unknown
from scanner.sources.terraform.configuration.module import Declaration, Repeated
from scanner.sources.terraform.configuration.module_instance import Made, ModuleInstance
from scanner.sources.terraform.configuration.overrides import file_of
from scanner.sources.terraform.evaluation import Block, Bounds, Budget, Dynamic, ExpressionError, Frame, Program
from scanner.sources.terraform.instance import Place
from scanner.sources.terraform.syntax import nodes


def resource_places(instance: ModuleInstance, made: Made) -> Callable[[Path], tuple[Place, ...]]:
    """Return what finds the places of one resource instance."""
    return lambda path: _Finder(instance, made).places(path)


def block_places(
    instance: ModuleInstance, declared: Sequence[Declaration], file: str
) -> Callable[[Path], tuple[Place, ...]]:
    """Return what finds the places of settings, which stand in one or several blocks of a module."""

    def places(path: Path) -> tuple[Place, ...]:
        tree = instance.session.tree
        for item in declared:
            body = item.block.body
            written: list[nodes.Attribute | nodes.Block] = [*body.attributes.values(), *body.blocks]
            for node in written:
                if path and _name(node) == path[0]:
                    where = file_of(node, item.file)
                    return (Place(where, _header(tree, where, _below(node, path[1:]))), *_chain(instance))
        if declared:
            return (Place(declared[0].file, _header(tree, declared[0].file, declared[0].block)), *_chain(instance))
        return (Place(file, None), *_chain(instance))

    return places


def _below(node: nodes.Attribute | nodes.Block, path: Path) -> nodes.Attribute | nodes.Block:
    """Return the attribute of the block ``node`` that ``path`` names, or ``node`` where it has none."""
    name = next((step for step in path if isinstance(step, str)), "")
    return node.body.attributes.get(name, node) if isinstance(node, nodes.Block) else node


def _name(node: nodes.Attribute | nodes.Block) -> str:
    return node.name if isinstance(node, nodes.Attribute) else node.type


def _header(tree: Any, file: str, node: nodes.Node) -> Any:
    """Return the region of an attribute, or of the header of a block: its body would be a page."""
    return tree.span(file, node.start, node.header_end if isinstance(node, nodes.Block) else node.end)


def _chain(instance: ModuleInstance) -> Iterable[Place]:
    """Yield the module calls that lead to ``instance``, from the inside out."""
    while instance.call is not None:
        call = instance.call
        yield Place(call.block.file, _header(instance.session.tree, call.block.file, call.block.block), "called here")
        instance = call.parent


class _Origin(NamedTuple):
    """An expression, and what its names stand for."""

    instance: ModuleInstance
    node: nodes.Expression
    iterators: Mapping[str, tuple[str, nodes.Attribute]]
    """File and ``for_each`` of the blocks around it, by iterator: ``each``, or the name of a dynamic block's."""


class _Finder:
    """Finds the places of the attributes of one resource instance."""

    def __init__(self, instance: ModuleInstance, made: Made) -> None:
        self._instance = instance
        self._made = made
        self._tree = instance.session.tree

    def places(self, path: Path) -> tuple[Place, ...]:
        file, node, origin = self._find(path)
        carried = () if origin is None else _carriers(origin)
        return (Place(file, _header(self._tree, file, node)), *_chain(self._instance), *carried)

    def _find(self, path: Path) -> tuple[str, nodes.Node, _Origin | None]:
        """Return file and node that decide about ``path``, and the expression of its value."""
        resource = self._made.resource
        program, file, node = resource.program, resource.file, cast(nodes.Node, resource.block)
        iterators = _iterators(resource)
        frame = self._made.repetition.frame(self._instance, program.size)
        steps: list[Any] = list(path)
        while steps and isinstance(steps[0], str):
            name = steps.pop(0)
            written = next((item for item in program.attributes if item.name == name), None)
            if written is not None:
                inner, value = _into(written.node.value, steps)
                origin = _Origin(self._instance, value, iterators)
                return file_of(written.node, file), written.node if inner is None else inner, origin
            index: int = steps.pop(0) if steps and not isinstance(steps[0], str) else 0
            found = self._block(program, name, index, frame)
            if found is None:
                break
            file, node, program = file_of(found.node, file), found.node, found.program
            if isinstance(found, Dynamic):
                for_each = found.node.body.attributes["for_each"]
                iterators = {**iterators, found.iterator: (file, for_each)}
        return file, node, None

    def _block(self, program: Program, kind: str, index: int, frame: Frame) -> Block | Dynamic | None:
        """Return the block that gave the ``index``-th block of its type; its expressions can then run in ``frame``."""
        limits = self._instance.session.limits
        bounds = Bounds(_silent, limits.instances_per_block, Budget(limits.elements))
        seen = 0
        for block in program.blocks:
            if block.type != kind:
                continue
            made = block.expand(frame, bounds) if isinstance(block, Dynamic) else (None,)
            if index < seen + len(made):
                if isinstance(block, Dynamic):
                    block.bind(frame, index - seen, bounds)
                return block
            seen += len(made)
        return None


def _silent(error: ExpressionError, node: nodes.Node) -> Unknown:
    return Unknown(error.message)


def _iterators(block: Repeated) -> dict[str, tuple[str, nodes.Attribute]]:
    written = block.attribute("for_each")
    return {} if written is None else {"each": (file_of(written, block.file), written)}


def _into(node: nodes.Expression, steps: Sequence[Any]) -> tuple[nodes.Node | None, nodes.Expression]:
    """Return the innermost written part of ``node`` that ``steps`` lead to, and its expression."""
    inner: nodes.Node | None = None
    for step in steps:
        below: nodes.Expression | None = None
        if isinstance(node, nodes.ObjectCons) and isinstance(step, str):
            for key, value in node.items:
                if isinstance(key, nodes.Literal) and key.value == step:
                    below = value
        elif isinstance(node, nodes.TupleCons) and isinstance(step, int) and step < len(node.items):
            below = node.items[step]
        if below is None:
            break
        node = inner = below
    return inner, node


def _carriers(start: _Origin) -> Iterator[Place]:
    """Yield where the variable, local or element is set that an expression starts with, and on from there."""
    seen: set[tuple[int, int]] = set()
    origin: _Origin | None = start
    while origin is not None and (id(origin.instance), id(origin.node)) not in seen:
        seen.add((id(origin.instance), id(origin.node)))
        place, origin = _carrier(origin)
        if place is not None:
            yield place


def _carrier(origin: _Origin) -> tuple[Place | None, _Origin | None]:
    """Return where the value of an expression was set, and the expression that set it."""
    instance, tree = origin.instance, origin.instance.session.tree
    kind, name = _root(origin.node)
    if kind in origin.iterators:
        file, node = origin.iterators[kind]
        outer = {other: written for other, written in origin.iterators.items() if other != kind}
        return Place(file, tree.region(file, node), f"{kind} iterates over this"), _Origin(instance, node.value, outer)
    if kind == "local" and name in instance.module.locals:
        local = instance.module.locals[name]
        place = Place(local.file, tree.region(local.file, local.node), f"local.{name} is set here")
        return place, _Origin(instance, local.node.value, {})
    if kind == "var" and name in instance.module.variables:
        return _variable(instance, name)
    return None, None


def _variable(instance: ModuleInstance, name: str) -> tuple[Place | None, _Origin | None]:
    tree = instance.session.tree
    role = f"var.{name} is set here"
    if instance.call is not None:
        call = instance.call
        node = call.block.attribute(name)
        if node is not None:
            file = file_of(node, call.block.file)
            origin = _Origin(call.parent, node.value, _iterators(call.block))
            return Place(file, tree.region(file, node), role), origin
    given = instance.session.given.get(name) if instance.call is None else None
    if given is not None and given.node is not None:
        return Place(given.file, tree.region(given.file, given.node), role), None
    variable = instance.module.variables[name]
    default = variable.attribute("default")
    if given is None and default is not None:
        file = file_of(default, variable.file)
        return Place(file, tree.region(file, default), f"var.{name} has its default here"), None
    declared = _header(tree, variable.file, variable.block)
    return Place(variable.file, declared, f"var.{name} is declared here"), None


def _root(node: nodes.Node) -> tuple[str, str]:
    """Return what kind of object an expression is or starts with, and its name."""
    while True:
        if isinstance(node, nodes.GetAttr) and isinstance(node.of, nodes.Name):
            return node.of.name, node.name
        if isinstance(node, nodes.GetAttr | nodes.Index | nodes.Splat):
            node = node.of
        elif isinstance(node, nodes.Parens | nodes.TemplateWrap):
            node = node.inner
        elif isinstance(node, nodes.Conditional):
            node = node.test
        elif isinstance(node, nodes.Call) and node.args:
            node = node.args[0]
        elif isinstance(node, nodes.ForTuple | nodes.ForObject):
            node = node.collection
        elif isinstance(node, nodes.Binary):
            node = node.left
        elif isinstance(node, nodes.Unary):
            node = node.operand
        elif isinstance(node, nodes.Template):
            inner = next((part for part in node.parts if not isinstance(part, str)), None)
            if inner is None or isinstance(inner, nodes.TemplateIf | nodes.TemplateFor):
                return "", ""
            node = inner
        else:
            return "", ""
