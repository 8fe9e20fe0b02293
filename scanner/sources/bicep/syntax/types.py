"""Parses types. Knows tokens and nodes; line breaks may stand before ``|`` and where brackets allow them."""

from __future__ import annotations

from scanner.sources.bicep.syntax.expressions import LITERALS, MAX_CHAIN, BicepSyntaxError, ExpressionParser
from scanner.sources.bicep.syntax.lexer import END, LEFT, LINE, NAME, NUMBER, TEXT
from scanner.sources.bicep.syntax.nodes import (
    ArrayType,
    Literal,
    Name,
    NonNull,
    NullableType,
    ObjectType,
    Parens,
    PropertyType,
    ResourceType,
    Template,
    TupleItem,
    TupleType,
    Type,
    TypeCall,
    TypeElement,
    TypeIndex,
    TypeMember,
    Unary,
    UnionType,
)

_MAX_MEMBERS = 10_000
"""Members of one union."""


class TypeParser(ExpressionParser):
    """Reads types from a column of tokens."""

    def type(self) -> Type:
        """Read a type; ``resource 'x@y'`` is one in parameters and outputs."""
        at = self.at
        if self.kinds[at] == NAME:
            following = self.kinds[at + 1]
            if self.texts[at] == "resource" and following in (TEXT, LEFT, "=", LINE, END):
                self.at = at + 1
                string = self.string("a resource type") if following in (TEXT, LEFT) else None
                return ResourceType(string, self.starts[at], self.ends[self.at - 1])
        return self.type_expression()

    def type_expression(self) -> Type:
        """Read a type, unions included."""
        start = self.starts[min(self.at, len(self.starts) - 1)]
        self.enter()
        members: list[Type] = []
        leading = self._pipe()
        members.append(self._unary_type())
        while self._pipe():
            members.append(self._unary_type())
            if len(members) > _MAX_MEMBERS:
                self.chain_too_long()
        self.depth -= 1
        if len(members) == 1 and not leading:
            return members[0]
        return UnionType(tuple(members), start, members[-1].end)

    def _pipe(self) -> bool:
        at = self.at
        if self.kinds[at] == LINE and self.kinds[at + 1] == "|":
            at += 1
        if self.kinds[at] != "|":
            return False
        self.at = at + 1
        return True

    def _unary_type(self) -> Type:
        kind, start = self.kinds[self.at], self.starts[min(self.at, len(self.starts) - 1)]
        of: Type
        if kind in ("!", "-"):
            self.at += 1
            operand = self._member_type()
            of = Unary(kind, operand, start, operand.end)
        else:
            of = self._member_type()
        steps = 0
        while (kind := self.kinds[self.at]) in ("?", "!"):
            self.at += 1
            end = self.ends[self.at - 1]
            of = NullableType(of, of.start, end) if kind == "?" else NonNull(of, of.start, end)
            steps += 1
            if steps > MAX_CHAIN:
                self.chain_too_long()
        return of

    def _member_type(self) -> Type:
        of = self._primary_type()
        steps = 0
        while (kind := self.kinds[self.at]) in ("[", "."):
            self.at += 1
            of = self._array_step(of) if kind == "[" else self._dot_step(of)
            steps += 1
            if steps > MAX_CHAIN:
                self.chain_too_long()
        return of

    def _array_step(self, of: Type) -> Type:
        kind = self.kinds[self.at]
        if kind == "]":
            self.at += 1
            return ArrayType(of, of.start, self.ends[self.at - 1])
        if kind == "*":
            self.at += 1
            self.expect("]", "']'")
            return TypeElement(of, of.start, self.ends[self.at - 1])
        index = self.expression()
        self.expect("]", "']'")
        return TypeIndex(of, index, of.start, self.ends[self.at - 1])

    def _dot_step(self, of: Type) -> Type:
        if self.kinds[self.at] == "*":
            self.at += 1
            return TypeElement(of, of.start, self.ends[self.at - 1])
        name = self.name("a property name")
        if self.kinds[self.at] == "<":
            return self._type_call(of, name)
        return TypeMember(of, name.name, of.start, name.end)

    def _type_call(self, of: Type | None, name: Name) -> TypeCall:
        self.at += 1
        self.skip_lines()
        arguments: list[Type] = []
        while self.kinds[self.at] != ">" or arguments:
            arguments.append(self.type_expression())
            if self.kinds[self.at] != ",":
                self.skip_lines()
                break
            self.at += 1
            self.skip_lines()
        self.expect(">", "',' or '>'")
        start = of.start if of is not None else name.start
        return TypeCall(of, name, tuple(arguments), start, self.ends[self.at - 1])

    def _primary_type(self) -> Type:
        at = self.at
        kind = self.kinds[at]
        if kind == NAME:
            text = self.texts[at]
            if text in LITERALS:
                self.at = at + 1
                return Literal(LITERALS[text], self.starts[at], self.ends[at])
            name = self.name("a type")
            return self._type_call(None, name) if self.kinds[at + 1] == "<" else name
        if kind in (TEXT, LEFT):
            return self.string("a type")
        if kind == NUMBER:
            return self.number()
        if kind == "{":
            self.at += 1
            properties = self.items("}", self._property_type)
            return ObjectType(tuple(properties), self.starts[at], self.ends[self.at - 1])
        if kind == "[":
            self.at += 1
            items = self.items("]", self._tuple_item)
            return TupleType(tuple(items), self.starts[at], self.ends[self.at - 1])
        if kind == "(":
            self.at += 1
            inner = self.type_expression()
            self.expect(")", "')'")
            return Parens(inner, self.starts[at], self.ends[self.at - 1])
        raise self.fault("a type")

    def _property_type(self) -> PropertyType:
        decorators = self.decorators()
        start = self.starts[min(self.at, len(self.starts) - 1)]
        key: str | None = None
        if self.kinds[self.at] == "*":
            self.at += 1
        elif self.kinds[self.at] == NAME:
            key = self.name("a property name").name
        else:
            string = self.string("a property name or '*'")
            if isinstance(string, Template):
                raise BicepSyntaxError("expected a property name without interpolation", string.start)
            key = str(string.value)
        self.expect(":", "':' and a type")
        type_ = self.type_expression()
        return PropertyType(decorators, key, type_, start, type_.end)

    def _tuple_item(self) -> TupleItem:
        decorators = self.decorators()
        type_ = self.type_expression()
        return TupleItem(decorators, type_, type_.start, type_.end)
