"""The expression language of ARM templates: text in brackets to nodes.

One pass with one pattern and an own stack, so that nesting is bounded by :data:`MAX_DEPTH` and not by Python.
"""

import re
from typing import Final

from scanner.sources.arm.program import Access, Call, Expression, Lambda, Literal, Local, Parameter, Variable
from scanner.sources.arm.values import EvaluationError

MAX_DEPTH: Final = 64
"""Calls and brackets inside each other; the service refuses expressions of more than 24,576 characters."""
MAX_LENGTH: Final = 24_576

_PART: Final = re.compile(
    r"""[A-Za-z_$][\w$]*+
    | '(?:[^']|'')*+'
    | -?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?!\w)
    | \?\.|\.\?|\[\?|\S""",
    re.VERBOSE,
)
_NAME_START: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_$")
_NUMBER_START: Final = frozenset("-0123456789")
_CONSTANTS: Final = {"true": True, "false": False, "null": None}


def parse_expression(text: str) -> Expression:
    """Return the node of ``text``, which stands between the outer brackets. Raises :class:`EvaluationError`."""
    if len(text) > MAX_LENGTH:
        raise EvaluationError(f"cannot read the expression: it is longer than {MAX_LENGTH} characters")
    return _Parser(text).whole()


class _Parser:
    """Reads one expression; ``_part`` is the part that comes next, empty at the end."""

    __slots__ = ("_depth", "_index", "_part", "_parts", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._parts = _PART.findall(text)
        self._parts.append("")
        self._index = 0
        self._part = self._parts[0]
        self._depth = 0

    def whole(self) -> Expression:
        node = self._value()
        if self._part:
            raise self._fault("the end of the expression")
        return node

    def _next(self) -> None:
        self._index += 1
        self._part = self._parts[self._index]

    def _fault(self, wanted: str) -> EvaluationError:
        starts = [match.start() for match in _PART.finditer(self._text)]
        start = starts[self._index] if self._part else len(self._text)
        found = f"'{self._part[:40]}'" if self._part else "the end"
        return EvaluationError(
            f"cannot read the expression: {wanted} is expected at character {start + 2}, not {found}"
        )

    def _value(self) -> Expression:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise EvaluationError(f"cannot read the expression: it is nested deeper than {MAX_DEPTH} levels")
        node = self._primary()
        if self._part in _STEPS:
            node = self._steps(node)
        self._depth -= 1
        return node

    def _primary(self) -> Expression:
        part = self._part
        start = part[:1]
        if start in _NAME_START and start:
            self._next()
            if self._part == "(":
                name = part.lower()
                if name in _NAMES:
                    node = self._named(name)
                    if node is not None:
                        return node
                return _call("", part, self._arguments())
            if self._part == ".":
                return self._qualified(part)
            if part.lower() in _CONSTANTS:
                return Literal(_CONSTANTS[part.lower()])
            raise self._fault("'('")
        if start == "'" and len(part) > 1:
            self._next()
            return Literal(part[1:-1].replace("''", "'"))
        if start in _NUMBER_START and start and part != "-":
            self._next()
            return Literal(int(part) if part.lstrip("-").isdigit() else float(part))
        raise self._fault("a value")

    def _named(self, name: str) -> Expression | None:
        """Return ``parameters('x')`` and its like, half of what stands in expressions; None where it is not that."""
        text, end = self._parts[self._index + 1], self._parts[self._index + 2 : self._index + 3]
        if text[:1] != "'" or len(text) < 2 or end != [")"]:
            return None
        self._index += 2
        self._next()
        return _NAMES[name](text[1:-1].replace("''", "'"))

    def _qualified(self, namespace: str) -> Expression:
        self._next()
        name = self._part
        if name[:1] not in _NAME_START:
            raise self._fault("the name of a function")
        self._next()
        if self._part != "(":
            raise self._fault("'('")
        return _call(namespace, name, self._arguments())

    def _arguments(self) -> tuple[Expression, ...]:
        self._next()
        if self._part == ")":
            self._next()
            return ()
        arguments: list[Expression] = []
        while True:
            arguments.append(self._value())
            sign = self._part
            if sign != "," and sign != ")":
                raise self._fault("',' or ')'")
            self._next()
            if sign == ")":
                return tuple(arguments)

    def _steps(self, node: Expression) -> Expression:
        steps = 0
        while (sign := self._part) in _STEPS:
            steps += 1
            if steps > MAX_DEPTH:
                raise EvaluationError(f"cannot read the expression: more than {MAX_DEPTH} steps of access")
            self._next()
            if "[" in sign:
                key = self._value()
                if self._part != "]":
                    raise self._fault("']'")
            else:
                if self._part[:1] not in _NAME_START:
                    raise self._fault("the name of a property")
                key = Literal(self._part)
            self._next()
            node = Access(node, key, safe="?" in sign)
        return node


_STEPS: Final = frozenset((".", "[", "?.", ".?", "[?"))


def _call(namespace: str, name: str, arguments: tuple[Expression, ...]) -> Expression:
    """Return the node of a call; those that are names in disguise become names."""
    if namespace or not arguments:
        return Call(name, arguments, namespace)
    if name.lower() == "lambda":
        names = [one.value for one in arguments[:-1] if isinstance(one, Literal) and isinstance(one.value, str)]
        if len(names) == len(arguments) - 1:
            return Lambda(tuple(names), arguments[-1])
    return Call(name, arguments)


_NAMES: Final = {"parameters": Parameter, "variables": Variable, "lambdavariables": Local}
