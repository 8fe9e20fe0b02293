"""``[a, b]`` and ``{ key = value }``: tuples and objects."""

from typing import TYPE_CHECKING, Any

from scanner.model.unknown import Unknown
from scanner.sources.terraform.evaluation.frame import Closure, ExpressionError, Frame
from scanner.sources.terraform.syntax import nodes
from scanner.sources.terraform.values import Sensitive, ValueFault, derive, hide, operators

if TYPE_CHECKING:
    from scanner.sources.terraform.evaluation.compiler import Compiler


def compile_tuple(compiler: "Compiler", node: nodes.TupleCons) -> Closure:
    """Compile ``[a, b]``; one whose items are all literal is made once."""
    items = [compiler.compile(item) for item in node.items]
    if all(isinstance(item, nodes.Literal) for item in node.items):
        constant = tuple(item([]) for item in items)
        return lambda frame: constant
    return lambda frame: tuple([item(frame) for item in items])


def compile_object(compiler: "Compiler", node: nodes.ObjectCons) -> Closure:
    """Compile ``{ key = value }``: a key written twice has its last value."""
    if all(isinstance(key, nodes.Literal) and type(key.value) is str for key, _ in node.items):
        written = [(compiler.compile(key)([]), compiler.compile(value)) for key, value in node.items]
        return lambda frame: {key: value(frame) for key, value in written}
    items = [(compiler.compile(key), key, compiler.compile(value)) for key, value in node.items]

    def build(frame: Frame) -> Any:
        result: dict[str, Any] = {}
        hidden = False
        unknown: Unknown | None = None
        for key, key_node, value in items:
            name = object_key(key(frame), key_node)
            if isinstance(name, Sensitive):
                name, hidden = name.value, True
            if isinstance(name, Unknown):
                unknown = unknown or name
                value(frame)  # its errors count although the object is unknown
            else:
                result[name] = value(frame)
        if unknown is not None:
            return derive(unknown)
        return hide(result) if hidden else result

    return build


def object_key(value: Any, node: nodes.Node) -> Any:
    """Return ``value`` as the key of an object: text, an Unknown or a Sensitive text; raises ExpressionError."""
    if type(value) is str:
        return value
    if value is None:
        raise ExpressionError("a key is null", node)
    try:
        return operators.to_text(value)
    except ValueFault as fault:
        raise ExpressionError(f"a key has to be text: {fault}", node) from None
