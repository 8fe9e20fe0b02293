"""What runs inside the processes of a crew: the craft that they were given, applied to item after item."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scanner.audit.executors.interface import Craft, Unread
from scanner.errors import AuditError

_crafts: dict[str, Craft[Any, Any]] = {}
"""Crew → its craft. A process serves one crew, except on a Dask cluster, where it may serve several audits."""
_ready = threading.local()
"""Crew → the function that answers items, one for each thread: a Judge serves one thread."""

_PACKAGE = Path(__file__).resolve().parents[2]


def equip(crew: str, craft: Craft[Any, Any]) -> None:
    """Keep ``craft`` for the tasks of ``crew``."""
    _crafts[crew] = craft


def dismiss(crew: str) -> None:
    """Forget ``crew``."""
    _crafts.pop(crew, None)
    vars(_ready).pop(crew, None)


def work(crew: str, items: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the answer to each of ``items``, Unread for those that raise.

    Raises KeyError where the crew is not known here, AuditError where the state of the run cannot be read.
    """
    answer = vars(_ready).get(crew)
    if answer is None:
        answer = vars(_ready)[crew] = _crafts[crew].ready()
    return tuple(_answer(answer, item) for item in items)


def _answer(answer: Callable[[Any], Any], item: object) -> object:
    try:
        return answer(item)
    except AuditError:
        raise  # it is not the item that is at fault, and the audit can be gone on with
    except MemoryError:
        return Unread("there was not enough memory to read it")
    except Exception as error:
        # only where and what kind: the text of an error may hold what was read
        return Unread(f"reading it raised {type(error).__name__} in {_place(error)}: an error of this program")


def _place(error: Exception) -> str:
    """Return file and line of the innermost frame of ours; of the innermost at all where none is."""
    places: list[tuple[Path, int]] = []
    trace = error.__traceback__
    while trace is not None:
        places.append((Path(trace.tb_frame.f_code.co_filename), trace.tb_lineno))
        trace = trace.tb_next
    ours = [(path, line) for path, line in places if path.is_relative_to(_PACKAGE) and path.name != "workbench.py"]
    path, line = (ours or places)[-1]
    return f"{path.relative_to(_PACKAGE.parent) if ours else path.name}:{line}"
