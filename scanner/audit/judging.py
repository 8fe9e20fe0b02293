"""How one item of an audit is answered, on whatever process: a page is read and judged, or a kept stretch judged.

Whose a Resource is must be known when it is read: so the pages that say it (Namespaces, resource groups) are read
before all others, and every process has them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from scanner.audit.executors.interface import Craft
from scanner.audit.kept import KeptInventory
from scanner.audit.summary import Summary, summary_of_page, summary_of_wide
from scanner.engine.findings import FindingMaker
from scanner.engine.judge import Judge
from scanner.engine.pages import Place, judge_page
from scanner.engine.programs import Context
from scanner.engine.projection import Projection
from scanner.engine.selection import ALWAYS
from scanner.engine.wide import judge_wide
from scanner.engine.workers import Workshop
from scanner.inventory import NAMESPACE, Inventory, Resolver
from scanner.model.resource import Resource
from scanner.model.types import RESOURCE_GROUP
from scanner.sources.interface import Page

if TYPE_CHECKING:
    from scanner.estate import Estate


class Stretch(NamedTuple):
    """Some of what the first phase kept: the ids from ``first`` to ``last``."""

    first: int
    last: int


Item: TypeAlias = "Page | Stretch"

_PLACES = {type_: Projection(type_, ALWAYS) for type_ in (NAMESPACE, RESOURCE_GROUP)}


def places_in(pages: Iterable[Page]) -> tuple[Resource, ...]:
    """Return what ``pages`` say about whose Resources are: Namespaces and resource groups, with their labels."""
    return tuple(
        _PLACES[resource.type].apply(resource)
        for page in pages
        for resource in page.read().resources
        if resource.type in _PLACES
    )


@dataclass(frozen=True, slots=True)
class Judging(Craft[Item, Summary]):
    """All a process needs to answer items."""

    workshop: Workshop
    estate: "Estate | None"
    places: tuple[Resource, ...]
    work: str
    """Path of the work file."""
    now: datetime
    """The instant of the run, in UTC."""

    def ready(self) -> Callable[[Item], Summary]:
        """Load the Rules, and return what answers an item."""
        return _Answers(self)


class _Answers:
    """Answers items in one thread."""

    def __init__(self, judging: Judging) -> None:
        self._selection = judging.workshop.selection
        self._programs = judging.workshop.programs()
        self._judging = judging
        self._place = _place(judging)
        self._maker = FindingMaker()
        self._local = Judge(self._programs, Context(None, judging.estate, judging.now))
        self._kept: tuple[KeptInventory, Judge] | None = None

    def __call__(self, item: Item) -> Summary:
        return self._look(item) if isinstance(item, Stretch) else self._read(item)

    def _read(self, page: Page) -> Summary:
        return summary_of_page(judge_page(page, self._selection, self._local, self._maker, self._place))

    def _look(self, stretch: Stretch) -> Summary:
        if self._kept is None:
            inventory = KeptInventory(self._judging.work)
            context = Context(inventory, self._judging.estate, self._judging.now)
            self._kept = (inventory, Judge(self._programs, context))
        inventory, judge = self._kept
        return summary_of_wide(judge_wide(inventory.stretch(*stretch), self._selection, judge, {}, self._maker))


def _place(judging: Judging) -> Place | None:
    if judging.estate is None:
        return None
    return Resolver(judging.estate, Inventory(judging.places)).tenancy
