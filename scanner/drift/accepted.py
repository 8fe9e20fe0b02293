"""What was accepted: the live values of what nobody declares, written down once, so that their change is drift.

Only digests are kept, and none of what may be a secret. What is accepted is one entry for each attribute that the
declaration says nothing of, at the highest place where it says nothing.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scanner.drift.compare import changes
from scanner.drift.facts import Facts, facts_of
from scanner.drift.masking import is_secret
from scanner.drift.matching import identity
from scanner.drift.model import ABSENT, Change, Confidence
from scanner.drift.values import is_nothing
from scanner.engine.identity import tag_of
from scanner.model.path import Path
from scanner.model.resource import Resource
from scanner.model.unknown import Unknown

Accepted = Mapping[str, Mapping[str, str]]
"""Identity of a Resource → attribute (with elements by their names) → digest of its live value."""

REASON = "not what was accepted"


def undeclared(declared: Resource, live: Resource) -> Mapping[str, tuple[Path, str]]:
    """Return attribute → (path in the declaration, digest) of all that ``live`` has and ``declared`` is silent of."""
    found: dict[str, tuple[Path, str]] = {}
    facts = facts_of(declared.type)

    def notice(path: Path, value: Any) -> None:
        settled = _settled(facts, declared.type, path, value)
        if not is_nothing(settled) and not is_secret(path, (), value):
            found[_name(declared, path)] = (path, _digest(settled))

    for _ in changes(declared, live, notice):
        pass
    return found


def accept(pairs: Iterable[tuple[Resource, Resource]]) -> Accepted:
    """Return what is to be written down of declared and live Resources."""
    return {
        identity(live): {name: digest for name, (_, digest) in undeclared(declared, live).items()}
        for declared, live in pairs
    }


def since_accepted(declared: Resource, live: Resource, accepted: Accepted) -> Iterator[Change]:
    """Yield a change for each attribute that is not declared and not what it was when it was accepted.

    A Resource that was not there then has nothing to be compared with.
    """
    before = accepted.get(identity(live))
    if before is None:
        return
    now = undeclared(declared, live)
    for name, (path, digest) in now.items():
        if before.get(name) != digest:
            yield Change(path, ABSENT, ABSENT, confidence=Confidence.HIGH, reason=REASON, secret=True)


def _name(declared: Resource, path: Path) -> str:
    return tag_of(declared.attributes, path)


def _settled(facts: Facts, type_: str, path: Path, value: Any) -> Any:
    """Return ``value`` without what does not count, written in the one way that a digest needs."""
    fact = facts.of(type_, path)
    if fact.ignored or fact.unreadable or fact.expected or isinstance(value, Unknown):
        return None
    if isinstance(value, dict):
        below = {key: _settled(facts, type_, (*path, key), one) for key, one in value.items()}
        return {
            (key.casefold() if facts.azure else key): one for key, one in sorted(below.items()) if not is_nothing(one)
        }
    if isinstance(value, list):
        elements = [_settled(facts, type_, (*path, 0), one) for one in value]
        return elements if fact.ordered and not fact.keys else sorted(elements, key=_written)
    return value.casefold() if facts.azure and isinstance(value, str) else value


def _written(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=repr)


def _digest(value: Any) -> str:
    return hashlib.blake2b(_written(value).encode("utf-8", "backslashreplace"), digest_size=12).hexdigest()
