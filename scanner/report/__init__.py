"""The Report: all verdicts, the Findings, the Exemptions used, the ledger."""

from scanner.model.judged import Judged
from scanner.report.report import Comparison, Counted, Counts, Gate, PackStamp, Report, RuleTally

__all__ = ["Comparison", "Counted", "Counts", "Gate", "Judged", "PackStamp", "Report", "RuleTally"]
