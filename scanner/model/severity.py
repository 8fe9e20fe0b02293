"""How bad a Finding is. One order, used by filters, gates, sorting and SARIF alike."""

from enum import IntEnum


class Severity(IntEnum):
    """Severity of a Rule, ordered: ``Severity.LOW < Severity.CRITICAL``."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def label(self) -> str:
        """The lower-case name used in files, flags and reports, such as ``critical``."""
        return self.name.lower()

    @classmethod
    def parse(cls, label: str) -> "Severity":
        """Return the Severity of a label in any case; raises ValueError naming the valid ones."""
        try:
            return cls[label.upper()]
        except KeyError:
            valid = ", ".join(severity.label for severity in reversed(cls))
            raise ValueError(f"unknown severity {label!r}: one of {valid}") from None
