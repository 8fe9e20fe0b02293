"""Parses expressions and types. Knows tokens and nodes; statements are :mod:`.parser`'s.

Where a line break may stand is part of the grammar: behind an opening bracket, before a closing one, between the items
of arrays and objects, behind the commas of arguments, behind ``=>``, and before ``?``, ``:`` and ``|``; nowhere else.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, Final, NoReturn, TypeVar

from scanner.sources.bicep.syntax import nodes
from scanner.sources.bicep.syntax.lexer import (
    END,
    LEFT,
    LINE,
    MAX_IDENTIFIER,
    MIDDLE,
    NAME,
    NUMBER,
    RIGHT,
    TEXT,
    Tokens,
)
from scanner.sources.bicep.syntax.nodes import (
    Array,
    Binary,
    Call,
    Conditional,
    Decorator,
    Expression,
    For,
    Index,
    Lambda,
    Literal,
    Name,
    Nested,
    NonNull,
    Object,
    ObjectProperty,
    Parens,
    Property,
    Spread,
    Template,
    Unary,
)

MAX_DEPTH: Final = 64
"""Brackets, arguments and branches in each other; deeper ones are refused, not risked."""
MAX_CHAIN: Final = 100
"""Steps of one chain: ``a.b.c``, ``a && b && c``, ``x ? y : z ? …``."""
MAX_INTEGER: Final = 2**63 - 1

_T = TypeVar("_T")

LITERALS: Final = {"true": True, "false": False, "null": None}
"""Words that are values."""
_PRECEDENCE: Final = {
    "??": 1,
    "||": 2,
    "&&": 3,
    "==": 4,
    "!=": 4,
    "=~": 4,
    "!~": 4,
    "<": 5,
    "<=": 5,
    ">": 5,
    ">=": 5,
    "+": 6,
    "-": 6,
    "*": 7,
    "/": 7,
    "%": 7,
}
_ENDS: Final = frozenset((LINE, ",", ")", "]", "}", END))
_POSTFIX: Final = frozenset((".", "[", "::", "!"))
_SHOWN: Final = {LINE: "the end of the line", END: "the end of the file"}


class BicepSyntaxError(Exception):
    """The statement cannot be read; caught where statements are."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offset = offset


class ExpressionParser(ABC):
    """Reads expressions and types from a column of tokens, from ``at`` on."""

    def __init__(self, tokens: Tokens) -> None:
        self.kinds = [*tokens.kinds, END, END]
        self.texts = tokens.texts
        self.starts = tokens.starts
        self.ends = tokens.ends
        self.at = 0
        self.depth = 0

    # Tokens

    def fault(self, expected: str) -> BicepSyntaxError:
        """Return the complaint that ``expected`` does not stand here."""
        at = min(self.at, len(self.starts) - 1)
        kind = self.kinds[at]
        found = _SHOWN.get(kind) or ("a string" if kind in (TEXT, LEFT) else f"'{self.texts[at][:40]}'")
        if kind in (MIDDLE, RIGHT):
            found = "the end of '${…}'"
        return BicepSyntaxError(f"expected {expected}, found {found}", self.starts[at])

    def expect(self, kind: str, expected: str) -> None:
        """Step over a token of that kind."""
        if self.kinds[self.at] != kind:
            raise self.fault(expected)
        self.at += 1

    def name(self, expected: str) -> Name:
        """Read an identifier."""
        at = self.at
        if self.kinds[at] != NAME:
            raise self.fault(expected)
        self.at = at + 1
        text = self.texts[at]
        if len(text) > MAX_IDENTIFIER:
            raise BicepSyntaxError(f"the identifier is longer than {MAX_IDENTIFIER} characters", self.starts[at])
        return Name(text, self.starts[at], self.ends[at])

    def word(self, text: str) -> bool:
        """Step over the identifier ``text`` if it stands here."""
        found = self.kinds[self.at] == NAME and self.texts[self.at] == text
        self.at += found
        return found

    def skip_lines(self) -> None:
        """Step over line breaks."""
        while self.kinds[self.at] == LINE:
            self.at += 1

    def string(self, expected: str) -> Literal | Template:
        """Read a string, interpolated or not."""
        kind = self.kinds[self.at]
        if kind == TEXT:
            at = self.at
            self.at = at + 1
            return Literal(self.texts[at], self.starts[at], self.ends[at])
        if kind != LEFT:
            raise self.fault(expected)
        return self._template()

    def items(self, close: str, read: Callable[[], _T]) -> list[_T]:
        """Read what stands between brackets, one item a line or by commas, and step over the closing bracket."""
        found: list[_T] = []
        self.enter()
        self.skip_lines()
        while self.kinds[self.at] != close:
            found.append(read())
            kind = self.kinds[self.at]
            if kind == LINE:
                self.at += 1
                self.skip_lines()
            elif kind == ",":
                self.at += 1
                if self.kinds[self.at] == LINE:
                    raise self.fault("an item on the same line behind ','")
            elif kind != close:
                raise self.fault(f"a new line, ',' or '{close}'")
        self.at += 1
        self.depth -= 1
        return found

    def enter(self) -> None:
        """Go one level deeper. Raises where that is too deep."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            at = min(self.at, len(self.starts) - 1)
            raise BicepSyntaxError(f"expressions are nested deeper than {MAX_DEPTH} levels", self.starts[at])

    def chain_too_long(self) -> NoReturn:
        """Raise that an expression has too many steps."""
        raise BicepSyntaxError(f"the expression has more than {MAX_CHAIN} steps", self.starts[self.at])

    # Expressions

    def expression(self) -> Expression:
        """Read an expression."""
        kinds, at = self.kinds, self.at
        following = kinds[at + 1]
        if following in _ENDS and (following != LINE or kinds[at + 2] != "?"):
            kind = kinds[at]  # nothing behind it: most values are one token
            if kind == TEXT:
                self.at = at + 1
                return Literal(self.texts[at], self.starts[at], self.ends[at])
            if kind == NAME:
                self.at = at + 1
                text = self.texts[at]
                if text in LITERALS:
                    return Literal(LITERALS[text], self.starts[at], self.ends[at])
                return Name(text, self.starts[at], self.ends[at])
        test = self._binary(0)
        kind = kinds[self.at]
        if kind == "?" or (kind == LINE and kinds[self.at + 1] == "?"):
            return self._conditional(test)
        return test

    def _conditional(self, test: Expression) -> Expression:
        """Read ``? a : b`` behind ``test``; a chain of them is read in a loop, so that its length is no danger."""
        pending: list[tuple[Expression, Expression]] = []
        self.enter()
        while True:
            kind = self.kinds[self.at]
            if kind == LINE and self.kinds[self.at + 1] == "?":
                self.at += 1
            elif kind != "?":
                break
            self.at += 1
            then = self.expression()
            if self.kinds[self.at] == LINE and self.kinds[self.at + 1] == ":":
                self.at += 1
            self.expect(":", "':' and what holds otherwise")
            pending.append((test, then))
            if len(pending) > MAX_CHAIN:
                self.chain_too_long()
            test = self._binary(0)
        self.depth -= 1
        result = test
        for condition, then in reversed(pending):
            result = Conditional(condition, then, result, condition.start, result.end)
        return result

    def _binary(self, least: int) -> Expression:
        left = self._unary()
        precedence = _PRECEDENCE.get(self.kinds[self.at], 0)
        steps = 0
        while precedence > least:
            operator = self.kinds[self.at]
            self.at += 1
            right = self._binary(precedence)
            left = Binary(operator, left, right, left.start, right.end)
            precedence = _PRECEDENCE.get(self.kinds[self.at], 0)
            steps += 1
            if steps > MAX_CHAIN:
                self.chain_too_long()
        return left

    def _unary(self) -> Expression:
        kind = self.kinds[self.at]
        if kind not in ("!", "-"):
            return self._member()
        start = self.starts[self.at]
        self.at += 1
        operand = self._member()
        return Unary(kind, operand, start, operand.end)

    def _member(self) -> Expression:
        of = self._primary()
        kinds = self.kinds
        steps = 0
        while (kind := kinds[self.at]) in _POSTFIX:
            steps += 1
            if steps > MAX_CHAIN:
                self.chain_too_long()
            at = self.at = self.at + 1
            if kind == ".":
                safe = kinds[at] == "?"
                self.at += safe
                name = self.name("a property or function name")
                if kinds[self.at] == "(" and not safe:
                    args = self.arguments()
                    of = Call(of, name, args, of.start, self.ends[self.at - 1])
                else:
                    of = Property(of, name.name, safe, of.start, name.end)
            elif kind == "[":
                of = self._index(of)
            elif kind == "!":
                of = NonNull(of, of.start, self.ends[at - 1])
            else:
                name = self.name("the name of a nested resource")
                of = Nested(of, name.name, of.start, name.end)
        return of

    def _index(self, of: Expression) -> Index:
        safe = self.kinds[self.at] == "?"
        self.at += safe
        from_end = self.kinds[self.at] == "^"
        self.at += from_end
        self.enter()
        key = self.expression()
        self.depth -= 1
        self.expect("]", "']'")
        return Index(of, key, safe, from_end, of.start, self.ends[self.at - 1])

    def _primary(self) -> Expression:
        at = self.at
        kind = self.kinds[at]
        if kind == NAME:
            return self._named()
        if kind == TEXT:
            self.at = at + 1
            return Literal(self.texts[at], self.starts[at], self.ends[at])
        if kind == "{":
            return self.object(resources=False)
        if kind == NUMBER:
            return self.number()
        if kind == LEFT:
            return self._template()
        if kind == "[":
            return self._array()
        if kind == "(":
            return self._parens()
        raise self.fault("a value")

    def number(self) -> Literal:
        """Read an integer."""
        at = self.at
        digits = self.texts[at]
        value = int(digits) if len(digits) < 20 else MAX_INTEGER + 1
        if value > MAX_INTEGER + (self.kinds[at - 1] == "-"):
            raise BicepSyntaxError("the integer does not fit in 64 bits", self.starts[at])
        self.at = at + 1
        return Literal(value, self.starts[at], self.ends[at])

    def _named(self) -> Expression:
        at = self.at
        text, start, end = self.texts[at], self.starts[at], self.ends[at]
        if text in LITERALS:
            self.at = at + 1
            return Literal(LITERALS[text], start, end)
        name = self.name("a name")
        kind = self.kinds[at + 1]
        if kind == "(":
            args = self.arguments()
            return Call(None, name, args, start, self.ends[self.at - 1])
        if kind == "=>":
            return self._lambda((name,), start)
        return name

    def arguments(self) -> tuple[Expression, ...]:
        """Read ``(a, b)``; line breaks may follow commas."""
        self.at += 1
        self.enter()
        self.skip_lines()
        args: list[Expression] = []
        while self.kinds[self.at] != ")" or args:
            args.append(self.expression())
            if self.kinds[self.at] != ",":
                self.skip_lines()
                break
            self.at += 1
            self.skip_lines()
        self.expect(")", "',' or ')'")
        self.depth -= 1
        return tuple(args)

    def _lambda(self, params: tuple[Name, ...], start: int) -> Lambda:
        self.expect("=>", "'=>'")
        self.skip_lines()
        self.enter()
        body = self.expression()
        self.depth -= 1
        return Lambda(params, body, start, body.end)

    def _parens(self) -> Expression:
        """Read ``(x)``, or ``(x, y) => body``."""
        start = self.starts[self.at]
        self.at += 1
        self.enter()
        self.skip_lines()
        inside: list[Expression] = []
        while self.kinds[self.at] != ")":
            inside.append(self.expression())
            self.skip_lines()
            if self.kinds[self.at] != ",":
                break
            self.at += 1
            self.skip_lines()
        self.expect(")", "')'")
        self.depth -= 1
        if self.kinds[self.at] == "=>":
            return self._lambda(self._parameters(inside), start)
        if len(inside) != 1:
            raise BicepSyntaxError(f"expected one expression in the parentheses, found {len(inside)}", start)
        return Parens(inside[0], start, self.ends[self.at - 1])

    def _parameters(self, inside: list[Expression]) -> tuple[Name, ...]:
        names = []
        for item in inside:
            if not isinstance(item, Name):
                raise BicepSyntaxError("expected the name of a lambda's parameter", item.start)
            names.append(item)
        return tuple(names)

    def _template(self) -> Template:
        """Read an interpolated string; line breaks in its holes stand only where brackets allow them."""
        at = self.at
        start = self.starts[at]
        parts: list[str | Expression] = []
        self.enter()
        while True:
            if self.texts[at]:
                parts.append(self.texts[at])
            self.at = at + 1
            if self.kinds[at] == RIGHT:
                break
            parts.append(self.expression())
            at = self.at
            if self.kinds[at] not in (MIDDLE, RIGHT):
                raise self.fault("'}'")
        self.depth -= 1
        return Template(tuple(parts), start, self.ends[at])

    def _array(self) -> Expression:
        start = self.starts[self.at]
        at = self.at + 1
        while self.kinds[at] == LINE:
            at += 1
        if self.kinds[at] == NAME and self.texts[at] == "for" and self.kinds[at + 1] in (NAME, "("):
            return self.loop(self.expression)
        self.at += 1
        items = self.items("]", self._item)
        return Array(tuple(items), start, self.ends[self.at - 1])

    def _item(self) -> Expression | Spread:
        if self.kinds[self.at] == "...":
            return self._spread()
        return self.expression()

    def _spread(self) -> Spread:
        start = self.starts[self.at]
        self.at += 1
        value = self.expression()
        return Spread(value, start, value.end)

    def loop(self, body: Callable[[], Any]) -> For:
        """Read ``[for … in …: body]``; the body of a resource or module may start with ``if (…)``."""
        start = self.starts[self.at]
        self.at += 1
        self.skip_lines()
        self.enter()
        self.at += 1
        index = None
        if self.kinds[self.at] == "(":
            self.at += 1
            item = self.name("the name of the item")
            self.expect(",", "',' and the name of the index")
            index = self.name("the name of the index")
            self.expect(")", "')'")
        else:
            item = self.name("the name of the item or '('")
        if not self.word("in"):
            raise self.fault("'in'")
        collection = self.expression()
        self.expect(":", "':' and the body of the loop")
        result = body()
        condition = None
        if isinstance(result, nodes.If):
            condition, result = result.condition, result.body
        self.skip_lines()
        self.expect("]", "']'")
        self.depth -= 1
        return For(item, index, collection, condition, result, start, self.ends[self.at - 1])

    def object(self, *, resources: bool) -> Object:
        """Read ``{ key: value }``; with ``resources`` it may declare some, as the body of a resource may."""
        kinds, texts, starts = self.kinds, self.texts, self.starts
        start = starts[self.at]
        self.at += 1
        self.enter()
        self.skip_lines()
        properties: list[ObjectProperty | Spread] = []
        nested: list[nodes.Resource] = []
        while (kind := kinds[at := self.at]) != "}":
            if kind == NAME and kinds[at + 1] == ":":
                self.at = at + 2
                value = self.expression()
                properties.append(ObjectProperty(texts[at], value, starts[at], value.end))
            elif kind == "...":
                properties.append(self._spread())
            elif resources and (kind == "@" or (kind == NAME and texts[at] == "resource" and kinds[at + 1] == NAME)):
                nested.append(self.nested_resource())
            else:
                properties.append(self._property())
            kind = kinds[self.at]
            if kind == LINE:
                self.at += 1
                self.skip_lines()
            elif kind == ",":
                self.at += 1
                if kinds[self.at] == LINE:
                    raise self.fault("a property on the same line behind ','")
            elif kind != "}":
                raise self.fault("a new line, ',' or '}'")
        self.at += 1
        self.depth -= 1
        return Object(tuple(properties), tuple(nested), start, self.ends[self.at - 1])

    @abstractmethod
    def nested_resource(self) -> nodes.Resource:
        """Read a resource declared in another's body; statements are the subclass's."""

    def _property(self) -> ObjectProperty:
        """Read a property whose key is quoted, or that is wrong."""
        start = self.starts[self.at]
        key: str | Template
        if self.kinds[self.at] == NAME:
            key = self.name("a property name").name
        else:
            string = self.string("a property name")
            key = string if isinstance(string, Template) else str(string.value)
        self.expect(":", "':'")
        value = self.expression()
        return ObjectProperty(key, value, start, value.end)

    # Decorators

    def decorators(self) -> tuple[Decorator, ...]:
        """Read the decorators that stand here, each followed by a line break."""
        found: list[Decorator] = []
        while self.kinds[self.at] == "@":
            start = self.starts[self.at]
            self.at += 1
            name = self.name("the name of a decorator")
            call: Call | Name | Property = name
            if self.kinds[self.at] == "(":
                call = Call(None, name, self.arguments(), name.start, self.ends[self.at - 1])
            while self.kinds[self.at] == ".":
                self.at += 1
                name = self.name("the name of a decorator")
                if self.kinds[self.at] == "(":
                    call = Call(call, name, self.arguments(), call.start, self.ends[self.at - 1])
                else:
                    call = Property(call, name.name, False, call.start, name.end)
                if len(found) > MAX_CHAIN:
                    self.chain_too_long()
            found.append(Decorator(call, start, call.end))
            self.expect(LINE, "a new line behind the decorator")
            self.skip_lines()
        return tuple(found)
