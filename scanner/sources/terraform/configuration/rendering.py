"""Renders the templates of ``templatefile`` and ``templatestring``."""

from functools import lru_cache
from typing import Any

from scanner.sources.terraform.configuration.constants import Template, compile_with, evaluate_with
from scanner.sources.terraform.evaluation import ExpressionError
from scanner.sources.terraform.functions.context import Context, Render
from scanner.sources.terraform.syntax import SyntaxFault, parse_template
from scanner.sources.terraform.values import ValueFault


def renderer(context: Context) -> Render:
    """Return what renders a template whose function calls are made in ``context``; templates in it cannot nest."""

    def render(text: str, variables: dict[str, Any], file: str) -> Any:
        where = f' "{file}"' if file else ""
        try:
            return evaluate_with(_compiled(text, tuple(variables), where), variables, context)
        except ExpressionError as error:
            line = text.count("\n", 0, error.node.start) + 1
            raise ValueFault(f"cannot render the template{where}: line {line}: {error.message}") from None

    return render


@lru_cache(maxsize=64)
def _compiled(text: str, names: tuple[str, ...], where: str) -> Template:
    node = parse_template(text)
    if isinstance(node, SyntaxFault):
        line = text.count("\n", 0, node.start) + 1
        raise ValueFault(f"cannot parse the template{where}: line {line}: {node.message}")
    return compile_with(node, names)
