"""Parameters files: values for the parameters of a template. Nothing in them is an expression."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final, NamedTuple

from scanner.model.unknown import Unknown
from scanner.sources.arm.file import JsonFile
from scanner.sources.arm.functions.function import kind_of
from scanner.sources.arm.program import ParameterDeclaration, Program, Supplied
from scanner.sources.arm.run import Problem
from scanner.sources.arm.scope import find, masked
from scanner.sources.arm.template import locate
from scanner.sources.arm.values import same

_MAX_NAMED: Final = 5
_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "array": (list,),
    "bool": (bool,),
    "int": (int,),
    "object": (dict,),
    "secureobject": (dict,),
    "securestring": (str,),
    "string": (str,),
}


class ParametersFile(NamedTuple):
    """A parameters file that was read."""

    file: JsonFile
    values: Mapping[str, Supplied]
    """Name → value; what comes from a key vault is masked."""
    malformed: tuple[str, ...]
    """Names without a value."""


def read_parameters(file: JsonFile) -> ParametersFile:
    """Return the values of a parameters file."""
    parameters = file.value.get("parameters")
    values: dict[str, Supplied] = {}
    malformed: list[str] = []
    for name, given in parameters.items() if isinstance(parameters, dict) else ():
        if not isinstance(given, dict) or not ("value" in given or "reference" in given or "expression" in given):
            malformed.append(name)
            continue
        if "value" in given:
            value = given["value"]
        elif "reference" in given:
            value = masked(name)
        else:
            value = Unknown("it comes from the tool that deploys", f"parameters.{name}")
        key = "value" if "value" in given else "reference" if "reference" in given else "expression"
        values[name] = Supplied(value, file.name, partial(file.region, ("parameters", name, key)))
    return ParametersFile(file, values, tuple(malformed))


def check_parameters(given: ParametersFile, program: Program) -> list[Problem]:
    """Return what is wrong with the values for a template: none for it, of the wrong type, not among the allowed."""
    source = Program(given.file.name, source=given.file, locate=locate)
    problems = [
        Problem(f"the parameter '{name[:80]}' has no value in the parameters file", source, ("parameters", name), False)
        for name in given.malformed
    ]
    strange = [name for name in given.values if find(program.parameters, name) is None]
    if strange:
        named = ", ".join(f"'{name[:80]}'" for name in strange[:_MAX_NAMED])
        more = f" and {len(strange) - _MAX_NAMED} more" if len(strange) > _MAX_NAMED else ""
        all_of_them = len(strange) == len(given.values)
        what = "none of its parameters is one of the template" if all_of_them else "the template has no parameter"
        message = f"{what} '{program.file}': {named}{more}"
        problems.append(Problem(message, source, ("parameters", strange[0]), False))
    for name, supplied in given.values.items():
        declaration = find(program.parameters, name)
        reason = _objection(declaration, supplied.value) if declaration is not None else ""
        if reason:
            message = f"the parameter '{name[:80]}' {reason}"
            problems.append(Problem(message, source, ("parameters", name), False))
    return problems


def _objection(declaration: ParameterDeclaration, value: Any) -> str:
    if isinstance(value, Unknown) or value is None:
        return ""
    wanted = _TYPES.get(declaration.type)
    if wanted is not None and (not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted)):
        return f"is of the type '{declaration.type}', and its value is {kind_of(value)}"
    allowed = declaration.allowed
    items = value if isinstance(value, list) else [value]
    if allowed and value not in allowed and not all(any(same(item, one) for one in allowed) for item in items):
        return "has a value that is not among the allowed ones"
    return ""
