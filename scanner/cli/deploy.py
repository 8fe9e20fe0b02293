"""``bulkhead deploy``: what runs an audit every night, and what decides at admission."""

import os
from collections.abc import Mapping
from typing import Any

import click

from scanner.cli.parameters import config_option, estate_option, pack_option


@click.group("deploy")
def command() -> None:
    """Render what runs in a cluster: an audit every night, the admission webhook.

    \b
    Examples:
      bulkhead deploy webhook --estate estate.yaml --cluster NAME --image registry.example.net/bulkhead@sha256:…
      bulkhead deploy audit --estate estate.yaml --image registry.example.net/bulkhead@sha256:…
    """


@command.command("audit")
@estate_option
@pack_option
@click.option("--image", required=True, metavar="IMAGE", help="Image of Bulkhead, with its digest.")
@click.option("--namespace", default="bulkhead", show_default=True, metavar="N", help="One of platformNamespaces.")
@click.option("--name", default="bulkhead-audit", show_default=True, metavar="NAME", help="Name of all objects.")
@click.option("--schedule", default="17 1 * * *", show_default=True, metavar="CRON", help="When it starts.")
@click.option("--time-zone", default="Etc/UTC", show_default=True, metavar="ZONE", help="What the schedule means.")
@click.option("--cluster", metavar="NAME", help="The cluster it runs in.  [default: the only one of the estate]")
@click.option("--indexed", is_flag=True, help="An Indexed Job: one Pod for each cluster, and one for Azure.")
@click.option("--store", metavar="URL", help="PostgreSQL, without its password.  [default: SQLite]")
@click.option("--store-secret", default="", metavar="NAME", help="Secret with the key password, for the store.")
@click.option("--kubeconfig-secret", default="", metavar="NAME", help="Secret with the key config: all clusters.")
@click.option("--client-id", default="", metavar="ID", help="Managed identity that reads Azure (workload identity).")
@click.option("--tenant-id", default="", metavar="ID", help="Its tenant, where it is not the cluster's.")
@click.option("--egress", multiple=True, metavar="CIDR", help="What it may reach over HTTPS. [default: 0.0.0.0/0]")
@click.option("--cpu", default="2", show_default=True, metavar="N", help="Limit of each Pod.")
@click.option("--memory", default="1Gi", show_default=True, metavar="SIZE", help="Limit and request of each Pod.")
@click.option(
    "--storage",
    default="10Gi",
    show_default=True,
    metavar="SIZE",
    help="Size of its volume.",
)
@click.option("--backup-class", metavar="NAME", help="Of its volume.  [default: the weakest of the estate]")
@click.option("--argument", "arguments", multiple=True, metavar="A", help="Hand this to 'bulkhead audit'. Repeatable.")
@click.option("--output", metavar="DIR", help="Write files there instead of to standard output.")
@config_option
def audit(output: str | None, **flags: Any) -> None:
    """Render a CronJob that audits the estate, with the permissions the rules need and no others.

    \b
    Examples:
      bulkhead deploy audit --estate estate.yaml --image registry.example.net/bulkhead@sha256:… | kubectl apply -f -
      bulkhead deploy audit --indexed --store postgresql+psycopg://bulkhead@psql.example.net/bulkhead \\
          --store-secret bulkhead-store --kubeconfig-secret bulkhead-clusters --image … --output deploy/audit
    """
    from scanner.points.deployment import deployed_audit

    files = deployed_audit(flags)
    if output is None:
        click.echo("".join(files.values()), nl=False)
        return
    _write(output, files)


@command.command("webhook")
@estate_option
@click.option("--image", required=True, metavar="IMAGE", help="Image of Bulkhead, with its digest.")
@click.option("--cluster", metavar="NAME", help="The cluster, as the estate names it.")
@click.option(
    "--namespace", default="bulkhead-system", show_default=True, metavar="N", help="One of platformNamespaces."
)
@click.option("--name", default="bulkhead-webhook", show_default=True, metavar="NAME", help="Name of all objects.")
@click.option("--replicas", type=int, default=3, show_default=True, metavar="N", help="Two at least.")
@click.option(
    "--certificates",
    type=click.Choice(["cert-manager", "secret"]),
    default="cert-manager",
    show_default=True,
    help="Who makes the certificate; 'secret': you keep NAME-tls up to date.",
)
@click.option("--ca-file", metavar="F", help="CA of the certificate in the Secret, PEM.")
@click.option(
    "--exclude-namespace",
    "exclude_namespaces",
    multiple=True,
    default=("kube-system",),
    show_default=True,
    metavar="N",
    help="Namespaces beside its own that are not sent for review. Repeatable.",
)
@click.option("--api-server", "api_servers", multiple=True, metavar="CIDR", help="Networks of the API servers.")
@click.option("--monitoring", metavar="N", help="Namespace of Prometheus: it may read metrics, by a ServiceMonitor.")
@click.option("--exemptions", multiple=True, metavar="FILE", help="A file of accepted findings. Repeatable.")
@click.option("--cpu", default="1", show_default=True, metavar="N", help="Limit of each Pod.")
@click.option("--memory", default="512Mi", show_default=True, metavar="SIZE", help="Limit and request of each Pod.")
@click.option("--output", metavar="DIR", help="Write files there instead of to standard output.")
@config_option
def webhook(output: str | None, **flags: Any) -> None:
    """Render the admission webhook: everything from its namespace to its registration, which is applied last.

    \b
    Example:
      bulkhead deploy webhook --estate estate.yaml --cluster aks-prd-weu-01 \\
          --image registry.example.net/bulkhead@sha256:… --output deploy/webhook
    """
    from scanner.points.admission.deployment.deployed import deployed_webhook

    files = deployed_webhook(flags)
    if output is None:
        click.echo("".join(files.values()), nl=False)
        return
    _write(output, files)


def _write(folder: str, files: Mapping[str, str]) -> None:
    from scanner.errors import UsageError

    try:
        os.makedirs(folder, exist_ok=True)
        for name, text in files.items():
            path = os.path.join(folder, name)
            with open(path, "w", encoding="utf-8") as stream:
                stream.write(text)
            click.echo(f"wrote {path}")
    except OSError as error:
        cause = (error.strerror or str(error)).lower()
        raise UsageError(f"cannot write to {folder}: {cause}", hint="choose a folder that can be written") from error
