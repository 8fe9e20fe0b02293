"""Where a declaration of a merged Estate stands: file, line and column.

Positions are needed only when something is wrong, so the texts are kept and read again on the first question. That
keeps an Estate small and lets it be pickled.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from scanner.model.location import Region
from scanner.model.path import Path
from scanner.validation import Place

if TYPE_CHECKING:
    from scanner.documents import Document


class Positions:
    """Answers where the value at a path of the merged data was declared."""

    def __init__(
        self,
        texts: Sequence[tuple[str, bytes]] = (),
        starts: Mapping[Path, Sequence[int]] | None = None,
        documents: "Sequence[Document]" = (),
    ) -> None:
        """Keep what is needed to answer.

        ``texts`` are (file name, content), in the order in which they were merged. ``starts`` says of each list that
        several files add to at which index the part of each text begins. ``documents`` are those texts as they were
        just read, to save reading them again.
        """
        self._texts = tuple(texts)
        self._starts = dict(starts or {})
        self._documents: Sequence[Document] = documents

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_documents": ()}

    def forget(self) -> None:
        """Let go of the documents; the next question reads the texts again."""
        self._documents = ()

    @property
    def files(self) -> tuple[str, ...]:
        """The files that declare it, as reports print them, in the order in which they were merged."""
        return tuple(file for file, _ in self._texts)

    def place(self, path: Path) -> Place:
        """Return where the value at ``path``, or its nearest existing ancestor, is declared."""
        if not self._texts:
            return Place("")
        file, region = self.region(path)
        return Place(file, region.line, region.column)

    def region(self, path: Path) -> tuple[str, Region]:
        """Return the file, and the region in it, of :meth:`place`. There must be texts."""
        if not self._documents:
            from scanner.documents import read_yaml

            self._documents = [read_yaml(content).documents[0] for _, content in self._texts]
        while path:
            for index, (file, _) in enumerate(self._texts):
                own = self._in_text(path, index)
                if own is not None and self._documents[index].exists(own):
                    return file, self._documents[index].region(own)
            path = path[:-1]
        line = self._documents[0].line
        return self._texts[0][0], Region(line, 1, line, 1)

    def _in_text(self, path: Path, index: int) -> Path | None:
        """The same path inside one text; None where it names an element that came from another."""
        for length in range(1, len(path)):
            starts = self._starts.get(path[:length])
            position = path[length]
            if starts is None or not isinstance(position, int):
                continue
            end = starts[index + 1]
            if not starts[index] <= position < end:
                return None
            path = (*path[:length], position - starts[index], *path[length + 1 :])
        return path
