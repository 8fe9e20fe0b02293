"""What is left out of live objects: bookkeeping of the API server that no selected Rule reads.

``managedFields`` and ``status`` are a third of what a Pod weighs in memory, and nearly no Rule looks at them.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from scanner.model.path import Path
from scanner.model.rule import Rule

_STATUS: Path = ("status",)
_MANAGED_FIELDS: Path = ("metadata", "managedFields")


class Trimming(NamedTuple):
    """Which types keep which of the fields that are left out otherwise."""

    with_status: frozenset[str] = frozenset()
    """Types whose ``status`` some Rule reads."""
    with_managed_fields: frozenset[str] = frozenset()
    """Types whose ``metadata.managedFields`` some Rule reads."""

    def apply(self, type_: str, attributes: dict[str, Any]) -> dict[str, Any]:
        """Return ``attributes`` of an object of a type without what nobody reads; may change the given one."""
        if type_ not in self.with_status:
            attributes.pop("status", None)
        if type_ not in self.with_managed_fields:
            metadata = attributes.get("metadata")
            if isinstance(metadata, dict):
                metadata.pop("managedFields", None)
        return attributes


NOTHING_READ = Trimming()
"""Where no Rule reads either field of any type."""


def trimming_for(rules: Iterable[Rule]) -> Trimming:
    """Return what the types of ``rules`` keep."""
    paths: dict[str, set[Path]] = {}
    for rule in rules:
        for type_ in rule.applies_to:
            paths.setdefault(type_, set()).update(rule.reads)
        for type_, looked_up in rule.looks_up.items():
            paths.setdefault(type_, set()).update(looked_up)
    return Trimming(_reading(paths, _STATUS), _reading(paths, _MANAGED_FIELDS))


def _reading(paths: dict[str, set[Path]], field: Path) -> frozenset[str]:
    return frozenset(type_ for type_, read in paths.items() if any(_meet(path, field) for path in read))


def _meet(path: Path, field: Path) -> bool:
    """Whether a read of ``path`` sees something of ``field``: one is the beginning of the other."""
    return all(step in (wanted, "*") for step, wanted in zip(path, field, strict=False))
