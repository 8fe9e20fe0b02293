"""Where the attributes of an Instance are written, and what carried their values there; found when somebody asks."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

from scanner.model.path import Path
from scanner.model.unknown import Unknown
from scanner.sources.terraform.configuration.module import Declaration
from scanner.sources.terraform.configuration.module_instance import Made, ModuleInstance
from scanner.sources.terraform.configuration.overrides import file_of
from scanner.sources.terraform.configuration.tracing import Bound, Origin, carriers, iterators
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


class _Finder:
    """Finds the places of the attributes of one resource instance."""

    def __init__(self, instance: ModuleInstance, made: Made) -> None:
        self._instance = instance
        self._made = made
        self._tree = instance.session.tree

    def places(self, path: Path) -> tuple[Place, ...]:
        file, node, origin = self._find(path)
        carried = () if origin is None else carriers(origin)
        return (Place(file, _header(self._tree, file, node)), *_chain(self._instance), *carried)

    def _find(self, path: Path) -> tuple[str, nodes.Node, Origin | None]:
        """Return file and node that decide about ``path``, and the expression of its value."""
        resource = self._made.resource
        program, file, node = resource.program, resource.file, cast(nodes.Node, resource.block)
        repetition = self._made.repetition
        names = iterators(self._instance, resource, repetition)
        frame = repetition.frame(self._instance, program.size)
        steps: list[Any] = list(path)
        while steps and isinstance(steps[0], str):
            name = steps.pop(0)
            written = next((item for item in program.attributes if item.name == name), None)
            if written is not None:
                where = file_of(written.node, file)
                inner, value, rest = _into(written.node.value, steps)
                origin = Origin(self._instance, where, value, repetition, names, rest)
                return where, written.node if inner is None else inner, origin
            index: int = steps.pop(0) if steps and not isinstance(steps[0], str) else 0
            found = self._block(program, name, index, frame)
            if found is None:
                break
            file, node, program = file_of(found.node, file), found.node, found.program
            if isinstance(found, Dynamic):
                names = {**names, found.iterator: self._iterator(found, file, names, frame)}
        return file, node, None

    def _iterator(self, block: Dynamic, file: str, names: Mapping[str, Bound], frame: Frame) -> Bound:
        """Return what the iterator of a dynamic block stands for, once ``frame`` has its element."""
        for_each = block.node.body.attributes["for_each"]
        place = Place(file, self._tree.region(file, for_each), f"{block.iterator} iterates over this")
        collection = Origin(self._instance, file, for_each.value, self._made.repetition, names)
        element = frame[block.place] if isinstance(frame[block.place], dict) else {}
        return Bound(collection, element.get("key"), element.get("value"), "pair", place)

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


def _into(node: nodes.Expression, steps: Sequence[Any]) -> tuple[nodes.Node | None, nodes.Expression, tuple[Any, ...]]:
    """Return the innermost written part of ``node`` that ``steps`` lead to, its expression, and the steps left."""
    inner: nodes.Node | None = None
    for number, step in enumerate(steps):
        below: nodes.Expression | None = None
        if isinstance(node, nodes.ObjectCons) and isinstance(step, str):
            for key, value in node.items:
                if isinstance(key, nodes.Literal) and key.value == step:
                    below = value
        elif isinstance(node, nodes.TupleCons) and isinstance(step, int) and step < len(node.items):
            below = node.items[step]
        if below is None:
            return inner, node, tuple(steps[number:])
        node = inner = below
    return inner, node, ()
