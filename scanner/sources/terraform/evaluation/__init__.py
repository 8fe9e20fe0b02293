"""Expressions that run: syntax nodes compiled to closures over a frame, and what they see there.

Knows values and functions, not modules: those are :mod:`scanner.sources.terraform.configuration`.
"""

from scanner.sources.terraform.evaluation.bodies import Attribute, Block, Bounds, Dynamic, Program, compile_body
from scanner.sources.terraform.evaluation.compiler import TOO_DEEP, compile_expression
from scanner.sources.terraform.evaluation.frame import (
    ABSENT,
    FIRST_FREE,
    Budget,
    Compiled,
    ExpressionError,
    Frame,
    ModuleCalls,
    Names,
    Reference,
)
from scanner.sources.terraform.evaluation.objects import AFTER_APPLY, NOT_READ, Blocks, ResourceObject

__all__ = [
    "ABSENT",
    "AFTER_APPLY",
    "FIRST_FREE",
    "NOT_READ",
    "TOO_DEEP",
    "Attribute",
    "Block",
    "Blocks",
    "Bounds",
    "Budget",
    "Compiled",
    "Dynamic",
    "ExpressionError",
    "Frame",
    "ModuleCalls",
    "Names",
    "Program",
    "Reference",
    "ResourceObject",
    "compile_body",
    "compile_expression",
]
