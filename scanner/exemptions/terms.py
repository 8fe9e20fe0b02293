"""What an Exemption must state to count: the terms that the configuration sets."""

from datetime import date
from fnmatch import fnmatchcase

from scanner.config import ExemptionPolicy
from scanner.model.exemption import Exemption

_INLINE_NAMES = {"expires": "until"}
"""Field → what a comment calls it, where that differs."""


def protected(rule: str, policy: ExemptionPolicy) -> bool:
    """Whether ``policy`` lets nothing accept the Findings of ``rule``."""
    return any(fnmatchcase(rule.upper(), glob.upper()) for glob in policy.protected)


def refusal(exemption: Exemption, policy: ExemptionPolicy, since: date | None) -> str:
    """Return why an Exemption does nothing under ``policy``, and what helps; empty where it counts.

    ``since`` is the day from which its length is counted; None where that is not known.
    """
    inline = exemption.source == "inline"
    if inline and not policy.inline:
        return "comments may not exempt here (exemptions.inline is forbid); move it to an exemptions file"
    missing = [name for name in policy.required(exemption.source) if not getattr(exemption, name)]
    if missing:
        names = [_INLINE_NAMES.get(name, name) if inline else name for name in missing]
        return f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'} missing; add {_it(names)}, {_OR_ELSE}"
    if policy.max_days is None or since is None:
        return ""
    if exemption.expires is None:
        return f"it never expires, but {policy.max_days} days at most are permitted; add an expiry"
    days = (exemption.expires - since).days
    if days > policy.max_days:
        return f"it lasts {days} days; {policy.max_days} at most are permitted (exemptions.max_days)"
    return ""


_OR_ELSE = "or take it out of exemptions.require in bulkhead.yaml"


def _it(names: list[str]) -> str:
    return "it" if len(names) == 1 else "them"
