"""From offsets to lines and columns, only when somebody asks."""

from bisect import bisect_right

from scanner.model.location import Region


class LineIndex:
    """The lines of one text. A byte order mark takes no column."""

    __slots__ = ("_mark", "_starts")

    def __init__(self, text: str) -> None:
        starts = [0]
        at = text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = text.find("\n", at + 1)
        self._starts = starts
        self._mark = text.startswith("\ufeff")

    def position(self, offset: int) -> tuple[int, int]:
        """Return the line and column of ``offset``, both from 1, in code points."""
        line = bisect_right(self._starts, offset)
        column = offset - self._starts[line - 1] + 1
        return line, max(1, column - 1) if line == 1 and self._mark else column

    def region(self, start: int, end: int) -> Region:
        """Return the Region from offset ``start`` to ``end`` (one past the last code point)."""
        return Region(*self.position(start), *self.position(end))
