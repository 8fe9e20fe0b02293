"""``test ? then : otherwise``: one type for both branches, as Terraform gives it."""

from typing import TYPE_CHECKING, Any

from scanner.model.unknown import Unknown
from scanner.sources.terraform.evaluation.frame import Closure, ExpressionError, Frame
from scanner.sources.terraform.evaluation.operations import truth
from scanner.sources.terraform.syntax import nodes
from scanner.sources.terraform.values import Sensitive, ValueFault, derive, hide, operators

if TYPE_CHECKING:
    from scanner.sources.terraform.evaluation.compiler import Compiler

_BRANCH_NOUN = "the condition"
_ARITHMETIC = frozenset("+-*/%")


def compile_conditional(compiler: "Compiler", node: nodes.Conditional) -> Closure:
    """Compile a conditional.

    The branch not taken is evaluated for its type, which can change the value of the other (``true ? 1 : "a"`` is
    ``"1"``); its errors count for nothing.
    """
    test = compiler.compile(node.test)
    then, otherwise = (_Branch(compiler.compile(part), part) for part in (node.then, node.otherwise))

    def conditional(frame: Frame) -> Any:
        chosen = truth(test(frame), node.test, _BRANCH_NOUN)
        if chosen is True:
            return _unified(then.evaluate(frame), otherwise, frame, node)
        if chosen is False:
            return _unified(otherwise.evaluate(frame), then, frame, node)
        if isinstance(chosen, Sensitive):
            taken, left = (then, otherwise) if chosen.value else (otherwise, then)
            return hide(_unified(taken.evaluate(frame), left, frame, node))
        return _undecided(chosen, then.evaluate, otherwise.evaluate, frame)

    return conditional


class _Branch:
    """One side of a conditional."""

    __slots__ = ("evaluate", "is_scalar", "node")

    def __init__(self, evaluate: Closure, node: nodes.Node) -> None:
        self.evaluate = evaluate
        self.node = node
        self.is_scalar = isinstance(node, nodes.Literal | nodes.Template)
        """Whether it is text, a number, a boolean or null, whatever the values."""


def _unified(value: Any, untaken: _Branch, frame: Frame, node: nodes.Node) -> Any:
    """Return ``value`` in the type that it has in common with the branch not taken."""
    if value is None or isinstance(value, Unknown) or (untaken.is_scalar and type(value) is str):
        return value
    try:
        other = untaken.evaluate(frame)
    except ExpressionError:
        other = _sample(untaken.node)
    try:
        return operators.choose(value, other)
    except ValueFault as fault:
        raise ExpressionError(f"the two results of the conditional have no type in common: {fault}", node) from None


def _sample(node: nodes.Node) -> Any:
    """Return a value of the type that an expression at fault has all the same, None where it has none."""
    while isinstance(node, nodes.Parens):
        node = node.inner
    if isinstance(node, nodes.Template):
        return ""
    if isinstance(node, nodes.Unary):
        return 0 if node.operator == "-" else False
    if isinstance(node, nodes.Binary):
        return 0 if node.operator in _ARITHMETIC else False
    return None


def _undecided(test: Unknown, then: Closure, otherwise: Closure, frame: Frame) -> Any:
    """Return what both branches agree on; otherwise an Unknown that says why the choice is open."""
    try:
        one, other = then(frame), otherwise(frame)
    except ExpressionError:
        return derive(test)
    if type(one) is type(other) and not isinstance(one, Unknown) and one == other:
        return one
    return derive(test)
