"""Regular expressions as programs: a few instructions that :mod:`.pattern_machine` can follow all at once."""

from typing import NamedTuple

from scanner.sources.terraform.functions.function import Unevaluated
from scanner.sources.terraform.functions.pattern_classes import Ranges
from scanner.sources.terraform.functions.pattern_syntax import (
    Alternatives,
    Assertion,
    Chars,
    Group,
    Repeat,
    Sequence,
    Tree,
)

_MAX_PROGRAM = 20_000


class Instruction(NamedTuple):
    """One step: ``chars``, ``split`` (to ``first``, else ``second``), ``save``, ``assert``, ``match``."""

    name: str
    first: int = 0
    second: int = 0
    ranges: Ranges = ()
    kind: str = ""


def write_program(tree: Tree) -> list[Instruction]:
    """Return the program of ``tree``; Unevaluated where it would be too long."""
    return _Writer().write(tree)


class _Writer:
    """Writes the program of a tree, instruction by instruction."""

    def __init__(self) -> None:
        self.program: list[Instruction] = []

    def write(self, tree: Tree) -> list[Instruction]:
        """Return the program that matches ``tree``."""
        self._emit(Instruction("save", 0))
        self._tree(tree)
        self._emit(Instruction("save", 1))
        self._emit(Instruction("match"))
        return self.program

    def _emit(self, instruction: Instruction) -> int:
        if len(self.program) >= _MAX_PROGRAM:
            raise Unevaluated("regex cannot be evaluated: too large")
        self.program.append(instruction)
        return len(self.program) - 1

    def _tree(self, tree: Tree) -> None:
        match tree:
            case Chars():
                self._emit(Instruction("chars", ranges=tree.ranges))
            case Assertion():
                self._emit(Instruction("assert", kind=tree.kind))
            case Sequence():
                for item in tree.items:
                    self._tree(item)
            case Alternatives():
                self._alternatives(tree)
            case Group():
                self._emit(Instruction("save", 2 * tree.number))
                self._tree(tree.item)
                self._emit(Instruction("save", 2 * tree.number + 1))
            case Repeat():
                self._repeat(tree)

    def _alternatives(self, tree: Alternatives) -> None:
        ends: list[int] = []
        for item in tree.items[:-1]:
            split = self._emit(Instruction("split"))
            self._tree(item)
            ends.append(self._emit(Instruction("split")))
            self.program[split] = Instruction("split", split + 1, len(self.program))
        self._tree(tree.items[-1])
        for end in ends:
            self.program[end] = Instruction("split", len(self.program), len(self.program))

    def _repeat(self, tree: Repeat) -> None:
        for _ in range(tree.least if tree.most is not None else max(tree.least - 1, 0)):
            self._tree(tree.item)
        if tree.most is not None:
            self._optional(tree, tree.most - tree.least)
        elif tree.least:
            self._loop(tree)
        elif _nullable(tree.item):
            self._skippable_loop(tree)
        else:
            self._star(tree)

    def _star(self, tree: Repeat) -> None:
        split = self._emit(Instruction("split"))
        self._tree(tree.item)
        self._emit(Instruction("split", split, split))
        self.program[split] = self._prefer(tree, split + 1, len(self.program))

    def _loop(self, tree: Repeat) -> None:
        start = len(self.program)
        self._tree(tree.item)
        self._emit(self._prefer(tree, start, len(self.program) + 1))

    def _optional(self, tree: Repeat, times: int) -> None:
        splits: list[int] = []
        for _ in range(times):
            splits.append(self._emit(Instruction("split")))
            self._tree(tree.item)
        for split in splits:
            self.program[split] = self._prefer(tree, split + 1, len(self.program))

    def _skippable_loop(self, tree: Repeat) -> None:
        split = self._emit(Instruction("split"))
        self._loop(tree)
        self.program[split] = self._prefer(tree, split + 1, len(self.program))

    @staticmethod
    def _prefer(tree: Repeat, again: int, leave: int) -> Instruction:
        return Instruction("split", again, leave) if tree.greedy else Instruction("split", leave, again)


def _nullable(tree: Tree) -> bool:
    match tree:
        case Chars():
            return False
        case Sequence():
            return all(map(_nullable, tree.items))
        case Alternatives():
            return any(map(_nullable, tree.items))
        case Repeat():
            return tree.least == 0 or _nullable(tree.item)
        case Group():
            return _nullable(tree.item)
    return True
