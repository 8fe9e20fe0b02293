"""What a file declares, by name: the first half of binding. Knows nothing of values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple, TypeAlias

from scanner.sources.bicep.functions import NAMESPACES
from scanner.sources.bicep.syntax import nodes

Complain: TypeAlias = Callable[[str, nodes.Node], None]

_KINDS: Final[Mapping[type[nodes.Node], str]] = {
    nodes.Param: "param",
    nodes.Var: "var",
    nodes.Resource: "resource",
    nodes.TypeDeclaration: "type",
    nodes.Func: "func",
}
_MAX_VARIABLES: Final = 10
"""How many variables may stand between a place and the text it means."""
_TITLES: Final = {
    "param": "parameter",
    "var": "variable",
    "resource": "resource",
    "module": "module",
    "test": "test",
    "type": "type",
    "func": "function",
    "import": "import",
    "namespace": "namespace",
    "extension": "extension",
}


class Declared(NamedTuple):
    """A name of a file, and what it stands for there."""

    kind: str
    """``param``, ``var``, ``resource``, ``module``, ``test``, ``type``, ``func``, ``import`` (of one name),
    ``namespace`` (``import * as``) or ``extension``."""
    name: str
    node: nodes.Node
    imported: str = ""
    """What an import is called where it comes from."""
    symbol: str = ""
    """Symbolic name of a resource: with those it is nested in, ``outer::inner``."""

    @property
    def title(self) -> str:
        """Its kind, as messages write it."""
        return _TITLES[self.kind]

    @property
    def is_loop(self) -> bool:
        """Whether it is a list of resources or modules."""
        node = self.node
        return isinstance(node, nodes.Resource | nodes.Module) and isinstance(node.body, nodes.For)


def declare(statements: tuple[nodes.Statement, ...], complain: Complain) -> dict[str, Declared]:
    """Return the names that ``statements`` declare; the first of two wins, and the second is complained about.

    Outputs, metadata and assertions are not names that others can use; they are checked for duplicates all the same.
    """
    found: dict[str, Declared] = {}
    seen: dict[str, set[str]] = {"output": set(), "metadata": set(), "assert": set(), "param": set()}
    scopes = 0
    for statement in statements:
        for name, declared in _declarations(statement):
            if name.name in found:
                complain(f"'{name.name}' is declared more than once", name)
            elif name.name in NAMESPACES and declared.kind != "extension":
                complain(f"'{name.name}' is the name of a namespace and cannot be declared", name)
            elif declared.kind == "var" and name.name == "copy":
                complain("'copy' is reserved and cannot be the name of a variable", name)
            else:
                found[name.name] = declared
        if isinstance(statement, nodes.Output | nodes.Assignment):
            _check_unused(statement, seen, complain)
        elif isinstance(statement, nodes.TargetScope):
            scopes += 1
            if scopes > 1:
                complain("targetScope is declared more than once", statement)
    return found


def _check_unused(statement: nodes.Output | nodes.Assignment, seen: Mapping[str, set[str]], complain: Complain) -> None:
    keyword = statement.keyword if isinstance(statement, nodes.Assignment) else "output"
    name = statement.name
    if name.name in seen[keyword]:
        complain(f"the {keyword} '{name.name}' is declared more than once", name)
    if keyword == "metadata" and name.name.startswith("_"):
        complain("names of metadata that start with '_' are reserved", name)
    seen[keyword].add(name.name)


def _declarations(statement: nodes.Statement) -> list[tuple[nodes.Name, Declared]]:
    kind = _KINDS.get(type(statement))
    if kind is not None or isinstance(statement, nodes.Module):
        name: nodes.Name = statement.name  # type: ignore[union-attr]  # all of these have one
        kind = kind or statement.keyword  # type: ignore[union-attr]  # that of a Module
        return [(name, Declared(kind, name.name, statement, symbol=name.name))]
    if isinstance(statement, nodes.Import):
        found = [(item.alias, Declared("import", item.alias.name, statement, item.name)) for item in statement.names]
        if statement.all is not None:
            found.append((statement.all, Declared("namespace", statement.all.name, statement)))
        return found
    if isinstance(statement, nodes.Extension):
        return _extension(statement)
    return []


def _extension(statement: nodes.Extension) -> list[tuple[nodes.Name, Declared]]:
    """Return the name of an extension: its alias, or what its specification says before ``@``."""
    if statement.alias is not None:
        name = statement.alias
    elif isinstance(statement.specification, nodes.Name):
        name = statement.specification
    elif isinstance(statement.specification, nodes.Literal):
        text = str(statement.specification.value).partition("@")[0].rpartition("/")[2]
        name = nodes.Name(text.partition(":")[0], statement.specification.start, statement.specification.end)
    else:
        return []
    return [(name, Declared("extension", name.name, statement))]


def nested(declared: Declared) -> dict[str, Declared]:
    """Return the resources that are declared in the body of one."""
    node = declared.node
    if not isinstance(node, nodes.Resource):
        return {}
    return {
        child.name.name: Declared("resource", child.name.name, child, symbol=f"{declared.symbol}::{child.name.name}")
        for child in reversed(body_of(node).resources)
    }


def body_of(node: nodes.Resource | nodes.Module) -> nodes.Object:
    """Return the object that is the body, whatever condition or loop stands before it."""
    body: nodes.Node = node.body
    while not isinstance(body, nodes.Object):
        assert isinstance(body, nodes.If | nodes.For)
        body = body.body
    return body


def written_text(node: nodes.Node, names: Mapping[str, Declared], depth: int = 0) -> str | None:
    """Return the text that ``node`` writes down, itself or in variables; None where it is computed."""
    if isinstance(node, nodes.Literal):
        return node.value if isinstance(node.value, str) else None
    if depth > _MAX_VARIABLES:
        return None
    if isinstance(node, nodes.Name):
        declared = names.get(node.name)
        if declared is None or not isinstance(declared.node, nodes.Var):
            return None
        return written_text(declared.node.value, names, depth + 1)
    if isinstance(node, nodes.Template):
        parts = [part if isinstance(part, str) else written_text(part, names, depth + 1) for part in node.parts]
        return None if None in parts else "".join(map(str, parts))
    return None


def find_circle(uses: Mapping[str, set[str]]) -> list[str]:
    """Return names that use each other in a circle, the first one again at the end; empty where there is none."""
    done: set[str] = set()
    for start in sorted(uses):
        if start in done or not start:
            continue
        way: list[str] = [start]
        on_way = {start}
        steps = [iter(sorted(uses.get(start, ())))]
        while steps:
            following = next(steps[-1], None)
            if following is None:
                steps.pop()
                left = way.pop()
                on_way.discard(left)
                done.add(left)
            elif following in on_way:
                return [*way[way.index(following) :], following]
            elif following not in done:
                way.append(following)
                on_way.add(following)
                steps.append(iter(sorted(uses.get(following, ()))))
    return []


def fields_of(statement: nodes.Resource | nodes.Module) -> dict[str, nodes.Expression]:
    """Return the properties of the body by name, those with computed names left out."""
    return {
        item.key: item.value
        for item in body_of(statement).properties
        if isinstance(item, nodes.ObjectProperty) and isinstance(item.key, str)
    }
