"""Templates: text with interpolations and directives."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from scanner.model.unknown import Unknown
from scanner.sources.terraform.evaluation.frame import MAX_TEXT, Closure, ExpressionError, Frame
from scanner.sources.terraform.evaluation.iteration import elements, spend
from scanner.sources.terraform.evaluation.operations import truth
from scanner.sources.terraform.syntax import nodes
from scanner.sources.terraform.values import Sensitive, ValueFault, hide, operators

if TYPE_CHECKING:
    from scanner.sources.terraform.evaluation.compiler import Compiler

Writer = Callable[[Frame, list[Any]], None]
"""Appends its text to a list: str, or Unknown where it is not known or hidden."""


def compile_template(compiler: "Compiler", node: nodes.Template) -> Closure:
    """Compile a template; with one unknown part all of it is Unknown."""
    write = _compile_parts(compiler, node.parts)

    def render(frame: Frame) -> Any:
        texts: list[Any] = []
        write(frame, texts)
        text = operators.join_text(texts)
        if type(text) is str and len(text) > MAX_TEXT:
            raise ExpressionError(f"the text is longer than {MAX_TEXT} characters", node)
        return text

    return render


def _compile_parts(compiler: "Compiler", parts: tuple[nodes.TemplatePart, ...]) -> Writer:
    writers = [_compile_part(compiler, part) for part in parts]

    def write(frame: Frame, texts: list[Any]) -> None:
        for writer in writers:
            writer(frame, texts)

    return write


def _compile_part(compiler: "Compiler", part: nodes.TemplatePart) -> Writer:
    if isinstance(part, str):
        return lambda frame, texts: texts.append(part)
    if isinstance(part, nodes.TemplateIf):
        return _compile_if(compiler, part)
    if isinstance(part, nodes.TemplateFor):
        return _compile_for(compiler, part)
    return _compile_interpolation(compiler, part)


def _compile_interpolation(compiler: "Compiler", node: nodes.Expression) -> Writer:
    evaluate = compiler.compile(node)

    def write(frame: Frame, texts: list[Any]) -> None:
        value = evaluate(frame)
        if type(value) is not str:
            if value is None:
                raise ExpressionError("a value in a template is null", node)
            try:
                value = operators.to_text(value)
            except ValueFault as fault:
                raise ExpressionError(str(fault), node) from None
        texts.append(value)

    return write


def _compile_if(compiler: "Compiler", node: nodes.TemplateIf) -> Writer:
    test = compiler.compile(node.test)
    then, otherwise = _compile_parts(compiler, node.then), _compile_parts(compiler, node.otherwise)

    def write(frame: Frame, texts: list[Any]) -> None:
        chosen = truth(test(frame), node.test, "the condition of a template")
        if chosen is True:
            then(frame, texts)
        elif chosen is False:
            otherwise(frame, texts)
        elif isinstance(chosen, Sensitive):
            texts.append(hide(""))
            (then if chosen.value else otherwise)(frame, texts)
        else:
            texts.append(chosen)

    return write


def _compile_for(compiler: "Compiler", node: nodes.TemplateFor) -> Writer:
    collection = compiler.compile(node.collection)
    with compiler.binding(node.key, node.value) as (key_place, value_place):
        body = _compile_parts(compiler, node.parts)

    def write(frame: Frame, texts: list[Any]) -> None:
        value = collection(frame)
        if isinstance(value, Sensitive):
            texts.append(hide(""))
            value = value.value
        if isinstance(value, Unknown):
            texts.append(value)
            return
        spend(frame, value, node.collection)
        for frame[key_place], frame[value_place] in elements(value, node.collection):
            body(frame, texts)

    return write
