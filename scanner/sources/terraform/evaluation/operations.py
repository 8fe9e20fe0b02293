"""Unary and binary operators; ``&&`` and ``||`` stop as soon as the answer is known."""

from typing import TYPE_CHECKING, Any

from scanner.model.unknown import Unknown
from scanner.sources.terraform.evaluation.frame import Closure, ExpressionError, Frame
from scanner.sources.terraform.evaluation.objects import AFTER_APPLY, ResourceObject
from scanner.sources.terraform.syntax import nodes
from scanner.sources.terraform.values import ValueFault, operators

if TYPE_CHECKING:
    from scanner.sources.terraform.evaluation.compiler import Compiler

_BINARY = {
    "+": operators.add,
    "-": operators.subtract,
    "*": operators.multiply,
    "/": operators.divide,
    "%": operators.modulo,
    "==": operators.equal,
    "!=": operators.not_equal,
    "<": operators.less,
    "<=": operators.less_or_equal,
    ">": operators.greater,
    ">=": operators.greater_or_equal,
}
_UNARY = {"-": operators.negate, "!": operators.negation}


def compile_unary(compiler: "Compiler", node: nodes.Unary) -> Closure:
    """Compile ``-x`` or ``!x``."""
    operand, operate = compiler.compile(node.operand), _UNARY[node.operator]

    def unary(frame: Frame) -> Any:
        try:
            return operate(operand(frame))
        except ValueFault as fault:
            raise ExpressionError(str(fault), node) from None

    return unary


def compile_binary(compiler: "Compiler", node: nodes.Binary) -> Closure:
    """Compile an operation on two values."""
    if node.operator in ("&&", "||"):
        return _compile_logical(compiler, node)
    left, right, operate = compiler.compile(node.left), compiler.compile(node.right), _BINARY[node.operator]
    if node.operator in ("==", "!="):
        return _compile_equality(left, right, node)

    def binary(frame: Frame) -> Any:
        try:
            return operate(left(frame), right(frame))
        except ValueFault as fault:
            raise ExpressionError(str(fault), node) from None

    return binary


def _compile_equality(left: Closure, right: Closure, node: nodes.Binary) -> Closure:
    """Texts, resources and their ids are never null: ``azurerm_subnet.web.id == null`` is known, the id is not."""
    operate, differs = _BINARY[node.operator], node.operator == "!="
    has_text = isinstance(node.left, nodes.Template) or isinstance(node.right, nodes.Template)

    def equality(frame: Frame) -> Any:
        one, other = left(frame), right(frame)
        if (one is None and (has_text or _exists(other))) or (other is None and (has_text or _exists(one))):
            return differs
        try:
            return operate(one, other)
        except ValueFault as fault:
            raise ExpressionError(str(fault), node) from None

    return equality


def _exists(value: Any) -> bool:
    if isinstance(value, ResourceObject):
        return True
    return isinstance(value, Unknown) and value.reason == AFTER_APPLY and value.origin.endswith(".id")


def _compile_logical(compiler: "Compiler", node: nodes.Binary) -> Closure:
    left, right = compiler.compile(node.left), compiler.compile(node.right)
    decides = node.operator == "||"
    combine = operators.either if decides else operators.both

    def logical(frame: Frame) -> Any:
        one = truth(left(frame), node.left)
        if one is decides:
            return decides
        other = truth(right(frame), node.right)
        if isinstance(one, Unknown) or isinstance(other, Unknown):
            return combine(one, other)
        return other

    return logical


def truth(value: Any, node: nodes.Node, noun: str = "an operand of a logical operator") -> Any:
    """Return ``value`` as a boolean, an Unknown or a Sensitive boolean; raises ExpressionError where it is neither."""
    if value is True or value is False:
        return value
    try:
        return operators.boolean(value)
    except ValueFault as fault:
        raise ExpressionError(f"{noun} has to be true or false: {fault}", node) from None
