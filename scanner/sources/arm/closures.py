"""Expression nodes to closures: each node is compiled once, and evaluated as often as its value is asked for.

A closure takes a :class:`Frame` and returns a JSON value, which may hold Tokens. It knows nothing of declarations: what
a name means the scope of the frame knows.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from scanner.model.unknown import Unknown
from scanner.sources.arm.calls import call_closure, choice
from scanner.sources.arm.frame import Closure, Frame, constant, refusal
from scanner.sources.arm.functions.arrays import member
from scanner.sources.arm.functions.function import kind_of
from scanner.sources.arm.functions.text import string
from scanner.sources.arm.program import (
    Access,
    Array,
    Call,
    Conditional,
    Entry,
    Expression,
    Interpolation,
    Lambda,
    Literal,
    Local,
    Loop,
    Object,
    Parameter,
    Raw,
    Repeat,
    Spread,
    Symbol,
    Variable,
)
from scanner.sources.arm.syntax import parse_expression
from scanner.sources.arm.values import (
    EvaluationError,
    Token,
    braced,
    first_unknown,
    joined,
    text_of,
    unknown_call,
)

MAX_ROUNDS: Final = 800
"""Rounds of one loop: the documented limit of the service."""

_PLAIN: Final = re.compile(r"\[(parameters|variables)\('([^']+)'\)\]\Z")
_MAX_MEMO: Final = 20_000
_LAMBDA_COST: Final = 8
_ROUND_COST: Final = 20


def closure_of(node: Expression) -> Closure:
    """Return the closure of ``node``, compiled now where it was not before."""
    closure = node.closure
    if closure is None:
        closure = node.closure = _COMPILERS[type(node)](node)
    return closure


def evaluate(node: Expression, frame: Frame) -> Any:
    """Return the value of ``node``; a fault is noted, and the value not known."""
    try:
        return (node.closure or closure_of(node))(frame)
    except EvaluationError as fault:
        return frame.scope.faulted(fault, node.at if fault.at is None else fault.at)


_MEMO: dict[str, Closure] = {}  # a memo of a pure function: nothing can be observed through it but speed


def expand(value: Any, frame: Frame) -> Any:
    """Return the value of a JSON value of a template. A fault in it makes one text unknown, not all."""
    kind = type(value)
    if kind is str:
        return bracketed(value, frame) if value[:1] == "[" and value[-1:] == "]" else value
    if kind is list:
        return [
            item
            if (type(item) is str and item[:1] != "[") or type(item) is bool or type(item) is int
            else expand(item, frame)
            for item in value
        ]
    if kind is dict:
        copies = value.get("copy")
        if type(copies) is list:
            value = _copied(value, copies, frame)
        result = {}
        for key, item in value.items():
            if key[:1] == "[" and key[-1:] == "]":
                key = bracketed(key, frame)
                if not isinstance(key, str):
                    key = _key_text(key)
            kind = type(item)
            if kind is str:
                result[key] = bracketed(item, frame) if item[:1] == "[" and item[-1:] == "]" else item
            elif kind is _Done:
                result[key] = item.value
            else:
                result[key] = expand(item, frame) if kind is dict or kind is list else item
        return result
    return value


def _key_text(value: Any) -> str:
    """Return what a value is as the name of a property."""
    return text_of(value) if first_unknown([value]) is not None else string(value)


def bracketed(text: str, frame: Frame) -> Any:
    """Return the value of a text in brackets."""
    try:
        closure = _MEMO.get(text)
        if closure is None:
            closure = _compiled(text)
        return closure(frame)
    except EvaluationError as fault:
        return frame.scope.faulted(fault, text)


def _compiled(text: str) -> Closure:
    if len(_MEMO) >= _MAX_MEMO:
        _MEMO.clear()
    plain = _PLAIN.match(text)
    if plain is not None:  # a third of all expressions
        closure = (_parameter if plain[1] == "parameters" else _variable)(plain[2])
    elif text[1:2] == "[":
        closure = constant(text[1:])
    else:
        try:
            closure = closure_of(parse_expression(text[1:-1]))
        except EvaluationError as fault:
            closure = refusal(fault.message, by_value=False)
    _MEMO[text] = closure
    return closure


class _Done:
    """A value in a template that is evaluated already."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


def _copied(value: dict[str, Any], copies: list[Any], frame: Frame) -> dict[str, Any]:
    """Return an object of a template with the properties that its ``copy`` makes."""
    if not all(isinstance(copy, dict) and "name" in copy and "count" in copy for copy in copies):
        return value
    result = {key: item for key, item in value.items() if key != "copy"}
    for copy in copies:
        name = str(copy["name"])
        loop = Loop(count=Raw(copy["count"]), name=name)
        try:
            result[name] = _Done(repeated(loop, Raw(copy.get("input")), frame, inner=True))
        except EvaluationError as fault:
            result[name] = _Done(frame.scope.faulted(fault, fault.at))
    return result


def rounds(loop: Loop, frame: Frame, *, inner: bool = False) -> list[Frame] | Unknown:
    """Return a frame for each round of a loop, or why nobody knows how many there are.

    ``inner`` loops are those of a property: a ``copyIndex()`` without a name means the loop around them. Raises
    :class:`EvaluationError` where there are too many.
    """
    over: list[Any] | None = None
    if loop.over is not None:
        values = closure_of(loop.over)(frame)
        if isinstance(values, Unknown):
            return values
        if not isinstance(values, list):
            raise EvaluationError(f"a loop wants an array to run over, not {kind_of(values)}", by_value=True)
        over, count = values, len(values)
    else:
        assert loop.count is not None
        count = closure_of(loop.count)(frame)
        if isinstance(count, Unknown):
            return count
        if not isinstance(count, int) or isinstance(count, bool) or count < 0:
            what = count if isinstance(count, int) else kind_of(count)
            raise EvaluationError(f"the loop '{loop.name}' wants a count, not {what}", by_value=True)
    if count > MAX_ROUNDS:
        raise EvaluationError(f"the loop '{loop.name or loop.item}' runs {count} times; the limit is {MAX_ROUNDS}")
    frame.scope.budget.spend(count * _ROUND_COST)
    frames = [_round(loop, frame, index, over[index] if over is not None else None, inner) for index in range(count)]
    if loop.condition is None:
        return frames
    test = closure_of(loop.condition)
    kept = [(one, test(one)) for one in frames]
    unknown = next((result for _, result in kept if isinstance(result, Unknown)), None)
    return unknown if unknown is not None else [one for one, result in kept if result is True]


def unknown_round(loop: Loop, frame: Frame, why: Unknown, *, inner: bool = False) -> Frame:
    """Return the frame of the one round that stands for all, where nobody knows how many there are."""
    index = Token(braced(f"copyIndex({loop.name})"), why.reason, why.origin)
    item = why.member("*") if isinstance(why, Token) else index
    return _round(loop, frame, index, item, inner)


def _round(loop: Loop, frame: Frame, index: Any, item: Any, inner: bool) -> Frame:
    loops = frame.loops
    names = frame.locals
    if loop.over is None or loop.name:
        loops = {**loops, loop.name.lower(): index}
        if not inner or "" not in loops:
            loops[""] = index
    if loop.item or loop.index:
        names = {**names, loop.item: item, loop.index: index}
    return Frame(frame.scope, loops, names)


def repeated(loop: Loop, body: Expression, frame: Frame, *, inner: bool = False) -> Any:
    """Return the array of ``body`` for each round of ``loop``, or a Token where nobody knows how many there are."""
    frames = rounds(loop, frame, inner=inner)
    if isinstance(frames, Unknown):
        return unknown_call("loop", (frames, loop.name or loop.item))
    closure = closure_of(body)
    values: list[Any] = []
    budget = frame.scope.budget
    for index, one in enumerate(frames):
        values.append(closure(one))
        if index == 0:
            budget.spend(budget.weigh(values[0]) * len(frames) // 8)
    return values


class Bound:
    """A lambda with the frame it was written in: a callable that takes at least the values that it names."""

    __slots__ = ("body", "frame", "names")

    def __init__(self, names: tuple[str, ...], body: Closure, frame: Frame) -> None:
        self.names = names
        self.body = body
        self.frame = frame

    def __call__(self, *values: Any) -> Any:
        """Return the value of the body with the names bound."""
        if len(self.names) > len(values):
            raise EvaluationError(f"a lambda here can name {len(values)} values, not {len(self.names)}")
        scope = self.frame.scope
        scope.budget.spend(_LAMBDA_COST)
        scope.budget.weigh(values[0])
        return self.body(self.frame.bind(dict(zip(self.names, values, strict=False))))


def _literal(node: Literal) -> Closure:
    return constant(node.value)


def _raw(node: Raw) -> Closure:
    value = node.value
    return lambda frame: expand(value, frame)


def _parameter(name: str) -> Closure:
    def parameter(frame: Frame) -> Any:
        scope = frame.scope
        known = scope.known_parameters
        return known[name] if name in known else scope.parameter(name)

    return parameter


def _variable(name: str) -> Closure:
    def variable(frame: Frame) -> Any:
        scope = frame.scope
        known = scope.known_variables
        return known[name] if name in known else scope.variable(name)

    return variable


def _local(node: Local) -> Closure:
    name = node.name

    def local(frame: Frame) -> Any:
        if name in frame.locals:
            return frame.locals[name]
        raise EvaluationError(f"nothing binds the name '{name}' here")

    return local


def _symbol(node: Symbol) -> Closure:
    name = node.name
    return lambda frame: frame.scope.symbol(name, frame)


def _interpolation(node: Interpolation) -> Closure:
    closures = [closure_of(part) for part in node.parts]

    def interpolation(frame: Frame) -> Any:
        values = [closure(frame) for closure in closures]
        if not any(isinstance(value, Unknown) for value in values):
            values = [unknown_call("string", (value,)) if first_unknown([value]) else string(value) for value in values]
        return joined([value if isinstance(value, (str, Unknown)) else string(value) for value in values])

    return interpolation


def _access(node: Access) -> Closure:
    base, key, safe, from_end = closure_of(node.base), closure_of(node.key), node.safe, node.from_end

    def access(frame: Frame) -> Any:
        value = base(frame)
        if safe and value is None:
            return None
        step = key(frame)
        if from_end and isinstance(value, list) and isinstance(step, int):
            step = len(value) - step
        return member(value, step, safe=safe)

    def plain(frame: Frame) -> Any:
        value = base(frame)
        if type(value) is dict and literal in value:
            return value[literal]
        return None if safe and value is None else member(value, literal, safe=safe)

    literal = node.key.value if isinstance(node.key, Literal) and not from_end else None
    return _placed(plain if literal is not None else access, node)


def _lambda(node: Lambda) -> Closure:
    names, body = node.parameters, closure_of(node.body)
    return lambda frame: Bound(names, body, frame)


def _conditional(node: Conditional) -> Closure:
    return choice(closure_of(node.test), closure_of(node.then), closure_of(node.otherwise))


def _object(node: Object) -> Closure:
    entries = [
        (None, entry.value, closure_of(entry.value))
        if isinstance(entry, Spread)
        else (closure_of(entry.key), entry.value, closure_of(entry.value))
        for entry in node.entries
    ]

    def construct(frame: Frame) -> Any:
        result: dict[str, Any] = {}
        for key, value_node, closure in entries:
            try:
                name = key(frame) if key is not None else None
                value = closure(frame)
            except EvaluationError as fault:
                place = value_node.at if fault.at is None else fault.at
                value = frame.scope.faulted(fault, place)
                if key is None:
                    return value
                name = _attempt_name(key, frame)
            if key is not None:
                result[name if isinstance(name, str) else _key_text(name)] = value
            elif isinstance(value, dict):
                result.update(value)
            elif isinstance(value, Unknown):
                return unknown_call("object", (value, result))
            elif value is not None:
                raise EvaluationError(f"an object can take in the members of an object, not of {kind_of(value)}")
        return result

    return construct


def _attempt_name(key: Closure, frame: Frame) -> Any:
    try:
        return key(frame)
    except EvaluationError:
        return Token(braced("key"), "the name of the property cannot be evaluated")


def _array(node: Array) -> Closure:
    items = [(isinstance(item, Spread), item.value if isinstance(item, Spread) else item) for item in node.items]
    closures = [(spread, item, closure_of(item)) for spread, item in items]

    def construct(frame: Frame) -> Any:
        result: list[Any] = []
        for spread, item, closure in closures:
            try:
                value = closure(frame)
            except EvaluationError as fault:
                value = frame.scope.faulted(fault, item.at if fault.at is None else fault.at)
            if not spread:
                result.append(value)
            elif isinstance(value, list):
                result += value
            elif isinstance(value, Unknown):
                return unknown_call("array", (value, result))
            elif value is not None:
                raise EvaluationError(f"an array can take in the members of an array, not of {kind_of(value)}")
        return result

    return construct


def _repeat(node: Repeat) -> Closure:
    loop, body = node.loop, node.body
    return lambda frame: repeated(loop, body, frame, inner=True)


def _unexpected(node: Expression) -> Closure:
    def unexpected(frame: Frame) -> Any:
        raise EvaluationError("an entry or spread stands where a value is wanted")

    return unexpected


def _placed(closure: Closure, node: Expression) -> Closure:
    """Return ``closure`` so that its faults know where they are; nodes of ARM expressions have no place."""
    at = node.at
    if at is None:
        return closure

    def placed(frame: Frame) -> Any:
        try:
            return closure(frame)
        except EvaluationError as fault:
            if fault.at is None:
                fault.at = at
            raise

    return placed


def _call(node: Call) -> Closure:
    return _placed(call_closure(node, closure_of), node)


_COMPILERS: Final[Mapping[type, Callable[[Any], Closure]]] = {
    Access: _access,
    Array: _array,
    Call: _call,
    Conditional: _conditional,
    Entry: _unexpected,
    Interpolation: _interpolation,
    Lambda: _lambda,
    Literal: _literal,
    Local: _local,
    Object: _object,
    Parameter: lambda node: _parameter(node.name),
    Raw: _raw,
    Repeat: _repeat,
    Spread: _unexpected,
    Symbol: _symbol,
    Variable: lambda node: _variable(node.name),
}
