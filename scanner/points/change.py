"""Judges a change: the base and the head by the same rules, and what became of each Finding."""

import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from scanner.model.ledger import LedgerEntry, State, in_order
from scanner.points.base import BaseTree
from scanner.points.differences import differences
from scanner.points.inputs import Inputs, load_inputs, source_of
from scanner.points.owners import owner_notes
from scanner.points.request import Request
from scanner.points.sight import demoted_roots, followed_request, sight_of, unjudged
from scanner.report import Report
from scanner.report.comments import without_new_inline
from scanner.report.compare import Before, compare
from scanner.scan import Progress, scan


def judge_change(request: Request, tree: BaseTree, progress: Progress | None = None) -> Report:
    """Return the Report of the work tree, compared with ``tree``; Rules, Estate and Exemptions are the base's."""
    with tree.named():
        inputs = _named_well(load_inputs(request), tree)
    sight = sight_of(request, tree)
    started = time.perf_counter()
    before = None if sight.same else _before(request, tree, inputs)
    elapsed_s, peak_bytes = (time.perf_counter() - started, _peak_bytes()) if before is not None else (0.0, 0)
    kept = before.rendered if before is not None else frozenset()
    asked = replace(request, rendered=request.rendered._replace(alone=kept))
    wanted = followed_request(asked, tree, sight.renames)
    source = source_of(replace(wanted, paths=(*wanted.paths, *sight.ignored)), inputs.estate)
    after = scan([source], inputs.packs, inputs.rules, inputs.estate, inputs.exemptions, request.options, progress)
    before = before or Before.of(after)
    hidden = (*sight.lost, *demoted_roots(before, after), *unjudged(before, after, sight, tree))
    after = replace(after, ledger=in_order((*after.ledger, *hidden)))
    if not request.options.policy.inline_in_change:
        after = without_new_inline(before, after)
    compared = replace(compare(before, after, tree.name), elapsed_s=elapsed_s, peak_bytes=peak_bytes)
    owners = owner_notes(request, tree.folder, tree)
    notes = (*inputs.notes, *_notes(request, tree, before), *differences(request, tree), *owners)
    return replace(after, comparison=compared).with_notes(notes)


def _before(request: Request, tree: BaseTree, inputs: Inputs) -> Before:
    source = source_of(request, inputs.estate, tree.here_there)
    report = scan([source], inputs.packs, inputs.rules, inputs.estate, inputs.exemptions, request.options)
    return Before.of(report)


def _named_well(inputs: Inputs, tree: BaseTree) -> Inputs:
    """Return ``inputs`` with files of the base called what they are called in the repository."""
    return replace(
        inputs,
        exemptions=tuple(replace(one, file=tree.shown(one.file)) for one in inputs.exemptions),
        notes=tuple(note._replace(input=tree.shown(note.input)) for note in inputs.notes),
    )


def _notes(request: Request, tree: BaseTree, before: Before) -> Iterator[LedgerEntry]:
    for name in sorted(before.unread):
        reason = "the base's could not be read in full: what is found in it now may count as introduced"
        yield LedgerEntry(name, State.SCANNED, reason)
    for path in tree.submodules:
        yield LedgerEntry(path, State.SCANNED, "a submodule: what is found in it counts as introduced")
    for name in request.withheld:
        yield LedgerEntry(
            name, State.SCANNED, f"is new in this change, not in {tree.name}: it counts once it is merged"
        )


def _peak_bytes() -> int:
    """Return the largest memory this process has had; 0 where the system does not say."""
    try:
        import resource
    except ImportError:  # Windows
        return 0
    with suppress(OSError, StopIteration), open("/proc/self/status", encoding="ascii", errors="replace") as status:
        # what getrusage says on Linux begins with the memory of whoever started this process
        return 1024 * int(next(line.split()[1] for line in status if line.startswith("VmHWM:")))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
