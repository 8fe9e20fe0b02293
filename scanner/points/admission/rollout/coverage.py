"""Rules that are loaded, and what is not sent to them: a Rule that is never asked looks like one that always passes."""

from collections.abc import Iterable, Iterator

from scanner.engine.selection import Selection
from scanner.points.admission.registration import Delivery, deliveries
from scanner.points.admission.rollout.registered import Hook

ENFORCED_NOWHERE = (
    "*/scale carries a Scale, which holds neither the Pod template nor labels: no loaded rule can be asked about it",
    "pods/exec, pods/attach and pods/portforward are asked about only where a rule applies to their options",
)
"""What is never sent, and why: told, so that nobody counts on it."""


def gaps(selection: Selection, hooks: Iterable[Hook]) -> Iterator[Delivery]:
    """Yield what Rules of ``selection`` are asked about and none of ``hooks`` delivers."""
    found = tuple(hooks)
    return (one for one in deliveries(selection) if not any(hook.matches(one) for hook in found))
