"""Names: what ``var.x``, ``each.key``, ``azurerm_subnet.web`` and a variable of ``for`` read.

A reference is recorded with the compiler, so that what it names is evaluated before the expression runs; at run time it
is one look into the module instance's tables.
"""

from typing import TYPE_CHECKING, Any

from scanner.sources.terraform.evaluation.frame import (
    ABSENT,
    COUNT_INDEX,
    EACH_KEY,
    EACH_VALUE,
    MODULE,
    SELF,
    Closure,
    ExpressionError,
    Frame,
    StaticError,
)
from scanner.sources.terraform.syntax import nodes
from scanner.sources.terraform.values import ValueFault

if TYPE_CHECKING:
    from scanner.sources.terraform.evaluation.compiler import Compiler

_ONE_STEP = {
    "var": "a variable's name has to follow: var.name",
    "local": "a local value's name has to follow: local.name",
    "each": "key or value has to follow",
    "count": "index has to follow",
    "path": "module, root or cwd has to follow",
    "terraform": "workspace has to follow",
    "module": "a module call's name has to follow: module.name",
    "data": "type and name have to follow: data.type.name",
    "ephemeral": "type and name have to follow: ephemeral.type.name",
}
_FRAME_PLACES = {("each", "key"): EACH_KEY, ("each", "value"): EACH_VALUE, ("count", "index"): COUNT_INDEX}
_NEEDS = {
    "each": "each.{} is there only in blocks with for_each",
    "count": "count.{} is there only in blocks with count",
}


def compile_name(compiler: "Compiler", node: nodes.Name) -> Closure:
    """Compile a name that no attribute follows: a bound variable, ``self``, or an error."""
    name = node.name
    if name in compiler.bound:
        place = compiler.place(name)
        return lambda frame: frame[place]
    if name == "self":
        compiler.varies = True
        return _compile_self(node)
    return _failing(_ONE_STEP.get(name, f"a reference has to have at least two parts, {name}.name"), node)


def compile_reference(compiler: "Compiler", node: nodes.GetAttr) -> Closure | None:
    """Compile ``root.name`` where that names an object of the module, or return None."""
    of = node.of
    if isinstance(of, nodes.Name) and of.name not in compiler.bound:
        return _compile_root(compiler, of.name, node)
    resource = _resource_name(compiler, node)
    if resource:
        return _compile_resource(compiler, resource, node)
    return _compile_output(compiler, node)


def _compile_root(compiler: "Compiler", root: str, node: nodes.GetAttr) -> Closure | None:
    name = node.name
    if root == "var":
        compiler.refer("var", name)
        return _compile_table("variables", name, "variable", node)
    if root == "local":
        compiler.refer("local", name)
        return _compile_table("locals", name, "local value", node)
    if root in _NEEDS:
        return _compile_repetition(compiler, root, node)
    if root == "path":
        return _compile_table("paths", name, "path", node)
    if root == "terraform":
        return _compile_table("terraform", name, "attribute of terraform", node)
    if root == "module":
        compiler.refer("module", name)
        return _compile_call(name, node)
    if root == "self":
        return None
    if root in ("data", "ephemeral", "resource"):
        return _failing(f"type and name have to follow: {root}.type.name", node)
    return _compile_resource(compiler, f"{root}.{name}", node)


def _resource_name(compiler: "Compiler", node: nodes.GetAttr) -> str:
    """Return the name of the resource that ``data.type.name`` and the like stand for; empty where it is none."""
    of = node.of
    if not isinstance(of, nodes.GetAttr) or not isinstance(of.of, nodes.Name) or of.of.name in compiler.bound:
        return ""
    root = of.of.name
    if root == "resource":
        return f"{of.name}.{node.name}"
    return f"{root}.{of.name}.{node.name}" if root in ("data", "ephemeral") else ""


def _compile_table(table: str, name: str, noun: str, node: nodes.Node) -> Closure:
    message = f"no {noun} {name} is declared"
    if table == "variables":

        def read_variable(frame: Frame) -> Any:
            try:
                return frame[MODULE].variables[name]
            except KeyError:
                raise StaticError(message, node) from None

        return read_variable
    if table == "locals":

        def read_local(frame: Frame) -> Any:
            try:
                return frame[MODULE].locals[name]
            except KeyError:
                raise StaticError(message, node) from None

        return read_local

    def read(frame: Frame) -> Any:
        try:
            return getattr(frame[MODULE], table)[name]
        except KeyError:
            raise StaticError(message, node) from None

    return read


def _compile_repetition(compiler: "Compiler", root: str, node: nodes.GetAttr) -> Closure:
    place = _FRAME_PLACES.get((root, node.name))
    if place is None:
        return _failing(f"{root} has no attribute {node.name}", node)
    compiler.varies = True
    message = _NEEDS[root].format(node.name)

    def read(frame: Frame) -> Any:
        value = frame[place]
        if value is ABSENT:
            raise StaticError(message, node)
        return value

    return read


def _compile_self(node: nodes.Node) -> Closure:
    message = "self is there only in provisioners, connections and conditions"

    def read(frame: Frame) -> Any:
        value = frame[SELF]
        if value is ABSENT:
            raise StaticError(message, node)
        return value

    return read


def _compile_resource(compiler: "Compiler", name: str, node: nodes.Node) -> Closure:
    compiler.refer("resource", name)
    message = f"no resource {name} is declared"

    def read(frame: Frame) -> Any:
        try:
            return frame[MODULE].resources[name]
        except KeyError:
            raise StaticError(message, node) from None

    return read


def _compile_call(name: str, node: nodes.Node) -> Closure:
    message = f"no module call {name} is declared"

    def read(frame: Frame) -> Any:
        try:
            call = frame[MODULE].calls[name]
        except KeyError:
            raise StaticError(message, node) from None
        return call.whole()

    return read


def _compile_output(compiler: "Compiler", node: nodes.GetAttr) -> Closure | None:
    """Compile ``module.x.output`` and ``module.x["key"].output``, which need one output only."""
    of: Any = node.of
    key: Any = None
    if isinstance(of, nodes.Index) and isinstance(of.key, nodes.Literal):
        key, of = of.key.value, of.of
    if not (isinstance(of, nodes.GetAttr) and isinstance(of.of, nodes.Name) and of.of.name == "module"):
        return None
    if "module" in compiler.bound:
        return None
    call, name = of.name, node.name
    compiler.refer("module", call, name)
    message = f"no module call {call} is declared"

    def read(frame: Frame) -> Any:
        try:
            value = frame[MODULE].calls[call]
        except KeyError:
            raise StaticError(message, node) from None
        try:
            return value.output(key, name)
        except ValueFault as fault:
            raise ExpressionError(str(fault), node) from None

    return read


def _failing(message: str, node: nodes.Node) -> Closure:
    def fail(frame: Frame) -> Any:
        raise StaticError(message, node)

    return fail
