"""Calls to closures: functions that are asked with their arguments, and those that evaluate lazily."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from scanner.model.unknown import Unknown
from scanner.sources.arm.frame import Closure, Frame, constant, refusal
from scanner.sources.arm.functions import FUNCTIONS, UNKNOWN
from scanner.sources.arm.functions.function import MAX_ITEMS, Function, kind_of, too_long
from scanner.sources.arm.program import Call, Expression, Literal
from scanner.sources.arm.scoped import SCOPED, listed
from scanner.sources.arm.values import EvaluationError, Token, braced, either, first_unknown, text_of, unknown_call

_LARGE: Final = 64
"""Characters or members; what is larger is charged to the budget."""


def call_closure(node: Call, compile_argument: Callable[[Expression], Closure]) -> Closure:
    """Return the closure of a call; ``compile_argument`` returns those of its arguments."""
    written = node.name
    name = written.lower()
    function = FUNCTIONS.get(name) if not node.namespace or node.namespace.lower() in ("sys", "az") else None
    if function is not None and all(isinstance(argument, Literal) for argument in node.arguments):
        folded = _wrong_arity(node, function.least, function.most) or _folded(function.call, node)
        if folded is not None:
            return folded
    arguments = [compile_argument(argument) for argument in node.arguments]
    if node.namespace and node.namespace.lower() not in ("sys", "az"):
        return _user_call(f"{node.namespace}.{node.name}", arguments)
    if name in _LAZY:
        least, most, build = _LAZY[name]
        return _wrong_arity(node, least, most) or build(arguments)
    if function is not None:
        return _wrong_arity(node, function.least, function.most) or _function_call(node, function, arguments)
    if name in SCOPED:
        least, most, scoped = SCOPED[name]
        wrong = _wrong_arity(node, least, most)
        return wrong or (lambda frame: scoped(frame, *[argument(frame) for argument in arguments]))
    if name in UNKNOWN:
        reason = f"{node.name}(): {UNKNOWN[name]}"
        return lambda frame: _unknowable(written, reason, [argument(frame) for argument in arguments])
    if name.startswith("list") or name == "getsecret":
        return lambda frame: listed(written, [argument(frame) for argument in arguments])
    return _user_call(node.name, arguments)


def choice(test: Closure, then: Closure, otherwise: Closure) -> Closure:
    """Return the closure that evaluates one of two, and both where nobody knows which counts."""

    def decide(frame: Frame) -> Any:
        decided = test(frame)
        if decided is True:
            return then(frame)
        if decided is False:
            return otherwise(frame)
        if isinstance(decided, Unknown):
            return either(attempt(then, frame, decided), attempt(otherwise, frame, decided), decided)
        raise EvaluationError(f"a condition wants a bool, not {kind_of(decided)}", by_value=True)

    return decide


def attempt(closure: Closure, frame: Frame, why: Unknown) -> Any:
    """Return a value that is only needed in one case; what it could not be then does not matter."""
    try:
        return closure(frame)
    except EvaluationError as fault:
        if not fault.by_value:
            raise
        return Token(braced(f"fault:{fault.message}"), why.reason, why.origin)


def _unknowable(name: str, reason: str, values: list[Any]) -> Token:
    return Token(braced(f"{name}({','.join(map(text_of, values))})"), reason, f"{name}()")


def _user_call(name: str, arguments: list[Closure]) -> Closure:
    return lambda frame: frame.scope.invoke(name, [argument(frame) for argument in arguments])


def _wrong_arity(node: Call, least: int, most: int | None) -> Closure | None:
    count = len(node.arguments)
    if count >= least and (most is None or count <= most):
        return None
    wanted = f"{least}" if most == least else f"at least {least}" if most is None else f"{least} to {most}"
    message = (
        f"{node.name}() takes {wanted} argument{'' if wanted.endswith(' 1') or wanted == '1' else 's'}, not {count}"
    )

    return refusal(message, by_value=False)


def _function_call(node: Call, function: Function, arguments: list[Closure]) -> Closure:
    call, name, deep, lenient = function.call, node.name, function.deep, function.lenient

    def invoke(frame: Frame) -> Any:
        values = [argument(frame) for argument in arguments]
        if not lenient:
            for value in values:
                if isinstance(value, Unknown):
                    return unknown_call(name, values)
            if deep and first_unknown(values) is not None:
                return unknown_call(name, values)
        result = call(*values)
        kind = type(result)
        if (kind is str or kind is list) and len(result) > _LARGE:
            _charge(result, frame)
        return result

    return invoke


def _charge(result: Any, frame: Frame) -> None:
    if type(result) is str:
        frame.scope.budget.weigh(result)
    elif len(result) > MAX_ITEMS:
        raise too_long()
    else:
        frame.scope.budget.spend(len(result))


def _folded(call: Callable[..., Any], node: Call) -> Closure | None:
    """Return the closure of a call whose arguments are all written out; its value is computed once.

    None where the value is large: closures are kept for other files, and no budget counts them.
    """
    try:
        value = call(*[argument.value for argument in node.arguments if isinstance(argument, Literal)])
        return None if isinstance(value, (str, list, dict)) and len(value) > _LARGE else constant(value)
    except EvaluationError as fault:
        return refusal(fault.message, by_value=fault.by_value)


def _all_of(arguments: list[Closure]) -> Closure:
    return _connective("and", arguments, decides=False)


def _any_of(arguments: list[Closure]) -> Closure:
    return _connective("or", arguments, decides=True)


def _connective(name: str, arguments: list[Closure], *, decides: bool) -> Closure:
    def connective(frame: Frame) -> Any:
        unknown: list[Any] = []
        for argument in arguments:
            value = argument(frame) if not unknown else attempt(argument, frame, unknown[0])
            if value is decides:
                return decides
            if isinstance(value, Unknown):
                unknown.append(value)
            elif not isinstance(value, bool):
                raise EvaluationError(f"{name}() wants bools, not {kind_of(value)}", by_value=True)
        return unknown_call(name, unknown) if unknown else not decides

    return connective


def _coalesce(arguments: list[Closure]) -> Closure:
    def coalesce(frame: Frame) -> Any:
        for index, argument in enumerate(arguments):
            value = argument(frame)
            if isinstance(value, Unknown):
                if index == len(arguments) - 1 or (isinstance(value, Token) and value.literal):
                    return value
                rest = [attempt(other, frame, value) for other in arguments[index + 1 :]]
                return unknown_call("coalesce", (value, *rest))
            if value is not None:
                return value
        return None

    return coalesce


def _copy_index(arguments: list[Closure]) -> Closure:
    def copy_index(frame: Frame) -> Any:
        name, offset = "", 0
        for argument in arguments:
            value = argument(frame)
            if isinstance(value, str):
                name = value
            elif isinstance(value, int):
                offset = value
            elif isinstance(value, Unknown):
                return unknown_call("copyIndex", (value,))
        index = frame.loops.get(name.lower())
        if index is None:
            what = f"the loop '{name}'" if name else "a loop"
            raise EvaluationError(f"copyIndex() stands outside of {what}")
        if isinstance(index, Unknown):
            return unknown_call("add", (index, offset)) if offset else index
        return index + offset

    return copy_index


_LAZY: Final[Mapping[str, tuple[int, int | None, Callable[[list[Closure]], Closure]]]] = {
    "and": (1, None, _all_of),
    "coalesce": (1, None, _coalesce),
    "copyindex": (0, 2, _copy_index),
    "if": (3, 3, lambda arguments: choice(*arguments)),
    "or": (1, None, _any_of),
}
