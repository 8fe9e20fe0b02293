"""The program form: what a template says, whichever language it was written in.

The readers of ARM JSON and of Bicep both lower to it, and :mod:`scanner.sources.arm.evaluation` knows nothing else. It
holds declarations and expression nodes, no values and no text of the source; where a thing stands is an opaque handle
``at`` that only ``Program.locate`` can read.

How to lower to it
    Operators are calls of the function that ARM has for them: ``a + b`` is ``Call("add", (a, b))``, ``!a`` is
    ``Call("not", (a,))``, ``a == b`` ``equals``, ``a != b`` ``not(equals)``, ``a =~ b`` ``equals`` of two ``toLower``,
    ``a ?? b`` ``coalesce``, ``-a`` ``sub(0, a)``, ``a ? b : c`` :class:`Conditional`; ``a!`` is ``a`` alone.
    Function names compare without case. ``sys.`` and ``az.`` are dropped.
    A function that is called on a resource (``x.listKeys()``) is a call with its id as the first argument.
    Names become :class:`Parameter`, :class:`Variable`, :class:`Local` (of a lambda or loop), :class:`Symbol` (a
    resource or module declared in this program).
    A child resource names its parent with ``parent`` and has only its own last segments in ``type`` (full type is fine
    too) and ``name``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from scanner.model.location import Region

Handle: TypeAlias = Any
"""Where a node stands: hashable, picklable, read by ``Program.locate`` only. None where nothing can be said."""


class Expression:
    """A node of an expression. Its compiled form is kept in ``closure`` by the evaluator."""

    __slots__ = ("at", "closure")

    at: Handle
    closure: "Callable[[Any], Any] | None"

    def __init__(self, at: Handle = None) -> None:
        self.at = at
        self.closure = None


class Literal(Expression):
    """A value that is known now: str, int, float, bool, None, or a list or dict of such; frozen."""

    __slots__ = ("value",)

    def __init__(self, value: Any, at: Handle = None) -> None:
        super().__init__(at)
        self.value = value


class Raw(Expression):
    """A JSON value of an ARM template: bracketed strings in it are expressions, ``copy`` in it repeats.

    ``at`` is its path in the file.
    """

    __slots__ = ("value",)

    def __init__(self, value: Any, at: Handle = None) -> None:
        super().__init__(at)
        self.value = value


class Interpolation(Expression):
    """Text with expressions in it; ``parts`` are evaluated, turned into text as ``format`` does, and joined."""

    __slots__ = ("parts",)

    def __init__(self, parts: tuple[Expression, ...], at: Handle = None) -> None:
        super().__init__(at)
        self.parts = parts


class Call(Expression):
    """A call of a function of the language, or of ``namespace.name`` where the program declares that one.

    ``parameters``, ``variables``, ``copyIndex``, ``if``, ``and``, ``or``, ``coalesce`` and ``reference`` are calls
    too. A user function needs a namespace (any, such as ``__bicep``), or a name that the language does not have.
    """

    __slots__ = ("arguments", "name", "namespace")

    def __init__(self, name: str, arguments: tuple[Expression, ...], namespace: str = "", at: Handle = None) -> None:
        super().__init__(at)
        self.name = name
        self.arguments = arguments
        self.namespace = namespace


class Parameter(Expression):
    """The value of a parameter of the program, or of the user function it stands in."""

    __slots__ = ("name",)

    def __init__(self, name: str, at: Handle = None) -> None:
        super().__init__(at)
        self.name = name


class Variable(Expression):
    """The value of a variable of the program."""

    __slots__ = ("name",)

    def __init__(self, name: str, at: Handle = None) -> None:
        super().__init__(at)
        self.name = name


class Local(Expression):
    """A name that a lambda or a loop binds; ``Loop.item`` and ``Loop.index`` are bound this way too."""

    __slots__ = ("name",)

    def __init__(self, name: str, at: Handle = None) -> None:
        super().__init__(at)
        self.name = name


class Symbol(Expression):
    """A resource or module of this program by its symbolic name (see :class:`ResourceDeclaration.symbol`).

    Its value is the whole resource: ``.id``, ``.name``, ``.type``, ``.apiVersion`` are known from the declaration,
    so is ``.location`` and what else stands at the top of the body; ``.properties`` is what the service will answer.
    That of a module has ``.name`` and ``.outputs``, and ``.outputs.x`` is the value itself. Of a loop it is the list of
    all: ``Access(Symbol("x"), index)``.
    """

    __slots__ = ("name",)

    def __init__(self, name: str, at: Handle = None) -> None:
        super().__init__(at)
        self.name = name


class Access(Expression):
    """``base.key``, ``base[key]``; with ``safe`` null where base is null or has no such key (``.?key``, ``[?key]``).

    A whole chain ``a.?b.c`` stops at the null: lower it as one nested Access where each further step is ``safe`` too.
    ``from_end`` counts an index from the end (``[^1]``).
    """

    __slots__ = ("base", "from_end", "key", "safe")

    def __init__(
        self, base: Expression, key: Expression, *, safe: bool = False, from_end: bool = False, at: Handle = None
    ) -> None:
        super().__init__(at)
        self.base = base
        self.key = key
        self.safe = safe
        self.from_end = from_end


class Lambda(Expression):
    """A lambda; only as an argument of ``map``, ``filter``, ``reduce``, ``sort``, ``toObject``, ``groupBy``."""

    __slots__ = ("body", "parameters")

    def __init__(self, parameters: tuple[str, ...], body: Expression, at: Handle = None) -> None:
        super().__init__(at)
        self.parameters = parameters
        self.body = body


class Conditional(Expression):
    """``test ? then : otherwise``; only the branch that counts is evaluated."""

    __slots__ = ("otherwise", "test", "then")

    def __init__(self, test: Expression, then: Expression, otherwise: Expression, at: Handle = None) -> None:
        super().__init__(at)
        self.test = test
        self.then = then
        self.otherwise = otherwise


class Spread(Expression):
    """``...value`` as an item of an :class:`Array` or in place of an entry of an :class:`Object`."""

    __slots__ = ("value",)

    def __init__(self, value: Expression, at: Handle = None) -> None:
        super().__init__(at)
        self.value = value


class Entry(Expression):
    """One entry of an :class:`Object`; ``at`` is the place of its key."""

    __slots__ = ("key", "value")

    def __init__(self, key: Expression, value: Expression, at: Handle = None) -> None:
        super().__init__(at)
        self.key = key
        self.value = value


class Object(Expression):
    """An object; later entries win."""

    __slots__ = ("entries",)

    def __init__(self, entries: "tuple[Entry | Spread, ...]", at: Handle = None) -> None:
        super().__init__(at)
        self.entries = entries


class Array(Expression):
    """An array."""

    __slots__ = ("items",)

    def __init__(self, items: tuple[Expression, ...], at: Handle = None) -> None:
        super().__init__(at)
        self.items = items


class Loop(Expression):
    """What repeats a declaration or, as the value of a :class:`Repeat`, an expression.

    Either ``count`` (with ``start`` for what the index begins at) or ``over`` is given. ``item`` and ``index`` are the
    Locals it binds, empty where it binds none; ``name`` is what ``copyIndex('name')`` calls it.
    """

    __slots__ = ("condition", "count", "index", "item", "name", "over")

    def __init__(
        self,
        *,
        count: Expression | None = None,
        over: Expression | None = None,
        name: str = "",
        item: str = "",
        index: str = "",
        condition: Expression | None = None,
        at: Handle = None,
    ) -> None:
        super().__init__(at)
        self.count = count
        self.over = over
        self.name = name
        self.item = item
        self.index = index
        self.condition = condition
        """Evaluated in each round, with the Locals bound; a round where it is false is left out."""


class Repeat(Expression):
    """``[for x in y: body]``: the array of ``body`` for every round of ``loop``."""

    __slots__ = ("body", "loop")

    def __init__(self, loop: Loop, body: Expression, at: Handle = None) -> None:
        super().__init__(at)
        self.loop = loop
        self.body = body


@dataclass(slots=True)
class ParameterDeclaration:
    """A parameter of a program or of a user function."""

    name: str
    type: str = ""
    """``string``, ``int``, ``bool``, ``object``, ``array``, ``securestring``, ``secureobject``; empty for any."""
    default: Expression | None = None
    """May use other parameters. None: there is none, which is not the same as a null."""
    allowed: tuple[Any, ...] | None = None
    """The only values it can have; a single one decides it."""
    secure: bool = False
    nullable: bool = False
    """Null where no value is given."""
    shape: Mapping[str, Any] | None = None
    """Its type in the notation of ARM (``{"type": "object", "properties": {…}}``), ``$ref`` resolved at the top only;
    secure members of it are masked."""
    at: Handle = None


@dataclass(slots=True)
class FunctionDeclaration:
    """A user function. It sees its own parameters, other functions, and no variables of the program but in Bicep."""

    name: str
    namespace: str
    parameters: tuple[ParameterDeclaration, ...]
    """In the order of the arguments; bound as :class:`Parameter`."""
    body: Expression
    at: Handle = None


@dataclass(slots=True)
class ResourceDeclaration:
    """A resource, or the reference to one that exists."""

    type: Expression
    """``Microsoft.Storage/storageAccounts``; of a child with ``parent`` the last segments are enough."""
    name: Expression
    """``a/b`` for a child without ``parent``; of one with it only its own segments."""
    body: Expression
    """An object: everything but the parts that have a field of their own here (extra ones do no harm)."""
    symbol: str = ""
    """Symbolic name; empty where it has none."""
    api_version: Expression | None = None
    existing: bool = False
    """Only a reference: gives no object."""
    condition: Expression | None = None
    loop: Loop | None = None
    """Rounds are counted from 0 in the order of the loop."""
    scope: Expression | None = None
    """What it extends, or where it is when that is not the scope of the deployment: an id, a :class:`Symbol`, or what
    ``resourceGroup()``, ``subscription()``, ``managementGroup()`` or ``tenant()`` return (arguments are allowed)."""
    parent: "ResourceDeclaration | None" = None
    parent_index: Expression | None = None
    """Which round of a parent with a loop; where it is None and the parent has a loop, there is one in each round."""
    depends_on: Expression | None = None
    """Kept for what asks; the evaluation needs no order."""
    nested: bool = False
    """Whether it is written inside the body of its parent: its condition counts for it too, and it sees its loop."""
    at: Handle = None
    """Place of the declaration."""


@dataclass(frozen=True, slots=True)
class Missing:
    """Why the program of a module is not there."""

    reason: str
    """``the linked template 'x.json' is not in the tree``."""
    incomplete: bool = True
    """Whether the run is incomplete without it; not where it was never meant to be in the tree."""
    input: str = ""
    """What the ledger calls it: a path or an address; empty for the file of the declaration."""


@dataclass(slots=True)
class ModuleDeclaration:
    """A nested deployment: another program, its parameters, and where it is deployed."""

    load: "Callable[[], Program | Missing]"
    """Reads the program; called once at most, and not at all where the condition is false."""
    name: Expression | None
    """Name of the deployment; None where it is generated."""
    arguments: Mapping[str, Expression] = field(default_factory=dict)
    """Parameter values, evaluated in the declaring program."""
    references: frozenset[str] = frozenset()
    """Names of the parameters that take their value from a key vault: no value here, and a proper secret."""
    more_arguments: "Callable[[], Mapping[str, Supplied] | Missing] | None" = None
    """Values out of a linked parameters file."""
    link: Expression | None = None
    """Where the program is, where that must be evaluated first; then ``load_link`` reads it and ``load`` is not called.
    """
    load_link: "Callable[[Any], Program | Missing] | None" = None
    symbol: str = ""
    outer: bool = False
    """Whether its expressions are evaluated in the declaring program: its own parameters and variables do not count."""
    condition: Expression | None = None
    loop: Loop | None = None
    scope: Expression | None = None
    """As in :class:`ResourceDeclaration`; the scope of the declaring program where it is None."""
    subscription: Expression | None = None
    """Subscription id, where it is written on its own."""
    resource_group: Expression | None = None
    """Name of a resource group, where it is written on its own."""
    management_group: Expression | None = None
    existing: bool = False
    """Only a reference to a deployment: its outputs are not known."""
    depends_on: Expression | None = None
    at: Handle = None


@dataclass(slots=True)
class OutputDeclaration:
    """An output."""

    name: str
    value: Expression
    type: str = ""
    condition: Expression | None = None
    secure: bool = False
    at: Handle = None


@dataclass(slots=True)
class AssertDeclaration:
    """An assertion; only the note about one that is false comes of it."""

    name: str
    test: Expression
    at: Handle = None


@dataclass(frozen=True, slots=True)
class Supplied:
    """A parameter value from outside: of a parameters file, or of the command line."""

    value: Any
    """JSON-shaped; may hold ``Unknown``."""
    file: str = ""
    """Where it was written, as reports print it."""
    region: "Callable[[], Region | None] | None" = field(default=None, compare=False)


@dataclass(slots=True)
class Program:
    """One template.

    Names of parameters, variables, functions and symbols are kept as they are written; where the exact one is not
    declared, one that differs in case is taken.
    """

    file: str
    """As reports print it."""
    parameters: dict[str, ParameterDeclaration] = field(default_factory=dict)
    variables: dict[str, Expression] = field(default_factory=dict)
    functions: dict[str, FunctionDeclaration] = field(default_factory=dict)
    """By ``namespace.name``, or ``name`` where the namespace is empty."""
    resources: list[ResourceDeclaration] = field(default_factory=list)
    """In the order they are written, children after their parents."""
    modules: list[ModuleDeclaration] = field(default_factory=list)
    outputs: dict[str, OutputDeclaration] = field(default_factory=dict)
    asserts: list[AssertDeclaration] = field(default_factory=list)
    scope: str = "resourceGroup"
    """``resourceGroup``, ``subscription``, ``managementGroup`` or ``tenant``; empty for that of the caller."""
    inline: bool = False
    """Whether it is written inside the file of its caller; one that is not and calls itself is a circle."""
    source: Any = None
    """What ``locate`` needs, such as the text."""
    locate: "Callable[[Program, Handle], Region | None] | None" = None
    """Finds the place of a handle; may be slow, is asked for the few places that are reported."""
    faults: list[tuple[str, Handle]] = field(default_factory=list)
    """What lowering objects to: (message, place). Each becomes an entry of the ledger."""
