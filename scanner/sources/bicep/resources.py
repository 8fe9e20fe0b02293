"""The Resources of one page of Bicep, and the way back to the declaration that wrote each of their attributes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from scanner.canonical.arm_object import ArmObject
from scanner.model.path import Path
from scanner.sources.arm import resources
from scanner.sources.arm.places import Declared

KIND = "bicep"

_ROUND = re.compile(r"\[(?:\d+|\*)\]")


class Settled(resources.Settled):
    """The Resources of one page, and what they were made of."""

    def __init__(self, objects: Iterable[ArmObject], page: str) -> None:
        """Take the objects of one page; ``page`` is its name."""
        super().__init__(objects, KIND, page)
        for index, resource in enumerate(self.resources):
            origin = replace(resource.origin, declared=_declared(self.declarations(resource.key)))
            self.resources[index] = replace(resource, origin=origin)

    def declarations(self, key: str) -> list[Declared]:
        """Return the declarations that wrote the Resource with this key: its own, and those of what was joined."""
        found = self._joined[key]
        sources = [found.object.source, *(part.object.source for part in (*found.parts, *found.object.parts))]
        return [source for source in sources if isinstance(source, Declared)]

    def written(self, key: str, path: Path) -> tuple[Declared | None, Path]:
        """Return who wrote an attribute, and its path in that declaration's body."""
        found = self._joined.get(key)
        if found is None:
            return None, ()
        owner, inner = found.source_path(path)
        return (owner.source, inner) if isinstance(owner.source, Declared) else (None, ())


def _declared(declarations: list[Declared]) -> str:
    """Return the root file and the path of calls and names, rounds of loops left out.

    It is what all rounds and environments share, and no place in the text: that moves with every edit.
    """
    if not declarations:
        return ""
    chain = declarations[0].instance.deployment.chain
    root = chain[0].owner.program if chain else declarations[0].instance.deployment.program
    return f"{root.file}:{_ROUND.sub('[*]', declarations[0].address)}"
