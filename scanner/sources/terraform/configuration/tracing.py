"""Where a value was set that an expression gives: the expression is followed back, one element at a time.

Nothing is remembered while a configuration is evaluated. Where the way forks (a condition, the maps of ``merge``, the
elements of a ``for``), the parts are evaluated once more to see which one the value has come from. What cannot be told
ends the way, and is named.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from scanner.model.unknown import Unknown
from scanner.sources.terraform.configuration.module import Repeated
from scanner.sources.terraform.configuration.module_instance import ModuleInstance
from scanner.sources.terraform.configuration.overrides import file_of
from scanner.sources.terraform.configuration.repetition import Repetition
from scanner.sources.terraform.evaluation import FIRST_FREE, ExpressionError, compile_expression
from scanner.sources.terraform.evaluation.iteration import elements
from scanner.sources.terraform.instance import Place
from scanner.sources.terraform.syntax import nodes
from scanner.sources.terraform.values import SetValue, ValueFault

MOST_STEPS: Final = 64
"""Expressions that one value is followed through; a longer way is left where it is."""
_UNTOLD: Final = Unknown("it cannot be told here")
_KEY: Final = object()
"""As the last step: the key of the element is meant, not its value."""
_NO_PLACE: Final = ("", 0)

Steps = tuple[Any, ...]
"""Keys and indexes that lead from the value of an expression to the part that is looked for."""


class Bound(NamedTuple):
    """What a name stands for: ``each``, the iterator of a dynamic block, a variable of a ``for``."""

    collection: "Origin"
    """What is iterated over."""
    key: Any
    value: Any
    kind: str
    """``pair`` where ``.key`` or ``.value`` has to follow; ``key`` or ``value`` of a ``for``."""
    place: Place | None = None
    """To point at; None for a ``for``, which stands where the value does."""


class Origin(NamedTuple):
    """An expression, what its names stand for, and which part of its value is followed."""

    instance: ModuleInstance
    file: str
    node: nodes.Expression
    repetition: Repetition
    bound: Mapping[str, Bound]
    steps: Steps = ()

    def at(self, node: nodes.Expression, *steps: Any) -> "Origin":
        """Return ``node``, which stands in the same place, with ``steps`` to follow."""
        return self._replace(node=node, steps=steps)

    def value(self, node: nodes.Expression) -> Any:
        """Return what ``node`` is worth in this place; ``_UNTOLD`` where it cannot be evaluated."""
        names = [name for name in self.bound if name != "each"]
        places = {name: FIRST_FREE + number for number, name in enumerate(names)}
        compiled = compile_expression(node, places, FIRST_FREE + len(names))
        frame = self.repetition.frame(self.instance, max(compiled.size, FIRST_FREE + len(names)))
        for name, place in places.items():
            bound = self.bound[name]
            pair = {"key": bound.key, "value": bound.value}
            frame[place] = pair if bound.kind == "pair" else pair[bound.kind]
        try:
            return compiled.evaluate(frame)
        except (ExpressionError, ValueFault, KeyError, RecursionError):
            return _UNTOLD


def iterators(instance: ModuleInstance, block: Repeated, repetition: Repetition) -> dict[str, Bound]:
    """Return what ``each`` stands for in one instance of a block; nothing where it has no ``for_each``."""
    written = block.attribute("for_each")
    if written is None:
        return {}
    file = file_of(written, block.file)
    place = Place(file, instance.session.tree.region(file, written), "each iterates over this")
    collection = Origin(instance, file, written.value, Repetition("", None), {})
    return {"each": Bound(collection, repetition.each_key, repetition.each_value, "pair", place)}


def carriers(start: Origin) -> Iterator[Place]:
    """Yield where the value of an expression was set, and on from there."""
    origin: Origin | None = start
    last = _NO_PLACE
    for _ in range(MOST_STEPS):
        if origin is None:
            return
        place, origin = _next(origin, last)
        if place is not None and place.region is not None and (place.file, place.region.line) != last:
            last = (place.file, place.region.line)
            yield place


def _next(origin: Origin, last: tuple[str, int]) -> tuple[Place | None, Origin | None]:
    """Return what is to be pointed at, and the expression to go on with; ``last`` is the place before."""
    node = origin.node
    if isinstance(node, nodes.GetAttr | nodes.Index | nodes.Name):
        root, steps = _unwound(origin)
        if isinstance(root, nodes.Name):
            return _of_name(origin, root.name, steps, last)
        return None, origin.at(root, *steps)
    if isinstance(node, nodes.ObjectCons | nodes.TupleCons):
        return _of_constructor(origin)
    follow = _FOLLOWERS.get(type(node))
    following = follow(origin, node) if follow is not None else None
    if following is not None or isinstance(node, nodes.Literal):
        return None, following
    return _end(origin, last), None


def _end(origin: Origin, last: tuple[str, int]) -> Place | None:
    """Return the expression that is not followed any further; None where it is all there was."""
    if last == _NO_PLACE:
        return None
    region = origin.instance.session.tree.region(origin.file, origin.node)
    return Place(origin.file, region, f"it comes from {title(origin.node)}")


def title(node: nodes.Node) -> str:
    """Return what an expression is called: a reference as it is written, a call by its function, without values."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.GetAttr):
        return f"{title(node.of)}.{node.name}"
    if isinstance(node, nodes.Index):
        return f"{title(node.of)}[…]"
    if isinstance(node, nodes.Call):
        return f"{node.name}(…)"
    if isinstance(node, nodes.Splat):
        return f"{title(node.of)}[*]"
    return "a for expression" if isinstance(node, nodes.ForTuple | nodes.ForObject) else "this expression"


def _unwound(origin: Origin) -> tuple[nodes.Expression, Steps]:
    """Return what a chain of attributes and indexes begins with, and the steps it means with those to follow."""
    node, steps = origin.node, origin.steps
    while isinstance(node, nodes.GetAttr | nodes.Index):
        step = node.name if isinstance(node, nodes.GetAttr) else origin.value(node.key)
        steps = (step, *steps)
        node = node.of
    return node, steps


def _of_name(origin: Origin, root: str, steps: Steps, last: tuple[str, int]) -> tuple[Place | None, Origin | None]:
    instance, tree = origin.instance, origin.instance.session.tree
    if root in origin.bound:
        return _of_bound(origin.bound[root], steps)
    name = steps[0] if steps and isinstance(steps[0], str) else ""
    if root == "local" and name in instance.module.locals:
        local = instance.module.locals[name]
        place = Place(local.file, tree.region(local.file, local.node), f"local.{name} is set here")
        return place, _plain(instance, local.file, local.node.value, steps[1:])
    if root == "var" and name in instance.module.variables:
        return _of_variable(instance, name, steps[1:])
    if root == "module" and name in instance.children:
        found = _of_output(instance, name, steps[1:])
        if found is not None:
            return found
    return _end(origin, last), None


def _plain(instance: ModuleInstance, file: str, node: nodes.Expression, steps: Steps) -> Origin:
    """Return an expression that stands in no repeated block."""
    return Origin(instance, file, node, Repetition("", None), {}, steps)


def _of_bound(bound: Bound, steps: Steps) -> tuple[Place | None, Origin | None]:
    kind = bound.kind
    if kind == "pair":
        kind, steps = (steps[0], steps[1:]) if steps else ("", ())
    if kind not in ("key", "value"):
        return bound.place, None
    tail = (_KEY,) if kind == "key" else steps
    return bound.place, bound.collection._replace(steps=(bound.key, *tail))


def _of_variable(instance: ModuleInstance, name: str, steps: Steps) -> tuple[Place | None, Origin | None]:
    tree = instance.session.tree
    role = f"var.{name} is set here"
    call = instance.call
    if call is not None:
        node = call.block.attribute(name)
        if node is not None:
            file = file_of(node, call.block.file)
            names = iterators(call.parent, call.block, call.repetition)
            origin = Origin(call.parent, file, node.value, call.repetition, names, steps)
            return Place(file, tree.region(file, node), role), origin
    given = instance.session.given.get(name) if call is None else None
    if given is not None and given.node is not None:
        place = Place(given.file, tree.region(given.file, given.node), role)
        return place, _plain(instance, given.file, given.node.value, steps)
    variable = instance.module.variables[name]
    default = variable.attribute("default")
    if given is None and default is not None:
        file = file_of(default, variable.file)
        place = Place(file, tree.region(file, default), f"var.{name} has its default here")
        return place, _plain(instance, file, default.value, steps)
    block = variable.block
    declared = tree.span(variable.file, block.start, block.header_end)
    return Place(variable.file, declared, f"var.{name} is declared here"), None


def _of_output(instance: ModuleInstance, call: str, steps: Steps) -> tuple[Place | None, Origin | None] | None:
    """Return where an output is set that ``module.call`` and then ``steps`` names; None where that cannot be told."""
    for child in instance.children[call]:
        key = child.call.repetition.key if child.call is not None else None
        rest = steps if key is None else steps[1:]
        output = child.module.outputs.get(rest[0]) if rest and (key is None or steps[0] == key) else None
        written = output.attribute("value") if output is not None else None
        if output is not None and written is not None:
            file = file_of(written, output.file)
            place = Place(file, child.session.tree.region(file, written), f"output.{rest[0]} is set here")
            return place, _plain(child, file, written.value, rest[1:])
    return None


def _of_constructor(origin: Origin) -> tuple[Place | None, Origin | None]:
    """Go into what is written between braces or brackets as far as it goes, and point at where that ends."""
    node, steps = origin.node, origin.steps
    last: Any = None
    while steps and steps != (_KEY,) and isinstance(node, nodes.ObjectCons | nodes.TupleCons):
        last, below = steps[0], _member(origin, node, steps[0])
        if below is None:
            return None, None  # not written: the type of a variable may give it a default
        node, steps = below, steps[1:]
    if last is None:
        return None, None
    place = Place(
        origin.file, origin.instance.session.tree.region(origin.file, node), f"{_shown(last)} is written here"
    )
    return place, None if steps == (_KEY,) else origin.at(node, *steps)


def _member(origin: Origin, node: nodes.ObjectCons | nodes.TupleCons, step: Any) -> "nodes.Expression | None":
    if isinstance(node, nodes.ObjectCons):
        keys = ((key.value if isinstance(key, nodes.Literal) else origin.value(key), item) for key, item in node.items)
        return next((item for key, item in keys if str(key) == str(step)), None)
    if type(step) is int:
        return node.items[step] if 0 <= step < len(node.items) else None
    return next((item for item in node.items if origin.value(item) == step), None)  # an element of a set


def _shown(step: Any) -> str:
    return f"element {step + 1}" if type(step) is int else str(step)


def _inner(origin: Origin, node: nodes.Parens | nodes.TemplateWrap) -> Origin | None:
    return origin.at(node.inner, *origin.steps)


def _of_condition(origin: Origin, node: nodes.Conditional) -> Origin | None:
    test = origin.value(node.test)
    if test in (True, "true"):
        return origin.at(node.then, *origin.steps)
    return origin.at(node.otherwise, *origin.steps) if test in (False, "false") else None


def _of_operands(origin: Origin, node: nodes.Binary | nodes.Unary) -> Origin | None:
    operands = (node.left, node.right) if isinstance(node, nodes.Binary) else (node.operand,)
    return _first_that_varies(origin, operands)


def _of_template(origin: Origin, node: nodes.Template) -> Origin | None:
    parts = [part for part in node.parts if not isinstance(part, str)]
    if not parts or isinstance(parts[0], nodes.TemplateIf | nodes.TemplateFor):
        return None
    return _first_that_varies(origin, parts)  # type: ignore[arg-type]  # directives come alone or not at all


def _first_that_varies(origin: Origin, parts: Sequence[nodes.Expression]) -> Origin | None:
    """Return the first part that is not simply written there."""
    part = next((one for one in parts if not isinstance(one, nodes.Literal)), None)
    return None if part is None or origin.steps else origin.at(part)


def _of_splat(origin: Origin, node: nodes.Splat) -> Origin | None:
    path: Steps = ()
    each: Any = node.each
    while isinstance(each, nodes.GetAttr | nodes.Index):
        path = (each.name if isinstance(each, nodes.GetAttr) else origin.value(each.key), *path)
        each = each.of
    return origin.at(node.of, origin.steps[0], *path, *origin.steps[1:]) if origin.steps else origin.at(node.of)


def _of_for(origin: Origin, node: nodes.ForTuple | nodes.ForObject) -> Origin | None:
    """Find the element that gave the part that is looked for, and go on with what is written for it."""
    if not origin.steps or (isinstance(node, nodes.ForObject) and node.group):
        return origin.at(node.collection)
    collection = origin.value(node.collection)
    if isinstance(collection, Unknown):
        return None
    try:
        pairs = list(elements(collection, node.collection))
    except ExpressionError:
        return None
    wanted, *rest = origin.steps
    kept = 0
    for key, value in pairs:
        names = {
            name: Bound(origin.at(node.collection), key, value, kind)
            for name, kind in ((node.key, "key"), (node.value, "value"))
            if name
        }
        inside = origin._replace(bound={**origin.bound, **names})
        if node.condition is not None and inside.value(node.condition) in (False, "false"):
            continue
        here = str(inside.value(node.name)) == str(wanted) if isinstance(node, nodes.ForObject) else kept == wanted
        if here:
            return (
                inside.at(node.name)
                if rest == [_KEY] and isinstance(node, nodes.ForObject)
                else inside.at(node.result, *rest)
            )
        kept += 1
    return None


def _of_call(origin: Origin, node: nodes.Call) -> Origin | None:
    name = node.name.removeprefix("core::")
    follow = _CALLS.get(name)
    if follow is not None:
        return follow(origin, node)
    if not node.args:
        return None
    if name in _SAME:
        return origin.at(node.args[0], *origin.steps)
    # any other function makes something else of what it is given: of a single value the way goes on there
    return None if name in _READING else _first_that_varies(origin, node.args)


def _arguments(origin: Origin, node: nodes.Call) -> list[tuple[nodes.Expression, Steps, Any]] | None:
    """Return expression, steps into it and value of every argument; None where one of several is not known."""
    found: list[tuple[nodes.Expression, Steps, Any]] = [(arg, (), origin.value(arg)) for arg in node.args]
    if node.expand and found:
        arg, _, value = found.pop()
        if not isinstance(value, tuple):
            return None
        found += [(arg, (index,), item) for index, item in enumerate(value)]
    return found


def _of_merge(origin: Origin, node: nodes.Call) -> Origin | None:
    for arg, steps, value in reversed(_arguments(origin, node) or []):
        if not origin.steps or (isinstance(value, Unknown) and len(node.args) > 1):
            return None
        if isinstance(value, dict) and type(origin.steps[0]) is str and origin.steps[0] in value:
            return origin.at(arg, *steps, *origin.steps)
    return None


def _of_lookup(origin: Origin, node: nodes.Call) -> Origin | None:
    if len(node.args) < 2:
        return None
    key, value = origin.value(node.args[1]), origin.value(node.args[0])
    if isinstance(value, dict) and type(key) is str and key in value:
        return origin.at(node.args[0], key, *origin.steps)
    known = isinstance(value, dict) and type(key) is str and len(node.args) > 2
    return origin.at(node.args[2], *origin.steps) if known else None


def _of_first(accepts: Callable[[Any], bool]) -> "Callable[[Origin, nodes.Call], Origin | None]":
    """Return what goes on with the first argument whose value ``accepts``."""

    def follow(origin: Origin, node: nodes.Call) -> Origin | None:
        for arg, steps, value in _arguments(origin, node) or ():
            if accepts(value):
                unknown = isinstance(value, Unknown)
                return None if unknown else origin.at(arg, *steps, *origin.steps)
        return None

    return follow


def _of_concat(origin: Origin, node: nodes.Call) -> Origin | None:
    if not origin.steps or type(origin.steps[0]) is not int:
        return None
    index = origin.steps[0]
    for arg, steps, value in _arguments(origin, node) or ():
        if not isinstance(value, tuple):
            return None
        if index < len(value):
            return origin.at(arg, *steps, index, *origin.steps[1:])
        index -= len(value)
    return None


def _of_flatten(origin: Origin, node: nodes.Call) -> Origin | None:
    if not origin.steps or type(origin.steps[0]) is not int or not node.args:
        return None
    paths = _flat(origin.value(node.args[0]), ())
    path = next((path for number, path in enumerate(paths) if number == origin.steps[0]), None)
    return None if path is None else origin.at(node.args[0], *path, *origin.steps[1:])


def _flat(value: Any, at: Steps) -> Iterator[Steps]:
    if not isinstance(value, tuple):
        yield at
        return
    for index, item in enumerate(value):
        yield from _flat(item, (*at, index))


def _of_element(origin: Origin, node: nodes.Call) -> Origin | None:
    value = origin.value(node.args[0]) if len(node.args) == 2 else None
    index = origin.value(node.args[1]) if len(node.args) == 2 else None
    if not isinstance(value, tuple) or not value or type(index) is not int:
        return None
    return origin.at(node.args[0], index % len(value), *origin.steps)


def _of_one(origin: Origin, node: nodes.Call) -> Origin | None:
    value = origin.value(node.args[0]) if node.args else None
    if not isinstance(value, tuple) or not value:
        return None
    return origin.at(node.args[0], value[0] if isinstance(value, SetValue) else 0, *origin.steps)


def _of_values(origin: Origin, node: nodes.Call) -> Origin | None:
    value = origin.value(node.args[0]) if node.args else None
    if not isinstance(value, dict) or not origin.steps or type(origin.steps[0]) is not int:
        return None
    keys = sorted(value)
    index = origin.steps[0]
    tail = origin.steps[1:] if node.name.endswith("values") else (_KEY,)
    return origin.at(node.args[0], keys[index], *tail) if index < len(keys) else None


def _of_reordered(origin: Origin, node: nodes.Call) -> Origin | None:
    """Find the element by what it is worth, since its place has changed."""
    made, given = origin.value(node), origin.value(node.args[0]) if node.args else _UNTOLD
    if not origin.steps or not isinstance(made, tuple) or not isinstance(given, tuple):
        return None
    wanted, *rest = origin.steps
    item = made[wanted] if type(wanted) is int and not isinstance(made, SetValue) and wanted < len(made) else wanted
    index = next((index for index, one in enumerate(given) if one == item), None)
    return None if index is None else origin.at(node.args[0], index, *rest)


_SAME = frozenset(
    ("tomap", "toset", "tolist", "tostring", "tonumber", "tobool", "sensitive", "nonsensitive", "ephemeralasnull")
)
"""Functions that give what they are given."""
_READING = frozenset(("file", "fileset", "templatefile", "filebase64", "jsondecode", "yamldecode", "csvdecode"))
_CALLS: Final[Mapping[str, Callable[[Origin, nodes.Call], Origin | None]]] = {
    "merge": _of_merge,
    "lookup": _of_lookup,
    "try": _of_first(lambda value: value is not _UNTOLD),
    "coalesce": _of_first(lambda value: value is not None and value != ""),
    "coalescelist": _of_first(lambda value: value != ()),
    "concat": _of_concat,
    "flatten": _of_flatten,
    "element": _of_element,
    "one": _of_one,
    "values": _of_values,
    "keys": _of_values,
    "distinct": _of_reordered,
    "compact": _of_reordered,
    "sort": _of_reordered,
    "reverse": _of_reordered,
    "slice": _of_reordered,
}
_FOLLOWERS: Final[Mapping[type, Callable[[Origin, Any], Origin | None]]] = {
    nodes.Parens: _inner,
    nodes.TemplateWrap: _inner,
    nodes.Conditional: _of_condition,
    nodes.Binary: _of_operands,
    nodes.Unary: _of_operands,
    nodes.Template: _of_template,
    nodes.Splat: _of_splat,
    nodes.ForTuple: _of_for,
    nodes.ForObject: _of_for,
    nodes.Call: _of_call,
}
