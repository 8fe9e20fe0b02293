"""`json.match_schema`, `json.verify_schema`, `json.is_valid`: results in the shape and words of OPA.

The engine has the first two, but answers with one text where policies expect a list of objects, so that a rule reading
`errors[_].desc` would never fire. Formats are checked as far as the validator knows them; references lead inside of the
schema only.
"""

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from scanner.packs.rego.builtins.operands import is_set, type_name
from scanner.packs.rego.builtins.texts import written

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

_TYPES = ("array", "boolean", "integer", "number", "null", "object", "string")
_BOUNDS = {
    "minItems": ("array_min_items", "Array must have at least {} items"),
    "maxItems": ("array_max_items", "Array must have at most {} items"),
    "minProperties": ("array_min_properties", "Must have at least {} properties"),
    "maxProperties": ("array_max_properties", "Must have at most {} properties"),
    "minLength": ("string_gte", "String length must be greater than or equal to {}"),
    "maxLength": ("string_lte", "String length must be less than or equal to {}"),
    "pattern": ("pattern", "Does not match pattern '{}'"),
    "format": ("format", "Does not match format '{}'"),
    "multipleOf": ("multiple_of", "Must be a multiple of {}"),
    "minimum": ("number_gte", "Must be greater than or equal to {}"),
    "maximum": ("number_lte", "Must be less than or equal to {}"),
    "exclusiveMinimum": ("number_gt", "Must be greater than {}"),
    "exclusiveMaximum": ("number_lt", "Must be less than {}"),
}
_BEHIND_ALL = "\U0010ffff"
_FIXED = {
    "allOf": ("number_all_of", "Must validate all the schemas (allOf)"),
    "anyOf": ("number_any_of", "Must validate at least one schema (anyOf)"),
    "oneOf": ("number_one_of", "Must validate one and only one schema (oneOf)"),
    "not": ("number_not", "Must not validate the schema (not)"),
    "additionalItems": ("array_no_additional_items", "No additional items allowed on array"),
    "contains": ("contains", "At least one of the items must match"),
    "if": ("condition_else", 'Must validate "then" or "else"'),
}


def match_schema(document: object, schema: object) -> list[object]:
    """Return whether a document fits a schema, and what is wrong with it: error, type, field and desc of each fault.

    Either may be the text of a JSON document. Raises ValueError for a schema that is none.
    """
    from jsonschema import ValidationError

    instance, validator = _loaded(document), _validator(_loaded(schema))
    faults: list[dict[str, str]] = []
    try:
        for error in sorted(validator.iter_errors(instance), key=_rank):
            faults += _faults(error)
    except ValidationError as error:
        raise ValueError(str(error.message)) from None
    return [not faults, faults]


def verify_schema(schema: object) -> list[object]:
    """Return whether a value is a JSON schema, and null or what is wrong with it."""
    try:
        _validator(_loaded(schema))
    except ValueError as error:
        return [False, f"jsonschema: {error}"]
    return [True, None]


def is_valid(text: object) -> bool:
    """`json.is_valid`: whether a value is a string that holds a JSON document."""
    if not isinstance(text, str):
        return False
    try:
        _parsed(text)
    except ValueError:
        return False
    return True


def _loaded(value: object) -> Any:
    """Return an operand as document: a string is parsed."""
    if isinstance(value, str):
        return _parsed(value)
    if isinstance(value, dict) or (isinstance(value, list) and not is_set(value)):
        return value
    raise ValueError("wrong type, expected string or object")


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise ValueError("invalid JSON string") from None


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is no value of JSON")


def _validator(schema: Any) -> Any:
    """Return the validator of a schema, draft 7 unless it says otherwise, after a look at the schema itself."""
    from jsonschema import Draft4Validator, Draft6Validator, Draft7Validator, FormatChecker, SchemaError
    from referencing import Registry

    _check_types(schema)
    draft = schema.get("$schema", "") if isinstance(schema, dict) else ""
    kinds = {"draft-04": Draft4Validator, "draft-06": Draft6Validator}
    kind = next((each for name, each in kinds.items() if name in str(draft)), Draft7Validator)
    try:
        kind.check_schema(schema)
    except SchemaError as error:
        raise ValueError(str(error.message)) from None
    return kind(schema, registry=Registry(), format_checker=FormatChecker())


def _check_types(schema: Any) -> None:
    """Raise ValueError for a type that is none, anywhere below."""
    pending = [schema]
    while pending:
        each = pending.pop()
        if isinstance(each, dict):
            kind = each.get("type")
            if isinstance(kind, str) and kind not in _TYPES and "enum" not in each:
                expected = f"[{' '.join(_TYPES)}]"
                raise ValueError(
                    f"has a primitive type that is NOT VALID -- given: /{kind}/ Expected valid values are:{expected}"
                )
            pending += each.values()
        elif isinstance(each, list):
            pending += each


def _faults(error: "ValidationError") -> Iterator[dict[str, str]]:
    """Yield the faults a validator's error stands for, the ones of the closest alternative behind it."""
    field = ".".join(map(str, error.absolute_path)) or "(Root)"
    of_name = list(error.schema_path)[-2:-1] == ["propertyNames"]
    for kind, description in (*(_of_name(error) if of_name else ()), *_descriptions(error, field)):
        yield {"error": f"{field}: {description}", "type": kind, "field": field, "desc": description}
    if error.validator == "anyOf" and error.context:
        branches: dict[Any, list[ValidationError]] = {}
        for each in error.context:
            branches.setdefault(each.schema_path[0], []).append(each)
        for each in min(branches.values(), key=len):
            yield from _faults(each)


def _rank(error: "ValidationError") -> tuple[list[str], int]:
    """Return the place of an error in OPA's order: outer values first, what is missing before what is wrong."""
    order = ("anyOf", "oneOf", "allOf", "not", "dependencies", "if", "minProperties", "maxProperties", "required")
    name = str(error.validator)
    path = [f"{part:09}" if isinstance(part, int) else part for part in error.absolute_path]
    if name in ("minItems", "maxItems", "uniqueItems", "contains"):
        path.append(_BEHIND_ALL)
    return path, order.index(name) if name in order else len(order)


def _descriptions(error: "ValidationError", field: str) -> Iterator[tuple[str, str]]:
    name, value = str(error.validator), error.validator_value
    if name in _BOUNDS:
        kind, text = _BOUNDS[name]
        yield kind, text.format(written(value))
    elif name in _FIXED:
        yield _FIXED[name]
    elif name in _SPECIAL:
        yield from _SPECIAL[name](error, field)
    else:
        yield "false", str(error.message)


def _type(error: "ValidationError", field: str) -> Iterator[tuple[str, str]]:
    wanted = error.validator_value
    expected = wanted if isinstance(wanted, str) else "/".join(map(str, wanted))  # type: ignore[arg-type]
    given = type_name(error.instance)
    if given == "number" and float(error.instance).is_integer():  # type: ignore[arg-type]
        given = "integer"
    yield "invalid_type", f"Invalid type. Expected: {expected}, given: {given}"


def _required(error: "ValidationError", field: str) -> Iterator[tuple[str, str]]:
    # The validator reports each missing property on its own, and names it only in its message.
    name = error.message.rpartition(" is a required property")[0].strip("'\"")
    yield "required", f"{name} is required"


def _enum(error: "ValidationError", field: str) -> Iterator[tuple[str, str]]:
    allowed = ", ".join(written(each, inside=True) for each in error.validator_value)  # type: ignore[union-attr]
    yield "enum", f"{field} must be one of the following: {allowed}"


def _const(error: "ValidationError", field: str) -> Iterator[tuple[str, str]]:
    yield "const", f"{field} does not match: {written(error.validator_value, inside=True)}"


def _additional(error: "ValidationError", field: str) -> Iterator[tuple[str, str]]:
    import re

    schema: Any = error.schema
    known, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
    for name in error.instance:  # type: ignore[union-attr]
        if name not in known and not any(re.search(pattern, str(name)) for pattern in patterns):
            yield "additional_property_not_allowed", f"Additional property {name} is not allowed"


def _of_name(error: "ValidationError") -> Iterator[tuple[str, str]]:
    yield "invalid_property_name", f'Property name of "{error.instance}" does not match'


def _dependencies(error: "ValidationError", field: str) -> Iterator[tuple[str, str]]:
    name = error.message.partition(" is a dependency of ")[0].strip("'\"")
    yield "missing_dependency", f"Has a dependency on {name}"


def _unique(error: "ValidationError", field: str) -> Iterator[tuple[str, str]]:
    items: list[object] = list(error.instance)  # type: ignore[arg-type]
    for j, item in enumerate(items):
        i = next((i for i in range(j - 1, -1, -1) if items[i] == item), None)
        if i is not None:
            yield "unique", f"array items[{i},{j}] must be unique"


_SPECIAL: dict[str, Callable[["ValidationError", str], Iterator[tuple[str, str]]]] = {
    "type": _type,
    "required": _required,
    "enum": _enum,
    "const": _const,
    "additionalProperties": _additional,
    "dependencies": _dependencies,
    "uniqueItems": _unique,
}
