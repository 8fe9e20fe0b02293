"""A plan joined with the configuration beside it, address by address, attribute by attribute.

A plan has neither lines nor comments nor expressions; the configuration that it was made of has them. It is evaluated
when it is first needed: for a value whose origin the plan does not tell, an exemption, or the place of a Finding.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from scanner.model.path import Path, value_at
from scanner.model.unknown import Unknown, find_unknowns
from scanner.sources.terraform.instance import Instance, Place
from scanner.sources.terraform.plan.plan import AFTER_APPLY
from scanner.sources.terraform.resources import Settled, own_places
from scanner.sources.terraform.roots import Configured

_PLAIN = (str, int, float, bool)


class Beside:
    """The configuration beside a plan, evaluated when the first place is asked for."""

    def __init__(self, configured: Configured | None) -> None:
        self.configured = configured
        self._by_address: Mapping[str, Instance] | None = None

    def instance(self, planned: Instance) -> Instance | None:
        """Return the Instance of the configuration that ``planned`` is in the plan, or one of the same block."""
        return self.exactly(planned.address) or self.exactly(Configured.without_keys(planned.address))

    def exactly(self, address: str) -> Instance | None:
        """Return the Instance of the configuration that has this address."""
        if self.configured is None:
            return None
        if self._by_address is None:
            self._by_address = self.configured.by_address()
        return self._by_address.get(address)

    def places(self, planned: Instance, path: Path) -> tuple[Place, ...]:
        """Return the places of an attribute: those in the configuration where they are known."""
        written = self.instance(planned)
        if written is None:
            return own_places(planned, path)
        return own_places(written, in_order_of(written.attributes, planned.attributes, path))


def refine(instances: Iterable[Instance], beside: Beside) -> None:
    """Replace what is known only after apply by what the configuration says of it, in the attributes themselves.

    A plan names what an argument refers to, but not through locals, loops or calls, and not whether it takes a value as
    it is or makes another of it; the expression tells. What the plan knows stays as it is.
    """
    for instance in instances:
        attributes = instance.attributes
        unclear = [path for path in find_unknowns(attributes) if _is_unclear(value_at(attributes, path), instance)]
        written = beside.exactly(instance.address) if unclear else None
        if written is None or written.address != instance.address:
            continue
        for path in unclear:
            said = value_at(written.attributes, in_order_of(written.attributes, attributes, path))
            if isinstance(said, Unknown) and AFTER_APPLY in said.reason:
                value_at(attributes, path[:-1])[path[-1]] = said


def _is_unclear(unknown: Any, instance: Instance) -> bool:
    """Whether an Unknown comes from an argument, not from the resource itself."""
    return unknown.reason == AFTER_APPLY and not unknown.origin.startswith(f"{instance.address}.")


class PlanOrigins:
    """Where the Resources of a plan come from, as Instances of its configuration."""

    def __init__(self, settled: Settled, beside: Beside) -> None:
        self._settled = settled
        self._beside = beside

    def instances(self, key: str) -> list[Instance]:
        """Return the Instances of the configuration that wrote a Resource of the plan."""
        found = map(self._beside.instance, self._settled.instances(key))
        return [instance for instance in found if instance is not None]

    def written(self, key: str, path: Path) -> tuple[Instance | None, Path]:
        """Return who wrote an attribute in the configuration, and its path there."""
        planned, inner = self._settled.written(key, path)
        found = self._beside.instance(planned) if planned is not None else None
        if planned is None or found is None:
            return None, ()
        return found, in_order_of(found.attributes, planned.attributes, inner)


def in_order_of(written: Any, planned: Any, path: Path) -> Path:
    """Return ``path`` of a plan as the configuration has it: a plan sorts the nested blocks that are a set.

    Where no block of the configuration can be the one meant, the path ends at the list of them.
    """
    steps: list[str | int] = []
    for step in path:
        if isinstance(step, int):
            number = _matching(written, planned, step)
            if number is None:
                break
            steps.append(number)
            written = written[number] if isinstance(written, list) and number < len(written) else None
        else:
            steps.append(step)
            written = written.get(step) if isinstance(written, dict) else None
        planned = _below(planned, step)
    return tuple(steps)


def _matching(written: Any, planned: Any, step: int) -> int | None:
    """Return the index in ``written`` of the element that is at ``step`` in ``planned``."""
    if not isinstance(written, list) or not isinstance(planned, list) or step >= len(planned):
        return step
    element = planned[step]
    if not isinstance(element, dict):
        return step
    order = sorted(range(len(written)), key=lambda number: (number != step, number))
    fits = [number for number in order if _agrees(written[number], element)]
    return fits[0] if fits else None


def _agrees(written: Any, planned: Mapping[str, Any]) -> bool:
    """Whether nothing that is written as a plain value is another one in the plan."""
    if not isinstance(written, dict):
        return False
    return all(
        str(planned[key]) == str(value)
        for key, value in written.items()
        if isinstance(value, _PLAIN) and isinstance(planned.get(key), _PLAIN)
    )


def _below(value: Any, step: str | int) -> Any:
    if isinstance(step, str):
        return value.get(step) if isinstance(value, dict) else None
    return value[step] if isinstance(value, list) and step < len(value) else None
