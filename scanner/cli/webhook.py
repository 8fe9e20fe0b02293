"""``bulkhead webhook``: the admission webhook, and what helps to introduce it."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import click

from scanner.cli.parameters import config_option, estate_option, pack_option, rego_engine_option, severity_type

if TYPE_CHECKING:
    from scanner.points.admission.decision import Decided
    from scanner.points.admission.recorded import Recorded
    from scanner.points.admission.rollout.simulation import Simulation

_STYLES = {"deny": "red", "warn": "yellow", "audit": "cyan"}
_DECIDING = (
    estate_option,
    pack_option,
    click.option("--rule", "only", multiple=True, metavar="ID", help="Only this rule or glob (ISO-*). Repeatable."),
    click.option("--skip-rule", "skip", multiple=True, metavar="ID", help="All but this rule or glob. Repeatable."),
    click.option("--min-severity", type=severity_type(), help="Run only rules of this severity and above."),
    click.option("--fail-on", type=severity_type(), help="Findings from this severity up are denied.  [default: low]"),
    click.option("--unknown", type=click.Choice(["ignore", "warn", "fail"]), help="What an unknown verdict does."),
    click.option(
        "--incomplete", type=click.Choice(["fail", "warn"]), help="What a rule that cannot be evaluated does."
    ),
    click.option("--exemptions", multiple=True, metavar="FILE", help="A file of accepted findings. Repeatable."),
    click.option("--cluster", metavar="NAME", help="The cluster, as the estate names it."),
    click.option(
        "--inventory", metavar="DUMP", help="What rules look up: a dump of the cluster (kubectl get -o json)."
    ),
    rego_engine_option,
    click.option("--today", metavar="DATE", hidden=True, help="The clock, for tests and for auditing the past."),
    config_option,
)


def deciding_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command every option that has a say in what is decided."""
    for option in reversed(_DECIDING):
        function = option(function)
    return function


_CLUSTER = (
    click.option("--context", metavar="C", help="Look things up in the cluster of this kubeconfig context."),
    click.option("--kubeconfig", metavar="F", help="The kubeconfig.  [default: $KUBECONFIG or ~/.kube/config]"),
    click.option("--in-cluster", is_flag=True, help="Look things up in the cluster that this runs in."),
)


def cluster_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say which cluster is read."""
    for option in reversed(_CLUSTER):
        function = option(function)
    return function


@click.group("webhook")
def command() -> None:
    """Decide about requests to a Kubernetes API server before it stores anything.

    \b
    Examples:
      bulkhead webhook review review.json --inventory dump/
      bulkhead webhook simulate --inventory dump/ --estate estate.yaml
      bulkhead webhook serve --tls-cert tls.crt --tls-key tls.key --in-cluster --cluster aks-prd-weu-01
    """


@command.command("review")
@click.argument("file", metavar="FILE")
@deciding_options
@click.option(
    "--hook",
    type=click.Choice(["all", "blocking", "advisory"]),
    default="all",
    show_default=True,
    help="Ask all rules, those that may deny, or the others.",
)
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def review(ctx: click.Context, /, file: str, format_: str, **flags: Any) -> None:
    """Decide about a recorded AdmissionReview (a file, or '-'), and explain the decision. Nothing is connected to.

    \b
    Exit codes:
      0 allowed   1 denied   2 no review, usage or configuration error   3 allowed, but a rule could not be evaluated
    """
    from scanner.points.admission.recorded import decide_recorded

    found = decide_recorded(file, flags)
    for note in found.notes:
        click.echo(f"note: {note.input}: {note.reason}", err=True)
    if format_ == "json":
        click.echo(found.answer.decode())
    else:
        click.echo("\n".join(_lines(found)))
    ctx.exit(found.exit_code())


@command.command("serve")
@click.option("--listen", default="127.0.0.1:8443", show_default=True, metavar="HOST:PORT", help="Where to listen.")
@click.option("--health-listen", metavar="HOST:PORT", help="A second port without TLS: /healthz, /readyz, /metrics.")
@click.option("--tls-cert", required=True, metavar="F", help="Certificate chain, PEM. Read again when it changes.")
@click.option("--tls-key", required=True, metavar="F", help="Its key, PEM, not encrypted.")
@click.option("--client-ca", metavar="F", help="Only clients with a certificate signed by these may connect.")
@cluster_options
@click.option(
    "--log", type=click.Choice(["findings", "all"]), default="findings", show_default=True, help="What to log."
)
@click.option(
    "--drain", type=click.FloatRange(min=0), default=10.0, show_default=True, help="Seconds from SIGTERM to the end."
)
@click.option(
    "--renew", type=click.FloatRange(min=0.05), default=10.0, hidden=True, help="Between looks at the certificate."
)
@deciding_options
def serve(**flags: Any) -> None:
    """Answer the reviews of an API server, until SIGTERM.

    \b
    /validate             all rules
    /validate/blocking    those that may deny (register with failurePolicy: Fail)
    /validate/advisory    the others (register with failurePolicy: Ignore)
    """
    from scanner.points.admission.serving.start import serve as start

    start(flags)


@command.command("certificates")
@click.argument("folder", metavar="DIR")
@click.option("--host", "hosts", multiple=True, metavar="H", help="DNS name of the webhook. Repeatable.")
@click.option("--name", default="bulkhead-webhook", show_default=True, metavar="NAME", help="Its Service.")
@click.option("--namespace", default="bulkhead-system", show_default=True, metavar="N", help="Where that is.")
def certificates(folder: str, hosts: tuple[str, ...], name: str, namespace: str) -> None:
    """Make a CA and a certificate in DIR, or renew what ends soon. For clusters without cert-manager.

    \b
    Run it every week, and hand on what it leaves in DIR, whether or not it did something:
      kubectl create secret tls bulkhead-webhook-tls --cert DIR/tls.crt --key DIR/tls.key --dry-run=client -o yaml
      bulkhead deploy webhook --certificates secret --ca-file DIR/ca.crt …
    """
    from scanner.points.admission.certificates import renew

    service = f"{name}.{namespace}.svc"
    found = renew(folder, hosts or (service, f"{service}.cluster.local"))
    for told in found.done or ("nothing is due",):
        click.echo(told)


@command.command("simulate")
@click.option("--registration", metavar="F", help="The ValidatingWebhookConfiguration; else that of the dump.")
@click.option("--namespace", default="bulkhead-system", show_default=True, metavar="N", help="Where the webhook runs.")
@cluster_options
@deciding_options
@click.pass_context
def simulate(ctx: click.Context, /, **flags: Any) -> None:
    """Say what would come of enforcing: what a registration locks out or leaves out, and what would be denied.

    \b
    Examples:
      bulkhead deploy webhook … | bulkhead webhook simulate --registration /dev/stdin
      bulkhead webhook simulate --inventory dump/ --estate estate.yaml --cluster aks-prd-weu-01
      bulkhead webhook simulate --context aks-prd-weu-01 --estate estate.yaml --cluster aks-prd-weu-01

    \b
    Exit codes:
      0 go ahead   1 something has to be done first   2 usage error   3 the cluster could not be read in full
    """
    from scanner.points.admission.rollout.simulation import simulate as run

    found = run(flags)
    click.echo("\n".join(_foreseen(found)))
    ctx.exit(found.exit_code())


def _foreseen(found: "Simulation") -> Iterator[str]:
    for hook, why in found.objections:
        yield click.style("REFUSED", fg="red", bold=True) + f"  {hook}: {why}"
    for gap in found.gaps:
        yield click.style("NOT SENT", fg="red", bold=True) + f"  {gap}: rules are asked about it, no webhook gets it"
    for note in found.notes:
        yield f"NOT READ  {note.input}: {note.reason}"
    if found.hooks and not found.objections and not found.gaps:
        names = ", ".join(hook.name for hook in found.hooks)
        yield click.style("OK", fg="green", bold=True) + f"  registration of {names}"
    if found.stopped:
        yield f"\nWhile no replica answers, nobody could: {', '.join(map(str, found.stopped))}"
    if found.asked:
        yield f"\n{len(found.denied)} of {found.asked} objects of the cluster would be denied if they were made today"
    for one in found.denied:
        rules = ", ".join(sorted({decided.finding.rule for decided in one.denied}))
        yield f"  {one.title}: {rules}"


def _lines(found: "Recorded") -> Iterator[str]:
    decision, request = found.decision, found.decision.request
    what = f"{request.operation} of {request.subresource}" if request.subresource else request.operation
    dry = ", a dry run" if request.dry_run else ""
    yield f"{decision.title}: {what} by {request.user or 'nobody named'}{dry}"
    if decision.allowed:
        yield click.style("ALLOWED", fg="green", bold=True) + f"  decision {decision.id}"
    else:
        yield click.style("DENIED", fg="red", bold=True) + f"  decision {decision.id}"
    if decision.passed:
        yield f"\nNo rule was asked: {decision.passed}."
        return
    yield f"Whose it is: {_whose(found)}"
    if decision.decided:
        yield ""
    for one in decision.decided:
        yield from _finding(one, found)
    for finding in decision.accepted:
        assert finding.exemption is not None
        yield f"  accepted  {finding.rule}  by {finding.exemption.id}: {finding.exemption.reason}"
    yield ""
    yield from _verdicts(found)


def _finding(one: "Decided", found: "Recorded") -> Iterator[str]:
    finding = one.finding
    action = click.style(f"{one.action.value:<5}", fg=_STYLES[one.action.value])
    why = f" ({one.why})" if one.why else ""
    yield f"  {action}  {finding.rule}  {finding.severity.label}  {finding.verdict.value}{why}"
    yield f"         {finding.message}"
    if found.fixes.get(finding.rule):
        yield f"         fix: {found.fixes[finding.rule]}"
    yield f"         fingerprint {finding.fingerprint[:12]}"


def _whose(found: "Recorded") -> str:
    tenancy = found.decision.tenancy
    if tenancy.tenant is None:
        return f"{tenancy.standing.value} ({tenancy.reason})"
    return f"{tenancy.tenant} {tenancy.tenant_name}, {tenancy.environment} ({tenancy.reason})"


def _verdicts(found: "Recorded") -> Iterator[str]:
    verdicts = found.decision.verdicts
    if not verdicts:
        yield f"No rule applies to {found.decision.request.type}."
        return
    by_verdict: dict[str, list[str]] = {}
    for rule, verdict in sorted(verdicts.items()):
        by_verdict.setdefault(verdict.value, []).append(rule)
    yield f"{len(verdicts)} rules apply:"
    for name in ("fail", "error", "unknown", "skip", "pass"):
        rules = by_verdict.get(name, [])
        if name in ("skip", "unknown", "error"):
            for rule in rules:
                yield f"  {name:<8}{rule}  {found.decision.reasons.get(rule, '')}"
        elif rules:
            yield f"  {name:<8}{' '.join(rules)}"
