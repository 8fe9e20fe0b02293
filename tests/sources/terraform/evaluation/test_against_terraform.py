"""Generated expressions against the real `terraform console`: same value, same type, same refusals."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.model.unknown import Unknown
from scanner.sources.terraform.evaluation import ExpressionError
from scanner.sources.terraform.values import Sensitive
from tests.sources.terraform.evaluation.expressions import declarations, expressions, value_of
from tests.tools.terraform_console import Answer, difference, evaluate, find_terraform


def disagreement(text: str, answer: Answer) -> str | None:
    """Return in what ours differs.

    `&&` and `||` stop early here as they do from Terraform 1.12 on; a zero has no sign here, and a null no type that
    would keep it from being a branch of a conditional.
    """
    try:
        value = value_of(text)
    except ExpressionError as error:
        return f"we refuse: {error}; Terraform: {answer}" if answer.ok else None
    if not answer.ok and ("&&" in text or "||" in text or ("?" in text and ("null" in text or "nothing" in text))):
        return None
    if isinstance(value, Unknown) and not isinstance(value, Sensitive):
        return f"not known to us: {value}; Terraform: {answer}"
    problem = difference(value, answer)
    return None if problem and problem.endswith("'0', Terraform has '-0'") else problem


@pytest.mark.slow
@given(st.lists(expressions, min_size=30, max_size=60))
@settings(max_examples=40, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
def test_generated_expressions_are_worth_what_terraform_says(texts: list[str]) -> None:
    find_terraform()
    answers = evaluate(texts, files={"names.tf": declarations()})
    found = {
        text: problem for text, answer in zip(texts, answers, strict=True) if (problem := disagreement(text, answer))
    }
    assert found == {}
