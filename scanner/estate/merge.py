"""Several files of one Estate as one mapping.

Mappings are merged key by key; lists of declared things (tenants, clusters, …) are joined in the order of the file
names; anything else may be declared once. What is declared twice is an error at the second place that names the first.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scanner.errors import Diagnostic
from scanner.estate.positions import Positions
from scanner.model.path import Path, format_path
from scanner.validation import Text

IDENTITY: Mapping[Path, str] = {
    ("tenants",): "id",
    ("clusters",): "name",
    ("subscriptions",): "id",
    ("registries",): "prefix",
    ("identities", "pipelines"): "name",
    ("identities", "breakGlass"): "objectId",
    ("exemptions", "items"): "id",
}
"""List of declared things → the key that identifies one of them."""
JOINED = {*IDENTITY, ("namespaceMapping", "explicit"), ("evidence", "restoreTests")}
"""Lists that several files may add to."""
REPEATED: frozenset[Path] = frozenset({("apiVersion",), ("kind",)})
"""Keys that every file may have, if they say the same."""


class Merged:
    """The merged data, and where each part of it stands; fit for :func:`scanner.validation.validate`."""

    def __init__(self, texts: Sequence[Text]) -> None:
        self.errors: list[Diagnostic] = []
        """What is declared twice."""
        self._texts = texts
        self._starts: dict[Path, list[int]] = {}
        self.value: Any = texts[0].value if len(texts) == 1 else self._joined()
        """Plain data, keys as in the file."""
        named = [(text.file, text.content) for text in texts]
        self.positions = Positions(named, self._starts, [text.document for text in texts])
        self.place = self.positions.place
        self.errors += self._twice()

    def _joined(self) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        for index, text in enumerate(self._texts):
            if isinstance(text.value, dict):
                self._add(merged, text.value, (), index)
            else:
                place = text.place(())
                self.errors.append(Diagnostic(*place, "it is no mapping; a part of an estate is one"))
        for starts in self._starts.values():
            starts += [starts[-1]] * (len(self._texts) + 1 - len(starts))
        return merged

    def _add(self, merged: dict[str, Any], data: Mapping[str, Any], path: Path, index: int) -> None:
        for key, value in data.items():
            here = (*path, key)
            if here in JOINED and isinstance(value, list):
                self._join(merged, key, value, here, index)
            elif isinstance(value, dict) and isinstance(merged.setdefault(key, {}), dict):
                self._add(merged[key], value, here, index)
            elif key not in merged:
                merged[key] = value
            elif here not in REPEATED or merged[key] != value:
                self._declared_twice(here, index)

    def _join(self, merged: dict[str, Any], key: str, items: list[Any], path: Path, index: int) -> None:
        """Append a list, and note where the part of every text begins; ``starts[index + 1]`` is where it ends."""
        joined = merged.setdefault(key, [])
        starts = self._starts.setdefault(path, [0])
        starts += [starts[-1]] * (index + 1 - len(starts))
        joined += items
        starts.append(len(joined))

    def _declared_twice(self, path: Path, index: int) -> None:
        first = next(text for text in self._texts if text.document.exists(path))
        place, before = self._texts[index].place(path), first.place(path)
        message = f"{format_path(path)} is declared twice, first at {before.file}:{before.line}"
        self.errors.append(Diagnostic(*place, message))

    def _twice(self) -> Iterator[Diagnostic]:
        for path, key in IDENTITY.items():
            seen: dict[str, int] = {}
            for position, item in enumerate(_items(self.value, path)):
                name = item.get(key) if isinstance(item, dict) else None
                if not isinstance(name, str):
                    continue
                first = seen.setdefault(name.lower(), position)
                if first != position:
                    place, before = self.place((*path, position, key)), self.place((*path, first, key))
                    where = f"first at {before.file}:{before.line}"
                    yield Diagnostic(*place, f"{format_path(path)}: {key} '{name}' is declared twice, {where}")


def _items(data: Any, path: Path) -> list[Any]:
    for step in path:
        data = data.get(step) if isinstance(data, dict) else None
    return data if isinstance(data, list) else []
