"""What could not be read, beside Findings that say that something is missing.

The verdict stays: a file that nobody can read must not take a Finding away, else breaking one would be the way past a
gate. But a reader who looks for what the Finding misses should look there first.
"""

from collections.abc import Iterable, Iterator, Mapping

from scanner.model.finding import Finding
from scanner.model.ledger import LedgerEntry, State
from scanner.model.rule import Rule
from scanner.model.types import is_azure
from scanner.model.verdict import Verdict

_OF_KUBERNETES = (".yaml", ".yml", ".tpl", ".json", "-")
_MOST_RULES = 5


def unread_notes(
    findings: Iterable[Finding], rules: Mapping[str, Rule], ledger: Iterable[LedgerEntry]
) -> Iterator[LedgerEntry]:
    """Yield a note where Findings of Rules that look other Resources up may only miss what was not read."""
    unread = [entry for entry in ledger if entry.incomplete and not entry.rule]
    failing = [finding for finding in findings if finding.verdict is Verdict.FAIL] if unread else []
    for azure in (False, True):
        inputs = list(dict.fromkeys(entry.input for entry in unread if _may_hold(entry.input, azure)))
        missing = [one for one in failing if _looks_up(rules.get(one.rule), one.type, azure)]
        if inputs and missing:
            yield LedgerEntry(inputs[0], State.SCANNED, _said(len(inputs) - 1, missing))


def _may_hold(name: str, azure: bool) -> bool:
    file = name.partition("#")[0]
    return not file.endswith((".yaml", ".yml", ".tpl")) if azure else file.endswith(_OF_KUBERNETES)


def _looks_up(rule: Rule | None, type_: str, azure: bool) -> bool:
    """Whether a Rule asks for other Resources, of Azure or of Kubernetes, when it is asked about a type."""
    if rule is None or type_ in rule.local or type_ in rule.placed:
        return False
    return any(is_azure(one) is azure for one in rule.looks_up)


def _said(others: int, missing: list[Finding]) -> str:
    ids = sorted({finding.rule for finding in missing})
    shown = ", ".join(ids[:_MOST_RULES]) + (f" and {len(ids) - _MOST_RULES} more" if len(ids) > _MOST_RULES else "")
    where = f"here and in {others} more" if others else "here"
    number = "1 finding looks" if len(missing) == 1 else f"{len(missing)} findings look"
    return f"{number} for other resources ({shown}), which may be declared {where}, where not everything could be read"
