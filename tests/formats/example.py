"""One Report with everything in it, and the files it is about; the formats' snapshots are made of it."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from scanner.model.exemption import Exemption
from scanner.model.finding import Related
from scanner.model.ledger import LedgerEntry, State
from scanner.model.severity import Severity
from scanner.model.verdict import Verdict
from scanner.report import PackStamp, Report
from tests.formats.builder import DUNMORE, KESTREL, PLATFORM, RULE_PAGE, at, finding, judged, marked, report, rule

WEB = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: dunmore-prd
spec:
  template:
    spec:
      hostNetwork: true
      containers:
        - name: web
          image: docker.io/library/nginx:latest
          env:
            - name: DB_PASSWORD
              value: correct-horse
        - name: größe-日本
          image: registry.example/größe:1
"""
POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: allow-neighbours
  namespace: dunmore-prd
spec:
  podSelector: {}
  ingress:
    - from:
        - namespaceSelector: {}
"""
SECRET = """\
apiVersion: v1
kind: Secret
metadata:
  name: database
  namespace: kestrel-uat
data:
  password: Y29ycmVjdC1ob3JzZQ==
"""
EXPORTER = """\
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: node-exporter
  namespace: monitoring
spec:
  template:
    spec:
      hostNetwork: true
"""
VAULT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: worker
  namespace: kestrel-uat
spec:
  template:
    spec:
      containers:
        - name: worker
          image: !vault worker
"""
FILES = {
    "deploy/dunmore/web.yaml": WEB,
    "deploy/dunmore/policy.yaml": POLICY,
    "deploy/kestrel/secret.yaml": SECRET,
    "deploy/kestrel/worker.yaml": VAULT,
    "deploy/platform/exporter.yaml": EXPORTER,
}

HOST_NETWORK = rule(
    "ISO-012",
    "Workloads do not share the host's network",
    Severity.CRITICAL,
    controls={"CIS Kubernetes 1.10": ("5.2.5",), "Pod Security Standards": ("baseline",)},
    fix="Remove hostNetwork, or set it to false.",
)
SECURITY_CONTEXT = rule(
    "ISO-029",
    "Containers run as a user other than root",
    Severity.HIGH,
    fix="Set securityContext.runAsNonRoot to true on the pod or on every container.",
)
READ_ONLY = rule(
    "ISO-031",
    "Containers have a read-only root file system",
    Severity.MEDIUM,
    fix="Set securityContext.readOnlyRootFilesystem to true and mount an emptyDir where the program writes.",
)
NEIGHBOURS = rule(
    "ISO-003",
    "NetworkPolicies of a tenant admit no other tenant",
    Severity.CRITICAL,
    applies_to=("networking.k8s.io/NetworkPolicy",),
    needs=frozenset({"inventory", "estate"}),
    fix="Select the tenant's own namespaces by their tenant label.",
)
IMAGE = rule(
    "SUP-004",
    "Images come from the estate's registries",
    Severity.LOW,
    pack="rego/supply_chain",
    language="rego",
    fix="Pull through one of the registries that estate.yaml names.",
)
PLAINTEXT = rule("ENC-025", "No plaintext secrets", Severity.CRITICAL, pack="rules/encryption")
ROTATION = rule("ENC-030", "Secrets say when they were rotated", Severity.LOW, pack="rules/encryption")
RULES = (HOST_NETWORK, SECURITY_CONTEXT, READ_ONLY, NEIGHBOURS, IMAGE, PLAINTEXT, ROTATION)

EXPORTER_EXEMPTION = Exemption(
    id="node-exporter-host-network",
    rules=("ISO-012",),
    reason="the exporter reads the node's own counters",
    source="file",
    file="exemptions.yaml",
    line=4,
    selector={"namespace": "monitoring"},
    owner="platform team",
    ticket="OPS-412",
    approved_by="security board",
    expires=date(2027, 3, 31),
)


def write_files(root: Path) -> None:
    """Write the files the Report is about below ``root``, and a page for every rule below ``root/packs``."""
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    for one in RULES:
        folder = root / "packs" / one.id
        folder.mkdir(parents=True)
        fix = one.fix or "Store it in the vault."
        (folder / "rule.md").write_text(RULE_PAGE.format(id=one.id, title=one.title, fix=fix), "utf-8")


def example(root: Path) -> Report:
    """Return the Report; its files are below ``root``, which is to be the working directory."""
    write_files(root)
    web, policy, secret = "deploy/dunmore/web.yaml", "deploy/dunmore/policy.yaml", "deploy/kestrel/secret.yaml"
    container = marked(root, web, "name: web\n          image: docker.io/library/nginx:latest")
    open_ = marked(root, policy, "namespaceSelector: {}", "spec.ingress[0].from[0].namespaceSelector")
    web_name = "Deployment dunmore-prd/web"
    findings = [
        finding(
            HOST_NETWORK,
            web_name,
            "hostNetwork is true; it must be false or absent",
            marked(root, web, "hostNetwork: true", "spec.template.spec.hostNetwork"),
            tenancy=DUNMORE,
        ),
        finding(
            SECURITY_CONTEXT,
            web_name,
            "container 'web' may run as root: runAsNonRoot is absent; true is required",
            container._replace(path=("spec", "template", "spec", "containers", 0, "securityContext", "runAsNonRoot")),
            tenancy=DUNMORE,
        ),
        finding(
            READ_ONLY,
            web_name,
            "container 'web' can write to its root file system; readOnlyRootFilesystem must be true",
            container._replace(path=("spec", "template", "spec", "containers", 0, "securityContext")),
            tenancy=DUNMORE,
        ),
        finding(
            IMAGE,
            web_name,
            "image 'docker.io/library/nginx:latest' is not from a registry of the estate",
            marked(root, web, "docker.io/library/nginx:latest"),
            tenancy=DUNMORE,
        ),
        finding(
            IMAGE,
            web_name,
            "image 'registry.example/größe:1' is not from a registry of the estate",
            marked(root, web, "registry.example/größe:1"),
            tenancy=DUNMORE,
            tag="größe",
        ),
        finding(
            PLAINTEXT,
            web_name,
            "environment variable DB_PASSWORD of container 'web' holds a literal value; a reference is required",
            marked(root, web, "correct-horse"),
            tenancy=DUNMORE,
        ),
        finding(
            NEIGHBOURS,
            "NetworkPolicy dunmore-prd/allow-neighbours",
            "the empty namespaceSelector admits every namespace; only those of tenant dunmore are allowed",
            open_,
            tenancy=DUNMORE,
            related=[
                Related(
                    "aks-prd-weu-01/core/Namespace/-/kestrel-uat",
                    "it admits this namespace of kestrel",
                    at("deploy/kestrel/namespace.yaml", 3, 1, 9),
                )
            ],
        ),
        finding(
            ROTATION,
            "Secret kestrel-uat/database",
            "annotation rotated-on is absent; a date is required",
            marked(root, secret, "name: database"),
            tenancy=KESTREL,
        ),
        finding(
            IMAGE,
            "Deployment kestrel-uat/worker",
            "image is not known: tag !vault is not resolved",
            marked(root, "deploy/kestrel/worker.yaml", "!vault worker"),
            verdict=Verdict.UNKNOWN,
            tenancy=KESTREL,
        ),
        finding(
            HOST_NETWORK,
            "DaemonSet monitoring/node-exporter",
            "hostNetwork is true; it must be false or absent",
            marked(root, "deploy/platform/exporter.yaml", "hostNetwork: true"),
            tenancy=PLATFORM,
            exemption=EXPORTER_EXEMPTION,
        ),
        finding(
            READ_ONLY,
            "DaemonSet monitoring/node-exporter",
            "KeyError: 'securityContext'",
            at("deploy/platform/exporter.yaml"),
            verdict=Verdict.ERROR,
            tag="error",
        ),
    ]
    fails, passes, skips = Verdict.FAIL, Verdict.PASS, Verdict.SKIP
    verdicts = (
        judged("NetworkPolicy dunmore-prd/allow-neighbours", policy, {"ISO-003": fails}, tenancy=DUNMORE),
        judged(
            web_name,
            web,
            {"ENC-025": fails, "ISO-012": fails, "ISO-029": fails, "ISO-031": fails, "SUP-004": fails},
            tenancy=DUNMORE,
        ),
        judged("Secret kestrel-uat/database", secret, {"ENC-030": fails}, tenancy=KESTREL),
        judged(
            "Deployment kestrel-uat/worker",
            "deploy/kestrel/worker.yaml",
            {"ENC-025": passes, "ISO-012": passes, "ISO-029": passes, "ISO-031": passes, "SUP-004": Verdict.UNKNOWN},
            tenancy=KESTREL,
            reasons={"SUP-004": "image is not known: tag !vault is not resolved"},
        ),
        judged(
            "DaemonSet monitoring/node-exporter",
            "deploy/platform/exporter.yaml",
            {"ENC-025": passes, "ISO-012": fails, "ISO-029": skips, "ISO-031": Verdict.ERROR, "SUP-004": passes},
            tenancy=PLATFORM,
            reasons={
                "ISO-029": "the platform's own namespaces are out of its scope",
                "ISO-031": "KeyError: 'securityContext'",
            },
        ),
    )
    ledger = (
        LedgerEntry(policy, State.SCANNED, resources=1),
        LedgerEntry(web, State.SCANNED, resources=1),
        LedgerEntry("deploy/kestrel/broken.yaml", State.UNPARSED, "expected ':' after this key", 7, 3, incomplete=True),
        LedgerEntry(secret, State.SCANNED, resources=1),
        LedgerEntry("deploy/kestrel/values.yaml", State.UNSUPPORTED, "no object of Kubernetes is in it"),
        LedgerEntry("deploy/kestrel/worker.yaml", State.SCANNED, resources=1),
        LedgerEntry(
            "deploy/platform/exporter.yaml",
            State.PARTIAL,
            "rule ISO-031 could not be evaluated on 1 resource: KeyError: 'securityContext'",
            incomplete=True,
            rule="ISO-031",
        ),
        LedgerEntry("deploy/platform/exporter.yaml", State.SCANNED, resources=1),
        LedgerEntry("node_modules", State.EXCLUDED, "excluded by .gitignore, line 3"),
    )
    expired = replace(EXPORTER_EXEMPTION, id="old-ingress", line=20, expires=date(2026, 1, 31))
    unused = replace(EXPORTER_EXEMPTION, id="nobody-needs-me", line=31)
    return report(
        [replace(one, folder=str(root / "packs" / one.id)) for one in RULES],
        findings,
        packs=(
            PackStamp("rego/supply_chain", "0.1.0", "sha256:" + "c4" * 32, 1),
            PackStamp("rules/encryption", "0.1.0", "sha256:" + "3e" * 32, 2),
            PackStamp("rules/tenant_isolation", "0.1.0", "sha256:" + "5a" * 32, 4),
        ),
        judged=verdicts,
        ledger=ledger,
        notes=(
            LedgerEntry("exemptions.yaml", State.PARTIAL, "exemption old-ingress expired on 2026-01-31", 20),
            LedgerEntry("exemptions.yaml", State.PARTIAL, "exemption nobody-needs-me covers no finding", 31),
        ),
        exemptions_used=(EXPORTER_EXEMPTION,),
        exemptions_expired=(expired,),
        exemptions_unused=(unused,),
        estate_name="erp-hosting",
        estate_digest="sha256:" + "7b" * 32,
        rego_engine="regorus 0.9.1",
    )
