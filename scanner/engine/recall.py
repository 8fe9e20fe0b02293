"""Answers of Rego rules that are given again: many Resources of an estate differ in nothing that a rule reads.

What a rule may see of a Resource is what it ``reads`` (``bulkhead rules test`` proves that nothing else matters) and
the fields its text mentions. Both together are the question; a question asked before has its answer.
"""

import marshal
from collections.abc import Iterable
from hashlib import blake2b
from operator import attrgetter
from typing import TYPE_CHECKING

from scanner.engine.projection import Projection
from scanner.model.resource import Resource
from scanner.model.rule import Rule
from scanner.model.tenancy import UNDECLARED

if TYPE_CHECKING:
    from scanner.engine.programs import Outcome

_said = attrgetter(
    "standing.value", "tenant", "environment", "environment_class", "tier", "hosting", "reason"
)  # what a rule may see of whose it is; the Estate is the same for the whole run


MAX_ANSWERS = 20_000
"""Per group; about 3 MB. Beyond it those that were asked for longest ago are forgotten."""

_TRIAL = 500
"""Questions of which a quarter must have been asked before; else nothing is remembered for a while."""
_REST = 5_000
"""Questions for which nothing is remembered then: where ids are read it costs time and memory for nothing."""

_PLAIN = 2
"""Version of the marshal format without references, so that equal content gives equal bytes."""


class Recall:
    """The answers of some rules that mention the same fields, for Resources of one type. Serves one thread."""

    def __init__(self, type_: str, rules: Iterable[Rule], fields: Iterable[str], most: int = MAX_ANSWERS) -> None:
        """Remember ``most`` answers."""
        self._half = max(most // 2, 1)
        self._projection = Projection(type_, (path for rule in rules for path in rule.reads))
        self._fields = tuple(sorted(fields))
        self._answers: dict[bytes, tuple[Outcome, ...]] = {}
        self._older: dict[bytes, tuple[Outcome, ...]] = {}
        """What was remembered before the last half: what nobody asks for again is forgotten with it."""
        self._nothing: tuple[Outcome, ...] = ()
        """The answer of nearly all: no rule has found anything."""
        self._asked = self._known = self._resting = 0

    def question(self, resource: Resource) -> bytes | None:
        """Return what the rules see of ``resource``, as a digest; None where that cannot be told, or is of no use."""
        if self._resting:
            self._resting -= 1
            return None
        seen: list[object] = [getattr(resource, field) for field in self._fields]
        if resource.tenancy is not UNDECLARED:
            seen.append(_said(resource.tenancy))
        try:
            content = marshal.dumps((seen, self._projection.attributes(resource.attributes)), _PLAIN)
        except (ValueError, RecursionError):  # a value that is not JSON, or nested too deep
            return None
        return blake2b(content, digest_size=16).digest()

    def answer(self, question: bytes) -> "tuple[Outcome, ...] | None":
        """Return the Outcomes that were remembered for ``question``."""
        found = self._answers.get(question)
        if found is None:
            found = self._older.get(question)
            if found is not None:
                self.remember(question, found)
        self._asked += 1
        self._known += found is not None
        if self._asked == _TRIAL:
            if self._known < _TRIAL // 4:
                self._answers, self._older, self._resting = {}, {}, _REST
            self._asked = self._known = 0
        return found

    def remember(self, question: bytes, outcomes: "tuple[Outcome, ...]") -> None:
        """Keep ``outcomes``, in the order of the rules."""
        if not any(outcomes):
            outcomes = self._nothing = self._nothing or outcomes
        if len(self._answers) >= self._half:
            self._older, self._answers = self._answers, {}
        self._answers[question] = outcomes
