"""Which Rules a drift touches: those that read the attribute, or that look for Resources of the type."""

from collections import defaultdict
from collections.abc import Iterable

from scanner.engine.projection import attribute_paths
from scanner.model.path import ANY, Path
from scanner.model.rule import Rule
from scanner.model.types import AZURE, is_azure


class Touching:
    """Rules by what they read; asked once for each attribute of each type."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = sorted(rules, key=lambda rule: (-rule.severity, rule.id))
        self._attributes: dict[tuple[str, Path], tuple[Rule, ...]] = {}
        self._types: dict[str, tuple[Rule, ...]] = {}
        self._paths: defaultdict[str, list[tuple[Rule, Path]]] = defaultdict(list)
        self._known: set[str] = set()

    def attribute(self, type_: str, path: Path) -> tuple[Rule, ...]:
        """Return the Rules that read ``path`` or something below it, the gravest first."""
        pattern = tuple(ANY if isinstance(step, int) else step for step in path)
        found = self._attributes.get((type_, pattern))
        if found is None:
            read = dict.fromkeys(rule for rule, reads in self._reads(type_) if _meet(reads, pattern))
            found = self._attributes[type_, pattern] = tuple(read)
        return found

    def type(self, type_: str) -> tuple[Rule, ...]:
        """Return the Rules that look for Resources of a type to decide about others, the gravest first."""
        found = self._types.get(type_)
        if found is None:
            found = self._types[type_] = tuple(rule for rule in self._rules if type_ in rule.looks_up)
        return found

    def _reads(self, type_: str) -> list[tuple[Rule, Path]]:
        if type_ not in self._known:
            self._known.add(type_)
            for rule in self._rules:
                applies = type_ in rule.applies_to or (is_azure(type_) and AZURE in rule.applies_to)
                reads = (*(rule.reads if applies else ()), *rule.looks_up.get(type_, ()))
                for path in reads:
                    self._paths[type_].extend((rule, one) for one in attribute_paths(type_, path))
        return self._paths[type_]


def _meet(reads: Path, changed: Path) -> bool:
    """Whether a read of one sees a change of the other: one is the beginning of the other."""
    return all(one in (other, ANY) or other == ANY for one, other in zip(reads, changed, strict=False))
