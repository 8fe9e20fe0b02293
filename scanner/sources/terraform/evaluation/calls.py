"""Function calls. ``try``, ``can``, ``templatefile`` and ``templatestring`` take expressions, not only values."""

from typing import TYPE_CHECKING, Any

from scanner.model.unknown import Unknown
from scanner.sources.terraform import functions
from scanner.sources.terraform.evaluation.frame import MAX_TEXT, MODULE, Closure, ExpressionError, Frame, StaticError
from scanner.sources.terraform.syntax import nodes
from scanner.sources.terraform.values import Sensitive, derive, first_unknown, hide

if TYPE_CHECKING:
    from scanner.sources.terraform.evaluation.compiler import Compiler

_CORE = "core::"


def compile_call(compiler: "Compiler", node: nodes.Call) -> Closure:
    """Compile ``name(args…)``."""
    name = node.name.removeprefix(_CORE)
    if name in ("try", "can") and not node.expand:
        return (_compile_try if name == "try" else _compile_can)(compiler, node)
    if name in functions.NEVER_KNOWN:
        compiler.varies = True  # each instance of a block makes a call of its own
    args = [compiler.compile(arg) for arg in node.args]
    if node.expand:
        return _compile_expanded(name, args, node)

    def call(frame: Frame) -> Any:
        return _call(name, [arg(frame) for arg in args], frame, node)

    return call


def _call(name: str, args: list[Any], frame: Frame, node: nodes.Call) -> Any:
    try:
        result = functions.call(name, args, frame[MODULE].context)
    except functions.FunctionError as error:
        at = error.argument
        part = node.args[at] if at is not None and at < len(node.args) else node
        raise ExpressionError(f"{name}: {error}", part) from None
    if type(result) is str and len(result) > MAX_TEXT:
        raise ExpressionError(f"{name}: its result is longer than {MAX_TEXT} characters", node)
    return result


def _compile_expanded(name: str, args: list[Closure], node: nodes.Call) -> Closure:
    *first, rest = args

    def call(frame: Frame) -> Any:
        given = [arg(frame) for arg in first]
        more = rest(frame)
        hidden = isinstance(more, Sensitive)
        if hidden:
            more = more.value
        if isinstance(more, Unknown):
            return derive(more)
        if not isinstance(more, tuple):
            raise ExpressionError("only a list, a tuple or a set can be expanded into arguments", node.args[-1])
        result = _call(name, [*given, *more], frame, node)
        return hide(result) if hidden else result

    return call


def _compile_try(compiler: "Compiler", node: nodes.Call) -> Closure:
    """The first argument that is no error; what is known of it only in parts may yet become one, and is unknown."""
    args = [(compiler.compile(arg), _is_reference(arg)) for arg in node.args]

    def attempt(frame: Frame) -> Any:
        causes = []
        for arg, is_reference in args:
            try:
                value = arg(frame)
            except StaticError:
                raise
            except ExpressionError as error:
                causes.append(error.message)
                continue
            return value if is_reference else _certain(value)
        if not causes:
            raise ExpressionError("try: it needs at least one argument", node)
        raise ExpressionError(f"try: none of its arguments can be evaluated: {'; '.join(causes)}", node)

    return attempt


def _compile_can(compiler: "Compiler", node: nodes.Call) -> Closure:
    if len(node.args) != 1:
        return _failing("can: it takes one argument", node)
    arg, is_reference = compiler.compile(node.args[0]), _is_reference(node.args[0])

    def succeeds(frame: Frame) -> Any:
        try:
            value = arg(frame)
        except StaticError:
            raise
        except ExpressionError:
            return False
        if not is_reference:
            value = _certain(value)
        return derive(value) if isinstance(value, Unknown) and not isinstance(value, Sensitive) else True

    return succeeds


def _certain(value: Any) -> Any:
    unknown = None if isinstance(value, Unknown) else first_unknown(value)
    return value if unknown is None else derive(unknown)


def _is_reference(node: nodes.Node) -> bool:
    """Whether ``node`` only walks into something evaluated elsewhere.

    What is unknown below where such a walk ends cannot make it fail later.
    """
    while isinstance(node, nodes.GetAttr | nodes.Index | nodes.Parens):
        if isinstance(node, nodes.Parens):
            node = node.inner
            continue
        if isinstance(node, nodes.Index) and not isinstance(node.key, nodes.Literal) and not _is_reference(node.key):
            return False
        node = node.of
    return isinstance(node, nodes.Name)


def _failing(message: str, node: nodes.Node) -> Closure:
    def fail(frame: Frame) -> Any:
        raise ExpressionError(message, node)

    return fail
