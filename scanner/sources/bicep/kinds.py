"""Simple types: which kind of value an expression has, and where another kind is needed.

Kinds are ``string``, ``int``, ``bool``, ``array``, ``object`` and ``null``; empty where nobody can tell. Nothing is
said of what is not certain, so an expression that is complained about is one the compiler refuses.
Source of the signatures: the compiler's own catalogue of its functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from scanner.sources.bicep.names import Complain, Declared
from scanner.sources.bicep.syntax import nodes
from scanner.sources.bicep.types import Shape

MAX_DEPTH: Final = 120

_LETTERS: Final = {"s": "string", "i": "int", "b": "bool", "a": "array", "o": "object", "n": "null"}
_SIGNATURES: Final = """
array:*>a base64:s>s base64ToJson:s> base64ToString:s>s bool:*>b cidrHost:s,i>s cidrSubnet:s,i,i>s dataUri:*>s
dataUriToString:s>s dateTimeAdd:s,s,s>s dateTimeFromEpoch:i>s dateTimeToEpoch:s>i distinct:a>a empty:aons>b
endsWith:s,s>b filter:a,*>a first:as> flatten:a>a format:s>s groupBy:a,*,*>o indexOf:sa,*>i int:is>i items:o>a
join:a,s>s json:s> last:as> lastIndexOf:sa,*>i length:oas>i map:a,*>a mapValues:o,*>o nameof:*>s objectKeys:o>a
padLeft:is,i,s>s range:i,i>a reduce:a,*,*> replace:s,s,s>s skip:as,i> sort:a,*>a split:s,as>a startsWith:s,s>b
string:*>s substring:s,i,i>s take:as,i> toLower:s>s toObject:a,*,*>o toUpper:s>s trim:s>s uri:s,s>s uriComponent:s>s
uriComponentToString:s>s newGuid:>s utcNow:s>s loadTextContent:s,s>s loadFileAsBase64:s>s resourceGroup:s,s>o
subscription:s>o tenant:>o deployment:>o environment:>o resourceId:s>s subscriptionResourceId:s>s tenantResourceId:s>s
extensionResourceId:s>s contains:oas,*>b uniqueString:>s guid:>s pickZones:s,s,s,i,i>a shallowMerge:a>o
"""


def _signature(text: str) -> tuple[str, tuple[tuple[str, ...], str]]:
    name, _, rest = text.partition(":")
    arguments, _, result = rest.partition(">")
    return name, (tuple(arguments.split(",")) if arguments else (), _LETTERS.get(result, ""))


_FUNCTIONS: Final[Mapping[str, tuple[tuple[str, ...], str]]] = dict(map(_signature, _SIGNATURES.split()))
_ARITHMETIC: Final = frozenset(("+", "-", "*", "/", "%"))
_LOGICAL: Final = frozenset(("&&", "||"))
_ORDERED: Final = frozenset(("<", "<=", ">", ">="))
_LITERALS: Final = {bool: "bool", int: "int", str: "string", type(None): "null"}
_SCALARS: Final = frozenset(("string", "int", "bool"))

ShapeOf: TypeAlias = Callable[[nodes.Node, tuple[nodes.Decorator, ...]], Shape]
"""Returns the shape of a type with its decorators."""


class KindCheck:
    """Checks the expressions of one file."""

    def __init__(self, names: Mapping[str, Declared], shape_of: ShapeOf, complain: Complain) -> None:
        self._names = names
        self._shape_of = shape_of
        self._complain = complain
        self._known: dict[str, str] = {}
        self._bound: list[str] = []
        self._depth = 0

    def check(self, statement: nodes.Statement) -> None:
        """Complain about values of the wrong kind in a statement."""
        if isinstance(statement, nodes.Param):
            if statement.default is not None:
                self.fits(statement.default, self._shape_of(statement.type, statement.decorators))
        elif isinstance(statement, nodes.Var):
            self._variable(statement)
        elif isinstance(statement, nodes.Output):
            self.fits(statement.value, self._shape_of(statement.type, statement.decorators))
        elif isinstance(statement, nodes.Func):
            self._bound = [name.name for name, _ in statement.params]
            self.fits(statement.body, self._shape_of(statement.result, ()))
            self._bound = []
        elif isinstance(statement, nodes.Resource | nodes.Module):
            self._declaration(statement)
        elif isinstance(statement, nodes.Assignment) and statement.keyword == "assert":
            self._need(statement.value, "bool", "an assertion")

    def _declaration(self, statement: nodes.Resource | nodes.Module) -> None:
        body: nodes.Node = statement.body
        if isinstance(body, nodes.If):
            self._need(body.condition, "bool", "a condition")
            body = body.body
        self.kind(body)

    def _variable(self, node: nodes.Var) -> str:
        name = node.name.name
        if name not in self._known:
            self._known[name] = ""  # what needs itself is of no kind
            bound, self._bound = self._bound, []
            if node.type is not None:
                shape = self._shape_of(node.type, node.decorators)
                self.fits(node.value, shape)
                self._known[name] = _kind_of_shape(shape)
            else:
                self._known[name] = self.kind(node.value)
            self._bound = bound
        return self._known[name]

    # Kinds

    def kind(self, node: nodes.Node) -> str:
        """Return the kind of an expression, and complain about what is wrong in it."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            self._depth -= 1
            return ""
        rule = _RULES.get(type(node))
        found = rule(self, node) if rule is not None else ""
        self._depth -= 1
        return found

    def _need(self, node: nodes.Node, wanted: str, what: str) -> None:
        found = self.kind(node)
        if found and found not in (wanted, "null"):
            self._complain(f"{what} must be {_article(wanted)}, not {_article(found)}", node)

    def _literal(self, node: nodes.Literal) -> str:
        return _LITERALS[type(node.value)]

    def _template(self, node: nodes.Template) -> str:
        for part in node.parts:
            if not isinstance(part, str):
                self.kind(part)
        return "string"

    def _name(self, node: nodes.Name) -> str:
        declared = self._names.get(node.name) if node.name not in self._bound else None
        if declared is None:
            return ""
        if isinstance(declared.node, nodes.Var):
            return self._variable(declared.node)
        if isinstance(declared.node, nodes.Param):
            return _kind_of_shape(self._shape_of(declared.node.type, ()))
        if declared.kind in ("resource", "module"):
            return "array" if declared.is_loop else "object"
        return ""

    def _property(self, node: nodes.Property) -> str:
        of = self.kind(node.of)
        if of in _SCALARS or of == "array":
            self._complain(f"{_article(of)} has no property '{node.name}'", node)
            return ""
        if not node.safe:
            self._check_member(node)
        return ""

    def _check_member(self, node: nodes.Property) -> None:
        """Complain about a property that an object which is written down in a variable does not have."""
        declared = self._names.get(node.of.name) if isinstance(node.of, nodes.Name) else None
        if declared is None or declared.name in self._bound or not isinstance(declared.node, nodes.Var):
            return
        value = declared.node.value
        if declared.node.type is not None or not isinstance(value, nodes.Object):
            return
        keys = {item.key if isinstance(item, nodes.ObjectProperty) else None for item in value.properties}
        if all(isinstance(key, str) for key in keys) and node.name not in keys:
            self._complain(f"'{declared.name}' has no property '{node.name}'", node)

    def _index(self, node: nodes.Index) -> str:
        of, key = self.kind(node.of), self.kind(node.key)
        if of in _SCALARS:
            self._complain(f"{_article(of)} cannot be indexed", node)
        elif of == "array" and key and key != "int":
            self._complain(f"an index into an array must be an int, not {_article(key)}", node.key)
        elif of == "object" and key and key != "string" and not self._is_loop(node.of):
            self._complain(f"an index into an object must be a string, not {_article(key)}", node.key)
        return ""

    def _is_loop(self, node: nodes.Node) -> bool:
        return isinstance(node, nodes.Nested) or not isinstance(node, nodes.Name | nodes.Object)

    def _of(self, node: nodes.NonNull | nodes.Nested) -> str:
        self.kind(node.of)
        return ""

    def _parens(self, node: nodes.Parens) -> str:
        return self.kind(node.inner)

    def _unary(self, node: nodes.Unary) -> str:
        wanted = "bool" if node.operator == "!" else "int"
        self._operand(node.operator, node.operand, wanted)
        return wanted

    def _operand(self, operator: str, node: nodes.Node, wanted: str) -> None:
        found = self.kind(node)
        if found and found != wanted:
            self._complain(f"'{operator}' needs {_article(wanted)}, not {_article(found)}", node)

    def _binary(self, node: nodes.Binary) -> str:
        spine: list[nodes.Binary] = []
        left: nodes.Node = node
        while isinstance(left, nodes.Binary):
            spine.append(left)
            left = left.left
        found = self.kind(left)
        for step in reversed(spine):
            found = self._operation(step, found, self.kind(step.right))
        return found

    def _operation(self, node: nodes.Binary, left: str, right: str) -> str:
        operator = node.operator
        wanted = "int" if operator in _ARITHMETIC else "bool" if operator in _LOGICAL else ""
        if wanted:
            for found, operand in ((left, node.left), (right, node.right)):
                if found and found != wanted:
                    hint = "; texts are joined by '${…}'" if operator == "+" and found == "string" else ""
                    self._complain(f"'{operator}' needs {_article(wanted)}, not {_article(found)}{hint}", operand)
            return wanted
        if operator in ("=~", "!~", *_ORDERED):
            fine = ("string",) if operator in ("=~", "!~") else ("string", "int")
            if (left and left not in fine) or (right and right not in fine) or (left and right and left != right):
                found = " and ".join(_article(one) for one in (left, right) if one)
                self._complain(f"'{operator}' cannot compare {found}", node)
            return "bool"
        if operator == "??":
            return left if left == right else ""
        return "bool"

    def _conditional(self, node: nodes.Conditional) -> str:
        self._need(node.test, "bool", "what stands before '?'")
        then, otherwise = self.kind(node.then), self.kind(node.otherwise)
        return then if then == otherwise else ""

    def _array(self, node: nodes.Array) -> str:
        for item in node.items:
            if isinstance(item, nodes.Spread):
                self._need(item.value, "array", "what '...' spreads in an array")
            else:
                self.kind(item)
        return "array"

    def _object(self, node: nodes.Object) -> str:
        for item in node.properties:
            if isinstance(item, nodes.Spread):
                self._need(item.value, "object", "what '...' spreads in an object")
            else:
                self.kind(item.value)
        for resource in node.resources:
            self._declaration(resource)
        return "object"

    def _loop(self, node: nodes.For) -> str:
        self._need(node.collection, "array", "what a loop runs over")
        bound = [name.name for name in (node.item, node.index) if name is not None]
        self._bound += bound
        if node.condition is not None:
            self._need(node.condition, "bool", "a condition")
        self.kind(node.body)
        del self._bound[len(self._bound) - len(bound) :]
        return "array"

    def _lambda(self, node: nodes.Lambda) -> str:
        bound = [name.name for name in node.params]
        self._bound += bound
        self.kind(node.body)
        del self._bound[len(self._bound) - len(bound) :]
        return ""

    def _call(self, node: nodes.Call) -> str:
        of = node.of
        if of is not None and not (isinstance(of, nodes.Name) and of.name in ("sys", "az")):
            self.kind(of)
        found = [self.kind(argument) for argument in node.args]
        name = node.name.name
        is_own = of is None and name in self._names
        if of is not None and not (isinstance(of, nodes.Name) and of.name in ("sys", "az")):
            return ""
        if is_own or name not in _FUNCTIONS:
            return self._own(name) if is_own else ""
        wanted, result = _FUNCTIONS[name]
        for index, (kind, argument) in enumerate(zip(found, node.args, strict=True)):
            letters = wanted[index] if index < len(wanted) else "*"
            if kind and kind != "null" and letters != "*" and kind not in {_LETTERS[letter] for letter in letters}:
                fine = " or ".join(_article(_LETTERS[letter]) for letter in letters)
                self._complain(f"{name}() needs {fine} here, not {_article(kind)}", argument)
        return result

    def _own(self, name: str) -> str:
        declared = self._names[name].node
        return _kind_of_shape(self._shape_of(declared.result, ())) if isinstance(declared, nodes.Func) else ""

    # Declared types

    def fits(self, node: nodes.Node, shape: Shape) -> None:
        """Complain where the value of ``node`` is not of the declared type."""
        found = self.kind(node)
        for inner, wanted in _pairs(node, shape):
            kind = found if inner is node else self._quiet(inner)
            message = _misfit(inner, kind, wanted)
            if message:
                self._complain(message, inner)

    def _quiet(self, node: nodes.Node) -> str:
        """Return the kind of an expression that was looked at before."""
        complain, self._complain = self._complain, lambda message, node: None
        found = self.kind(node)
        self._complain = complain
        return found


def _pairs(node: nodes.Node, shape: Shape) -> Iterator[tuple[nodes.Node, Shape]]:
    """Yield every value that is written down in ``node`` with the shape that is declared for it."""
    pending: list[tuple[nodes.Node, Shape, int]] = [(node, shape, 0)]
    while pending:
        node, shape, depth = pending.pop()
        if depth > MAX_DEPTH:
            continue
        if isinstance(node, nodes.Parens):
            pending.append((node.inner, shape, depth + 1))
        elif isinstance(node, nodes.Conditional):
            pending += [(node.then, shape, depth + 1), (node.otherwise, shape, depth + 1)]
        else:
            yield node, shape
            pending += [(inner, below, depth + 1) for inner, below in _members(node, shape)]


def _members(node: nodes.Node, shape: Shape) -> Iterator[tuple[nodes.Node, Shape]]:
    if isinstance(node, nodes.Object) and shape.get("type", "object") == "object":
        declared = shape.get("properties", {})
        for item in node.properties:
            if isinstance(item, nodes.ObjectProperty) and isinstance(item.key, str):
                below = declared.get(item.key, shape.get("additionalProperties"))
                if isinstance(below, dict):
                    yield item.value, below
    elif isinstance(node, nodes.Array) and isinstance(shape.get("items"), dict):
        for element in node.items:
            if not isinstance(element, nodes.Spread):
                yield element, shape["items"]


def _misfit(node: nodes.Node, kind: str, shape: Shape) -> str:
    """Return why a value does not fit its declared type; empty where it does, or nobody can tell."""
    wanted = str(shape.get("type", "")).removeprefix("secure")
    if not kind or not wanted or (kind == "null" and (shape.get("nullable") or not wanted)):
        return ""
    if kind != wanted:
        return f"the value must be {_article(wanted)}, not {_article(kind)}"
    allowed = shape.get("allowedValues")
    if allowed and isinstance(node, nodes.Literal) and wanted in _SCALARS and node.value not in allowed:
        return f"the value is none of {', '.join(map(repr, allowed[:10]))}"
    if isinstance(node, nodes.Object) and "properties" in shape:
        return _missing(node, shape)
    return ""


def _missing(node: nodes.Object, shape: Shape) -> str:
    given = {item.key if isinstance(item, nodes.ObjectProperty) else None for item in node.properties}
    if not all(isinstance(key, str) for key in given):
        return ""
    missing = [
        name for name, below in shape["properties"].items() if name not in given and not below.get("nullable") and below
    ]
    return f"the value has no {', '.join(missing[:5])}, which its type requires" if missing else ""


def _kind_of_shape(shape: Shape) -> str:
    kind = str(shape.get("type", "")).removeprefix("secure")
    return "" if shape.get("nullable") else kind


def _article(kind: str) -> str:
    return {"null": "null", "int": "an int", "array": "an array", "object": "an object"}.get(kind, f"a {kind}")


_RULES: Final[Mapping[type[nodes.Node], Callable[[KindCheck, Any], str]]] = {
    nodes.Literal: KindCheck._literal,
    nodes.Template: KindCheck._template,
    nodes.Name: KindCheck._name,
    nodes.Property: KindCheck._property,
    nodes.Index: KindCheck._index,
    nodes.NonNull: KindCheck._of,
    nodes.Nested: KindCheck._of,
    nodes.Parens: KindCheck._parens,
    nodes.Unary: KindCheck._unary,
    nodes.Binary: KindCheck._binary,
    nodes.Conditional: KindCheck._conditional,
    nodes.Array: KindCheck._array,
    nodes.Object: KindCheck._object,
    nodes.For: KindCheck._loop,
    nodes.Lambda: KindCheck._lambda,
    nodes.Call: KindCheck._call,
}
