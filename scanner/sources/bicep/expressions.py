"""Lowers expressions: names are bound, operators become functions, and what the compiler would refuse is refused.

Knows the names of one file and the program it lowers to; files, modules and values are others' business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, NamedTuple, Protocol

from scanner.sources.arm import program as arm
from scanner.sources.arm.values import Masked, Token, braced
from scanner.sources.bicep.functions import LAMBDAS, LIST, LOADS, NAMESPACES, REPLACED, Signature
from scanner.sources.bicep.names import Declared, fields_of, nested
from scanner.sources.bicep.syntax import nodes

MAX_DEPTH: Final = 150
"""Expressions in each other; the syntax bounds brackets, this bounds chains in brackets in chains."""
OWN_FUNCTIONS: Final = "__bicep"
"""Namespace of the functions of the program's own file, as the compiler calls it."""

_OPERATORS: Final = {
    "+": "add",
    "-": "sub",
    "*": "mul",
    "/": "div",
    "%": "mod",
    "==": "equals",
    "<": "less",
    "<=": "lessOrEquals",
    ">": "greater",
    ">=": "greaterOrEquals",
    "&&": "and",
    "||": "or",
    "??": "coalesce",
}
_JOINING: Final = frozenset(("&&", "||", "??"))
_FILE_KINDS: Final = {"template": "a .bicep file", "parameters": "a .bicepparam file"}


class Scope(Protocol):
    """Whose names an expression sees: a file, as part of a program."""

    names: Mapping[str, Declared]
    kind: str
    """``template`` or ``parameters``."""
    target: str
    """``targetScope`` of the file."""

    def at(self, node: nodes.Node) -> arm.Handle:
        """Return the place of ``node``; None where it is not of the program's own file."""

    def complain(self, message: str, node: nodes.Node) -> None:
        """Note that the compiler would refuse this."""

    def variable(self, declared: Declared) -> arm.Expression:
        """Return the reference to a variable, and see that the program has it."""

    def parameter(self, declared: Declared) -> arm.Expression:
        """Return the reference to a parameter."""

    def function(self, declared: Declared) -> FunctionName:
        """Return what the program calls a user function, and see that it has it."""

    def imported(self, declared: Declared, name: str) -> ScopedName | arm.Expression | FunctionName | None:
        """Return what an import means: something of another file; None where that was complained about."""

    def load(self, call: nodes.Call) -> arm.Expression:
        """Return the content of a file."""

    def used(self, declared: Declared) -> None:
        """Note that the declaration that is being lowered uses another."""


class FunctionName(NamedTuple):
    """A user function as the program knows it."""

    namespace: str
    name: str
    parameters: int | None = None
    """How many it has; None where that is not known."""


class ScopedName(NamedTuple):
    """A declaration and the file it is in."""

    scope: Scope
    declared: Declared


class ExpressionLowering:
    """Lowers expressions of one file."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self._locals: list[str] = []
        self._nested: list[Mapping[str, Declared]] = []
        self._parameters: tuple[str, ...] | None = None
        self._depth = 0
        self._in_default = False

    # Scopes

    @contextmanager
    def binding(self, *names: nodes.Name | None) -> Iterator[None]:
        """Within it, these names are those of a lambda or a loop."""
        bound = [name.name for name in names if name is not None]
        self._locals.extend(bound)
        yield
        del self._locals[len(self._locals) - len(bound) :]

    @contextmanager
    def inside(self, declared: Declared) -> Iterator[None]:
        """Within it, the resources in the body of ``declared`` are known by their names."""
        self._nested.append(nested(declared))
        yield
        self._nested.pop()

    @contextmanager
    def in_function(self, parameters: tuple[str, ...]) -> Iterator[None]:
        """Within it, only these parameters are there."""
        outer = self._parameters, self._locals
        self._parameters, self._locals = parameters, []
        yield
        self._parameters, self._locals = outer

    @contextmanager
    def at_top(self) -> Iterator[None]:
        """Within it, only the names of the file are there."""
        outer = self._parameters, self._locals, self._nested
        self._parameters, self._locals, self._nested = None, [], []
        yield
        self._parameters, self._locals, self._nested = outer

    def default(self, node: nodes.Expression) -> arm.Expression:
        """Lower the default value of a parameter, where some functions are allowed that are not elsewhere."""
        self._in_default = True
        result = self.value(node)
        self._in_default = False
        return result

    # Expressions

    def value(self, node: nodes.Node, *, loops: bool = False, inner: bool = False) -> arm.Expression:
        """Lower ``node``; with ``loops`` it may be ``[for …]``, with ``inner`` the properties in it may."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            self._depth -= 1
            return self.unknown(f"the expression is nested deeper than {MAX_DEPTH} levels", node)
        try:
            if isinstance(node, nodes.Object):
                return self.object(node, loops=inner)
            if isinstance(node, nodes.Array):
                return self._array(node, loops=inner)
            if isinstance(node, nodes.For) and loops:
                return self._repeat(node)
            return _LOWER[type(node)](self, node)
        finally:
            self._depth -= 1

    def unknown(self, message: str, node: nodes.Node) -> arm.Expression:
        """Complain, and return something that is not known."""
        self.scope.complain(message, node)
        return not_known(Token(braced(message), message), self.scope.at(node))

    def _literal(self, node: nodes.Literal) -> arm.Expression:
        return arm.Literal(node.value, self.scope.at(node))

    def _template(self, node: nodes.Template) -> arm.Expression:
        if len(node.parts) == 1:
            return arm.Interpolation((self.value(node.parts[0]),), self.scope.at(node))  # type: ignore[arg-type]  # a text alone is a Literal
        parts = [  # each hole becomes text of its own: an object in one may be known while another hole is not
            arm.Literal(part) if isinstance(part, str) else arm.Interpolation((self.value(part),))
            for part in node.parts
        ]
        return arm.Interpolation(tuple(parts), self.scope.at(node))

    def _parens(self, node: nodes.Parens) -> arm.Expression:
        return self.value(node.inner)

    def _non_null(self, node: nodes.NonNull) -> arm.Expression:
        return self.value(node.of)

    def _name(self, node: nodes.Name) -> arm.Expression:
        name = node.name
        if name in self._locals:
            return arm.Local(name, self.scope.at(node))
        if self._parameters is not None and name in self._parameters:
            return arm.Parameter(name, self.scope.at(node))
        declared = self.find(name)
        if declared is None:
            return self._undeclared(node)
        return self._reference(self.scope, declared, node)

    def find(self, name: str) -> Declared | None:
        """Return what ``name`` is declared as, loops and lambdas aside."""
        for resources in reversed(self._nested):
            if name in resources:
                return resources[name]
        return self.scope.names.get(name)

    def _undeclared(self, node: nodes.Name) -> arm.Expression:
        name = node.name
        if name == "this" and self._nested:
            return not_known(Token(braced("this"), "only the service knows the resource that exists"))
        if name in NAMESPACES:
            return self.unknown(f"'{name}' is a namespace, not a value", node)
        is_function = any(name in functions for functions in NAMESPACES.values())
        hint = "; it is a function and needs parentheses" if is_function else _similar(name, self.scope.names)
        return self.unknown(f"'{name}' is not declared{hint}", node)

    def _reference(self, scope: Scope, declared: Declared, node: nodes.Node) -> arm.Expression:
        """Return the reference to a declaration, which may be in another file."""
        if declared.kind == "import":
            found = scope.imported(declared, declared.imported)
            return self._imported(found, declared.name, node)
        scope.used(declared)
        if declared.kind == "var":
            return _placed(scope.variable(declared), self.scope.at(node))
        if self._parameters is not None or scope is not self.scope:
            return self.unknown(f"the {declared.title} '{declared.name}' cannot be used in a function", node)
        if declared.kind == "param":
            return _placed(scope.parameter(declared), self.scope.at(node))
        if declared.kind in ("resource", "module"):
            return arm.Symbol(declared.symbol, self.scope.at(node))
        return self.unknown(f"'{declared.name}' is a {declared.title}, not a value", node)

    def _imported(
        self, found: ScopedName | arm.Expression | FunctionName | None, name: str, node: nodes.Node
    ) -> arm.Expression:
        if found is None:  # complained about where it is imported
            return not_known(Token(braced(name), f"the import '{name}' cannot be read"), self.scope.at(node))
        if isinstance(found, ScopedName):
            return self._reference(found.scope, found.declared, node)
        if isinstance(found, FunctionName):
            return self.unknown(f"'{name}' is a function, not a value", node)
        return found

    def _property(self, node: nodes.Property) -> arm.Expression:
        special = self._member(node) or self._of_type(node) or self._of_round(node)
        if special is not None:
            return special
        base = self.value(node.of)
        return arm.Access(
            base, arm.Literal(node.name), safe=node.safe or _goes_on(node.of, base), at=self.scope.at(node)
        )

    def _member(self, node: nodes.Property) -> arm.Expression | None:
        """Return what a member of a namespace is; None where the left side is a value."""
        if not isinstance(node.of, nodes.Name) or node.of.name in self._locals:
            return None
        declared = self.find(node.of.name)
        if declared is None or declared.kind not in ("namespace", "extension"):
            return None
        if declared.kind == "namespace":
            return self._imported(self.scope.imported(declared, node.name), node.name, node)
        reason = f"the configuration of the extension '{declared.name}' is not evaluated"
        return not_known(Token(braced(f"{declared.name}.{node.name}"), reason), self.scope.at(node))

    def _of_type(self, node: nodes.Property) -> arm.Expression | None:
        """Return ``type`` and ``apiVersion`` of a resource, which its declaration writes down."""
        if node.name not in ("type", "apiVersion"):
            return None
        declared, _ = self.resource(node.of)
        type_ = declared.node.type if declared is not None and isinstance(declared.node, nodes.Resource) else None
        if declared is None or "::" in declared.symbol or not isinstance(type_, nodes.Literal):
            return None
        self.scope.used(declared)
        name, _, version = str(type_.value).partition("@")
        return arm.Literal(name.removeprefix("az:") if node.name == "type" else version, self.scope.at(node))

    def _of_round(self, node: nodes.Property) -> arm.Expression | None:
        """Return id or name of one round of a loop whose number is computed, as the compiler does it.

        Its name is evaluated with that number in place of the loop's own, so that what is known of it stays known
        where the number is not. What has a parent or a scope is left to the evaluation of the resource itself.
        """
        of = node.of
        if node.name not in ("id", "name") or not isinstance(of, nodes.Index) or isinstance(of.key, nodes.Literal):
            return None
        declared, key = self.resource(of)
        if declared is None or key is None or not isinstance(declared.node, nodes.Resource):
            return None
        loop, type_ = declared.node.body, declared.node.type
        fields = fields_of(declared.node)
        if not isinstance(loop, nodes.For) or not isinstance(type_, nodes.Literal) or "::" in declared.symbol:
            return None
        if "name" not in fields or "parent" in fields or "scope" in fields or self.scope.target != "resourceGroup":
            return None
        self.scope.used(declared)
        at = self.scope.at(node)
        number = self.value(key)
        with self.at_top(), self.binding(loop.item, loop.index):
            body = self.value(fields["name"])
        with self.at_top():
            item = arm.Access(self.value(loop.collection), number)
        if node.name == "id":
            body = arm.Call("resourceId", (arm.Literal(str(type_.value).partition("@")[0].removeprefix("az:")), body))
        body = _with(loop.item.name, item, body)
        return _placed(_with(loop.index.name, number, body) if loop.index is not None else body, at)

    def _index(self, node: nodes.Index) -> arm.Expression:
        base = self.value(node.of)
        key = self.value(node.key)
        safe = node.safe or _goes_on(node.of, base)
        return arm.Access(base, key, safe=safe, from_end=node.from_end, at=self.scope.at(node))

    def _nested_resource(self, node: nodes.Nested) -> arm.Expression:
        declared, index = self.resource(node)
        if declared is None:
            return self.unknown(f"there is no nested resource '{node.name}'", node)
        self.scope.used(declared)
        symbol = arm.Symbol(declared.symbol, self.scope.at(node))
        return symbol if index is None else arm.Access(symbol, self.value(index), at=self.scope.at(node))

    def resource(self, node: nodes.Node) -> tuple[Declared | None, nodes.Expression | None]:
        """Return the resource or module that ``node`` names directly, and the index into its loop, if any."""
        steps: list[str] = []
        index: nodes.Expression | None = None
        while not isinstance(node, nodes.Name):
            if isinstance(node, nodes.Nested):
                steps.append(node.name)
                node = node.of
            elif isinstance(node, nodes.Index) and index is None:
                index = node.key
                node = node.of
            else:
                return None, None
        declared = self.find(node.name) if node.name not in self._locals else None
        for step in reversed(steps):
            declared = nested(declared).get(step) if declared is not None else None
        if declared is None or declared.kind not in ("resource", "module"):
            return None, None
        return declared, index

    def _unary(self, node: nodes.Unary) -> arm.Expression:
        at = self.scope.at(node)
        operand = self.value(node.operand)
        if node.operator == "!":
            return arm.Call("not", (operand,), at=at)
        if isinstance(operand, arm.Literal) and type(operand.value) is int:
            return arm.Literal(-operand.value, at)
        return arm.Call("sub", (arm.Literal(0), operand), at=at)

    def _binary(self, node: nodes.Binary) -> arm.Expression:
        """Lower a chain of operators; a chain of one joining operator becomes one call, however long it is."""
        spine: list[nodes.Binary] = []
        left: nodes.Expression = node
        while isinstance(left, nodes.Binary):
            spine.append(left)
            left = left.left
        result = self.value(left)
        while spine:
            step = spine.pop()
            operands = [result, self.value(step.right)]
            while step.operator in _JOINING and spine and spine[-1].operator == step.operator:
                step = spine.pop()
                operands.append(self.value(step.right))
            result = _operation(step.operator, tuple(operands), self.scope.at(step))
        return result

    def _conditional(self, node: nodes.Conditional) -> arm.Expression:
        test, then, otherwise = self.value(node.test), self.value(node.then), self.value(node.otherwise)
        return arm.Conditional(test, then, otherwise, self.scope.at(node))

    def _array(self, node: nodes.Array, *, loops: bool) -> arm.Expression:
        items = tuple(
            arm.Spread(self.value(item.value), self.scope.at(item))
            if isinstance(item, nodes.Spread)
            else self.value(item, inner=loops)
            for item in node.items
        )
        return arm.Array(items, self.scope.at(node))

    def object(self, node: nodes.Object, *, loops: bool = False, without: frozenset[str] = frozenset()) -> arm.Object:
        """Lower an object, ``without`` some of its properties; with ``loops`` they may be ``[for …]``, at any depth."""
        entries: list[arm.Entry | arm.Spread] = []
        seen: set[str] = set()
        for item in node.properties:
            if isinstance(item, nodes.Spread):
                entries.append(arm.Spread(self.value(item.value), self.scope.at(item)))
                continue
            key = item.key
            if isinstance(key, str):
                if key in seen:
                    self.scope.complain(f"the property '{key}' is set more than once", item)
                seen.add(key)
                if key in without:
                    continue
                lowered: arm.Expression = arm.Literal(key)
            else:
                lowered = self.value(key)
            entries.append(arm.Entry(lowered, self.value(item.value, loops=loops, inner=loops), self.scope.at(item)))
        return arm.Object(tuple(entries), self.scope.at(node))

    def _repeat(self, node: nodes.For) -> arm.Expression:
        over = self.value(node.collection)
        with self.binding(node.item, node.index):
            body = self.value(node.body)
        return arm.Repeat(self.loop_of(node, over), body, self.scope.at(node))

    def loop_of(self, node: nodes.For, over: arm.Expression, condition: arm.Expression | None = None) -> arm.Loop:
        """Return the Loop that ``node`` writes."""
        index = node.index.name if node.index is not None else ""
        return arm.Loop(over=over, item=node.item.name, index=index, condition=condition, at=self.scope.at(node))

    def _misplaced_loop(self, node: nodes.For) -> arm.Expression:
        where = "a resource, module, variable or output, or of a property of a resource or module"
        return self.unknown(f"a loop cannot stand here; it is the value of {where}", node)

    def _misplaced_lambda(self, node: nodes.Lambda) -> arm.Expression:
        return self.unknown("a lambda cannot stand here; it is an argument of a function such as map or filter", node)

    # Calls

    def _call(self, node: nodes.Call) -> arm.Expression:
        of, name = node.of, node.name.name
        if of is None:
            declared = self.find(name)
            if declared is not None and declared.kind in ("func", "import"):
                return (
                    self._user_call(self.scope.imported(declared, declared.imported), declared, node)
                    if (declared.kind == "import")
                    else self._user_call(ScopedName(self.scope, declared), declared, node)
                )
            return self._builtin(node, {**NAMESPACES["az"], **NAMESPACES["sys"]})
        if isinstance(of, nodes.Name) and of.name not in self._locals:
            declared = self.find(of.name)
            if declared is not None and declared.kind == "namespace":
                return self._user_call(self.scope.imported(declared, name), declared, node)
            if of.name in NAMESPACES and (declared is None or declared.kind == "extension"):
                return self._builtin(node, NAMESPACES[of.name])
        return self._method(node, of)

    def _user_call(
        self, found: ScopedName | arm.Expression | FunctionName | None, declared: Declared, node: nodes.Call
    ) -> arm.Expression:
        arguments = tuple(self.value(argument) for argument in node.args)
        while isinstance(found, ScopedName) and found.declared.kind == "import":
            found = found.scope.imported(found.declared, found.declared.imported)
        if isinstance(found, ScopedName) and found.declared.kind == "func":
            found.scope.used(found.declared)
            found = found.scope.function(found.declared)
        if found is None:
            name = node.name.name
            return not_known(Token(braced(f"{name}()"), f"the import '{declared.name}' cannot be read"))
        if not isinstance(found, FunctionName):
            return self.unknown(f"'{node.name.name}' is not a function", node)
        if found.parameters is not None and found.parameters != len(arguments):
            expects = Signature(found.parameters, found.parameters).expects()
            return self.unknown(f"{node.name.name}() takes {expects}, {len(arguments)} given", node)
        return arm.Call(found.name, arguments, found.namespace, self.scope.at(node))

    def _builtin(self, node: nodes.Call, functions: Mapping[str, Signature]) -> arm.Expression:
        name = node.name.name
        signature = functions.get(name)
        if signature is None and name.startswith("list") and functions is not NAMESPACES["sys"]:
            signature = LIST
        if signature is None:
            return self._no_function(node, functions)
        if signature.where in _FILE_KINDS and signature.where != self.scope.kind:
            self.scope.complain(f"{name}() can only be used in {_FILE_KINDS[signature.where]}", node)
        elif signature.where == "default" and not self._in_default:
            self.scope.complain(f"{name}() can only be used in the default value of a parameter", node)
        count = len(node.args)
        if count < signature.least or (signature.most is not None and count > signature.most):
            return self.unknown(f"{name}() takes {signature.expects()}, {count} given", node)
        if name in LOADS:
            return self.scope.load(node)
        if signature.where == "parameters":
            return self._outside(node)
        if name == "any":
            return self.value(node.args[0])
        if name == "nameof":
            return self._nameof(node)
        wanted = LAMBDAS.get(name, {})
        arguments = tuple(
            self._lambda(argument, wanted[index]) if index in wanted else self.value(argument)
            for index, argument in enumerate(node.args)
        )
        return arm.Call(name, arguments, at=self.scope.at(node))

    def _outside(self, node: nodes.Call) -> arm.Expression:
        """Return what a parameters file takes from where it is deployed: an environment, a key vault."""
        name = node.name.name
        shown = ",".join(str(argument.value) for argument in node.args if isinstance(argument, nodes.Literal))
        for argument in node.args:
            self.value(argument)
        text = braced(f"{name}({shown})")
        if name == "getSecret":
            return not_known(Masked(text, "it is a secret of a key vault", name), self.scope.at(node))
        return not_known(Token(text, f"{name}() is known only where it is deployed", name), self.scope.at(node))

    def _no_function(self, node: nodes.Call, functions: Mapping[str, Signature]) -> arm.Expression:
        name = node.name.name
        for argument in node.args:
            if not isinstance(argument, nodes.Lambda):
                self.value(argument)
        declared = self.find(name)
        if declared is not None:
            return self.unknown(f"'{name}' is a {declared.title}, not a function", node)
        if name in REPLACED:
            return self.unknown(f"there is no function '{name}'; use {REPLACED[name]}", node)
        return self.unknown(f"there is no function '{name}'{_similar(name, functions)}", node)

    def _nameof(self, node: nodes.Call) -> arm.Expression:
        argument = node.args[0]
        self.value(argument)
        if isinstance(argument, nodes.Name | nodes.Property | nodes.Nested):
            return arm.Literal(argument.name, self.scope.at(node))
        if isinstance(argument, nodes.Index) and isinstance(argument.key, nodes.Literal):
            return arm.Literal(str(argument.key.value), self.scope.at(node))
        return self.unknown("nameof() takes something that has a name", node)

    def _lambda(self, node: nodes.Node, counts: tuple[int, int]) -> arm.Expression:
        while isinstance(node, nodes.Parens):
            node = node.inner
        if not isinstance(node, nodes.Lambda):
            return self.unknown("expected a lambda: x => …", node)
        if not counts[0] <= len(node.params) <= counts[1]:
            return self.unknown(f"the lambda takes {Signature(*counts).expects()}, it has {len(node.params)}", node)
        with self.binding(*node.params):
            body = self.value(node.body)
        return arm.Lambda(tuple(param.name for param in node.params), body, self.scope.at(node))

    def _method(self, node: nodes.Call, of: nodes.Expression) -> arm.Expression:
        """Lower a function of a resource: ``list…()`` asks the service, and so does ``getSecret``."""
        name = node.name.name
        target = self.value(of)
        arguments = [self.value(argument) for argument in node.args]
        if name == "getSecret":
            return self.unknown("getSecret() can only be the value of a parameter of a module", node)
        if isinstance(of, nodes.Name) and of.name == "this" and self.find("this") is None:
            return not_known(Token(braced(f"this.{name}()"), "only the service knows the resource that exists"))
        if not name.startswith("list"):
            return self.unknown(f"there is no function '{name}' here", node)
        at = self.scope.at(node)
        version = arm.Access(target, arm.Literal("apiVersion"), at=at)
        identity = arm.Access(target, arm.Literal("id"), at=at)
        return arm.Call(name, (identity, *(arguments or [version])), at=at)


def not_known(token: Token, at: arm.Handle = None) -> arm.Expression:
    """Return an expression whose value is ``token``; a Literal is what is known when it is compiled."""
    return arm.Access(arm.Literal({"": token}), arm.Literal(""), at=at)


def _operation(operator: str, operands: tuple[arm.Expression, ...], at: arm.Handle) -> arm.Expression:
    if operator in ("=~", "!~"):
        operands = tuple(arm.Call("toLower", (operand,), at=at) for operand in operands)
    if operator in ("!=", "!~"):
        return arm.Call("not", (arm.Call("equals", operands, at=at),), at=at)
    return arm.Call(_OPERATORS.get(operator, "equals"), operands, at=at)


def _with(name: str, value: arm.Expression, body: arm.Expression) -> arm.Expression:
    """Return ``body`` with ``name`` bound to ``value``: the only round of a map."""
    return arm.Access(arm.Call("map", (arm.Array((value,)), arm.Lambda((name,), body))), arm.Literal(0))


def _goes_on(node: nodes.Expression, lowered: arm.Expression) -> bool:
    """Whether ``lowered`` is the chain behind a safe step, where a null ends all of it."""
    return isinstance(node, nodes.Property | nodes.Index) and isinstance(lowered, arm.Access) and lowered.safe


def _placed(expression: arm.Expression, at: arm.Handle) -> arm.Expression:
    expression.at = at
    return expression


def _similar(name: str, names: Mapping[str, Any]) -> str:
    """Return a hint at a name that differs in case only."""
    wanted = name.lower()
    found = next((other for other in names if other.lower() == wanted), None)
    return f"; did you mean '{found}'?" if found else ""


_LOWER: Final[Mapping[type[nodes.Node], Callable[[ExpressionLowering, Any], arm.Expression]]] = {
    nodes.Literal: ExpressionLowering._literal,
    nodes.Template: ExpressionLowering._template,
    nodes.Name: ExpressionLowering._name,
    nodes.Property: ExpressionLowering._property,
    nodes.Index: ExpressionLowering._index,
    nodes.Nested: ExpressionLowering._nested_resource,
    nodes.NonNull: ExpressionLowering._non_null,
    nodes.Call: ExpressionLowering._call,
    nodes.Unary: ExpressionLowering._unary,
    nodes.Binary: ExpressionLowering._binary,
    nodes.Conditional: ExpressionLowering._conditional,
    nodes.For: ExpressionLowering._misplaced_loop,
    nodes.Lambda: ExpressionLowering._misplaced_lambda,
    nodes.Parens: ExpressionLowering._parens,
}
