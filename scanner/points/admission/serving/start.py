"""From the flags of ``bulkhead webhook serve`` to a server that is ready."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from scanner.engine.projection import Projection
from scanner.engine.selection import ALWAYS
from scanner.errors import ServeError, UsageError
from scanner.points.admission.context import Context, looked_up, no_context
from scanner.points.admission.dumped import dumped_context
from scanner.points.admission.reviewer import ADVISORY, ALL, BLOCKING, Reviewer, Setup
from scanner.points.admission.serving.app import App
from scanner.points.admission.serving.certificates import Certificates, Files
from scanner.points.admission.serving.figures import Figures
from scanner.points.admission.serving.journal import Journal
from scanner.points.admission.serving.server import Address, Serving, Timing, settle
from scanner.points.admission.setup import setup_of

PATHS = {"/validate": ALL, "/validate/blocking": BLOCKING, "/validate/advisory": ADVISORY}
"""Path → hook. A registration uses the first alone, or the other two together."""


def serve(flags: Mapping[str, Any], announce: Callable[[Serving], None] | None = None) -> None:
    """Serve until a signal says to end. Raises BulkheadError where it cannot start."""
    _require_packages()
    address = Address.parse(flags["listen"])
    health = Address.parse(flags["health_listen"]) if flags["health_listen"] else None
    certificates = Certificates(Files(flags["tls_cert"], flags["tls_key"], flags["client_ca"] or ""))
    setup, notes = setup_of(flags)
    journal = Journal(flags["log"])
    for note in notes:
        journal.tell("warning", "exemption", file=note.input, reason=note.reason)
    reviewers = {path: Reviewer(setup, None, hook) for path, hook in PATHS.items()}
    context = context_of(flags, setup, reviewers["/validate"], journal)
    for reviewer in reviewers.values():
        reviewer.context = context
        _warm(reviewer)
    app = _app(reviewers, context, certificates, journal)
    serving = Serving(app, certificates, Timing(drain_s=flags["drain"], renew_s=flags["renew"]))
    try:
        serving.run(address, health, lambda: _started(serving, journal, setup, announce))
    finally:
        context.stop()
        for reviewer in reviewers.values():
            reviewer.close()


def context_of(flags: Mapping[str, Any], setup: Setup, reviewer: Reviewer, journal: Journal) -> Context:
    """Return where lookups are answered from: the cluster, a dump, or nowhere."""
    live = flags["context"] or flags["in_cluster"] or flags["kubeconfig"]
    if live and flags["inventory"]:
        raise UsageError("cannot look things up in a cluster and in a dump", hint="leave out --inventory")
    if flags["inventory"]:
        context, entries = dumped_context(flags["inventory"], reviewer.selection, setup.estate, setup.cluster)
        for entry in entries:
            if entry.incomplete:
                journal.tell("error", "inventory", input=entry.input, reason=entry.reason)
        return context
    if live:
        return _cluster_context(flags, setup, reviewer)
    return no_context(reviewer.selection)


def _cluster_context(flags: Mapping[str, Any], setup: Setup, reviewer: Reviewer) -> Context:
    from scanner.points.admission.cluster_context import ClusterContext
    from scanner.points.admission.following import Follower
    from scanner.sources.cluster.access import Access
    from scanner.sources.cluster.client import ClusterClient

    selection = reviewer.selection
    client = ClusterClient(Access(flags["context"] or "", flags["kubeconfig"] or "", flags["in_cluster"]))
    types = sorted({type_ for found in looked_up(selection, setup.estate).values() for type_ in found})
    kept = {type_: selection.of(type_).retained or Projection(type_, ALWAYS) for type_ in types}
    follower = Follower(client, setup.cluster, kept)
    context = ClusterContext(client, follower, types, setup.estate, setup.policy.choice.staleness_s)
    context.start()
    return context


def _app(reviewers: Mapping[str, Reviewer], context: Context, certificates: Certificates, journal: Journal) -> App:
    figures = Figures(reviewers, lambda: certificates.expires.timestamp())
    app = App(reviewers, figures, journal, why_not_ready=lambda: "")

    is_settled = False

    def why_not_ready() -> str:
        nonlocal is_settled
        reason = "it is ending" if app.draining else certificates.why_not_valid() or context.why_not_ready()
        if not reason and not is_settled:  # the cluster has been read, and nobody is sent here before the answer
            is_settled = True
            settle()
        return reason

    app.why_not_ready = why_not_ready
    return app


def _warm(reviewer: Reviewer) -> None:
    """Ask about one object of each type, so that the first real one does not wait for code to be loaded."""
    for type_ in sorted(reviewer.selection.by_type):
        group, _, kind = type_.rpartition("/")
        version = {"group": "" if group == "core" else group, "version": "v1", "kind": kind}
        metadata = {"name": "warm-up", "namespace": "warm-up"}
        object_ = {"apiVersion": f"{group}/v1", "kind": kind, "metadata": metadata, "spec": {}}
        resource = {"group": version["group"], "version": "v1", "resource": kind.lower()}
        request = {"uid": "warm-up", "operation": "CREATE", "kind": version, "resource": resource, "object": object_}
        review = {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request}
        reviewer.review(json.dumps(review).encode(), 30.0)


def _started(serving: Serving, journal: Journal, setup: Setup, announce: Callable[[Serving], None] | None) -> None:
    rules = sum("admission" in rule.points for rule in setup.rules)
    journal.tell(
        "info", "serving", ports=serving.ports, rules=rules, cluster=setup.cluster, enforce=setup.policy.choice.enforce
    )
    if announce is not None:
        announce(serving)


def _require_packages() -> None:
    for name in ("uvicorn", "httptools", "orjson", "cryptography"):
        try:
            __import__(name)
        except ImportError as error:
            raise ServeError(
                f"cannot serve: the package '{name}' cannot be imported ({error})",
                hint="install the extra: pip install 'bulkhead-scanner[webhook]'",
            ) from None
