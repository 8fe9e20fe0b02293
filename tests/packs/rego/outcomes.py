"""Small policies asked of two engines: reading the probes, and what each engine answers."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from scanner.packs.rego.engine import RegoEngine, RegoError, RegoModule

POLICIES = Path(__file__).with_name("policies")

Outcome = dict[str, object]
"""{"value": …}, or {"is": …} with "undefined", "refused" (not loaded) or "error" (raised when evaluated)."""


class Probe(NamedTuple):
    """One small policy; its answer is the value of `answer__`."""

    name: str
    text: str

    @property
    def entrypoint(self) -> str:
        return f"data.probes.{self.name}.answer__"


def probes() -> Iterator[Probe]:
    """Yield all probes, in the order of their names' files."""
    for path in sorted(POLICIES.glob("*.rego")):
        for part in re.split(r"^# case: ", path.read_text("utf-8"), flags=re.MULTILINE)[1:]:
            case, _, body = part.partition("\n")
            name = f"{path.stem}.{case.strip()}"
            yield Probe(name, f"package probes.{name}\n{body}\n\nanswer__ := p\n")


def probe_input() -> dict[str, object]:
    """Return the input of all probes."""
    return json.loads((POLICIES / "input.json").read_text("utf-8"))


def ask(engine: RegoEngine, probe: Probe) -> Outcome:
    """Return what an engine answers to one probe."""
    try:
        engine.load([RegoModule(f"{probe.name}.rego", probe.text)], {})
    except RegoError:
        return {"is": "refused"}
    (answer,) = engine.evaluate(probe_input(), [probe.entrypoint])
    if isinstance(answer, RegoError):
        return {"is": "undefined" if answer.kind == "undefined" else "error"}
    return {"value": answer}


def agree(one: object, other: object) -> bool:
    """Say whether two JSON values are the same: 1 and 1.0 are, 1 and true are not."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(agree(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(agree, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and one == other
