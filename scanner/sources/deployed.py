"""Templates that Terraform deploys, evaluated by the evaluator of templates.

Stands between the two, which do not know each other: :mod:`scanner.sources.repository` hands it to Terraform's Source.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from scanner.canonical.arm_object import ArmObject
from scanner.canonical.deployment import Deployment
from scanner.documents import DEFAULT_LIMITS, Problem
from scanner.model.unknown import Unknown
from scanner.sources.arm.evaluation import evaluate
from scanner.sources.arm.file import JsonFile, read_file
from scanner.sources.arm.program import Missing, Program, Supplied
from scanner.sources.arm.targets import Target
from scanner.sources.arm.template import lower


def deploy(deployment: Deployment) -> list[ArmObject]:
    """Return what the template declares; nothing where it is not known or is no template."""
    file = _file(deployment.template, deployment.key)
    if file is None:
        return []
    target = Target().moved(deployment.scope) if deployment.scope else Target()
    found = evaluate(lower(file, _NoLinks()), _values(deployment.parameters), target)
    start = len(deployment.key)
    return [replace(one, key=f"{deployment.key}/{one.key[start:].lstrip(':/')}") for one in found.objects]


def _file(template: Any, name: str) -> JsonFile | None:
    text = template if isinstance(template, str) else json.dumps(template) if isinstance(template, Mapping) else ""
    file = read_file(text.encode("utf-8", "replace"), name, DEFAULT_LIMITS)
    return None if isinstance(file, Problem) or not isinstance(file.value, dict) else file


def _values(parameters: Any) -> dict[str, Supplied]:
    """Return the values that a deployment states: as text of a parameters file, or name by name."""
    if isinstance(parameters, str):
        try:
            parameters = json.loads(parameters)
        except (ValueError, RecursionError):
            return {}
    if not isinstance(parameters, Mapping):
        return {}
    given = parameters.get("parameters", parameters)
    values = given.items() if isinstance(given, Mapping) else ()
    return {name: Supplied(_value(value)) for name, value in values}


def _value(given: Any) -> Any:
    if not isinstance(given, Mapping):
        return given
    return given["value"] if "value" in given else Unknown("it comes from a key vault")


class _NoLinks:
    """A template in a text has no folder that its links could start from."""

    def template(self, link: Mapping[str, Any], home: str, value: Any) -> Program | Missing:
        """Return why there is no linked template."""
        return _NOWHERE

    def parameters(self, link: Mapping[str, Any], home: str) -> Mapping[str, Supplied] | Missing:
        """Return why there is no linked parameters file."""
        return _NOWHERE


_NOWHERE = Missing("what it links to has no folder to start from: the template is a text in Terraform")
