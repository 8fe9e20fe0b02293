"""The text report: what a person reads in a terminal or a build log."""

from scanner.formats.text.report import TextFormat

__all__ = ["TextFormat"]
