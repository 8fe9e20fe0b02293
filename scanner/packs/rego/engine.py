"""What a Rego engine is to the rest of the scanner: modules in, one outcome per entry point out.

The engines (native, worker process, OPA server) are told apart behind this file only. It must not know any of them, nor
rules, packs and verdicts.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import NamedTuple, Self

DEFAULT_DEADLINE_S = 5.0
"""Seconds for all rules of one Resource together."""

KINDS = {
    "syntax": "the text is no Rego module",
    "unsafe": "a variable that nothing binds",
    "unknown-function": "a call of a function that neither the module nor the engine has",
    "arity": "a call with the wrong number of arguments",
    "refused": "a built-in that reaches out of the policy: network, clock, environment",
    "recursion": "rules or functions that need themselves",
    "conflict": "two values where one is allowed, or data where a rule is",
    "entrypoint": "an entry point that no module defines",
    "undefined": "an entry point without a value for this input",
    "builtin": "a built-in that raised: wrong type, division by zero, bad pattern",
    "input": "an input or data document that is no JSON value",
    "limit": "too deep, too large or too slow",
    "panic": "the engine broke; no verdict on the policy",
    "engine": "anything else on the engine's side: not built, gone, misused",
}
"""Every `kind` of a RegoError and what it stands for."""


class RegoModule(NamedTuple):
    """One Rego source."""

    name: str
    """The path that errors name."""
    text: str
    """The source, OPA 1.x syntax."""


class RegoError(Exception):
    """Why a module was not loaded, or a rule not evaluated. Raised by `load`, returned by `evaluate`."""

    kind: str
    """One of `KINDS`."""
    reason: str
    """One lower-case sentence without position."""
    file: str | None
    """Name of the module, where the fault has a place."""
    line: int | None
    """From 1."""
    column: int | None
    """From 1."""

    def __init__(
        self, kind: str, reason: str, file: str | None = None, line: int | None = None, column: int | None = None
    ) -> None:
        super().__init__(kind, reason, file, line, column)
        self.kind, self.reason, self.file, self.line, self.column = kind, reason, file, line, column

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        return f"{place}: {self.reason}" if place else self.reason


RegoOutcome = object
"""The value of an entry point (sets as lists in the engine's order), or a RegoError instance."""


class RegoEngine(ABC):
    """Evaluates rules of the modules it was given. One engine serves one thread at a time.

    Usable as a context manager; `close` frees processes and connections.
    """

    def __init__(self, *, deadline_s: float = DEFAULT_DEADLINE_S) -> None:
        self.deadline_s = deadline_s

    @property
    @abstractmethod
    def name(self) -> str:
        """Name and version for reports: "regorus 0.14.1"."""

    @abstractmethod
    def load(self, modules: Sequence[RegoModule], data: Mapping[str, object]) -> None:
        """Replace what is loaded by these modules and this base document.

        Raises RegoError for the first fault of the set; the engine is then empty.
        """

    @abstractmethod
    def evaluate(
        self,
        input: Mapping[str, object],  # noqa: A002 - Rego's own word for it
        entrypoints: Sequence[str],
    ) -> list[RegoOutcome]:
        """Return the outcome of each entry point ("data.bulkhead.pack.rule.deny") for one input, in order.

        A fault of a policy is an outcome, never raised. An entry point without a value is a RegoError of kind
        "undefined": no answer must not look like no finding. `deadline_s` bounds the whole call; entry points that
        come too late are errors of kind "limit".
        """

    def hold(self, document: Mapping[str, object]) -> object:
        """Return ``document`` in the form that is cheapest to pass in many inputs, as a value anywhere in them."""
        return document

    def close(self) -> None:
        """End what `load` started. The engine may be loaded again."""
        return

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
