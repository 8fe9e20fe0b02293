"""What a Rego rule can see of its input, told from its text: which fields of ``input.resource`` it names.

Two Resources that agree in all of it get the same answer. A text that uses ``input`` in any way not listed here is
taken to see everything.
"""

import re
from collections.abc import Mapping

from scanner.packs.rego.engine import RegoModule

FIELDS = frozenset(("key", "cluster", "namespace", "name", "labels"))
"""Fields of ``input.resource`` that tell one Resource from another, beside its attributes."""

_TENANCY = ("standing", "tenant", "environment", "environment_class", "tier", "hosting", "reason")
_PASSIVE = frozenset(("attributes", "kind", "type", *_TENANCY))
"""Part of every question, or the same for all Resources that are not resolved yet."""
_TEXT = re.compile(r'(?P<template>\$["`])|"(?:[^"\\\n]|\\.)*"|`[^`]*`|#[^\n]*')
"""A string or comment; or the start of a string template, whose expressions would have to be read."""
_INPUT = re.compile(r"\binput\b(?:\.(resource|views|estate)\.(\w+)\b)?")
"""``input.estate`` follows from whose the Resource is, which is part of every question."""
_ELSEWHERE = re.compile(
    r"""\bdata\b(?!\.(?:bulkhead|estate)\b)
      | \b(?:with|opa\.runtime|time\.now_ns|rand\.intn|uuid\.rfc4122|rego\.metadata)\b""",
    re.VERBOSE,
)
"""Data beside our libraries and the Estate, which is one for the whole run; and what gives other answers to the same
input."""
_PACKAGE = re.compile(r"^package[ \t]+([\w.]+)", re.MULTILINE)
_REFERENCE = re.compile(r"\bdata\.(bulkhead\.[\w.]+)")


def mentions(module: RegoModule, libraries: Mapping[str, RegoModule]) -> frozenset[str] | None:
    """Return which of :data:`FIELDS` ``module`` can see, through ``libraries`` (by package) too; None for unbounded."""
    found: set[str] = set()
    pending, seen = [module.text], set[str]()
    while pending:
        text = _TEXT.sub(lambda match: "$" if match["template"] else '""', pending.pop())
        if "$" in text or _ELSEWHERE.search(text):
            return None
        for match in _INPUT.finditer(text):
            root, field = match.groups()
            if root is None or (root == "resource" and field not in _PASSIVE and field not in FIELDS):
                return None
            if field in FIELDS:
                found.add(field)
        for package in _REFERENCE.findall(text):
            name = next((name for name in libraries if package == name or package.startswith(f"{name}.")), None)
            if name is None:
                return None
            if name not in seen:
                seen.add(name)
                pending.append(libraries[name].text)
    return frozenset(found)


def by_package(libraries: list[RegoModule]) -> dict[str, RegoModule]:
    """Return ``libraries`` by the package they declare; those that declare none are left out."""
    named = ((_PACKAGE.search(module.text), module) for module in libraries)
    return {match[1]: module for match, module in named if match is not None}
