"""What a run has seen, and so which Findings it may resolve.

A Finding that a run does not have is either mended or merely out of sight, and only the first is good news. It is
resolved by the first run after those that have it which looked at the place where it was:

1. its Rule was asked, and could be evaluated everywhere;
2. its scope (the cluster, the subscription) is one the run set out to read, and so is the scope of every other
   Resource that plays a part in it; where one of them lies in no scope, the run must have read everything and have
   set out to read at least what the run that last had the Finding did;
3. no entry of the ledger that makes the run incomplete is about one of those scopes as a whole, about the listing the
   Resource came from, or about a listing of its kind;
4. the Rule is not unknown or in error about the same Resource now.

An incomplete entry that names a scope and no listing (a file of a dump, a query) is about the whole scope; one that
names no scope of the run is about everything: nobody knows what is missing.
"""

import json
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Connection, select

from scanner.audit.store import tables
from scanner.drift.findings import RULES
from scanner.drift.model import DriftClass
from scanner.model.verdict import Verdict

_BOUNDARIES = "/#?:, "
_DECLARED = "declared "
"""Begins the names of scopes that are no place to read but a declaration to compare with."""
UNREADABLE = RULES[DriftClass.UNREADABLE].id
DRIFT = frozenset(rule.id for rule in RULES.values())
"""Ids of the Rules that drift is reported under."""
_SOURCE = re.compile(r"cluster[ :]/*|azure[ :]/*")
"""What stands in front of a scope in the name of an input."""
_API = re.compile(r"(?:[a-z0-9.-]+/)?v\d+(?:(?:alpha|beta)\d+)?[/ ]\w")
"""How the listing of an API is called: ``apps/v1 deployments``, ``v1 pods in shop``."""
_PAGE = re.compile(r"[#?]|, (?:page|part|behind part|the rest)\b")
"""What begins the number of a page in the name of an input."""


class Part(NamedTuple):
    """Where one Resource was that plays a part in a Finding."""

    scope: str
    """In lower case; empty where it lies in none."""
    input: str
    """See :attr:`scanner.model.location.Location.file`."""
    kind: str = ""
    """Last word of its type, in lower case; empty where the type is not known."""


class Place(NamedTuple):
    """Where a Finding was: what decides whether a run could have seen it."""

    rule: str
    resource: str
    parts: tuple[Part, ...]
    """Its own Resource first."""
    last_run: int
    """The last run that had it."""


class Sight:
    """What one run has seen."""

    def __init__(
        self,
        scopes: Iterable[str],
        rules: Iterable[str],
        incomplete: Iterable[tuple[str, str]] = (),
        unclear: Iterable[tuple[str, str]] = (),
    ) -> None:
        """``incomplete`` are inputs and Rules of the ledger's incomplete entries, ``unclear`` Rules and Resources."""
        self.scopes, self._declared = _divided(scope.lower() for scope in scopes)
        self._rules = set(rules)
        self._unclear = frozenset(unclear)
        self._hidden: dict[str, set[str]] = {}
        self._blind = False
        self._complete = True
        for input_, rule in incomplete:
            self._complete = False
            self._hide(input_, rule)

    def _hide(self, input_: str, rule: str) -> None:
        if rule:
            self._rules.discard(rule)
            return
        scope = scope_of(input_, self.scopes)
        if scope:
            listing = _listing(input_, self.scopes)
            self._hidden.setdefault(scope, set()).add(listing if _is_understood(listing, scope) else scope)
        else:
            self._blind = True

    @classmethod
    def of(cls, connection: Connection, run: int) -> "Sight":
        """Return what the recorded ``run`` has seen."""
        ledger, sighting, finding = tables.ledger, tables.sighting, tables.finding
        incomplete = select(ledger.c.input, ledger.c.rule).where(ledger.c.run_id == run, ledger.c.incomplete)
        unclear = (
            select(finding.c.rule, finding.c.resource)
            .join(sighting, sighting.c.finding_id == finding.c.id)
            .where(sighting.c.run_id == run, sighting.c.verdict != Verdict.FAIL.code)
        )
        return cls(
            scopes=scopes_of_run(connection, run),
            rules=connection.scalars(select(tables.rule.c.rule).where(tables.rule.c.run_id == run)),
            incomplete=[(input_, rule) for input_, rule in connection.execute(incomplete)],
            unclear=[(rule, resource) for rule, resource in connection.execute(unclear)],
        )

    def covers(self, place: Place, scopes_then: frozenset[str]) -> bool:
        """Whether the run would have had a Finding at ``place`` if it was still there.

        ``scopes_then`` are the scopes, in lower case, of the run that last had it.
        """
        if place.rule not in self._rules or self._blind or (place.rule, place.resource) in self._unclear:
            return False
        read_then, declared_then = _divided(scopes_then)
        # drift that is compared with less than then, or can no longer be told, is not mended
        is_told = declared_then <= self._declared and (UNREADABLE, place.resource) not in self._unclear
        if place.rule in DRIFT and not is_told:
            return False
        if not all(part.scope for part in place.parts):
            return self._complete and read_then <= self.scopes
        return all(part.scope in self.scopes and not self._hides(part) for part in place.parts)

    def _hides(self, part: Part) -> bool:
        hidden = self._hidden.get(part.scope)
        if not hidden:
            return False
        own = _listing(part.input, self.scopes)
        return not own or any(
            listing == part.scope
            or _begins(own, listing)
            or _begins(listing, own)
            or (part.kind != "" and part.kind in listing)
            for listing in hidden
        )


def declared_scope(path: str) -> str:
    """Return how a run says that it compared with what is declared at ``path``."""
    return f"{_DECLARED}{path}"


def is_declared(scope: str) -> bool:
    """Whether a scope is something that is declared, and not something that is read."""
    return scope.startswith(_DECLARED)


def _divided(scopes: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Return what is read, and what is declared."""
    found = frozenset(scopes)
    declared = frozenset(filter(is_declared, found))
    return found - declared, declared


def scopes_of_run(connection: Connection, run: int) -> frozenset[str]:
    """Return what ``run`` set out to look at, in lower case."""
    names = connection.scalars(select(tables.scope.c.name).where(tables.scope.c.run_id == run))
    return frozenset(name.lower() for name in names)


def scope_of(name: str, scopes: Iterable[str]) -> str:
    """Return the longest of ``scopes`` (in lower case) that the key or input ``name`` lies in, or empty.

    The name of an input may say in front what the scope is: ``cluster prod: deployments``, ``subscription <uuid>``.
    """
    forms = _forms(name)
    return max((scope for scope in scopes for form in forms if _begins(form, scope)), key=len, default="")


@lru_cache(maxsize=10_000)
def parts_as_text(parts: tuple[Part, ...]) -> str:
    """Return ``parts`` as the store keeps them; many Findings have the same."""
    return json.dumps(list(parts), ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=10_000)
def parts_of_text(text: str) -> tuple[Part, ...]:
    """Inverse of :func:`parts_as_text`."""
    return tuple(Part(*part) for part in json.loads(text))


def _forms(name: str) -> tuple[str, ...]:
    """Return what an input may be called where the word in front is left out."""
    text = name.lower()
    subscription = text.removeprefix("subscription ")
    if subscription != text:
        return (text, f"/subscriptions/{subscription}")
    match = _SOURCE.match(text)
    return (text, text[match.end() :]) if match else (text,)


def _listing(input_: str, scopes: frozenset[str]) -> str:
    forms = _forms(input_)
    text = next((form for form in forms if any(_begins(form, scope) for scope in scopes)), forms[0])
    return _PAGE.split(text, maxsplit=1)[0].rstrip("/: ")


def _is_understood(listing: str, scope: str) -> bool:
    """Whether it is known which Resources are missing: those of one API's listing, or those below an Azure id."""
    rest = listing[len(scope) :]
    return rest.startswith("/") if scope.startswith("/") else _API.match(rest.lstrip("/: ")) is not None


def _begins(text: str, beginning: str) -> bool:
    """Whether ``text`` is ``beginning`` or goes on after it with another part."""
    return text.startswith(beginning) and (len(text) == len(beginning) or text[len(beginning)] in _BOUNDARIES)
