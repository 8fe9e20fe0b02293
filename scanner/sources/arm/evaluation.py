"""Programs to ArmObjects: everything a template would deploy, as far as its text and its parameters say it."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

from scanner.canonical.arm_object import ArmObject
from scanner.sources.arm.deployment import Deployment
from scanner.sources.arm.instance import ResourceInstance, condition_of
from scanner.sources.arm.places import Declared
from scanner.sources.arm.program import ParameterDeclaration, Program, Supplied
from scanner.sources.arm.references import ABSENT
from scanner.sources.arm.run import MAX_OBJECTS, Problem, Run
from scanner.sources.arm.scope import Arguments
from scanner.sources.arm.targets import ANYWHERE, Target
from scanner.sources.arm.values import EvaluationError, Token, settled

_API_VERSION: Final = re.compile(r"\d{4}-\d{2}-\d{2}(?:-[A-Za-z0-9.-]+)?\Z")


class Evaluated(NamedTuple):
    """What a program deploys."""

    objects: tuple[ArmObject, ...]
    """In the order of the declarations, those of nested deployments last."""
    problems: tuple[Problem, ...]
    """What could not be evaluated."""
    valueless: tuple[tuple[Program, ParameterDeclaration], ...]
    """Parameters that were asked for and have no value."""
    output: Callable[[str], Any]
    """Returns the value of an output by name, evaluated now; None where there is none."""
    release: Callable[[], None]
    """Frees what only outputs need, sooner than Python would; afterwards they cannot be asked for."""


def evaluate(
    program: Program,
    parameters: Mapping[str, Supplied] | None = None,
    target: Target = ANYWHERE,
    environment: str = "",
) -> Evaluated:
    """Return what ``program`` deploys to ``target`` with ``parameters``.

    ``environment`` goes into the keys, where the same program is evaluated for several. Never raises for what the
    program says.
    """
    run = Run()
    supplied = {name.lower(): value for name, value in (parameters or {}).items()}
    name = Token("{deployment}", "deployment().name: it is not known before the deployment", "deployment().name")
    deployment = Deployment(program, run, target, name, Arguments({}, supplied))
    objects: list[ArmObject] = []
    keys: Counter[str] = Counter()
    head = f"{program.file}[{environment}]" if environment else program.file
    try:
        for instance in deployment.resources():
            if len(objects) >= MAX_OBJECTS:
                message = f"the template deploys more than {MAX_OBJECTS} resources"
                run.problem(Problem(message, program, None, incomplete=True))
                break
            found = _object(instance, head, run, environment)
            if found is not None:
                keys[found.key] += 1
                count = keys[found.key]
                objects.append(found if count == 1 else _renamed(found, f"{found.key}#{count}"))
        _assert_all(deployment)
    except EvaluationError as fault:
        run.problem(Problem(fault.message, program, fault.at, incomplete=True))
    except RecursionError:
        run.problem(Problem("its values are nested too deep to be evaluated", program, None, incomplete=True))

    def output(wanted: str) -> Any:
        value = deployment.output(wanted)
        return None if value is ABSENT else settled(value, run.budget)

    return Evaluated(tuple(objects), tuple(run.problems.values()), tuple(run.valueless.values()), output, run.release)


def _object(instance: ResourceInstance, head: str, run: Run, environment: str) -> ArmObject | None:
    try:
        body = settled(instance.body, run.budget)
        full_type, names, identifier = instance.type, instance.names, instance.id
        if instance.extends:
            body["scope"] = instance.extends
        _check_version(instance, run)
        source = Declared(instance)
        known = "{" not in identifier and not environment
        return ArmObject(
            full_type,
            "/".join(names),
            identifier,
            body,
            identifier.lower() if known else f"{head}:{source.address}",
            instance.api_version,
            source=source,
        )
    except EvaluationError as fault:
        if run.budget.left < 0:
            raise
        place = instance.declaration.type.at if fault.at is None else fault.at
        run.problem(Problem(fault.message, instance.deployment.program, place, incomplete=True))
        return None
    except RecursionError:
        declaration = instance.declaration
        message = "the values of the resource are nested too deep to be evaluated"
        run.problem(Problem(message, instance.deployment.program, declaration.at, incomplete=True))
        return None


def _check_version(instance: ResourceInstance, run: Run) -> None:
    version, expression = instance.api_version, instance.declaration.api_version
    if version and not _API_VERSION.match(version):
        message = f"the apiVersion '{version[:40]}' of '{instance.label}' is no API version: a date is expected"
        at = expression.at if expression is not None else instance.declaration.at
        run.problem(Problem(message, instance.deployment.program, at, incomplete=False))


def _renamed(found: ArmObject, key: str) -> ArmObject:
    return replace(found, key=key)


def _assert_all(deployment: Deployment) -> None:
    for assertion in deployment.program.asserts:
        if condition_of(assertion.test, deployment.frame) is False:
            message = f"the assertion '{assertion.name}' does not hold"
            deployment.run.problem(Problem(message, deployment.program, assertion.at, incomplete=False))
