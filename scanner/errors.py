"""Every error a user can meet, in one tree. Only ``cli`` and ``points`` catch them.

    BulkheadError                 exit 2 unless it says otherwise
    ├── UsageError                a flag or argument that makes no sense
    ├── ConfigError               bulkhead.yaml
    ├── EstateError               estate.yaml, one or more files
    ├── ExemptionError            an exemptions file
    ├── BaselineError             a baseline file
    ├── PackError                 a pack or a rule that cannot be loaded
    ├── EngineError               no Rego engine, or the named one cannot be used
    └── ReportError               a report that cannot be written

A condition of a scanned input is never one of these: it is an entry of the ledger.
"""

from collections.abc import Sequence
from typing import NamedTuple


class Diagnostic(NamedTuple):
    """One thing that is wrong in one place of one file."""

    file: str
    line: int | None
    column: int | None
    message: str

    def __str__(self) -> str:
        place = self.file
        if self.line is not None:
            place += f":{self.line}"
            if self.column is not None:
                place += f":{self.column}"
        return f"{place}: {self.message}" if place else self.message


class BulkheadError(Exception):
    """Base of all errors that end a run with a message for the user."""

    exit_code = 2
    hint = "run with --help to see what is accepted"
    """The next step a user can take, when an instance gives none."""

    def __init__(self, message: str, *, hint: str = "", details: Sequence[Diagnostic] = ()) -> None:
        super().__init__(message)
        self.details = tuple(details)
        self._hint = hint

    def diagnostics(self) -> str:
        """Return the whole text for the user: message, each detail with its position, and the next step."""
        lines = [str(self), *(f"  {detail}" for detail in self.details)]
        lines.append(f"  help: {self._hint or self.hint}")
        return "\n".join(lines)


class UsageError(BulkheadError):
    """A flag or argument that makes no sense."""


class ConfigError(BulkheadError):
    """The configuration file cannot be used."""

    hint = "compare it with the schema printed by 'bulkhead config schema'"


class EstateError(BulkheadError):
    """The Estate cannot be read or contradicts itself."""

    hint = "run 'bulkhead estate validate' on it; 'bulkhead estate schema' prints what is expected"


class ExemptionError(BulkheadError):
    """An exemptions file cannot be used."""

    hint = "each exemption needs rules, selector, reason, owner and expires; see docs/exemptions.md"


class BaselineError(BulkheadError):
    """A baseline file cannot be used."""

    hint = "write it anew with 'bulkhead baseline write', or restore it"


class PackError(BulkheadError):
    """A pack or a rule in it cannot be loaded."""

    hint = "run 'bulkhead rules test' on its folder; 'bulkhead rules new' writes a valid one"


class EngineError(BulkheadError):
    """The Rego engine that was named cannot be used."""

    hint = "install a wheel with the native engine, or put an 'opa' executable on the PATH"


class ReportError(BulkheadError):
    """A report cannot be written."""

    hint = "choose a path that can be written, or '-' for standard output"
