"""The embedded Rego engine: regorus through our own extension module `scanner._rego`.

The extension is optional at build time; this file is the only one that imports it, and knows why it is missing. It
must not decide which engine is used.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from scanner.packs.rego.engine import DEFAULT_DEADLINE_S, RegoEngine, RegoError, RegoModule, RegoOutcome

if TYPE_CHECKING:
    from scanner.packs.rego.loader import Assembly

BINDING_VERSION = 1
"""The interface of `scanner._rego` this file is written for; raised with every change of it."""


def available() -> str | None:
    """Return None where the native engine can be used, else why not, in words for a user."""
    try:
        binding()
    except RegoError as error:
        return error.reason
    return None


def binding() -> Any:
    """Return the extension module.

    Raises RegoError of kind "engine" where it was not built, cannot be loaded, or is of another version: an editable
    checkout keeps the compiled file when its source changes.
    """
    try:
        import scanner._rego as _rego
    except ModuleNotFoundError:
        raise RegoError("engine", "not built: this installation has no compiled extension") from None
    except ImportError as error:
        raise RegoError("engine", f"cannot be loaded: {error}") from None
    found = getattr(_rego, "BINDING_VERSION", None)
    if found != BINDING_VERSION:
        reason = f"stale: binding version {found}, but {BINDING_VERSION} is needed; install the package again"
        raise RegoError("engine", reason)
    return _rego


class NativeEngine(RegoEngine):
    """Regorus in this process. Modules are checked before they are accepted; evaluation releases the GIL.

    For packs we ship. A foreign module can still exhaust memory or time in ways no check sees: it belongs into a
    `WorkerEngine`. Evaluation may take 2 MB of stack, more than a thread has on macOS unless `threading.stack_size`
    was set.
    """

    def __init__(self, *, deadline_s: float = DEFAULT_DEADLINE_S, check: bool = True) -> None:
        """`check=False` skips the static checks: only for modules whose digest passed them before."""
        super().__init__(deadline_s=deadline_s)
        self._binding = binding()
        self._check = check
        self._assembly: Assembly | None = None
        self._engine = self._binding.Engine()

    @property
    def name(self) -> str:
        """Name and version of the crate."""
        return f"regorus {self._binding.REGORUS_VERSION}"

    def load(self, modules: Sequence[RegoModule], data: Mapping[str, object]) -> None:
        """See RegoEngine."""
        from scanner.packs.rego.loader import Assembly

        self.close()
        assembly = Assembly(data)
        errors = assembly.accept(modules, data) if self._check else assembly.take(modules)
        if errors:
            raise errors[0]
        assembly.engine.set_deadline(self.deadline_s)
        self._assembly, self._engine = assembly, assembly.engine

    def evaluate(
        self,
        input: Mapping[str, object],  # noqa: A002 - Rego's own word for it
        entrypoints: Sequence[str],
    ) -> list[RegoOutcome]:
        """See RegoEngine."""
        try:
            outcomes: list[RegoOutcome] = self._engine.eval_rules(input, entrypoints)
        except self._binding.RegoError as error:
            return [self._translated(error)] * len(entrypoints)
        native_error, undefined = self._binding.RegoError, self._binding.Undefined
        for index, outcome in enumerate(outcomes):
            if outcome is undefined:
                outcomes[index] = RegoError("undefined", f"{entrypoints[index]} is undefined for this input")
            elif isinstance(outcome, native_error):
                outcomes[index] = self._translated(outcome)
        return outcomes

    def hold(self, document: Mapping[str, object]) -> object:
        """Convert ``document`` once; inputs then share it."""
        return self._binding.Value(document)

    def close(self) -> None:
        """Drop the modules and data."""
        self._assembly, self._engine = None, self._binding.Engine()

    def clone(self) -> "NativeEngine":
        """Return an engine with the same modules and data for another thread, without loading them again."""
        other = NativeEngine(deadline_s=self.deadline_s, check=self._check)
        other._assembly, other._engine = self._assembly, self._engine.clone()
        return other

    def _translated(self, error: Any) -> RegoError:
        if self._assembly is not None:
            return self._assembly.translated(error)
        return RegoError(error.kind, error.reason, error.file, error.line, error.col)
