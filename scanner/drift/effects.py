"""What drift does to controls: which Rules it breaks, and which it heals."""

from collections.abc import Mapping
from enum import StrEnum

from scanner.drift.model import Drift
from scanner.engine.judge import Judge
from scanner.engine.selection import Selection
from scanner.model.resource import Resource
from scanner.model.verdict import Verdict, verdict_of_code


class Effect(StrEnum):
    """What became of a verdict."""

    BREAKS = "breaks"
    """It passes as declared and fails as it is."""
    HEALS = "heals"
    """It fails as declared and passes as it is: deploying the declaration again would break it."""


class Effects:
    """Asks Rules that one Resource alone decides about both sides of a drift."""

    def __init__(self, selection: Selection, judge: Judge) -> None:
        self._selection = selection
        self._judge = judge

    def of(self, drift: Drift) -> Mapping[str, Effect]:
        """Return Rule id → effect, for the Rules whose verdict differs; empty where one of the sides is not there."""
        if drift.declared is None or drift.live is None:
            return {}
        before, after = self._verdicts(drift.declared), self._verdicts(drift.live)
        found: dict[str, Effect] = {}
        for rule, verdict in before.items():
            match verdict, after.get(rule):
                case Verdict.PASS, Verdict.FAIL:
                    found[rule] = Effect.BREAKS
                case Verdict.FAIL, Verdict.PASS:
                    found[rule] = Effect.HEALS
        return found

    def _verdicts(self, resource: Resource) -> Mapping[str, Verdict]:
        rules = self._selection.of(resource.type).local
        if not rules:
            return {}
        codes = self._judge.judge(rules, resource).codes
        return {rule.id: verdict_of_code(code) for rule, code in zip(rules, codes, strict=True)}
