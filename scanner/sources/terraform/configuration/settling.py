"""Evaluates named objects in the order their references demand, without recursion.

A chain of ten thousand locals is a loop here and not a stack of Python frames. Every object is evaluated once. The
objects that wait for each other are exactly those that Terraform's own graph would connect, so what waits for itself is
a cycle to Terraform too.
"""

from collections.abc import Iterator
from typing import Final, Protocol, TypeAlias

from scanner.sources.terraform.evaluation import Reference

OPEN: Final = 1
DONE: Final = 2

Need: TypeAlias = "tuple[Settling, Reference]"
"""An object, and the module instance it belongs to."""


class Settling(Protocol):
    """What holds named objects and can evaluate them."""

    states: dict[Reference, int]
    """:data:`OPEN` while an object waits for others, :data:`DONE` once it has a value."""

    def work(self, reference: Reference) -> Iterator[Need]:
        """Evaluate one object; yields what has to be evaluated before it can go on."""

    def break_cycle(self, reference: Reference, cycle: tuple[Need, ...]) -> None:
        """Give an object that is part of a cycle the value that stands for it."""


def settle(owner: Settling, reference: Reference) -> None:
    """Evaluate one object and everything it needs that has not been evaluated."""
    if reference in owner.states:
        return
    owner.states[reference] = OPEN
    stack: list[tuple[Settling, Reference, Iterator[Need]]] = [(owner, reference, owner.work(reference))]
    while stack:
        holder, current, work = stack[-1]
        needed = next(work, None)
        if needed is None:
            holder.states[current] = DONE
            stack.pop()
            continue
        other, wanted = needed
        state = other.states.get(wanted)
        if state is None:
            other.states[wanted] = OPEN
            stack.append((other, wanted, other.work(wanted)))
        elif state == OPEN:
            _break(stack, other, wanted)


def _break(stack: list[tuple[Settling, Reference, Iterator[Need]]], owner: Settling, reference: Reference) -> None:
    start = next(index for index, (holder, current, _) in enumerate(stack) if holder is owner and current == reference)
    cycle = tuple((holder, current) for holder, current, _ in stack[start:])
    for holder, current in cycle:
        holder.break_cycle(current, cycle)
