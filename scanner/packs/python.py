"""Loads the check function of a Python Rule, once, when its first Resource appears."""

import importlib.util
import inspect
import os
from collections.abc import Callable, Iterator
from typing import Any

from scanner.errors import PackError
from scanner.model.resource import Fault
from scanner.model.rule import Rule

Check = Callable[..., Iterator[Fault]]
"""``check(resource[, inventory][, estate][, now])``: yields what it objects to."""


def load_check(rule: Rule) -> Check:
    """Return the ``check`` function of ``rule.py``; raises PackError with the position of what is wrong."""
    file = os.path.join(rule.folder, "rule.py")
    module_name = f"_bulkhead_rules.{rule.pack.replace('/', '.')}.{os.path.basename(rule.folder)}"
    spec = importlib.util.spec_from_file_location(module_name, file)
    if spec is None or spec.loader is None:
        raise PackError(f"cannot load rule {rule.id}: {file} is not a Python module")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        line = error.lineno if isinstance(error, SyntaxError) else _line_in(error, file)
        place = f"{file}:{line}" if line else file
        raise PackError(f"cannot load rule {rule.id}: {place}: {type(error).__name__}: {error}") from error
    check: Any = getattr(module, "check", None)
    if not callable(check):
        raise PackError(f"cannot load rule {rule.id}: {file} has no function 'check'")
    given = {"inventory": "inventory", "estate": "estate", "clock": "now"}
    wanted = ["resource", *(name for need, name in given.items() if need in rule.needs)]
    found = list(inspect.signature(check).parameters)
    if found != wanted:
        raise PackError(
            f"cannot load rule {rule.id}: {file}: check({', '.join(found)}) must be check({', '.join(wanted)})",
            hint="its parameters follow 'needs' in rule.md",
        )
    result: Check = check
    return result


def _line_in(error: BaseException, file: str) -> int | None:
    """Return the last line of ``file`` on the way to ``error``."""
    line, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == file:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def describe_failure(rule: Rule, error: BaseException) -> str:
    """Return what a check that raised did wrong, with its position, for the Finding of verdict ``error``."""
    line = _line_in(error, os.path.join(rule.folder, "rule.py"))
    place = f"rule.py:{line}" if line else "rule.py"
    return f"the rule raised {type(error).__name__} at {place}"
