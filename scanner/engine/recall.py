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
"""Per group; about 4 MB. Beyond it nothing more is remembered."""

_PLAIN = 2
"""Version of the marshal format without references, so that equal content gives equal bytes."""


class Recall:
    """The answers of some rules that mention the same fields, for Resources of one type. Serves one thread."""

    def __init__(self, type_: str, rules: Iterable[Rule], fields: Iterable[str]) -> None:
        self._projection = Projection(type_, (path for rule in rules for path in rule.reads))
        self._fields = tuple(sorted(fields))
        self._answers: dict[bytes, tuple[Outcome, ...]] = {}

    def question(self, resource: Resource) -> bytes | None:
        """Return what the rules can see of ``resource``, as a digest; None where that cannot be told."""
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
        return self._answers.get(question)

    def remember(self, question: bytes, outcomes: "tuple[Outcome, ...]") -> None:
        """Keep ``outcomes``, in the order of the rules."""
        if len(self._answers) < MAX_ANSWERS:
            self._answers[question] = outcomes
