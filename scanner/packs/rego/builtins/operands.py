"""What built-ins are given: the checks OPA makes of each operand, with its words."""

from typing import Any

TYPES = {bool: "boolean", str: "string", int: "number", float: "number", dict: "object", list: "array"}


def is_set(value: object) -> bool:
    """Say whether a value is a set of the engine, which hands them over as a subclass of list."""
    return (isinstance(value, list) and type(value) is not list) or isinstance(value, (set, frozenset))


def type_name(value: object) -> str:
    """Return the name of a value's type in Rego."""
    if value is None:
        return "null"
    return "set" if is_set(value) else TYPES[type(value)]


def string(value: object, position: int) -> str:
    """Return the operand as a string, or raise ValueError as OPA does."""
    return _checked(value, position, "string")  # type: ignore[no-any-return]


def array(value: object, position: int) -> list[Any]:
    """Return the operand as an array."""
    return _checked(value, position, "array")  # type: ignore[no-any-return]


def mapping(value: object, position: int) -> dict[Any, Any]:
    """Return the operand as an object."""
    return _checked(value, position, "object")  # type: ignore[no-any-return]


def integer(value: object, position: int) -> int:
    """Return the operand as a whole number."""
    number = _checked(value, position, "number")
    if number != int(number):
        raise ValueError(f"operand {position} must be integer number but got floating-point number")
    return int(number)


def _checked(value: object, position: int, wanted: str) -> Any:
    found = type_name(value)
    if found != wanted:
        raise ValueError(f"operand {position} must be {wanted} but got {found}")
    return value
