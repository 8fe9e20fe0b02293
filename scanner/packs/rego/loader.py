"""Takes Rego modules into a native engine, or says what is wrong with each.

The order is that of what can hurt: bounds on the text before it is parsed, static checks, then the engine's own
analysis, of each module alone where the set fails (one broken module makes every rule of an engine fail). It must not
evaluate anything.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from scanner.packs.rego.builtins import ARITIES, used_by
from scanner.packs.rego.checks import Outline, check_outlines
from scanner.packs.rego.engine import RegoError, RegoModule
from scanner.packs.rego.native import binding
from scanner.packs.rego.rewrite import restore, rewrite

MAX_SOURCE_BYTES = 1 << 20
"""Longest module that is looked at at all; the engine has the same bound."""


def check_modules(
    modules: Sequence[RegoModule], data_roots: Iterable[str] = (), entrypoints: Iterable[str] = ()
) -> list[RegoError]:
    """Return every fault of a set of modules that is to be loaded together, with file, line and column.

    `data_roots` are the top-level keys of the base document, `entrypoints` the paths that will be evaluated. Costs
    about 0.3 ms per module: a caller that knows the digest of a set that passed may leave it out.
    """
    return Assembly().accept(modules, data_roots, entrypoints)


class Assembly:
    """One native engine in the making."""

    def __init__(self, data: Mapping[str, object] | None = None) -> None:
        """Start with the base document. Raises RegoError of kind "input" where it is no JSON value."""
        self._binding = binding()
        self.engine: Any = self._binding.Engine()
        """The engine; ready once `accept` or `take` has found nothing."""
        self._texts: dict[str, str] = {}
        self._siblings: list[str] = []
        self._outlines: list[Outline] = []
        # Before the modules: every change of data makes the engine analyse them anew.
        error = self._attempt(self.engine.add_data, data) if data else None
        if error:
            raise error

    def accept(
        self, modules: Sequence[RegoModule], data_roots: Iterable[str] = (), entrypoints: Iterable[str] = ()
    ) -> list[RegoError]:
        """Take the modules in and return every fault; with a fault the engine is of no use."""
        errors = self._add(modules)
        if not errors:
            known = {**dict(self._binding.builtins()), **ARITIES}
            found = check_outlines(self._outlines, known, data_roots, entrypoints)
            errors = [self._placed(error) for error in found]
        # Last, because regorus writes to stderr where it cannot order the statements of a body.
        if not errors and (error := self._attempt(self.engine.prepare)):
            errors = _alone(modules) or [error]
        return errors

    def take(self, modules: Sequence[RegoModule]) -> list[RegoError]:
        """Take the modules in without static checks; returns what the engine itself says of them."""
        errors = self._add(modules)
        error = None if errors else self._attempt(self.engine.prepare)
        return [error] if error else errors

    def _add(self, modules: Sequence[RegoModule]) -> list[RegoError]:
        """Add the modules and the built-ins they call; returns what cannot be parsed."""
        self._siblings = [module.text for module in modules]
        errors = [error for module in modules if (error := self._add_module(module))]
        if not errors:
            self._outlines = self.engine.modules()
            rules = (rule for outline in self._outlines for rule in outline["rules"])
            called = {call["name"] for rule in rules for call in rule["calls"]}
            for name, (arity, function) in used_by(called).items():
                self.engine.add_builtin(name, arity, function)
        return errors

    def _add_module(self, module: RegoModule) -> RegoError | None:
        try:
            size = len(module.text.encode())
        except UnicodeEncodeError:
            return RegoError("syntax", "the text holds a lone surrogate", module.name, 1, 1)
        if size > MAX_SOURCE_BYTES:
            reason = f"{size} bytes of source; at most {MAX_SOURCE_BYTES} are allowed"
            return RegoError("limit", reason, module.name, 1, 1)
        self._texts[module.name] = module.text
        return self._attempt(self.engine.add_policy, module.name, rewrite(module.text, self._siblings))

    def translated(self, error: Any) -> RegoError:
        """Return an error of the binding as ours, at its place in the author's text."""
        return self._placed(RegoError(error.kind, error.reason, error.file, error.line, error.col))

    def _placed(self, error: RegoError) -> RegoError:
        text = self._texts.get(error.file or "")
        if text is None or error.line is None or error.column is None:
            return error
        line, column = restore(text, error.line, error.column, self._siblings)
        return RegoError(error.kind, error.reason, error.file, line, column)

    def _attempt(self, method: Any, *arguments: object) -> RegoError | None:
        try:
            method(*arguments)
        except self._binding.RegoError as error:
            return self.translated(error)
        return None


def _alone(modules: Sequence[RegoModule]) -> list[RegoError]:
    """Return the fault of each module that cannot even be prepared on its own."""
    return [error for module in modules for error in Assembly().take([module])]
