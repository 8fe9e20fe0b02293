"""Verdicts, stored compactly: one byte for each Rule beside the Resource they are about."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from scanner.model.location import Origin
from scanner.model.tenancy import UNDECLARED, Tenancy
from scanner.model.verdict import Verdict, verdict_of_code


class Judged(NamedTuple):
    """One Resource and what every Rule said of it."""

    key: str
    type: str
    origin: Origin
    rules: tuple[str, ...]
    """Ids of the Rules that were asked; shared between all Resources of a type."""
    codes: bytes
    """One Verdict code per Rule, in the same order."""
    reasons: Mapping[str, str]
    """Rule id → reason, for the verdicts ``skip``, ``unknown`` and ``error``; often empty."""
    cluster: str = ""
    namespace: str = ""
    name: str = ""
    tenancy: Tenancy = UNDECLARED

    def verdicts(self) -> Iterator[tuple[str, Verdict]]:
        """Yield (Rule id, Verdict)."""
        for rule, code in zip(self.rules, self.codes, strict=True):
            yield rule, verdict_of_code(code)
