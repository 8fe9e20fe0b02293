"""Finds values that only the deployment knows where the compiler wants those that are known before it starts.

Names, conditions, what loops run over, the bodies of variable loops and of functions cannot use what the service
answers: of a resource only ``id``, ``name``, ``type`` and ``apiVersion`` are known, of a module only ``name``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from scanner.sources.bicep.names import Complain, Declared, body_of, nested, written_text
from scanner.sources.bicep.syntax import nodes

_KNOWN: Final = {"resource": frozenset(("id", "name", "type", "apiVersion")), "module": frozenset(("name",))}
_REQUIRED: Final = frozenset(("name", "id", "type", "apiVersion"))
_MESSAGE: Final = "the value is needed before the deployment starts, and '{}' is known only afterwards"
_MAX_VARIABLES: Final = 1_000


def check_runtime(statements: tuple[nodes.Statement, ...], names: Mapping[str, Declared], complain: Complain) -> None:
    """Complain about every value that comes too late."""
    finder = _Finder(names)
    for statement in statements:
        for node, bound in _early(statement):
            for late, what in finder.find(node, bound):
                complain(_MESSAGE.format(what), late)


_Early: TypeAlias = Iterator[tuple[nodes.Node, frozenset[str]]]
"""Expressions, each with the names that a loop binds around it."""


def _early(statement: nodes.Statement) -> _Early:
    """Yield the expressions of a statement that must be known before the deployment."""
    if isinstance(statement, nodes.Resource | nodes.Module):
        yield from _of_declaration(statement)
    elif isinstance(statement, nodes.Var | nodes.Output) and isinstance(statement.value, nodes.For):
        yield statement.value.collection, frozenset()
        if isinstance(statement, nodes.Var):
            yield statement.value.body, _bound_by(statement.value)
    elif isinstance(statement, nodes.Func):
        yield statement.body, frozenset(name.name for name, _ in statement.params)


def _of_declaration(statement: nodes.Resource | nodes.Module) -> _Early:
    pending: list[tuple[nodes.Resource | nodes.Module, frozenset[str]]] = [(statement, frozenset())]
    while pending:
        node, bound = pending.pop()
        body: nodes.Node = node.body
        if isinstance(body, nodes.For):
            yield body.collection, bound
            bound |= _bound_by(body)
            if body.condition is not None:
                yield body.condition, bound
        elif isinstance(body, nodes.If):
            yield body.condition, bound
        declared = body_of(node)
        pending.extend((child, bound) for child in declared.resources)
        if isinstance(node, nodes.Resource) and node.existing:
            continue
        for item in declared.properties:
            if isinstance(item, nodes.ObjectProperty) and item.key in _REQUIRED:
                yield item.value, bound


class _Finder:
    def __init__(self, names: Mapping[str, Declared]) -> None:
        self._names = names
        self._variables: dict[str, str] = {}
        self._open: set[str] = set()

    def find(self, root: nodes.Node, bound: frozenset[str] = frozenset()) -> Iterator[tuple[nodes.Node, str]]:
        """Yield each node below ``root`` that is known too late, and what it is."""
        pending: list[tuple[nodes.Node, frozenset[str]]] = [(root, bound)]
        while pending:
            node, bound = pending.pop()
            if isinstance(node, nodes.Property | nodes.Index | nodes.Nested | nodes.Name):
                late, inner = self._step(node, bound)
                if late:
                    yield node, late
                pending.extend((child, bound) for child in reversed(inner))
                continue
            if isinstance(node, nodes.Call):
                if node.of is not None and self._target(node.of, bound) is not None:
                    yield node, f"{node.name.name}()"
                    pending.extend((argument, bound) for argument in node.args)
                    continue
                if node.of is None and node.name.name == "reference":
                    yield node, "reference()"
                if node.of is None and node.name.name == "nameof":
                    continue
            bound = bound | _bound_by(node)
            pending.extend((child, bound) for child in reversed(list(children(node))))

    def _step(self, node: nodes.Node, bound: frozenset[str]) -> tuple[str, list[nodes.Node]]:
        """Return what is late of a reference, or the nodes in it that are still to be looked at."""
        target = self._target(node, bound)
        if target is not None:
            return target.name, []
        if isinstance(node, nodes.Name):
            declared = self._names.get(node.name) if node.name not in bound else None
            return (self._variable(declared) if declared is not None and declared.kind == "var" else ""), []
        assert isinstance(node, nodes.Property | nodes.Index | nodes.Nested)
        of = self._target(node.of, bound)
        inner = [node.key] if isinstance(node, nodes.Index) else []
        if of is None:
            return "", [node.of, *inner]
        name = written_text(node.key, self._names) if isinstance(node, nodes.Index) else node.name
        if name is None and not (isinstance(node, nodes.Index) and isinstance(node.key, nodes.Name)):
            return "", []  # what its type says of it is not worked out
        if name in _KNOWN[of.kind]:
            return "", [node.of.key] if isinstance(node.of, nodes.Index) else []
        return f"{of.name}.{name or '…'}", []

    def _target(self, node: nodes.Node, bound: frozenset[str]) -> Declared | None:
        """Return the resource or module that ``node`` denotes as a whole."""
        if isinstance(node, nodes.Name):
            found = self._names.get(node.name) if node.name not in bound else None
        elif isinstance(node, nodes.Nested):
            of = self._target(node.of, bound)
            found = nested(of).get(node.name) if of is not None else None
        elif isinstance(node, nodes.Index) and not isinstance(node.of, nodes.Index):
            found = self._target(node.of, bound)
            found = found if found is not None and found.is_loop else None
        else:
            return None
        known = found is not None and found.kind in _KNOWN and not _is_of_extension(found)
        return found if known else None

    def _variable(self, declared: Declared) -> str:
        """Return what is late in the value of a variable."""
        name = declared.name
        if name not in self._variables:
            if name in self._open or len(self._open) > _MAX_VARIABLES or len(self._open) > 50:
                return ""
            self._open.add(name)
            assert isinstance(declared.node, nodes.Var)
            late = next(self.find(declared.node.value), None)
            self._variables[name] = late[1] if late is not None else ""
            self._open.discard(name)
        return self._variables[name]


def _is_of_extension(declared: Declared) -> bool:
    """Whether it is no resource of Azure: what is known of those of extensions, their own types say."""
    type_ = declared.node.type if isinstance(declared.node, nodes.Resource) else None
    version = str(type_.value).partition("@")[2] if isinstance(type_, nodes.Literal) else ""
    return version != "" and not version[:4].isdigit()


def _bound_by(node: nodes.Node) -> frozenset[str]:
    if isinstance(node, nodes.For):
        return frozenset(name.name for name in (node.item, node.index) if name is not None)
    if isinstance(node, nodes.Lambda):
        return frozenset(name.name for name in node.params)
    return frozenset()


def children(node: nodes.Node) -> Iterator[nodes.Node]:
    """Yield the expressions directly in ``node``."""
    for slot in node.__slots__:
        value = getattr(node, slot)
        if isinstance(value, nodes.Node):
            yield value
        elif isinstance(value, tuple):
            for item in value:
                if isinstance(item, nodes.Node):
                    yield item
