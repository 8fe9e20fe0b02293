"""``regex``, ``regexall`` and ``replace``: in linear time, or not at all."""

from typing import TYPE_CHECKING

from scanner.sources.terraform.functions.function import Function, FunctionError
from scanner.sources.terraform.functions.strings import check_length
from scanner.sources.terraform.values.types import STRING, ObjectType, TupleType, Type
from scanner.sources.terraform.values.value import ListValue, Value, normal

if TYPE_CHECKING:
    from scanner.sources.terraform.functions.pattern_machine import Expression, Spans


def _compiled(pattern: str, argument: int = 0) -> "Expression":
    from scanner.sources.terraform.functions.pattern_machine import compile_pattern
    from scanner.sources.terraform.functions.pattern_syntax import PatternFault

    try:
        return compile_pattern(pattern)
    except PatternFault as fault:
        raise FunctionError(f"invalid regexp pattern: {fault}", argument) from None


def _shape(expression: "Expression") -> Type:
    """Return the type of one match: text, or the captures as a tuple or, all named, as an object."""
    if not expression.names:
        return STRING
    named = [name for name in expression.names if name]
    if not named:
        return TupleType([STRING] * expression.groups)
    if len(named) < expression.groups:
        raise FunctionError("invalid regexp pattern: cannot mix both named and unnamed capture groups", 0)
    return ObjectType(dict.fromkeys(named, STRING))


def _result(expression: "Expression", text: str, spans: "Spans") -> Value:
    captures = [
        normal(text[start:end]) if start >= 0 else None for start, end in zip(spans[::2], spans[1::2], strict=True)
    ]
    if not expression.names:
        return captures[0]
    if not expression.names[0]:
        return tuple(captures[1:])
    return dict(zip(expression.names, captures[1:], strict=True))


def _regex(pattern: str, text: str) -> Value:
    expression = _compiled(pattern)
    _shape(expression)
    spans = expression.search(text)
    if spans is None:
        raise FunctionError("pattern did not match any part of the given string")
    return _result(expression, text, spans)


def _regex_all(pattern: str, text: str) -> Value:
    expression = _compiled(pattern)
    element = _shape(expression)
    return ListValue((_result(expression, text, spans) for spans in expression.find_all(text)), element)


def _replace(text: str, part: str, new: str) -> Value:
    if len(part) > 1 and part[0] == part[-1] == "/":
        return normal(_compiled(part[1:-1], 1).replace_all(text, new))
    check_length(len(text) + text.count(part) * len(new))
    return normal(text.replace(part, new))


FUNCTIONS = {
    "regex": Function(_regex, STRING, STRING),
    "regexall": Function(_regex_all, STRING, STRING),
    "replace": Function(_replace, STRING, STRING, STRING),
}
