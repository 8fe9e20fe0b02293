"""One declared object against the live one, with the API server's own word on what applying it would make.

What applying changes is drift, exactly: defaults, conversion and admission are in the answer. It leaves alone what
others added beside the declaration (a container, a rule, ``hostNetwork``), which is drift all the same, so that is
taken from the comparison by tables, and stays approximate.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from scanner.drift.compare import Comparison, changes
from scanner.drift.facts import Fact, facts_of
from scanner.drift.model import ABSENT, Change, Confidence, DriftClass, Method
from scanner.model.path import Path
from scanner.model.resource import Resource

NEUTRAL = "bulkhead"
"""Who asks where no tool has applied the object: it owns nothing, so that nothing would be taken away."""
_KUBECTL = "kubectl"
"""Its server-side apply; its updates are made by hand."""
_REMOVED = "a value that is declared no longer"


def field_manager(live: Resource) -> str:
    """Return the client that applies the declaration of ``live``, by its ``managedFields``; the latest of several."""
    tools = facts_of(live.type).tools
    entries = live.value("metadata", "managedFields")
    mine = []
    for one in entries if isinstance(entries, list) else ():
        if isinstance(one, dict) and not one.get("subresource"):
            manager, applies = str(one.get("manager")), one.get("operation") == "Apply"
            if manager in tools or (applies and manager == _KUBECTL):
                mine.append((applies, str(one.get("time") or ""), manager))
    return max(mine)[2] if mine else NEUTRAL


def predicted_changes(declared: Resource, applied: Mapping[str, Any], live: Resource) -> tuple[Change, ...]:
    """Return what of ``declared`` is different in ``live``, ``applied`` being what applying it would make of ``live``.

    Paths are of the declaration. What of the comparison by tables would be the same once applied is left out: noise.
    """
    told = _Prediction(declared.type, live.attributes).of(applied, live.attributes, (), ())
    found = [replace(one, path=in_declaration(declared, applied, one.path)) for one in told]
    there = {change.path for change in found if change.declared is ABSENT}
    found += [change for change in changes(declared, live) if _is_beside(change) and change.path not in there]
    return tuple(found)


def _is_beside(change: Change) -> bool:
    """Whether applying the declaration says nothing of it."""
    return change.declared is ABSENT or change.class_ is DriftClass.UNREADABLE


class _Prediction(Comparison):
    """Both sides are the server's: nothing means nothing, and what only one of them has counts."""

    method = Method.DRY_RUN

    def _absent(self, declared: Any, path: Path, above: tuple[Any, ...]) -> Iterator[Change]:
        fact = self._facts.of(self._type, path)
        if not fact.ignored and declared is not None:
            yield from self._gone(declared, ABSENT, path, fact, above)

    def _gone(self, declared: Any, live: Any, path: Path, fact: Fact, above: tuple[Any, ...]) -> Iterator[Change]:
        if isinstance(declared, dict) and declared:
            for key, value in declared.items():
                yield from self._absent(value, (*path, key), above)
        elif declared != live:
            yield self._change(declared, live, path, fact, above)

    def _silent(
        self, declared: dict[str, Any], live: dict[str, Any], path: Path, above: tuple[Any, ...]
    ) -> Iterator[Change]:
        for key, value in live.items():
            at = (*path, key)
            fact = self._facts.of(self._type, at)
            if key in declared or value is None or fact.ignored or self._is_mark(at):
                continue
            if isinstance(value, dict) and value:
                yield from self._silent({}, value, at, (*above, value))
            else:
                change = self._change(ABSENT, value, at, fact, above, _REMOVED)
                yield replace(change, confidence=Confidence.HIGH)

    def _is_mark(self, path: Path) -> bool:
        """Whether it is what the tool writes on everything it applies, and nobody declares."""
        return len(path) == 3 and path[0] == "metadata" and path[2] in self._facts.marks.get(str(path[1]), {})


def in_declaration(declared: Resource, applied: Mapping[str, Any], path: Path) -> Path:
    """Return where the attribute at ``path`` of ``applied``, the same thing written otherwise, is in ``declared``.

    It ends at the list where the declaration has no such element.
    """
    found: Path = ()
    comparison = Comparison(declared.type, {})
    here: Any = declared.attributes
    there: Any = applied
    for step in path:
        if isinstance(step, str):
            here, there = (one.get(step) if isinstance(one, dict) else None for one in (here, there))
            found = (*found, step)
            continue
        if not isinstance(here, list) or not isinstance(there, list):
            return found
        index = next((left for left, right in comparison.pairs(here, there, found).both if right == step), None)
        if index is None:
            return found
        here, there = here[index], there[step]
        found = (*found, index)
    return found
