"""Terraform's values: how they look in Python, their types, conversion, equality and operators.

>>> from scanner.sources.terraform.values import operators, plain
>>> operators.add(1, "2")
3
"""

from scanner.model.unknown import Unknown
from scanner.sources.terraform.values.value import (
    ListValue,
    MapValue,
    Sensitive,
    SetValue,
    Value,
    ValueFault,
    derive,
    first_unknown,
    hide,
    normal,
    plain,
    reveal,
)

__all__ = [
    "ListValue",
    "MapValue",
    "Sensitive",
    "SetValue",
    "Unknown",
    "Value",
    "ValueFault",
    "derive",
    "first_unknown",
    "hide",
    "normal",
    "plain",
    "reveal",
]
