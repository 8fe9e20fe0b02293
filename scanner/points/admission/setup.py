"""From the flags of a command to what decides: the same configuration, packs, Estate and Exemptions as for the gate."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from scanner.errors import UsageError
from scanner.model.ledger import LedgerEntry
from scanner.points.admission.policy import Policy
from scanner.points.admission.reviewer import Setup, running_clock
from scanner.points.inputs import load_inputs
from scanner.points.request import Request
from scanner.scan import Options

_NO_FILES = ("-",)
"""Nothing is scanned: what is reviewed comes over the wire."""


def setup_of(flags: Mapping[str, Any]) -> tuple[Setup, tuple[LedgerEntry, ...]]:
    """Return what ``flags`` and the configuration say, and a note for each Exemption that does not count.

    Raises BulkheadError where anything of it cannot be used: a webhook that lacks its rules must not start.
    """
    request = Request.of({**flags, "paths": _NO_FILES})
    inputs = load_inputs(request)
    estate = inputs.estate
    if estate is not None and request.cluster and estate.cluster(request.cluster) is None:
        hint = f"known: {', '.join(cluster.name for cluster in estate.clusters)}"
        raise UsageError(f"cannot review for cluster '{request.cluster}': the estate does not declare it", hint=hint)
    setup = Setup(
        packs=inputs.packs,
        rules=inputs.rules,
        policy=Policy(request.config.admission, request.options.gate),
        estate=estate,
        exemptions=inputs.exemptions,
        permitted=request.options.policy,
        cluster=request.cluster,
        rego_engine=request.options.rego_engine,
        clock=_clock(request.options) if flags.get("today") else running_clock,
    )
    return setup, inputs.notes


def _clock(options: Options) -> Callable[[], tuple[date, datetime]]:
    """Return a clock that stands still, for tests and for the past."""
    fixed = options.today, options.instant
    return lambda: fixed
