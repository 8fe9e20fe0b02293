"""Every error a user can meet, in one tree. Only ``cli`` and ``points`` catch them.

    BulkheadError                 exit 2 unless it says otherwise
    ├── UsageError                a flag or argument that makes no sense
    ├── ConfigError               bulkhead.yaml
    ├── EstateError               estate.yaml, one or more files
    ├── ExemptionError            an exemptions file
    ├── BaselineError             a baseline file
    ├── PackError                 a pack or a rule that cannot be loaded
    ├── ClusterError              a cluster that cannot be connected to as configured
    ├── EngineError               no Rego engine, or the named one cannot be used
    ├── AuditError                the state of an audit that cannot be kept or gone on with
    ├── ExecutorError             where an audit is judged cannot be started or reached
    ├── ReportError               a report that cannot be written
    ├── ReviewError               an admission review that cannot be answered
    ├── ServeError                a webhook that cannot start
    └── StoreError                the store of audit runs

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


class AuditError(BulkheadError):
    """The state of an audit that cannot be kept, or not be gone on with."""

    exit_code = 3
    hint = "go on with --resume once the cause is gone"


class ExecutorError(BulkheadError):
    """The processes or the cluster that judge an audit cannot be started or reached."""

    hint = "what was judged is kept: run the audit again with --resume; '--executor local=1' needs the least"


class ClusterError(BulkheadError):
    """The configuration or the credentials of a cluster cannot be used."""

    hint = "'kubectl auth whoami' with the same context shows whether one gets in"


class ReportError(BulkheadError):
    """A report cannot be written."""

    hint = "choose a path that can be written, or '-' for standard output"


class ReviewError(BulkheadError):
    """An admission review cannot be answered: it is none, or says too little."""

    hint = "the webhook answers AdmissionReview of admission.k8s.io/v1; list v1 in admissionReviewVersions"


class ServeError(BulkheadError):
    """The webhook cannot start."""

    hint = "see docs/admission.md for what it needs"


class StoreError(BulkheadError):
    """The store of audit runs cannot be opened, read or written."""

    hint = "name another store with --store, or see docs/store.md"
