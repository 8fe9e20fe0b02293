"""Bodies of blocks to programs: attributes, nested blocks, dynamic blocks.

A program runs once for every instance of its block. What mentions neither ``each`` nor ``count`` is taken over from the
instance before; what mentions nothing at all is evaluated once per process.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final, NamedTuple, TypeAlias

from scanner.model.unknown import Unknown
from scanner.sources.terraform.evaluation.compiler import TOO_DEEP, compile_expression
from scanner.sources.terraform.evaluation.frame import (
    FIRST_FREE,
    Budget,
    Closure,
    Compiled,
    ExpressionError,
    Frame,
    Reference,
)
from scanner.sources.terraform.evaluation.iteration import elements
from scanner.sources.terraform.evaluation.objects import Blocks
from scanner.sources.terraform.syntax import nodes
from scanner.sources.terraform.values import Sensitive, derive

Report: TypeAlias = Callable[[ExpressionError, nodes.Node], Unknown]
"""Notes a fault in the attribute or block that is given, and returns what stands for its value."""

_UNSET: Final = object()


class Bounds(NamedTuple):
    """What a run may produce and where its faults go."""

    report: Report
    blocks: int
    """The most blocks that one dynamic block may give."""
    budget: Budget
    """Of all dynamic blocks together."""


class Attribute:
    """One attribute, compiled."""

    __slots__ = ("compiled", "constant", "name", "node", "varies")

    def __init__(self, node: nodes.Attribute, compiled: Compiled) -> None:
        self.node = node
        self.name = node.name
        self.compiled = compiled
        self.varies = compiled.varies
        self.constant: Any = compiled.evaluate([]) if isinstance(node.value, nodes.Literal) else _UNSET
        """Its value, once it is known to be the same everywhere."""

    def evaluate(self, frame: Frame, report: Report) -> Any:
        """Return its value; an Unknown where it is at fault."""
        if self.constant is not _UNSET:
            return self.constant
        value = evaluated(self.compiled.evaluate, frame, self.node, report)
        if self.compiled.constant and not isinstance(value, Unknown):
            self.constant = value
        return value


class Block:
    """A nested block, compiled."""

    __slots__ = ("node", "program", "type", "varies")

    def __init__(self, node: nodes.Block, program: "Program") -> None:
        self.node = node
        self.type = node.type
        self.program = program
        self.varies = program.varies

    def expand(self, frame: Frame, bounds: Bounds) -> list[Any]:
        """Return what the block gives: itself."""
        return [self.program.run(frame, bounds)]


class Dynamic:
    """A ``dynamic`` block, compiled: it gives blocks of the type that is its label."""

    __slots__ = ("for_each", "iterator", "node", "place", "program", "type", "varies")

    def __init__(self, node: nodes.Block, for_each: Compiled, place: int, program: "Program") -> None:
        self.node = node
        self.type = node.labels[0]
        self.iterator = _iterator(node)
        self.for_each = for_each
        self.place = place
        """Of the iterator, in the frame."""
        self.program = program
        self.varies = for_each.varies or program.varies

    def expand(self, frame: Frame, bounds: Bounds) -> list[Any]:
        """Return one block for each element; a single Unknown where the elements are not known."""
        pairs = self._elements(frame, bounds)
        if isinstance(pairs, Unknown):
            return [pairs]
        made = []
        for key, item in pairs:
            frame[self.place] = {"key": key, "value": item}
            made.append(self.program.run(frame, bounds))
        return made

    def bind(self, frame: Frame, index: int, bounds: Bounds) -> None:
        """Make the iterator in ``frame`` the ``index``-th element, for blocks below."""
        pairs = self._elements(frame, bounds)
        if not isinstance(pairs, Unknown) and index < len(pairs):
            key, item = pairs[index]
            frame[self.place] = {"key": key, "value": item}

    def _elements(self, frame: Frame, bounds: Bounds) -> list[tuple[Any, Any]] | Unknown:
        node = self.node.body.attributes["for_each"]
        value = evaluated(self.for_each.evaluate, frame, node, bounds.report)
        if isinstance(value, Unknown):
            return Unknown(value.reason) if isinstance(value, Sensitive) else derive(value)
        try:
            pairs = list(elements(value, node.value))
            bounds.budget.spend(len(pairs), node.value)
        except ExpressionError as error:
            return bounds.report(error, node)
        if len(pairs) > bounds.blocks:
            message = f"it asks for {len(pairs)} blocks; at most {bounds.blocks} are made"
            return bounds.report(ExpressionError(message, node.value), node)
        return pairs


class Program:
    """A body, compiled."""

    __slots__ = ("attributes", "blocks", "references", "size", "varies")

    def __init__(self, attributes: tuple[Attribute, ...], blocks: tuple["Block | Dynamic", ...]) -> None:
        self.attributes = attributes
        self.blocks = blocks
        found: dict[Reference, None] = {}
        for attribute in attributes:
            found.update(dict.fromkeys(attribute.compiled.references))
        for block in blocks:
            found.update(dict.fromkeys(block.program.references))
            if isinstance(block, Dynamic):
                found.update(dict.fromkeys(block.for_each.references))
        self.references: tuple[Reference, ...] = tuple(found)
        """What all of it mentions."""
        self.varies: bool = any(item.varies for item in (*attributes, *blocks))
        sizes = [attribute.compiled.size for attribute in attributes] + [block.program.size for block in blocks]
        sizes += [max(block.place + 1, block.for_each.size) for block in blocks if isinstance(block, Dynamic)]
        self.size: int = max(sizes, default=FIRST_FREE)

    def run(self, frame: Frame, bounds: Bounds, before: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return attributes by name, in the order written, and the blocks of each type as :class:`Blocks`.

        ``before`` is what the same program gave for another instance of the same block.
        """
        report = bounds.report
        result: dict[str, Any] = {}
        for attribute in self.attributes:
            if before is not None and not attribute.varies:
                result[attribute.name] = before[attribute.name]
            else:
                result[attribute.name] = attribute.evaluate(frame, report)
        if self.blocks:
            self._expand(result, frame, bounds, before)
        return result

    def _expand(self, result: dict[str, Any], frame: Frame, bounds: Bounds, before: Mapping[str, Any] | None) -> None:
        blocks: dict[str, Blocks] = {}
        changing = {block.type for block in self.blocks if block.varies} if before is not None else set()
        for block in self.blocks:
            if before is not None and block.type not in changing:
                if block.type in before:
                    result[block.type] = before[block.type]
            else:
                blocks.setdefault(block.type, Blocks()).extend(block.expand(frame, bounds))
        for name, made in blocks.items():
            if made:
                first: Any = made[0]
                result[name] = first if len(made) == 1 and isinstance(first, Unknown) else made


def evaluated(evaluate: Closure, frame: Frame, node: nodes.Node, report: Report) -> Any:
    """Return what ``evaluate`` gives, or what ``report`` does with its fault."""
    try:
        return evaluate(frame)
    except ExpressionError as error:
        return report(error, node)
    except RecursionError:
        return report(ExpressionError(TOO_DEEP, node), node)


def compile_body(
    body: nodes.Body, skip: Collection[str] = (), bound: dict[str, int] | None = None, size: int = FIRST_FREE
) -> Program:
    """Return ``body`` compiled, without the attributes and blocks named in ``skip``."""
    attributes = tuple(
        Attribute(node, compile_expression(node.value, bound, size))
        for name, node in body.attributes.items()
        if name not in skip
    )
    blocks = (_compile_block(block, bound or {}, size) for block in body.blocks if block.type not in skip)
    return Program(attributes, tuple(block for block in blocks if block is not None))


def _compile_block(block: nodes.Block, bound: dict[str, int], size: int) -> Block | Dynamic | None:
    if block.type != "dynamic" or len(block.labels) != 1:
        return Block(block, compile_body(block.body, (), bound, size))
    for_each = block.body.attributes.get("for_each")
    content = next((below for below in block.body.blocks if below.type == "content"), None)
    if for_each is None or content is None:
        return None
    inner = {**bound, _iterator(block): size}
    program = compile_body(content.body, (), inner, size + 1)
    return Dynamic(block, compile_expression(for_each.value, bound, size), size, program)


def _iterator(block: nodes.Block) -> str:
    """Return the name of a dynamic block's iterator: its label, unless ``iterator`` says another."""
    written = block.body.attributes.get("iterator")
    if written is not None and isinstance(written.value, nodes.Name):
        return written.value.name
    return block.labels[0]
