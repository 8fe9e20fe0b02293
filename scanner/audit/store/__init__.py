"""The store: what every audit found, kept, so that a run can be compared with any run before it.

:func:`open_store` opens it; everything else is a method of :class:`Store`. Only this package knows SQL.
"""

from scanner.audit.store.changes import Changes
from scanner.audit.store.open import DEFAULT_URL, open_store
from scanner.audit.store.store import Store
from scanner.audit.store.values import Past, Run, RunDetails, RunStart, Status, StoredFinding

__all__ = [
    "DEFAULT_URL",
    "Changes",
    "Past",
    "Run",
    "RunDetails",
    "RunStart",
    "Status",
    "Store",
    "StoredFinding",
    "open_store",
]
