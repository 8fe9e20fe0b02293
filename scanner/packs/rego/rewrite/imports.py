"""Imports that say nothing in Rego v1: `import future.keywords.if`, which beside `import rego.v1` regorus refuses."""

from collections.abc import Iterator

from scanner.packs.rego.rewrite.edits import Edit
from scanner.packs.rego.rewrite.source import Source

_NEEDLESS = {("future", "keywords", name) for name in ("contains", "every", "if", "in")} | {("future", "keywords")}


def import_edits(source: Source) -> Iterator[Edit]:
    """Yield the removal of imports of keywords that are always there; one under another name stays, to be refused."""
    for index, word in enumerate(source.words):
        if word.text != "import" or word.kind != "name":
            continue
        path = source.path(index + 1)
        renamed = source.word(index + 2 * len(path)).text == "as"
        if tuple(part.text for part in path) in _NEEDLESS and not renamed:
            yield Edit(word.start, path[-1].end, "")
