"""Terraform's syntax: text to a tree with the place of everything, and nothing evaluated.

``parse_file`` reads native syntax (``.tf``, ``.tofu``, ``.tfvars``), ``parse_json`` and ``parse_variables_json`` read
``.tf.json`` and ``.tfvars.json``. Offsets become lines through :class:`LineIndex`. Knows no schema of any provider,
no values and no files.
"""

from scanner.sources.terraform.syntax.bodies import Parsed, parse_file
from scanner.sources.terraform.syntax.comments import Comment, comments_with
from scanner.sources.terraform.syntax.expressions import whole_expression, whole_template
from scanner.sources.terraform.syntax.fault import Stop, SyntaxFault
from scanner.sources.terraform.syntax.json_bodies import blocks_of, parse_json, parse_variables_json
from scanner.sources.terraform.syntax.lines import LineIndex
from scanner.sources.terraform.syntax.nodes import Expression

__all__ = [
    "Comment",
    "LineIndex",
    "Parsed",
    "SyntaxFault",
    "blocks_of",
    "comments_with",
    "parse_expression",
    "parse_file",
    "parse_json",
    "parse_template",
    "parse_variables_json",
]


def parse_expression(text: str) -> "Expression | SyntaxFault":
    """Return the one expression that ``text`` is, newlines meaning nothing; or why it is none."""
    try:
        return whole_expression(text)
    except Stop as stop:
        return stop.fault


def parse_template(text: str) -> "Expression | SyntaxFault":
    """Return ``text`` as a template, as ``templatefile`` reads a file; or why it is none."""
    try:
        return whole_template(text)
    except Stop as stop:
        return stop.fault
