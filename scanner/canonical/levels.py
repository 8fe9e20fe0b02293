"""The rows of one level of the map (a type, a block, a list's element), made ready to run.

A row costs one dict lookup where its attribute is absent, which is the common case, and is made into a closure when it
is first there. What a path of the result came from is found by walking the same rows: :mod:`scanner.canonical.tracing`.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

from scanner.canonical.templates import Resolve, Template
from scanner.canonical.values import Put, ensure, fresh, setter, settled, steps_of
from scanner.model.unknown import Unknown

Body: TypeAlias = dict[str, Any]
NEWEST_MAJOR = 5
"""The major version of the provider that is assumed where nothing tells: an ``init`` without a constraint takes it."""


class Child(NamedTuple):
    """A block that is an ARM resource of its own."""

    type: str
    name: str
    """In braces where it is not known."""
    body: Body
    row: "Row"
    position: int


class Run:
    """What filling the bodies of one instance needs and gives besides."""

    __slots__ = ("children", "resolve")

    def __init__(self, resolve: Resolve) -> None:
        self.resolve = resolve
        self.children: list[Child] = []


Constants: TypeAlias = tuple[tuple[Put, bool, Any], ...]
"""What a row writes when its attribute is present: (setter, from the root, value)."""
Apply: TypeAlias = Callable[[Any, Mapping[str, Any], Body, Body, Run], None]
"""(value, attributes of the level, base, root, run): ``to`` counts from the base, ``/to`` from the root."""


class Row(NamedTuple):
    """A row as tracing needs it."""

    names: tuple[str, ...]
    """The attribute and its former names."""
    to: tuple[str, ...]
    absolute: bool
    kind: str
    """``value``, ``block``, ``list`` or ``child``."""
    level: "Level | None"
    each: Any
    """The template of an element; None where elements stay as they are."""
    also: tuple[str, ...]
    """Other attributes that make the value (``join``)."""
    present: tuple[tuple[str, ...], ...]


class _Cell:
    """A row that is made ready when an attribute of it is first met."""

    __slots__ = ("apply", "name", "row")

    def __init__(self, name: str, row: Mapping[str, Any]) -> None:
        self.name = name
        self.row = row
        self.apply: Apply | None = None


class Level:
    """All rows of a level for one provider major. Only what inputs mention is ever made ready."""

    __slots__ = ("_cells", "_defaults", "_major", "_specs", "known")

    def __init__(self, rows: Mapping[str, Any], major: int) -> None:
        self._major = major
        self._specs: list[Row] | None = None
        self._cells: list[tuple[str, _Cell]] = []
        self._defaults: list[tuple[Put, bool, Any]] = []
        known: set[str] = set()
        for name, entry in rows.items():
            for row in entry if entry.__class__ is list else (entry,):
                cell = _Cell(name, row)
                self._cells.append((name, cell))
                known.add(name)
                for alias in row.get("aliases", ()):
                    self._cells.append((alias, cell))
                    known.add(alias)
                known.update(row.get("joins", ()))
                if "default" in row or "defaults" in row:
                    self._add_default(row)
        self.known = known

    def _add_default(self, row: Mapping[str, Any]) -> None:
        found, default = default_for(row, self._major)
        if found:
            to, absolute = path_of(row["to"])
            self._defaults.append((setter(to), absolute, default))

    @property
    def specs(self) -> list[Row]:
        """The rows as tracing needs them, in order."""
        if self._specs is None:
            cells = dict.fromkeys(cell for _, cell in self._cells)
            self._specs = [row_of(cell.name, cell.row, self._major) for cell in cells]
        return self._specs

    def _made(self, cell: _Cell) -> Apply:
        row = cell.row
        made = cell.apply = _MAKERS[row.get("kind", "value")](row, cell.name, self._major)
        return made

    def fill(self, attributes: Mapping[str, Any], base: Body, root: Body, run: Run) -> None:
        """Write what ``attributes`` say below ``base``, then the defaults of what they leave out."""
        get = attributes.get
        for name, cell in self._cells:
            value = get(name)
            if value is not None:
                (cell.apply or self._made(cell))(value, attributes, base, root, run)
        for put, absolute, default in self._defaults:
            put(root if absolute else base, fresh(default) if default.__class__ in (dict, list) else default)

    def blur(self, value: Unknown, base: Body, root: Body) -> None:
        """Write that nothing is known of this level: ``value`` at every path that a row of it can reach."""
        for row in self.specs:
            target = root if row.absolute else base
            if row.to:
                setter(row.to)(target, value)
            elif row.level is not None and row.kind == "block":
                row.level.blur(value, target, root)


def row_of(name: str, row: Mapping[str, Any], major: int) -> Row:
    """Return a row as tracing needs it."""
    to, absolute = path_of(row.get("to", ""))
    return Row(
        (name, *row.get("aliases", ())),
        to,
        absolute,
        row.get("kind", "value"),
        Level(row["rows"], major) if "rows" in row else None,
        row.get("each"),
        tuple(row.get("joins", ())),
        tuple(path_of(path)[0] for path in row.get("present", {})),
    )


def path_of(text: str) -> tuple[tuple[str, ...], bool]:
    """Return the steps of a ``to``, and whether it starts at the root again."""
    absolute = text.startswith("/")
    text = text[1:] if absolute else text
    return (tuple(text.split(".")) if text else ()), absolute


def default_for(row: Mapping[str, Any], major: int) -> tuple[bool, Any]:
    """Return (whether there is one, the default) of a row for a provider major."""
    if "default" in row:
        return True, row["default"]
    for condition, value in row.get("defaults", {}).items():
        if holds(condition, major):
            return True, value
    return False, None


def holds(condition: str, major: int) -> bool:
    """Whether ``major`` meets a condition such as ``<4``, ``>=4`` or ``4``."""
    operator = condition.rstrip("0123456789")
    number = int(condition[len(operator) :])
    compare = {"<": major < number, "<=": major <= number, ">=": major >= number, ">": major > number}
    return compare.get(operator.strip(), major == number)


def _constants(row: Mapping[str, Any]) -> Constants:
    written = ((path_of(path), value) for path, value in row.get("present", {}).items())
    return tuple((setter(path), absolute, value) for (path, absolute), value in written)


def _value(row: Mapping[str, Any], name: str, major: int) -> Apply:
    to, absolute = path_of(row.get("to", ""))
    put = setter(to) if to else None
    steps, constants = steps_of(row), _constants(row)
    template = Template(row["join"]) if "join" in row else None

    def apply(value: Any, attributes: Mapping[str, Any], base: Body, root: Body, run: Run) -> None:
        for constant, top, word in constants:
            constant(root if top else base, word)
        if put is None:
            return
        if template is not None:
            value = template.fill(attributes, run.resolve)
        if value.__class__ is not str and value.__class__ is not bool:
            value = settled(value, run.resolve)
        if not isinstance(value, Unknown):
            for step in steps:
                value = step(value)
                if isinstance(value, Unknown):
                    break
        if value is not None:
            put(root if absolute else base, value)

    return apply


def _block(row: Mapping[str, Any], name: str, major: int) -> Apply:
    level, constants = Level(row["rows"], major), _constants(row)
    to, absolute = path_of(row.get("to", ""))

    def apply(value: Any, attributes: Mapping[str, Any], base: Body, root: Body, run: Run) -> None:
        target = root if absolute else base
        if value.__class__ is list:
            if not value:
                return
            value = value[0]
        if isinstance(value, Unknown):
            value = run.resolve(value)
            if to:
                setter(to)(target, value)
            else:
                level.blur(value, target, root)
            return
        if not isinstance(value, Mapping):
            return
        inside = ensure(target, to)
        if inside is None:
            return
        for constant, top, word in constants:
            constant(root if top else inside, word)
        level.fill(value, inside, root, run)

    return apply


def _list(row: Mapping[str, Any], name: str, major: int) -> Apply:
    level, constants = Level(row["rows"], major), _constants(row)
    to, absolute = path_of(row["to"])
    put = setter(to)

    def element(value: Any, run: Run) -> Any:
        if not isinstance(value, Mapping):
            return run.resolve(value) if isinstance(value, Unknown) else value
        body: Body = {}
        for constant, _, word in constants:
            constant(body, word)
        level.fill(value, body, body, run)
        return body

    def apply(value: Any, attributes: Mapping[str, Any], base: Body, root: Body, run: Run) -> None:
        if isinstance(value, Unknown):
            put(root if absolute else base, run.resolve(value))
        else:
            items = value if value.__class__ is list else [value]
            put(root if absolute else base, [element(item, run) for item in items])

    return apply


def _child(row: Mapping[str, Any], name: str, major: int) -> Apply:
    spec, constants = row_of(name, row, major), _constants(row)
    level = spec.level
    assert level is not None
    type_, template = row["child"]["type"], Template(row["child"]["name"])

    def apply(value: Any, attributes: Mapping[str, Any], base: Body, root: Body, run: Run) -> None:
        for index, item in enumerate(value if value.__class__ is list else [value]):
            body: Body = {}
            for constant, _, word in constants:
                constant(body, word)
            if isinstance(item, Unknown):
                level.blur(run.resolve(item), body, body)
            elif isinstance(item, Mapping):
                level.fill(item, body, body, run)
            else:
                continue
            text = template.fill(item if isinstance(item, Mapping) else {}, run.resolve)
            run.children.append(
                Child(type_, text if isinstance(text, str) else f"{{{name}[{index}]}}", body, spec, index)
            )

    return apply


_MAKERS: Mapping[str, Callable[[Mapping[str, Any], str, int], Apply]] = {
    "value": _value,
    "block": _block,
    "list": _list,
    "child": _child,
}
