"""The Rego rules that share one engine: their modules, their entry points, and what is wrong with them."""

import os
import re
from collections.abc import Iterable, Mapping

from scanner.model.rule import Rule
from scanner.packs.rego.engine import RegoEngine, RegoError, RegoModule
from scanner.packs.rego.mentions import by_package, mentions

_DENY = re.compile(r"^(?:default[ \t]+)?deny\b", re.MULTILINE)
_PACKAGE = re.compile(r"^package[ \t]+([A-Za-z_][\w.]*)", re.MULTILINE)


class RegoRules:
    """Rules of one trust level and the engine that runs them. Modules are loaded when the first Rule is asked."""

    def __init__(
        self,
        rules: Iterable[Rule],
        libraries: Iterable[str],
        engine: RegoEngine | RegoError,
        data: Mapping[str, object] | None = None,
    ) -> None:
        """``libraries`` are absolute paths of ``.rego`` files; ``data`` is the base document (``data.estate`` …)."""
        self._rules = tuple(rules)
        self._libraries = tuple(libraries)
        self._engine = engine
        self._data = dict(data or {})
        self._entrypoints: dict[str, str | RegoError] | None = None
        self._mentions: dict[str, frozenset[str] | None] = {}

    @property
    def engine(self) -> RegoEngine:
        """The engine; only to be used once :meth:`entrypoint` has returned a path."""
        if isinstance(self._engine, RegoError):
            raise self._engine
        return self._engine

    def entrypoint(self, rule: Rule) -> str | RegoError:
        """Return the path of the ``deny`` of ``rule``, or why it cannot be evaluated."""
        if isinstance(self._engine, RegoError):
            return self._engine
        if self._entrypoints is None:
            self._entrypoints = self._load(self._engine)
        return self._entrypoints[rule.id]

    def mentions(self, rule: Rule) -> frozenset[str] | None:
        """Return what ``rule`` can see beside attributes; see :func:`scanner.packs.rego.mentions.mentions`."""
        return self._mentions.get(rule.id)

    def close(self) -> None:
        """End what the engine has started."""
        if isinstance(self._engine, RegoEngine):
            self._engine.close()

    def _load(self, engine: RegoEngine) -> dict[str, str | RegoError]:
        """Load all modules; where that fails, find the broken ones and load the rest."""
        libraries = [read_module(path) for path in self._libraries]
        modules = {rule.id: read_module(os.path.join(rule.folder, "rule.rego")) for rule in self._rules}
        entrypoints: dict[str, str | RegoError] = {
            rule_id: entrypoint_of(module) for rule_id, module in modules.items()
        }
        named = by_package(libraries)
        self._mentions = {rule_id: mentions(module, named) for rule_id, module in modules.items()}
        try:
            engine.load([*libraries, *modules.values()], self._data)
        except RegoError as error:
            faults = _faults(engine, libraries, modules, self._data) or dict.fromkeys(modules, error)
            entrypoints.update(faults)
            sound = [module for rule_id, module in modules.items() if rule_id not in faults]
            if sound:
                engine.load([*libraries, *sound], self._data)
        return entrypoints


def read_module(path: str) -> RegoModule:
    """Return the module in ``path``; a file that cannot be read is an empty module, which no engine accepts."""
    try:
        with open(path, encoding="utf-8") as stream:
            return RegoModule(path, stream.read())
    except (OSError, UnicodeDecodeError):
        return RegoModule(path, "")


def entrypoint_of(module: RegoModule) -> str | RegoError:
    """Return ``data.<package>.deny`` for the package that ``module`` declares."""
    match = _PACKAGE.search(module.text)
    if match is None:
        return RegoError("syntax", "the module declares no package", module.name, 1, 1)
    if not _DENY.search(module.text):
        return RegoError("entrypoint", "the module defines no rule 'deny'", module.name, 1, 1)
    return f"data.{match[1]}.deny"


def _faults(
    engine: RegoEngine, libraries: list[RegoModule], modules: Mapping[str, RegoModule], data: Mapping[str, object]
) -> dict[str, RegoError]:
    """Return the error of each module that cannot be loaded together with the libraries alone."""
    faults: dict[str, RegoError] = {}
    for rule_id, module in modules.items():
        try:
            engine.load([*libraries, module], data)
        except RegoError as error:
            faults[rule_id] = error
    return faults
