"""What libyaml makes of a text: its events, and its complaints as Problems.

Of PyYAML only the events are used. Its composer recurses, refuses anchors that are set again, and calls Python for the
tag of every node; its resolver and constructor speak another dialect. Reading events needs no recursion, so nesting,
the number of values and what aliases expand to can be limited while the text is read. The import of PyYAML takes 20 ms
of CPU: this module is imported when the first document needs it.
"""

import re
from collections.abc import Iterator
from typing import Any

import yaml
from yaml.events import StreamEndEvent
from yaml.reader import ReaderError

from scanner.documents.problem import Problem

_NOT_YAML = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


class RefusedError(Exception):
    """Ends the reading of a text; carries the Problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.reason)
        self.problem = problem


def events(text: str) -> Iterator[Any]:
    """Yield libyaml's events up to the end of the stream; raises RefusedError where ``text`` is no YAML."""
    try:
        get_event = _parser(text).get_event
        while (event := get_event()).__class__ is not StreamEndEvent:
            yield event
    except (ReaderError, UnicodeEncodeError):
        raise RefusedError(_character_problem(text)) from None
    except yaml.MarkedYAMLError as error:
        raise RefusedError(_syntax_problem(error, text)) from None


def split_lines(text: str) -> list[str]:
    """Return the lines of ``text`` as libyaml counts them, without their breaks."""
    return _BREAK.split(text)


def refuse(reason: str, mark: Any) -> RefusedError:
    """Return the error that says ``reason`` at a mark of libyaml's."""
    return RefusedError(Problem(reason, mark.line + 1, mark.column + 1))


def _parser(text: str) -> Any:
    if yaml.__with_libyaml__:
        from yaml.cyaml import CParser  # type: ignore[attr-defined]

        return CParser(text)
    from scanner.documents.pure_parser import PureParser

    return PureParser(text)


def _character_problem(text: str) -> Problem:
    """Return the Problem of the first character that YAML does not allow."""
    match = _NOT_YAML.search(text)
    if match is None:
        return Problem("the text holds a character that YAML does not allow")
    breaks = [found.end() for found in _BREAK.finditer(text, 0, match.start())]
    column = match.start() - (breaks[-1] if breaks else 0) + 1
    return Problem(f"the character U+{ord(match[0]):04X} is not allowed in YAML", len(breaks) + 1, column)


def _syntax_problem(error: yaml.MarkedYAMLError, text: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    reason = ": ".join(part for part in (error.context, error.problem) if part)
    if mark is None:
        return Problem(reason)
    if error.problem == "did not find expected <document start>":
        reason = "the indentation does not fit what stands above, so the document ends here"
    if text[mark.index : mark.index + 1] == "\t":
        reason = "a tab stands where only spaces may indent"
    return Problem(reason, mark.line + 1, mark.column + 1)
