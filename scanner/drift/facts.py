"""What is known of attributes: which of them count, which lists are sets, what is the same, what is filled in.

Read from the tables of this folder once, and remembered for each attribute of each type: types are few, Resources many.
"""

import json
from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path as File
from typing import Any, NamedTuple

import yaml

from scanner.canonical.shapes import shape_of
from scanner.drift.model import ABSENT
from scanner.drift.patterns import Keys, Patterns, as_table, keys_of
from scanner.model.path import Path
from scanner.model.types import is_azure

_HERE = File(__file__).parent


class Expected(NamedTuple):
    """A difference that is meant."""

    when: Mapping[str, Any]
    """Path in the live Resource → value that makes it so, ``*`` for any; ``^.key`` is a key beside the attribute."""
    element: Mapping[str, tuple[str, ...]]
    """Key of a list's element → values that make it so; empty for the attribute itself."""
    reason: str


class Fact(NamedTuple):
    """What is known of one attribute."""

    ignored: str = ""
    """Why it does not count; empty where it does."""
    kind: str = ""
    """``quantity``, ``duration``, ``region``, ``text`` or ``exact``; empty for what its side takes for the same."""
    keys: tuple[str, ...] = ()
    """Of a list: what tells its elements apart."""
    ordered: bool = False
    """Of a list: whether the order of its elements says something."""
    default: Any = ABSENT
    """What an absent attribute means; ``{oneOf: […]}`` for one of several."""
    expected: tuple[Expected, ...] = ()
    unreadable: bool = False
    """Whether nobody may read it back."""
    plural: str = ""
    """Spelling in which it is a list, beside it."""
    known: bool = True


class Facts:
    """One side's tables: Kubernetes or Azure."""

    def __init__(self, name: str, *, azure: bool) -> None:
        self.azure = azure
        self._table: Mapping[str, Any] = yaml.safe_load((_HERE / f"{name}.yaml").read_text("utf-8"))
        self._facts: dict[tuple[str, Path], Fact] = {}
        self._ignored = self._patterns("ignored")
        self._kinds = self._patterns("kinds")
        self._keyed = self._patterns("keyed")
        self._sets = Patterns(as_table(self._table["sets"], True), lower=azure)
        self._orders = Patterns(as_table(self._table.get("ordered", ()), True), lower=azure)
        self._defaults = self._patterns("defaults")
        self._plurals = self._patterns("plurals")
        self._unreadable = Patterns(as_table(self._table.get("unreadable", ()), True), lower=azure)
        self._expected = Patterns(_expected(self._table["expected"]), lower=azure)

    def _patterns(self, name: str) -> Patterns[Any]:
        return Patterns(self._table.get(name, {}), lower=self.azure)

    @property
    def unmanaged(self) -> Mapping[str, Any]:
        """Live Resources that nobody declares and that say nothing: ``types``, ``names``, ``prefixes``, ``groups``."""
        table: Mapping[str, Any] = self._table["unmanaged"]
        return table

    @cached_property
    def unmanaged_types(self) -> frozenset[str]:
        """The types of :attr:`unmanaged`."""
        return frozenset(self.unmanaged["types"])

    @property
    def marks(self) -> Mapping[str, Mapping[str, str]]:
        """What tools leave on what they applied: ``annotations`` and ``labels``, key → tool."""
        marks: Mapping[str, Mapping[str, str]] = self._table.get("marks", {})
        return marks

    @property
    def kept(self) -> Mapping[str, Mapping[str, str]]:
        """Labels and annotations that keep an object whose declaration is gone."""
        kept: Mapping[str, Mapping[str, str]] = self._table.get("kept", {})
        return kept

    @property
    def writers(self) -> Mapping[str, str]:
        """Clients that write what others declare → what they are."""
        writers: Mapping[str, str] = self._table.get("writers", {})
        return writers

    @property
    def tools(self) -> Mapping[str, str]:
        """Clients that apply declarations → what they are."""
        tools: Mapping[str, str] = self._table.get("tools", {})
        return tools

    @property
    def scalers(self) -> Mapping[str, str]:
        """Types that set the replicas of others → where they name them."""
        scalers: Mapping[str, str] = self._table.get("scalers", {})
        return scalers

    def of(self, type_: str, path: Path) -> Fact:
        """Return what is known of the attribute at ``path``; list indexes make no difference."""
        keys = keys_of(path, lower=self.azure)
        fact = self._facts.get((type_, keys))
        if fact is None:
            fact = self._facts[type_, keys] = self._look(type_, keys) if keys else Fact()
        return fact

    def _look(self, type_: str, keys: Keys) -> Fact:
        asked = type_.lower() if self.azure else type_
        known, writable = _in_models(asked, keys) if self.azure else (True, True)
        ignored = self._ignored.find(asked, keys, "") or ("" if writable else "only the service writes it")
        is_ordered = self._orders.find(asked, keys, False) if self.azure else not self._sets.find(asked, keys, False)
        return Fact(
            ignored=ignored,
            kind=self._kinds.find(asked, keys, ""),
            keys=tuple(self._keyed.find(asked, keys, ())),
            ordered=is_ordered,
            default=self._default(type_, asked, keys),
            expected=self._expected.find(asked, keys, ()),
            unreadable=self._unreadable.find(asked, keys, False),
            plural=self._plurals.find(asked, keys, ""),
            known=known,
        )

    def _default(self, type_: str, asked: str, keys: Keys) -> Any:
        found = self._defaults.find(asked, keys, ABSENT)
        if found is ABSENT and self.azure:
            for default in shape_of(type_).defaults:
                if tuple(key.lower() for key in default.path) == keys:
                    there, value = default.value("")
                    return value if there else ABSENT
        return found


def _expected(rows: list[Mapping[str, Any]]) -> dict[str, tuple[Expected, ...]]:
    table: dict[str, tuple[Expected, ...]] = {}
    for row in rows:
        element = {key: tuple(values) for key, values in row.get("element", {}).items()}
        one = Expected(row.get("when", {}), element, row["reason"])
        table[row["path"]] = (*table.get(row["path"], ()), one)
    return table


@cache
def facts_of(type_: str) -> Facts:
    """Return the tables that hold for a type."""
    return _side(is_azure(type_))


@cache
def _side(azure: bool) -> Facts:
    return Facts("azure", azure=True) if azure else Facts("kubernetes", azure=False)


@cache
def _models() -> Mapping[str, Any]:
    """Type in lower case → tree of its properties, in lower case."""
    trees = json.loads((_HERE / "azure_paths.json").read_text("utf-8"))
    return {type_.lower(): _lower(tree) for type_, tree in trees.items()}


def _lower(tree: Any) -> Any:
    return {key.lower(): _lower(below) for key, below in tree.items()} if isinstance(tree, dict) else tree


def _in_models(type_: str, keys: Keys) -> tuple[bool, bool]:
    """Return (whether the API models know the attribute, whether a caller may set it)."""
    node = _models().get(type_)
    if node is None:
        return False, True
    for key in keys:
        if node == 0:
            return True, False
        if node == 1:  # a mapping of free keys, or what the models leave open
            return True, True
        if key not in node:
            return False, True
        node = node[key]
    return True, node != 0
