"""Bytes of a plan or state to Instances; whatever is wrong with them becomes a Problem."""

import json
from collections.abc import Callable

from scanner.documents.encoding import decode
from scanner.documents.problem import Problem as TextProblem
from scanner.sources.terraform.plan.cursor import ConstantError
from scanner.sources.terraform.plan.json_places import JsonPlaces
from scanner.sources.terraform.plan.plan import read_plan
from scanner.sources.terraform.plan.recognise import PLAN, STATE, is_binary_plan, is_plan_log, is_terraform_json
from scanner.sources.terraform.plan.result import Problem, Read, RefusedError
from scanner.sources.terraform.plan.state import read_state

_READERS = {PLAN: read_plan, STATE: read_state}
_CONVERT = "write it with terraform show -json FILE > plan.json"


def read_terraform_json(data: bytes, file: str, read_again: Callable[[], bytes]) -> Read:
    """Return what ``data`` holds; ``file`` is its name in reports.

    ``read_again`` returns the same bytes, or none, when a place is asked for: until then nobody keeps them.
    """
    kind = is_terraform_json(data) or PLAN
    problem = _refusal(data)
    text = decode(data) if problem is None else ""
    if isinstance(text, TextProblem):
        problem = Problem(f"cannot read {kind}: {text.reason}", text.line, text.column)
    if problem is not None or isinstance(text, TextProblem):
        return Read(kind, (), (problem,) if problem is not None else ())
    places = JsonPlaces(file, lambda: _text(read_again()))
    try:
        return _READERS[kind](text, places)
    except RefusedError as error:
        return Read(kind, (), (error.problem,))
    except json.JSONDecodeError as error:
        return Read(kind, (), (Problem(f"cannot read {kind}: {_reason(error)}", error.lineno, error.colno),))
    except ConstantError as error:
        return Read(kind, (), (Problem(f"cannot read {kind}: {error}"),))
    except RecursionError:
        return Read(kind, (), (Problem(f"cannot read {kind}: it is nested too deeply"),))
    except ValueError:  # CPython converts no integers of more than 4,300 digits
        return Read(kind, (), (Problem(f"cannot read {kind}: a number has too many digits"),))


def _refusal(data: bytes) -> Problem | None:
    """Return why bytes that stand for a plan are none that can be read."""
    if is_binary_plan(data):
        return Problem(f"cannot read plan: it is in Terraform's binary form; {_CONVERT}")
    if is_plan_log(data):
        return Problem(f"cannot read plan: it is the log of terraform plan -json; plan with -out FILE, then {_CONVERT}")
    return None


def _reason(error: json.JSONDecodeError) -> str:
    """Return the standard library's reason in our words; a text that breaks off is the usual one."""
    if error.msg.startswith("Unterminated string"):
        return "the text ends inside the string that starts here"
    reason = f"{error.msg[:1].lower()}{error.msg[1:]}"
    ends = error.pos >= len(error.doc) and not reason.startswith("the text ends")
    return f"the text ends too early, {reason}" if ends else reason


def _text(data: bytes) -> str:
    text = decode(data)
    return text if isinstance(text, str) else ""
