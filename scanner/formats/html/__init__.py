"""The HTML report: one file for people, readable on a phone, on paper and without a network."""

from scanner.formats.html.page import HtmlFormat

__all__ = ["HtmlFormat"]
