"""What a function of the language is: its parameters, and how its arguments reach the code.

Conversion, null checks, Unknown and hidden arguments are the same for nearly all functions and handled here, so that
their code sees known values of the declared type only.
"""

from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING, Any

from scanner.model.unknown import Unknown
from scanner.sources.terraform.values.convert import convert
from scanner.sources.terraform.values.types import ANY, Type
from scanner.sources.terraform.values.value import (
    Sensitive,
    Value,
    ValueFault,
    derive,
    first_unknown,
    hide,
    reveal,
)

if TYPE_CHECKING:
    from scanner.sources.terraform.functions.context import Context


class FunctionError(ValueFault):
    """Terraform rejects the call."""

    argument: int | None
    """Index of the argument at fault, from 0; None for the call as a whole."""

    def __init__(self, message: str, argument: int | None = None) -> None:
        super().__init__(message)
        self.argument = argument


class Unevaluated(Exception):  # noqa: N818
    """Terraform would answer, we do not: the result is Unknown, for the reason that is the message."""


MAX_TEXT = 16 * 1024 * 1024
"""Characters of a text that a function makes; what would be longer is not evaluated."""


class Reach(Enum):
    """How far Unknown and hidden values get into the code of a function."""

    NONE = "none"
    """The default: one Unknown anywhere makes the result Unknown, one hidden value hides it."""
    MEMBERS = "members"
    """Members of collections may be anything, the function only moves them; top-level arguments are as for NONE."""
    ALL = "all"
    """The function sees arguments exactly as they are and answers for everything itself."""


class Function:
    """One function."""

    __slots__ = ("context", "nullable", "params", "reach", "rest", "run")

    def __init__(
        self,
        run: Callable[..., Value],
        *params: Type,
        rest: Type | None = None,
        nullable: bool = False,
        reach: Reach = Reach.NONE,
        context: bool = False,
    ) -> None:
        self.run = run
        self.params = params
        self.rest = rest
        """Type of all further arguments; None where there may be none."""
        self.nullable = nullable
        """Whether arguments may be null; where there are further arguments, those only."""
        """Whether arguments may be null."""
        self.reach = reach
        self.context = context
        """Whether ``run`` takes the context as its first argument."""

    def __call__(self, args: "list[Value] | tuple[Value, ...]", context: "Context | None" = None) -> Value:
        """Return the value of a call; FunctionError where Terraform rejects it.

        Neither a message nor the reason of an Unknown quotes an argument that is marked sensitive.
        """
        try:
            result = self._call(args, context)
        except FunctionError as error:
            if reveal(tuple(args))[1]:
                raise FunctionError("refused, for a value that is marked sensitive", error.argument) from None
            raise
        if type(result) is Unknown and first_unknown(tuple(args)) is None and reveal(tuple(args))[1]:
            return Unknown("it depends on a value that is marked sensitive")
        return result

    def _call(self, args: "list[Value] | tuple[Value, ...]", context: "Context | None") -> Value:
        self._check_count(len(args))
        if self.reach is Reach.ALL:
            return self._run(args, context)
        ready: list[Value] = []
        marked = False
        cause: Unknown | None = None
        for index, arg in enumerate(args):
            wanted = self.params[index] if index < len(self.params) else self.rest
            if isinstance(arg, Sensitive):
                arg, marked = arg.value, True
            elif isinstance(arg, Unknown):
                cause = cause or arg
                continue
            arg = self._accept(arg, wanted or ANY, index)
            if isinstance(arg, Unknown):
                cause = cause or arg
            elif self.reach is Reach.NONE and isinstance(arg, tuple | dict):
                cause = cause or first_unknown(arg)
                arg, inner = reveal(arg)
                marked = marked or inner
            ready.append(arg)
        if cause is not None:
            return derive(cause)
        result = self._run(ready, context)
        return hide(result) if marked else result

    def _check_count(self, given: int) -> None:
        wanted = len(self.params)
        if given == wanted or (given > wanted and self.rest is not None):
            return
        at_least = "at least " if self.rest is not None else ""
        raise FunctionError(f"wrong number of arguments ({at_least}{wanted} required; {given} given)")

    def _accept(self, arg: Value, wanted: Type, index: int) -> Value:
        if arg is None:
            if self.nullable and (self.rest is None or index >= len(self.params)):
                return None
            raise FunctionError("argument must not be null", index)
        try:
            return convert(arg, wanted)
        except ValueFault as fault:
            raise FunctionError(str(fault), index) from None

    def _run(self, args: Any, context: "Context | None") -> Value:
        try:
            return self.run(context, *args) if self.context else self.run(*args)
        except FunctionError:
            raise
        except Unevaluated as reason:
            return Unknown(str(reason))
        except RecursionError:
            return Unknown("the value nests too deeply")
        except ValueFault as fault:
            raise FunctionError(str(fault)) from None
