"""``of.name`` and ``of[key]``: one step into a value."""

from typing import TYPE_CHECKING, Any

from scanner.model.unknown import Unknown
from scanner.sources.terraform.evaluation.frame import Closure, ExpressionError, Frame
from scanner.sources.terraform.evaluation.objects import ResourceObject
from scanner.sources.terraform.evaluation.references import compile_reference
from scanner.sources.terraform.syntax import nodes
from scanner.sources.terraform.values import MapValue, Sensitive, ValueFault, derive, hide, operators

if TYPE_CHECKING:
    from scanner.sources.terraform.evaluation.compiler import Compiler

SYMBOLIC = "[*]"
"""Ends the address of the one instance that stands for instances that are not known: any key finds it."""

_MAPPINGS = (dict, MapValue)


def compile_get_attr(compiler: "Compiler", node: nodes.GetAttr) -> Closure:
    """Compile ``of.name``."""
    reference = compile_reference(compiler, node)
    if reference is not None:
        return reference
    of, name = compiler.compile(node.of), node.name

    def get_attr(frame: Frame) -> Any:
        value = of(frame)
        if type(value) in _MAPPINGS and name in value:
            return value[name]
        return _attribute(value, name, node)

    return get_attr


def compile_index(compiler: "Compiler", node: nodes.Index) -> Closure:
    """Compile ``of[key]``."""
    of, key = compiler.compile(node.of), compiler.compile(node.key)

    def index(frame: Frame) -> Any:
        value, step = of(frame), key(frame)
        try:
            if isinstance(value, Unknown) or isinstance(step, Unknown):
                return _unknown_element(value, step)
            return operators.index(value, step)
        except ValueFault as fault:
            raise ExpressionError(str(fault), node) from None

    return index


def _attribute(value: Any, name: str, node: nodes.Node) -> Any:
    try:
        if not isinstance(value, Unknown):
            return operators.get_attr(value, name)
        if isinstance(value, Sensitive):
            return hide(operators.get_attr(value.value, name))
    except ValueFault as fault:
        raise ExpressionError(str(fault), node) from None
    if isinstance(value, ResourceObject):
        return value.get(name)
    return _below(value, f".{name}")


def _unknown_element(value: Any, step: Any) -> Any:
    """Return ``value[step]`` where one of them is not known, or hidden."""
    if isinstance(step, Sensitive):
        return hide(_unknown_element(value, step.value))
    if isinstance(value, Sensitive):
        return hide(_unknown_element(value.value, step))
    if isinstance(value, ResourceObject):
        if isinstance(step, str):
            return value.get(step)
        if isinstance(step, Unknown):
            return derive(step)
        raise ValueFault(f"{value.origin} is a single object: it has no element {step}")
    if isinstance(value, Unknown):
        if isinstance(step, Unknown):
            return derive(value)
        if isinstance(step, tuple | dict) or step is None:
            raise ValueFault("the given key does not identify an element")
        return _below(value, f'["{step}"]' if isinstance(step, str) else f"[{step}]")
    if isinstance(step, Unknown):
        return derive(step)
    return operators.index(value, step)


def _below(value: Unknown, step: str) -> Unknown:
    """Return what lies one step below an unknown value: unknown for the same reason, its origin longer by ``step``."""
    origin = value.origin
    if not origin:
        return derive(value)
    below = origin if origin.endswith(SYMBOLIC) and step.startswith("[") else origin + step
    return Unknown(value.reason.replace(origin, below), below)
