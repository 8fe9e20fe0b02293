"""Short ways to write a template and to see what comes of it."""

import json
from collections.abc import Mapping
from typing import Any

from scanner.documents import DEFAULT_LIMITS, Problem
from scanner.sources.arm.evaluation import Evaluated, evaluate
from scanner.sources.arm.file import read_file
from scanner.sources.arm.program import Missing, Program, Supplied
from scanner.sources.arm.targets import ANYWHERE, Target
from scanner.sources.arm.template import lower

SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
STORAGE = "Microsoft.Storage/storageAccounts"


class NoLinks:
    """Links that lead nowhere."""

    def template(self, link: Mapping[str, Any], home: str, value: Any) -> Program | Missing:
        return Missing(f"the linked template '{value}' is not in the tree")

    def parameters(self, link: Mapping[str, Any], home: str) -> Mapping[str, Supplied] | Missing:
        return Missing("the linked parameters file is not in the tree")


def program(template: Mapping[str, Any] | str) -> Program:
    """Return the program of a template; the schema and version are added."""
    if not isinstance(template, str):
        template = json.dumps({"$schema": SCHEMA, "contentVersion": "1.0.0.0", "resources": [], **template}, indent=2)
    file = read_file(template.encode(), "main.json", DEFAULT_LIMITS)
    assert not isinstance(file, Problem), file
    return lower(file, NoLinks())


def deploy(
    template: Mapping[str, Any] | str, parameters: Mapping[str, Any] | None = None, target: Target = ANYWHERE
) -> Evaluated:
    """Return what a template deploys."""
    given = {name: Supplied(value) for name, value in (parameters or {}).items()}
    return evaluate(program(template), given, target)


def output(expression: Any, target: Target = ANYWHERE, **parts: Any) -> Any:
    """Return the value of an expression as an output of a template; ``parts`` are parts of the template."""
    evaluated = deploy({"outputs": {"x": {"type": "string", "value": expression}}, **parts}, target=target)
    value = evaluated.output("x")
    messages = [problem.message for problem in evaluated.problems]
    assert not messages, messages
    return value


def objection(expression: Any, **parts: Any) -> str:
    """Return why an expression cannot be evaluated."""
    evaluated = deploy(
        {
            "outputs": {"x": {"type": "string", "value": expression}},
            "resources": [resource(properties={"x": expression})],
            **parts,
        }
    )
    assert evaluated.problems, f"{expression} gives {evaluated.output('x')!r}"
    return evaluated.problems[0].message


def resource(name: str = "acct", kind: str = STORAGE, **members: Any) -> dict[str, Any]:
    """Return a resource."""
    return {"type": kind, "apiVersion": "2023-01-01", "name": name, **members}


def names(evaluated: Evaluated) -> list[str]:
    """Return the names of what is deployed."""
    return [found.name for found in evaluated.objects]


def messages(evaluated: Evaluated) -> list[str]:
    """Return what the evaluation objects to."""
    return [problem.message for problem in evaluated.problems]
