"""The SARIF 2.1.0 report: what code scanning and other tools read."""

from scanner.formats.sarif.log import SarifFormat

__all__ = ["SarifFormat"]
