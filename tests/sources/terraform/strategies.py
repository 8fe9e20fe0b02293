"""Terraform values for property tests."""

from typing import Any

from hypothesis import strategies as st

from scanner.sources.terraform.values import ListValue, MapValue, SetValue, ValueFault, normal, numbers
from scanner.sources.terraform.values.convert import convert
from scanner.sources.terraform.values.types import ANY, ListType, MapType, SetType

_SAMPLES = (
    "",
    "a",
    "b",
    "true",
    "false",
    "1",
    "0",
    "01",
    "1.5",
    "10.0.0.0/8",
    "a,b",
    "é",
    "ß",
    "😀",
    "\n",
    "${x}",
    "%{",
    '"',
    "\\",
    " ",
)
texts = st.sampled_from(_SAMPLES) | st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cn")), max_size=6
).map(normal)
decimals = st.from_regex(r"-?[0-9]{1,3}(\.[0-9]{1,4})?", fullmatch=True).map(numbers.parse)
numbers_ = st.integers(-20, 300) | st.integers(-(10**40), 10**40) | decimals
scalars = st.none() | st.booleans() | texts | numbers_
names = st.sampled_from(("a", "b", "c", "k", "1"))


def _containers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    tuples = st.lists(inner, max_size=3).map(tuple)
    objects = st.dictionaries(names, inner, max_size=3)
    return (
        tuples
        | objects
        | tuples.map(lambda items: _converted(items, ListType(ANY)))
        | tuples.map(lambda items: _converted(items, SetType(ANY)))
        | objects.map(lambda items: _converted(items, MapType(ANY)))
    )


def _converted(value: Any, wanted: Any) -> Any:
    try:
        return convert(value, wanted)
    except ValueFault:
        return value


def _written(value: Any) -> Any:
    """Return what evaluating the literal of `value` gives: collections are made from what is in them, inside out."""
    if isinstance(value, MapValue):
        return convert({name: _written(item) for name, item in value.items()}, MapType(ANY))
    if isinstance(value, ListValue | SetValue):
        return convert(tuple(map(_written, value)), (ListType if isinstance(value, ListValue) else SetType)(ANY))
    if isinstance(value, dict):
        return {name: _written(item) for name, item in value.items()}
    return tuple(map(_written, value)) if isinstance(value, tuple) else value


def _is_written(value: Any) -> bool:
    try:
        _written(value)
    except ValueFault:
        return False
    return True


values = st.recursive(scalars, _containers, max_leaves=6).filter(_is_written).map(_written)

_atoms = st.sampled_from(
    [
        "a",
        "b",
        "c",
        ".",
        "[ab]",
        "[^a]",
        r"\d",
        r"\w",
        r"\b",
        "^",
        "$",
        "x",
        "(?:)",
        "-",
        r"\s",
        "[[:alpha:]]",
        r"\B",
        "é",
    ]
)
_repeats = st.sampled_from(["*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,2}?", "{2,}", "{0}", "**"])
_flags = st.sampled_from(["(?i)", "(?m)", "(?s)", "(?U)", ""])
patterns = st.recursive(
    _atoms,
    lambda inner: (
        st.tuples(inner, inner).map("".join)
        | st.tuples(inner, inner).map("|".join)
        | inner.map("({})".format)
        | st.tuples(inner, _repeats).map(lambda pair: f"(?:{pair[0]}){pair[1]}")
        | st.tuples(_flags, inner).map("".join)
    ),
    max_leaves=8,
)
"""Regular expressions, valid ones mostly."""
