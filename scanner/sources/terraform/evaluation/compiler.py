"""Expression nodes to closures, once per expression; every instance of the module runs the same ones.

Compiling settles what can be settled without values: which name is a variable of a ``for`` and which an object of the
module, what an expression refers to (so that this can be evaluated first, without recursion), and whether it differs
between the instances of its block. Nothing here reads files or knows modules.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from scanner.sources.terraform.evaluation import calls, collections, conditionals, iteration, references, templates
from scanner.sources.terraform.evaluation.frame import FIRST_FREE, Closure, Compiled, ExpressionError, Frame, Reference
from scanner.sources.terraform.evaluation.lookups import compile_get_attr, compile_index
from scanner.sources.terraform.evaluation.operations import compile_binary, compile_unary
from scanner.sources.terraform.syntax import nodes
from scanner.sources.terraform.values import normal

TOO_DEEP = "it is nested too deeply"


def compile_expression(node: nodes.Expression, bound: dict[str, int] | None = None, size: int = FIRST_FREE) -> Compiled:
    """Return ``node`` compiled; ``bound`` are the iterators of the dynamic blocks around it and their frame places.

    ``size`` is the first place of the frame that is free. Nothing is raised: what Terraform rejects raises
    ExpressionError when it runs.
    """
    if type(node) is nodes.Literal:
        return Compiled(_literal(None, node), (), False, size)
    compiler = Compiler(bound or {}, size)
    try:
        evaluate = compiler.compile(node)
    except RecursionError:
        evaluate = failing(TOO_DEEP, node)
    return Compiled(evaluate, tuple(compiler.references), compiler.varies, compiler.size)


def failing(message: str, node: nodes.Node) -> Closure:
    """Return a closure that raises an ExpressionError: a fault that is known before anything runs."""

    def fail(frame: Frame) -> Any:
        raise ExpressionError(message, node)

    return fail


class Compiler:
    """The state while one expression is compiled."""

    def __init__(self, bound: dict[str, int], size: int) -> None:
        self.bound = bound
        """Names that stand for a place in the frame: variables of ``for`` and iterators of dynamic blocks."""
        self.outer = frozenset(bound)
        """Those of them that come from outside the expression."""
        self.references: dict[Reference, None] = {}
        self.varies = False
        self.size = size
        self.splat = 0
        """Place of the current splat's element."""
        self._next = size

    def compile(self, node: Any) -> Closure:
        """Return ``node`` as a closure."""
        return _COMPILERS[type(node)](self, node)

    def refer(self, kind: str, name: str, output: str = "") -> None:
        """Note that the expression mentions a named object."""
        self.references[Reference(kind, name, output)] = None

    def place(self, name: str) -> int:
        """Return the place of a bound name."""
        if name in self.outer:
            self.varies = True
        return self.bound[name]

    @contextmanager
    def binding(self, *names: str) -> Iterator[list[int]]:
        """Give each of ``names`` a place in the frame while its scope is compiled; one for an empty name too."""
        outer_bound, outer_names, first = self.bound, self.outer, self._next
        places = list(range(first, first + len(names)))
        self._next = first + len(names)
        self.size = max(self.size, self._next)
        self.bound = {**outer_bound, **{name: place for name, place in zip(names, places, strict=True) if name}}
        self.outer = outer_names.difference(names)
        try:
            yield places
        finally:
            self.bound, self.outer, self._next = outer_bound, outer_names, first

    @contextmanager
    def splatting(self) -> Iterator[int]:
        """Give the element of a splat a place while what follows the star is compiled."""
        outer = self.splat
        with self.binding("") as (place,):
            self.splat = place
            try:
                yield place
            finally:
                self.splat = outer


def _literal(compiler: Compiler | None, node: nodes.Literal) -> Closure:
    value = normal(node.value) if type(node.value) is str else node.value
    return lambda frame: value


def _inner(compiler: Compiler, node: nodes.Parens | nodes.TemplateWrap) -> Closure:
    return compiler.compile(node.inner)


def _splat_item(compiler: Compiler, node: nodes.SplatItem) -> Closure:
    place = compiler.splat
    return lambda frame: frame[place]


_COMPILERS: dict[type, Callable[[Compiler, Any], Closure]] = {
    nodes.Literal: _literal,
    nodes.Parens: _inner,
    nodes.TemplateWrap: _inner,
    nodes.SplatItem: _splat_item,
    nodes.Template: templates.compile_template,
    nodes.Name: references.compile_name,
    nodes.GetAttr: compile_get_attr,
    nodes.Index: compile_index,
    nodes.Splat: iteration.compile_splat,
    nodes.Call: calls.compile_call,
    nodes.Unary: compile_unary,
    nodes.Binary: compile_binary,
    nodes.Conditional: conditionals.compile_conditional,
    nodes.TupleCons: collections.compile_tuple,
    nodes.ObjectCons: collections.compile_object,
    nodes.ForTuple: iteration.compile_for_tuple,
    nodes.ForObject: iteration.compile_for_object,
}
