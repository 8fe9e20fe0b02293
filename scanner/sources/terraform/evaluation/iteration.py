"""``for`` and splat expressions."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from scanner.model.unknown import Unknown
from scanner.sources.terraform.evaluation.collections import object_key
from scanner.sources.terraform.evaluation.frame import MODULE, Closure, ExpressionError, Frame
from scanner.sources.terraform.evaluation.objects import ResourceObject
from scanner.sources.terraform.evaluation.operations import truth
from scanner.sources.terraform.syntax import nodes
from scanner.sources.terraform.values import ListValue, Sensitive, SetValue, derive, hide
from scanner.sources.terraform.values.convert import convert
from scanner.sources.terraform.values.types import BOOL, NUMBER, STRING, ObjectType, Type, friendly, type_of
from scanner.sources.terraform.values.unify import unify

if TYPE_CHECKING:
    from scanner.sources.terraform.evaluation.compiler import Compiler

_ANYTHING = Unknown("there is no element")
_SCALARS: dict[Type, Any] = {STRING: "", NUMBER: 0, BOOL: False}
_CONDITION = "the condition of a for expression"


def elements(value: Any, node: nodes.Node) -> Iterable[tuple[Any, Any]]:
    """Return key and value of every element in Terraform's order; raises ExpressionError where there are none."""
    if isinstance(value, SetValue):
        return [(item, item) for item in value]
    if isinstance(value, tuple):
        return enumerate(value)
    if isinstance(value, dict):
        return sorted(value.items(), key=_first)
    if value is None:
        raise ExpressionError("a null value has no elements to iterate over", node)
    raise ExpressionError(f"{friendly(type_of(value))} has no elements to iterate over", node)


def spend(frame: Frame, value: Any, node: nodes.Node) -> None:
    """Count the elements of ``value`` against the budget of the root module."""
    if isinstance(value, tuple | dict):
        frame[MODULE].budget.spend(len(value), node)


def _first(pair: tuple[str, Any]) -> str:
    return pair[0]


def compile_for_tuple(compiler: "Compiler", node: nodes.ForTuple) -> Closure:
    """Compile ``[for …]``."""
    collection = compiler.compile(node.collection)
    with compiler.binding(node.key, node.value) as (key_place, value_place):
        result = compiler.compile(node.result)
        condition = None if node.condition is None else compiler.compile(node.condition)

    def collect(frame: Frame, value: Any) -> Any:
        items: list[Any] = []
        kept: Any = True
        spend(frame, value, node)
        if not value and condition is not None:
            frame[key_place] = frame[value_place] = _ANYTHING
            truth(condition(frame), node.condition or node, _CONDITION)  # even then it has to be one
        for frame[key_place], frame[value_place] in elements(value, node.collection):
            if condition is not None:
                keep = condition(frame)
                if keep is False:
                    continue
                if keep is not True:
                    keep = truth(keep, node.condition or node, _CONDITION)
                    kept = _more_doubtful(kept, keep)
                    if not _holds(keep):
                        continue
            items.append(result(frame))
        return _qualified(tuple(items), kept)

    return _over(collection, collect)


def compile_for_object(compiler: "Compiler", node: nodes.ForObject) -> Closure:
    """Compile ``{for …}``."""
    collection = compiler.compile(node.collection)
    with compiler.binding(node.key, node.value) as (key_place, value_place):
        name = compiler.compile(node.name)
        result = compiler.compile(node.result)
        condition = None if node.condition is None else compiler.compile(node.condition)

    def collect(frame: Frame, value: Any) -> Any:
        items: dict[str, Any] = {}
        kept: Any = True
        spend(frame, value, node)
        if not value and condition is not None:
            frame[key_place] = frame[value_place] = _ANYTHING
            truth(condition(frame), node.condition or node, _CONDITION)
        for frame[key_place], frame[value_place] in elements(value, node.collection):
            if condition is not None:
                keep = truth(condition(frame), node.condition or node, _CONDITION)
                kept = _more_doubtful(kept, keep)
                if not _holds(keep):
                    continue
            key = object_key(name(frame), node.name)
            if type(key) is not str:
                kept = _more_doubtful(kept, key)
                if not isinstance(key, Sensitive):
                    result(frame)
                    continue
                key = key.value
            if node.group:
                items.setdefault(key, []).append(result(frame))
            elif key in items:
                raise ExpressionError(f'two elements have the key "{key}"', node.name)
            else:
                items[key] = result(frame)
        if node.group:
            items = {key: tuple(values) for key, values in items.items()}
        return _qualified(items, kept)

    return _over(collection, collect)


def _over(collection: Closure, collect: Any) -> Closure:
    def evaluate(frame: Frame) -> Any:
        value = collection(frame)
        if isinstance(value, Unknown):
            if isinstance(value, Sensitive):
                return hide(collect(frame, value.value))
            return derive(value)
        return collect(frame, value)

    return evaluate


def _holds(keep: Any) -> bool:
    """Whether an element stays: an unknown condition keeps it, so that its errors are met."""
    return bool(keep.value) if isinstance(keep, Sensitive) else keep is not False


def _more_doubtful(one: Any, other: Any) -> Any:
    """Return the one of two conditions that says less: an Unknown before something hidden before a plain value."""
    if isinstance(one, Unknown) and not isinstance(one, Sensitive):
        return one
    return other if isinstance(other, Unknown) else one


def _qualified(value: Any, kept: Any) -> Any:
    if isinstance(kept, Sensitive):
        return hide(value)
    return derive(kept) if isinstance(kept, Unknown) else value


def compile_splat(compiler: "Compiler", node: nodes.Splat) -> Closure:
    """Compile ``of[*].x``: nothing of null, one of what is no list, else one of each element."""
    of = compiler.compile(node.of)
    with compiler.splatting() as place:
        each = compiler.compile(node.each)

    def collect(frame: Frame, value: Any) -> Any:
        if value is None:
            return ()
        if not isinstance(value, tuple):
            frame[place] = value
            return (each(frame),)
        spend(frame, value, node)
        if not value and isinstance(value, ListValue | SetValue):
            frame[place] = _sample(value.element)
            return ListValue((), type_of(each(frame)))
        results = []
        for frame[place] in value:
            results.append(each(frame))
        return _list_of(results) if isinstance(value, ListValue | SetValue) else tuple(results)

    def splat(frame: Frame) -> Any:
        value = of(frame)
        if isinstance(value, Unknown) and not isinstance(value, ResourceObject):
            if isinstance(value, Sensitive):
                return hide(collect(frame, value.value))
            return derive(value)
        return collect(frame, value)

    return splat


def _sample(kind: Type) -> Any:
    """Return some value of a type: what follows a star has to fit the elements even where there are none."""
    if isinstance(kind, ObjectType):
        return {name: _sample(inner) for name, inner in kind.attributes.items()}
    return _SCALARS.get(kind, _ANYTHING)


def _list_of(results: list[Any]) -> Any:
    """Return the results as a list of their common type; what has none stays a tuple."""
    element = unify(map(type_of, results))
    return tuple(results) if element is None else ListValue((convert(item, element) for item in results), element)
