"""Which attributes an Exemption is for: ``spec.replicas``, ``spec.template.spec.containers[name=web].image``.

A pattern covers the attribute and all below it. Elements of lists are left out of it, or named as reports name them;
``[*]`` is any one key. What is compared with it is the tag of a Finding.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

_STEP = re.compile(
    r"""(?:^|\.)(?P<word>[A-Za-z_$@/-][\w$@/-]*)
      | \.?\["(?P<quoted>(?:[^"\\]|\\.)*)"\]
      | \[(?P<element>(?:"(?:[^"\\]|\\.)*"|\[[^\[\]]*\]|[^\[\]"])+)\]
    """,
    re.VERBOSE,
)
_ANY = "*"


class _Step(NamedTuple):
    """A key, or what tells an element of a list apart; a quoted text may be either."""

    text: str
    is_key: bool
    is_element: bool

    def admits(self, other: "_Step", *, fold: bool) -> bool:
        """Whether this step of a pattern stands for ``other``."""
        if self.text == _ANY and self.is_element:
            return True
        same = self.text.casefold() == other.text.casefold() if fold else self.text == other.text
        return same and ((self.is_key and other.is_key) or (self.is_element and other.is_element))


class AttributePattern:
    """One pattern."""

    def __init__(self, text: str) -> None:
        """Read it. Raises ValueError."""
        self._steps = _steps(text)
        if not self._steps:
            raise ValueError(f"cannot read attribute {text!r}: it names none")

    def covers(self, tag: str, *, fold: bool = False) -> bool:
        """Whether the attribute that ``tag`` names is meant, or lies below; ``fold``: names have no case."""
        try:
            return _covers(self._steps, _steps(tag), fold)
        except ValueError:  # an element that nothing names but its text
            return False


def _covers(pattern: Sequence[_Step], steps: Sequence[_Step], fold: bool) -> bool:
    if not pattern:
        return True
    if not steps:
        return False
    if pattern[0].admits(steps[0], fold=fold) and _covers(pattern[1:], steps[1:], fold):
        return True
    return steps[0].is_element and _covers(pattern, steps[1:], fold)


def _steps(text: str) -> tuple[_Step, ...]:
    steps: list[_Step] = []
    position = 0
    while position < len(text):
        match = _STEP.match(text, position)
        if match is None:
            raise ValueError(f"cannot read attribute {text!r}: unexpected {text[position]!r} at offset {position}")
        if match["word"] is not None:
            steps.append(_Step(match["word"], is_key=True, is_element=False))
        elif match["quoted"] is not None:
            steps.append(_Step(re.sub(r"\\(.)", r"\1", match["quoted"]), is_key=True, is_element=bool(steps)))
        else:
            steps.append(_Step(match["element"], is_key=False, is_element=True))
        position = match.end()
    return tuple(steps)
