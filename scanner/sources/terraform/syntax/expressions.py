"""Expressions of HCL: operands, what follows them, operators by precedence.

One function reads operand after operand and keeps pending operators on a stack, so that an expression costs one Python
frame per bracket and not one per level of precedence. Positions are offsets; nothing here knows lines or files.
"""

from typing import cast

from scanner.sources.terraform.syntax import patterns, templates
from scanner.sources.terraform.syntax.fault import Stop, expected
from scanner.sources.terraform.syntax.nodes import (
    Binary,
    Call,
    Conditional,
    Expression,
    ForObject,
    ForTuple,
    GetAttr,
    Index,
    Literal,
    Name,
    ObjectCons,
    Parens,
    Splat,
    SplatItem,
    TupleCons,
    Unary,
)
from scanner.sources.terraform.syntax.numbers import number
from scanner.sources.terraform.syntax.patterns import (
    CALL_ITEM,
    CALL_SEPARATOR,
    FREE_OPERAND,
    FREE_TAIL,
    GAP,
    LINE_OPERAND,
    LINE_TAIL,
    OBJECT_ITEM,
    OBJECT_SEPARATOR,
    SHORT_GAP,
    TUPLE_ITEM,
    TUPLE_SEPARATOR,
    WORD,
    Match,
)

MAX_DEPTH = 200
"""Levels of brackets, blocks and operators in a row, together.
Terraform itself dies of a stack overflow at 100,000 parentheses; what people write stays under 20."""
MAX_STEPS = 60
"""Names after dots, ``a.b.c``; no tree is higher than this and :data:`MAX_DEPTH` together."""

KEYWORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}

_PRECEDENCE = {
    "||": 1,
    "&&": 2,
    "==": 3,
    "!=": 3,
    "<": 4,
    "<=": 4,
    ">": 4,
    ">=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
    "%": 6,
}


def reference(words: str, start: int) -> Expression:
    """Return the node of ``a.b.c``, or the literal of ``true``, ``false`` and ``null``."""
    if words in KEYWORDS:
        return Literal(KEYWORDS[words], start, start + len(words))
    root, *steps = words.split(".")
    if len(steps) > MAX_STEPS:
        raise Stop(f"expected at most {MAX_STEPS} names after dots, found {len(steps)}", start, start + len(words))
    end = start + len(root)
    node: Expression = Literal(KEYWORDS[root], start, end) if root in KEYWORDS else Name(root, start, end)
    for step in steps:
        end += 1 + len(step)
        node = GetAttr(node, step, start, end)
    return node


class Expressions:
    """Reads the expressions of one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.depth = 0
        """Brackets that are open where the reader stands."""
        self.height = 0
        """Of the tree that was read last, or a little more."""

    def expression(self, pos: int, free: bool) -> Expression:
        """Return the expression that starts at or after ``pos``; ``free`` where newlines mean nothing."""
        text = self.text
        depth = self.depth
        if depth >= MAX_DEPTH:
            raise self._too_deep(pos)
        self.depth = depth + 1
        match_operand, match_tail = (FREE_OPERAND, FREE_TAIL) if free else (LINE_OPERAND, LINE_TAIL)
        pending: list[tuple[Expression, str, int]] | None = None
        tests: list[tuple[Expression, Expression]] | None = None
        prefixes: list[tuple[str, int]] | None = None
        height = 1
        while True:
            match = match_operand(text, pos)
            kind = match.lastindex
            if kind == 1:
                words = match[1]
                pos = match.end()
                node = reference(words, pos - len(words))
            elif kind == 3:
                pos = match.end()
                node = Literal(match[3], match.start(3) - 1, pos)
            else:
                self.height = 0
                # What nests is called from here, so that a level of nesting costs few Python frames.
                if kind == 5:
                    opener = match[5]
                    start = match.end() - 1
                    if opener == '"':
                        node = templates.quoted(self, start)
                    elif opener == "{":
                        node = self._object(start)
                    elif opener == "[":
                        node = self._tuple(start)
                    elif opener == "(":
                        node = self._parens(start)
                    else:
                        prefixes = prefixes or []
                        prefixes.append((opener, start))
                        if len(prefixes) > MAX_DEPTH:
                            raise self._too_deep(start)
                        pos = start + 1
                        continue
                elif kind == 2:
                    node = self._call(self._function_name(match), match.start(1), match.end())
                elif kind == 6:
                    node = templates.heredoc(self, match.start(6), match.end(), bool(match[7]), match[8])
                else:
                    node = self._number(match[4], match.start(4)) if kind == 4 else self._name(match.end())
                pos = node.end
                height = max(height, self.height + 1)

            tail = match_tail(text, pos)
            kind = tail.lastindex
            if kind is not None and kind != 3 and kind != 4:
                self.height = height
                node = self._steps(node, free)
                height = self.height
                pos = node.end
                tail = match_tail(text, pos)
                kind = tail.lastindex
            if prefixes:
                height += len(prefixes)
                for operator, start in reversed(prefixes):
                    node = Unary(operator, node, start, pos)
                prefixes = None
            if kind == 3:
                operator = tail[3]
                rank = _PRECEDENCE[operator]
                if pending is None:
                    pending = []
                while pending and pending[-1][2] >= rank:
                    left, applied, _ = pending.pop()
                    node = Binary(applied, left, node, left.start, node.end)
                pending.append((node, operator, rank))
                height += 1
                if height > MAX_DEPTH:
                    raise self._too_deep(pos)
                pos = tail.end()
                continue
            while pending:
                left, applied, _ = pending.pop()
                node = Binary(applied, left, node, left.start, node.end)
            if kind == 4:
                then = self.expression(tail.end(), free)
                height = max(height, self.height) + 1
                if height > MAX_DEPTH:
                    raise self._too_deep(pos)
                colon = (GAP if free else SHORT_GAP)(text, then.end).end()
                if not text.startswith(":", colon) or text.startswith("::", colon):
                    raise expected('":" and the other value of the conditional', text, colon)
                tests = tests or []
                tests.append((node, then))
                pos = colon + 1
                continue
            break
        if tests:
            for test, then in reversed(tests):
                node = Conditional(test, then, node, test.start, node.end)
        if depth + height > MAX_DEPTH:
            raise self._too_deep(node.start)
        self.height = height
        self.depth = depth
        return node

    def _too_deep(self, pos: int) -> Stop:
        return Stop(f"expected at most {MAX_DEPTH} levels of nesting, found more", pos, pos)

    def _function_name(self, match: Match) -> str:
        name = match[1]
        if "." in name:
            raise expected("an operator or the end of the expression", self.text, match.start(2))
        return name

    def _name(self, pos: int) -> Expression:
        """Return a name that is not all ASCII."""
        if (name := self._word(pos)) is None:
            raise expected("an expression", self.text, pos)
        return reference(name, pos)

    def _number(self, literal: str, start: int) -> Literal:
        end = start + len(literal)
        try:
            return Literal(number(literal), start, end)
        except ValueError as error:
            raise Stop(str(error), start, end) from None

    def _word(self, pos: int) -> str | None:
        """Return the identifier at ``pos``, in any script, or None."""
        text = self.text
        match = WORD(text, pos)
        if match is None:
            return None
        end = match.end()
        while end < len(text) and ("a" + text[end]).isidentifier():  # marks that join letters are no \w
            end += 1
        name = text[pos:end]
        return name if name.replace("-", "_").isidentifier() else None

    def need_word(self, pos: int, what: str) -> tuple[str, int]:
        """Return the identifier after ``pos``, newlines meaning nothing, and its end."""
        pos = GAP(self.text, pos).end()
        word = self._word(pos)
        if word is None:
            raise expected(what, self.text, pos)
        return word, pos + len(word)

    def _parens(self, start: int) -> Expression:
        inner = self.expression(start + 1, True)
        end = GAP(self.text, inner.end).end()
        if not self.text.startswith(")", end):
            raise expected('")"', self.text, end)
        return Parens(inner, start, end + 1)

    def _steps(self, node: Expression, free: bool, *, attributes_only: bool = False) -> Expression:
        """Read ``.name``, ``[key]``, ``[*]``, ``.*`` and ``::name(`` after ``node``; the reader's height grows."""
        text = self.text
        match_tail = FREE_TAIL if free else LINE_TAIL
        height = self.height
        while True:
            tail = match_tail(text, node.end)
            kind = tail.lastindex
            if kind == 1:
                node = self._dot(node, tail.end(), free, attributes_only)
                height = max(height + 1, self.height + 1)
            elif kind == 2 and not attributes_only:
                self.height = height
                node = self._bracket(node, tail.end(), free)
                height = max(height, self.height) + 1
            elif kind in (5, 6) and type(node) is Name:
                node = self._scoped_call(node, free)
                height = max(height, self.height) + 1
            else:
                if kind in (5, 6):
                    raise expected("an operator or the end of the expression", text, tail.start(kind))
                break
            if height > MAX_DEPTH:
                raise self._too_deep(node.start)
            self.height = height
        self.height = height
        return node

    def _dot(self, node: Expression, pos: int, free: bool, attributes_only: bool) -> Expression:
        text = self.text
        match = (patterns.FREE_STEP if free else patterns.LINE_STEP)(text, pos)
        kind = match.lastindex
        if kind == 1:
            return GetAttr(node, match[1], node.start, match.end())
        if kind == 2:
            if "." in match[2]:
                raise Stop(f'expected one index after the dot, found "{match[2]}"', match.start(2), match.end())
            key = self._number(match[2], match.start(2))
            return Index(node, key, node.start, key.end)
        if kind == 3:
            if attributes_only:
                raise expected("an attribute name", text, match.start(3))
            self.height = 0
            each = self._steps(SplatItem(match.start(3), match.end()), free, attributes_only=True)
            return Splat(node, each, node.start, each.end)
        pos = (GAP if free else SHORT_GAP)(text, pos).end()
        name = self._word(pos)
        if name is None:
            raise expected("an attribute name", text, pos)
        return GetAttr(node, name, node.start, pos + len(name))

    def _bracket(self, node: Expression, pos: int, free: bool) -> Expression:
        text = self.text
        star = (patterns.FREE_SPLAT_STAR if free else patterns.SPLAT_STAR)(text, pos)
        if star is None:
            key = self.expression(pos, True)
            end = GAP(text, key.end).end()
            if not text.startswith("]", end):
                raise expected('"]"', text, end)
            return Index(node, key, node.start, end + 1)
        end = (GAP if free else SHORT_GAP)(text, star.end()).end()
        if not text.startswith("]", end):
            raise expected('"]"', text, end)
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self._too_deep(pos)
        each = self._steps(SplatItem(pos - 1, end + 1), free)
        self.depth -= 1
        return Splat(node, each, node.start, each.end)

    def _scoped_call(self, node: Name, free: bool) -> Expression:
        """Read a call whose name has ``::`` in it, or letters that are not ASCII."""
        text = self.text
        gap = GAP if free else SHORT_GAP
        names = [node.name]
        pos = gap(text, node.end).end()
        while text.startswith("::", pos):
            pos = gap(text, pos + 2).end()
            word = self._word(pos)
            if word is None:
                raise expected("a function name", text, pos)
            names.append(word)
            pos = gap(text, pos + len(word)).end()
        if not text.startswith("(", pos):
            raise expected('"("', text, pos)
        return self._call("::".join(names), node.start, pos + 1)

    def _call(self, name: str, start: int, pos: int) -> Expression:
        text = self.text
        args: list[Expression] = []
        height = 0
        expand = False
        while True:
            match = CALL_ITEM(text, pos)
            kind = match.lastindex
            if kind is not None and kind >= 3:
                args.append(_simple(match, kind, 3))
                pos = match.end()
                continue
            if kind == 1:
                pos = match.end()
                break
            args.append(self.expression(pos, True))
            height = max(height, self.height)
            separator = CALL_SEPARATOR(text, args[-1].end)
            pos = separator.end()
            if separator.lastindex == 1:
                continue
            if separator.lastindex == 3:
                expand = True
                pos = GAP(text, pos).end()
                if not text.startswith(")", pos):
                    raise expected('")" after "..."', text, pos)
                pos += 1
            elif separator.lastindex is None:
                raise expected('"," or ")"', text, pos)
            break
        self.height = height
        return Call(name, tuple(args), expand, start, pos)

    def _tuple(self, start: int) -> Expression:
        text = self.text
        items: list[Expression] = []
        height = 0
        pos = start + 1
        while True:
            match = TUPLE_ITEM(text, pos)
            kind = match.lastindex
            if kind is not None and kind >= 3:
                items.append(_simple(match, kind, 3))
                pos = match.end()
                continue
            if kind == 1:
                pos = match.end()
                break
            if kind == 2 and not items:
                return self._for(start, match.end(), "]")
            items.append(self.expression(pos, True))
            height = max(height, self.height)
            separator = TUPLE_SEPARATOR(text, items[-1].end)
            pos = separator.end()
            if separator.lastindex == 1:
                continue
            if separator.lastindex is None:
                raise expected('"," or "]"', text, pos)
            break
        self.height = height
        return TupleCons(tuple(items), start, pos)

    def _object(self, start: int) -> Expression:
        text = self.text
        items: list[tuple[Expression, Expression]] = []
        height = 0
        pos = start + 1
        while True:
            match = OBJECT_ITEM(text, pos)
            kind = match.lastindex
            if kind == 1:
                pos = match.end()
                break
            if kind == 2 and not items:
                return self._for(start, match.end(), "}")
            if kind is None or kind == 2:
                key: Expression = self._key(pos)
                height = max(height, self.height)
                equals = patterns.LINE_KEY_END(text, key.end)
                if equals is None:
                    raise expected('"=" or ":" after the key', text, SHORT_GAP(text, key.end).end())
                pos = equals.end()
            else:
                name = match[3]
                if name is not None:
                    key = Literal(name, match.start(3), match.end(3))
                else:
                    key = Literal(match[4], match.start(4) - 1, match.end(4) + 1)
                pos = match.end()
                if kind >= 5:
                    items.append((key, _simple(match, kind, 5)))
                    continue
            value = self.expression(pos, False)
            items.append((key, value))
            if self.height > height:
                height = self.height
            separator = OBJECT_SEPARATOR(text, value.end)
            if separator.lastindex is None:
                raise expected('a new line, "," or "}" after the value', text, separator.end())
            pos = separator.end()
        self.height = height
        return ObjectCons(tuple(items), start, pos)

    def _key(self, pos: int) -> Expression:
        """Read the key of an object's item: an expression, but a bare word stands for itself."""
        pos = GAP(self.text, pos).end()
        key = self.expression(pos, False)
        word = self.text[key.start : key.end]
        if type(key) is Name or (type(key) is Literal and word in KEYWORDS):
            return Literal(word, key.start, key.end)
        return key

    def _for(self, start: int, pos: int, closer: str) -> Expression:
        """Read a for expression from after its ``for``."""
        text = self.text
        value, pos = self.need_word(pos, "a variable name")
        key = ""
        comma = GAP(text, pos).end()
        if text.startswith(",", comma):
            key = value
            value, pos = self.need_word(comma + 1, "a variable name")
        word, end = self.need_word(pos, '"in"')
        if word != "in":
            raise expected('"in"', text, end - len(word))
        collection = self.expression(end, True)
        height = self.height
        pos = self._after(collection.end, ":", '":" after the collection')
        name: Expression | None = None
        result = self.expression(pos, True)
        height = max(height, self.height)
        pos = GAP(text, result.end).end()
        if text.startswith("=>", pos):
            if closer == "]":
                raise expected('"]" or "if", since a list has no keys', text, pos)
            name = result
            result = self.expression(pos + 2, True)
            height = max(height, self.height)
            pos = GAP(text, result.end).end()
        elif closer == "}":
            raise expected('"=>" and a value, since an object has keys', text, pos)
        group = text.startswith("...", pos)
        if group:
            if closer == "]":
                raise expected('"]" or "if", since a list has no groups', text, pos)
            pos = GAP(text, pos + 3).end()
        condition: Expression | None = None
        if self._word(pos) == "if":
            condition = self.expression(pos + 2, True)
            height = max(height, self.height)
            pos = condition.end
        end = self._after(pos, closer, f'"if" or "{closer}"' if condition is None else f'"{closer}"')
        self.height = height
        if name is None:
            return ForTuple(key, value, collection, result, condition, start, end)
        return ForObject(key, value, collection, name, result, condition, group, start, end)

    def _after(self, pos: int, mark: str, what: str) -> int:
        pos = GAP(self.text, pos).end()
        if not self.text.startswith(mark, pos):
            raise expected(what, self.text, pos)
        return pos + len(mark)


def _simple(match: Match, kind: int, first: int) -> Expression:
    """Return the node of a text, dotted words or integer: groups ``first`` and the two after it."""
    value = match[kind]
    if kind == first:
        return Literal(value, match.start(kind) - 1, match.end(kind) + 1)
    if kind == first + 1:
        return reference(value, match.start(kind))
    return Literal(int(value), match.start(kind), match.end(kind))


def whole_expression(text: str) -> Expression:
    """Return the expression that ``text`` is; raises :class:`Stop` where it is none."""
    reader = Expressions(text)
    node = reader.expression(0, True)
    end = GAP(text, node.end).end()
    if end < len(text):
        raise expected("an operator or the end of the expression", text, end)
    return node


def whole_template(text: str) -> Expression:
    """Return the template that ``text`` is; raises :class:`Stop` where it is none."""
    return templates.bare(cast(templates.Reader, Expressions(text)))
