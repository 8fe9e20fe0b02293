"""What a compiled expression sees while it runs, and what it raises when it cannot go on.

A frame is a list: the first places are fixed (below), the rest hold the variables of ``for`` and of dynamic blocks,
each at the place its compiler gave it. A list instead of a chain of dictionaries makes a name one index.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple, Protocol, TypeAlias

from scanner.sources.terraform.syntax.nodes import Node

MODULE: Final = 0
"""The :class:`Names` of the module instance."""
EACH_KEY: Final = 1
EACH_VALUE: Final = 2
COUNT_INDEX: Final = 3
SELF: Final = 4
FIRST_FREE: Final = 5

MAX_TEXT: Final = 16 * 1024 * 1024
"""Characters of the longest text that a function or a template may give."""


class Absent:
    """Stands in a frame for ``each``, ``count`` or ``self`` where the block has none."""


ABSENT: Final = Absent()

Frame: TypeAlias = list[Any]
Closure: TypeAlias = Callable[[Frame], Any]
"""A compiled expression: frame in, value out; raises :class:`ExpressionError`."""


class Reference(NamedTuple):
    """A named object that an expression mentions: what must be worth something before the expression is evaluated."""

    kind: str
    """``var``, ``local``, ``resource`` (data and ephemeral too) or ``module``."""
    name: str
    """``tls``; of a resource ``azurerm_subnet.web`` or ``data.azurerm_subnet.web``; of a module the call's name."""
    output: str = ""
    """The one output of a module that is mentioned; empty where all of them are."""


class ModuleCalls(Protocol):
    """The value of a module call, by parts, so that mentioning one output does not need the others."""

    def whole(self) -> Any:
        """Return ``module.x``: an object of outputs, or a tuple or an object of such."""

    def output(self, key: Any, name: str) -> Any:
        """Return ``module.x.name``, or ``module.x[key].name`` where ``key`` is not None; raises ValueFault."""


class Budget:
    """How many more elements the ``for`` expressions of one root module may visit together.

    Loops in loops multiply: a few lines can ask for more than any machine has.
    """

    __slots__ = ("_asked", "left")

    def __init__(self, elements: int) -> None:
        self._asked = elements
        self.left = elements

    def spend(self, elements: int, node: Node) -> None:
        """Take ``elements`` out of it; raises ExpressionError where it is spent."""
        self.left -= elements
        if self.left < 0:
            raise ExpressionError(f"the configuration asks for more than {self._asked} elements", node)


class Names(Protocol):
    """The named objects of one module instance; each is there once what it refers to has been evaluated."""

    variables: Mapping[str, Any]
    locals: Mapping[str, Any]
    resources: Mapping[str, Any]
    """By ``azurerm_subnet.web`` or ``data.azurerm_subnet.web``."""
    calls: Mapping[str, ModuleCalls]
    paths: Mapping[str, Any]
    """``module``, ``root`` and ``cwd``."""
    terraform: Mapping[str, Any]
    """``workspace``."""
    budget: Budget
    context: Any
    """Of :func:`scanner.sources.terraform.functions.call`."""


class ExpressionError(Exception):
    """An expression that Terraform rejects."""

    def __init__(self, message: str, node: Node) -> None:
        super().__init__(message)
        self.message = message
        """Lower case, the cause only: ``division by zero``."""
        self.node = node
        """The part that is at fault."""


class StaticError(ExpressionError):
    """One that Terraform finds before it evaluates anything, so that ``try`` does not help: an unknown name."""


class Compiled(NamedTuple):
    """An expression, ready to run in any instance of its module."""

    evaluate: Closure
    references: tuple[Reference, ...]
    """In the order they are written, each once."""
    varies: bool
    """Whether it mentions ``each``, ``count``, ``self`` or a dynamic block's iterator."""
    size: int
    """Places its frame needs."""

    @property
    def constant(self) -> bool:
        """Whether it is worth the same everywhere."""
        return not self.references and not self.varies
