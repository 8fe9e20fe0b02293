"""The Report: all verdicts, the Findings, the Exemptions used, the ledger."""

from scanner.model.judged import Judged
from scanner.report.report import Comparison, Counts, Gate, PackStamp, Report, RuleTally

__all__ = ["Comparison", "Counts", "Gate", "Judged", "PackStamp", "Report", "RuleTally"]
