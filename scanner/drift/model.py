"""What drift is made of: a class for each Resource, and a change for each attribute."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from scanner.drift.cause import Cause
from scanner.model.path import Path
from scanner.model.resource import Resource

if TYPE_CHECKING:
    from scanner.drift.events import Attribution


class DriftClass(StrEnum):
    """What became of a Resource."""

    CHANGED = "changed"
    """It is there, and something that is declared of it is different."""
    MISSING = "missing"
    """It is declared and not there."""
    UNMANAGED = "unmanaged"
    """It is there, among what is managed, and declared nowhere."""
    ORPHANED = "orphaned"
    """A tool applied it once; it is declared no longer."""
    UNREADABLE = "unreadable"
    """Whether it drifted cannot be said: it could not be read, or which one it is cannot be told."""
    EXPECTED = "expected"
    """It differs, and whoever wrote it is meant to."""


class Confidence(StrEnum):
    """How sure it is that a difference is drift."""

    HIGH = "high"
    LOW = "low"
    """The type or the property is not known here: it may be noise that nobody has described yet."""


class Method(StrEnum):
    """How an object of a cluster was compared."""

    APPROXIMATE = "approximate"
    """What is declared with what is live, by tables: what the API server would make of it is not known."""
    DRY_RUN = "dry run"
    """What the API server says that applying the declaration would make of it, with what is live: exact."""


class Standing(StrEnum):
    """Where a difference stands between what is declared, what was applied last, and what is live."""

    NOT_APPLIED = "not yet applied"
    BY_HAND = "applied and changed by hand"
    BOTH = "changed by hand, and what is declared now was not applied yet"
    EARLY = "changed by hand to what is declared now, before that was applied"
    MEETS = "this branch changes it too, and somebody did by hand"
    UNDONE = "changed by hand; applying this branch undoes it"
    REMOVED = "changed by hand; this branch removes the declaration"
    THERE = "this branch adds it, and it is there already"
    OTHERS = "somebody else's field: whoever applies the declaration leaves it to them"


class Absent:
    """The value of an attribute that is not there: neither None nor Unknown."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "ABSENT"

    def __bool__(self) -> bool:
        return False

    def __reduce__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent()


@dataclass(frozen=True, slots=True)
class Change:
    """One attribute that is not as declared."""

    path: Path
    """In the declared Resource, indexes included. An element that only the live one has: the path of the list."""
    declared: Any
    """:data:`ABSENT` where nothing is declared."""
    live: Any
    """:data:`ABSENT` where nothing is there."""
    class_: DriftClass = DriftClass.CHANGED
    """``changed``, ``expected`` or ``unreadable``."""
    confidence: Confidence = Confidence.HIGH
    reason: str = ""
    """Why it is expected or unreadable, or what else is to be known of it; a few words."""
    secret: bool = False
    """Whether the values may be secrets, so that no message shows them."""
    cause: "Cause | Attribution | None" = None
    """Who wrote it last, where the live Resource or a log says so."""
    standing: Standing | None = None
    """Where it stands, where what was applied last is known."""
    method: Method | None = None
    """How it was found, in a cluster; None of Azure, and of what was not compared."""


@dataclass(frozen=True, slots=True)
class Drift:
    """One Resource that is not as declared."""

    class_: DriftClass
    """The gravest of its changes, where there are any."""
    declared: Resource | None
    live: Resource | None
    changes: tuple[Change, ...] = ()
    """In the order of the declaration."""
    confidence: Confidence = Confidence.HIGH
    reason: str = ""
    standing: Standing | None = None
    """Of the whole Resource: missing because nobody applied it, or because somebody deleted it."""
    cause: "Attribution | None" = None
    """Who deleted or created it, where a log says so."""

    @property
    def resource(self) -> Resource:
        """The declared Resource, or the live one where nothing is declared."""
        found = self.declared or self.live
        assert found is not None, "a drift is of something"
        return found
