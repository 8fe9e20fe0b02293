"""The audit as it is deployed: hardened, with few permissions, and clean by the rules it runs."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from scanner.audit.deployment.settings import Settings, checked
from scanner.cli import cli
from scanner.cli.audit import command as audit
from scanner.errors import BulkheadError, UsageError

ESTATE = Path(__file__).resolve().parents[3] / "fixtures" / "erp-hosting" / "estate.yaml"
IMAGE = "acrerpprd01.azurecr.io/platform/bulkhead@sha256:" + "a" * 64
STORE = ("--store", "postgresql+psycopg://bulkhead@psql-plt.example.net/bulkhead", "--store-secret", "bulkhead-store")
SOME = ("--image", IMAGE, "--namespace", "velero")
HERE = ("--cluster", "aks-prd-weu-01")
INDEXED = ("--indexed", "--kubeconfig-secret", "clusters", *STORE)


def deploy(*arguments: str) -> str:
    result = CliRunner().invoke(cli, ["deploy", "audit", "--estate", str(ESTATE), *arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


def objects(*arguments: str) -> dict[str, dict[str, Any]]:
    text = deploy("--image", IMAGE, "--namespace", "velero", *arguments)
    return {f"{one['kind']} {one['metadata']['name']}": one for one in yaml.safe_load_all(text) if one}


def of_kind(kind: str, *arguments: str) -> dict[str, Any]:
    (found,) = (one for name, one in objects(*arguments).items() if name.split()[0] == kind)
    return found


def container_of(job: dict[str, Any]) -> dict[str, Any]:
    (container,) = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    return dict(container)


@pytest.mark.parametrize(
    "arguments",
    [
        HERE,
        (*HERE, "--client-id", "00000000-0000-0000-0000-00000000d101"),
        INDEXED,
    ],
    ids=["sqlite", "workload identity", "indexed"],
)
def test_it_is_clean_by_its_own_rules(arguments: tuple[str, ...], tmp_path: Path) -> None:
    deploy("--image", IMAGE, "--namespace", "velero", *arguments, "--output", str(tmp_path / "audit"))
    result = CliRunner().invoke(
        cli,
        ["scan", str(tmp_path / "audit"), "--estate", str(ESTATE), "--cluster", "aks-prd-weu-01", "--quiet",
         "--unknown", "fail", "--config", str(empty(tmp_path))],
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "5 scanned" in result.output
    assert "GATE PASSED: no blocking findings" in result.output


def empty(folder: Path) -> Path:
    path = folder / "bulkhead.yaml"
    path.write_text("{}\n")
    return path


def test_the_pod_is_hardened_and_reads_the_cluster_it_is_in() -> None:
    job = of_kind("CronJob", *HERE)
    assert job["spec"]["concurrencyPolicy"] == "Forbid"
    pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    container = container_of(job)
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert container["args"] == [
        "audit",
        "--estate=/etc/bulkhead/estate",
        "--live",
        "--store=sqlite:////var/lib/bulkhead/audit.db",
        "--work=/var/lib/bulkhead/work",
        "--resume-if-any",
        "--dashboard=/var/lib/bulkhead/audit.html",
        "--only=aks-prd-weu-01",
    ]
    assert {mount["mountPath"] for mount in container["volumeMounts"] if not mount.get("readOnly")} == {
        "/tmp",
        "/var/lib/bulkhead",
    }


@pytest.mark.parametrize("arguments", [HERE, (*HERE, "--client-id", "i"), INDEXED, ("--kubeconfig-secret", "c")])
def test_the_audit_takes_the_arguments_that_it_is_given(arguments: tuple[str, ...]) -> None:
    command, *given = container_of(of_kind("CronJob", *arguments))["args"]
    assert command == "audit"
    given = [one.replace("$(JOB_COMPLETION_INDEX)", "0") for one in given]
    context = audit.make_context("audit", given)
    assert context.params["estate"] == "/etc/bulkhead/estate"
    assert context.params["live"] is True


def test_the_volume_says_how_it_is_backed_up() -> None:
    assert of_kind("PersistentVolumeClaim", *HERE)["metadata"]["labels"]["backup-class"] == "none"
    kept = of_kind("PersistentVolumeClaim", *HERE, "--backup-class", "gold")
    assert kept["metadata"]["labels"]["backup-class"] == "gold"


def test_an_audit_that_ended_by_itself_is_not_tried_again() -> None:
    for arguments, action in ((HERE, "FailJob"), (INDEXED, "FailIndex")):
        (rule,) = of_kind("CronJob", *arguments)["spec"]["jobTemplate"]["spec"]["podFailurePolicy"]["rules"]
        assert (rule["action"], rule["onExitCodes"]["values"]) == (action, [1, 2, 3])


def test_the_context_is_called_as_the_cluster_and_uses_the_account() -> None:
    config = yaml.safe_load(objects(*HERE)["ConfigMap bulkhead-audit-cluster"]["data"]["config"])
    assert [one["name"] for one in config["contexts"]] == ["aks-prd-weu-01"]
    assert config["users"][0]["user"] == {"tokenFile": "/var/run/secrets/kubernetes.io/serviceaccount/token"}
    assert "ConfigMap bulkhead-audit-cluster" not in objects("--kubeconfig-secret", "clusters")


def test_the_indexed_variant_has_one_pod_for_each_cluster_and_one_for_azure() -> None:
    found = of_kind("CronJob", *INDEXED)
    job = found["spec"]["jobTemplate"]["spec"]
    assert (job["completionMode"], job["completions"], job["parallelism"]) == ("Indexed", 3, 3)
    assert "--shard=$(JOB_COMPLETION_INDEX)/3" in container_of(found)["args"]
    assert not any(argument.startswith("--dashboard") for argument in container_of(found)["args"])
    assert not any(name.startswith("PersistentVolumeClaim") for name in objects(*INDEXED))


def test_the_password_of_the_store_is_never_written() -> None:
    assert {"name": "PGPASSWORD", "valueFrom": {"secretKeyRef": {"name": "bulkhead-store", "key": "password"}}} in (
        container_of(of_kind("CronJob", *HERE, *STORE))["env"]
    )
    with pytest.raises(UsageError) as raised:
        objects(*HERE, "--store", "postgresql://bulkhead:hunter2@psql/bulkhead")
    assert "hunter2" not in raised.value.diagnostics()


def test_identity_is_federated_and_its_token_is_mounted_by_its_pod_only() -> None:
    azure = (*HERE, "--client-id", "00000000-0000-0000-0000-00000000d101", "--tenant-id", "t")
    account = of_kind("ServiceAccount", *azure)
    assert account["automountServiceAccountToken"] is False
    assert account["metadata"]["annotations"] == {
        "azure.workload.identity/client-id": "00000000-0000-0000-0000-00000000d101",
        "azure.workload.identity/tenant-id": "t",
    }
    job = of_kind("CronJob", *azure)
    labels = job["spec"]["jobTemplate"]["spec"]["template"]["metadata"]["labels"]
    assert labels["azure.workload.identity/use"] == "true"
    assert "--only=00000000-0000-0000-0000-000000000102" in container_of(job)["args"]
    assert "annotations" not in of_kind("ServiceAccount", *HERE)["metadata"]


def test_permissions_are_those_that_the_rules_need() -> None:
    role = of_kind("ClusterRole", *HERE)
    printed = CliRunner().invoke(cli, ["permissions", "--format", "cluster-role"]).output
    assert role["rules"] == yaml.safe_load(printed)["rules"]


def test_the_network_admits_names_apis_and_the_database_only() -> None:
    spec = of_kind("NetworkPolicy", *HERE, *STORE, "--egress", "10.20.0.0/16")["spec"]
    assert spec["policyTypes"] == ["Ingress", "Egress"]
    assert "ingress" not in spec
    names, apis = spec["egress"]
    assert {port["port"] for port in names["ports"]} == {53}
    assert apis["to"] == [{"ipBlock": {"cidr": "10.20.0.0/16"}}]
    assert {port["port"] for port in apis["ports"]} == {443, 6443, 5432}
    everywhere = of_kind("NetworkPolicy", *HERE)["spec"]["egress"][1]
    assert everywhere["to"] == [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["169.254.169.254/32"]}}]
    assert {port["port"] for port in everywhere["ports"]} == {443, 6443}


def test_the_estate_travels_as_it_is() -> None:
    assert objects(*HERE)["ConfigMap bulkhead-audit-estate"]["data"] == {"estate.yaml": ESTATE.read_text("utf-8")}


def test_the_same_settings_give_the_same_text() -> None:
    arguments = ("--image", IMAGE, "--namespace", "velero", *HERE)
    assert deploy(*arguments) == deploy(*arguments)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--image", "bulkhead:latest", "--namespace", "velero", *HERE), "it has no digest"),
        (("--image", IMAGE), "the estate does not list it in platformNamespaces"),
        ((*SOME, *HERE, "--name", "Audit"), "cannot use name 'Audit'"),
        ((*SOME, *HERE, "--schedule", "@daily"), "five fields of cron are expected"),
        ((*SOME, "--indexed"), "cannot tell which cluster the audit runs in"),
        ((*SOME, *HERE, "--indexed"), "without a way into each of them"),
        ((*SOME, "--indexed", "--kubeconfig-secret", "c"), "cannot share a SQLite store"),
        ((*SOME, "--cluster", "aks-none"), "cannot deploy to cluster 'aks-none'"),
        ((*SOME, *HERE, "--backup-class", "tin"), "cannot use backup class 'tin'"),
        ((*SOME, *HERE, "--output", "/proc/none"), "cannot write to /proc/none"),
    ],
)
def test_what_would_not_work_is_said_before(arguments: tuple[str, ...], said: str) -> None:
    with pytest.raises(BulkheadError) as raised:
        deploy(*arguments)
    assert said in str(raised.value)


def test_an_estate_that_is_too_large_for_a_config_map_is_said_so() -> None:
    with pytest.raises(UsageError, match="larger than 1 MB"):
        checked(Settings("velero", IMAGE, {"estate.yaml": "x" * 1_000_001}))


def test_an_estate_is_needed(tmp_path: Path) -> None:
    arguments = ["deploy", "audit", "--image", IMAGE, "--config", str(empty(tmp_path))]
    result = CliRunner().invoke(cli, arguments)
    assert "without an estate" in str(result.exception)
