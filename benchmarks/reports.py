"""What writing a large report costs: seconds, peak memory and size of every format, in a process of its own each.

    python -m benchmarks.reports [--findings 30000] [--resources 6000] [--format sarif ...]

The Report is made by hand; what is measured is the writing, beside what the Report itself takes (the ``floor`` row).
Every format is written twice, and the two must be equal. Exits 1 where a limit is exceeded.
"""

import argparse
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from hashlib import sha256

FORMATS = (
    "text",
    "json",
    "sarif",
    "html",
    "markdown",
    "junit",
    "csv",
    "github",
    "github-summary",
    "azure-pipelines",
    "gitlab",
)
MOST_MIB = 300
"""Peak memory of a process that holds the Report and writes it."""
MOST_GZIP_MB = 10
"""What code scanning takes of a SARIF file, compressed."""


def report_of(findings: int, resources: int):  # type: ignore[no-untyped-def]
    """Return a Report with that many Findings: forty Rules, all severities, module instances, exempted and unknown."""
    from datetime import date

    from scanner.engine.identity import fingerprint
    from scanner.model.exemption import Exemption
    from scanner.model.finding import Finding, Occurrence, Related
    from scanner.model.judged import Judged
    from scanner.model.ledger import LedgerEntry, State
    from scanner.model.location import Location, Origin, Region
    from scanner.model.rule import Rule, Scope
    from scanner.model.severity import Severity
    from scanner.model.tenancy import Standing, Tenancy
    from scanner.model.verdict import Verdict
    from scanner.report import PackStamp, Report

    rules = {
        f"ISO-{number:03}": Rule(
            id=f"ISO-{number:03}",
            title=f"Rule number {number} holds for every workload of every tenant",
            severity=list(Severity)[number % 4],
            language="python",
            pack="rules/tenant_isolation",
            folder="/nowhere",
            applies_to=("apps/Deployment",),
            reads=(),
            looks_up={},
            needs=frozenset(),
            scope=Scope.ANY,
            points=("gate",),
            controls={"CIS Kubernetes 1.10": (f"5.2.{number}",)},
            equivalents={},
            since="0.1.0",
            fix="Set the field that the message names to what it expects.",
        )
        for number in range(40)
    }
    tenants = [
        Tenancy(Standing.TENANT, f"t{n:02}", f"tenant-{n}", "production", "production", "premium") for n in range(25)
    ]
    exemption = Exemption(
        "EX-1", ("ISO-*",), "accepted for the benchmark", "file", "exemptions.yaml", 3, expires=date(2027, 1, 1)
    )
    verdicts = [Verdict.FAIL] * 8 + [Verdict.UNKNOWN, Verdict.FAIL]

    def finding(number: int) -> Finding:
        rule = rules[f"ISO-{number % 40:03}"]
        key = f"aks-prd-weu-01/apps/Deployment/erp-{number % 997}/workload-{number // 40}"
        file = f"clusters/aks-prd-weu-01/tenants/tenant-{number % 997}/workload-{number // 400}.yaml"
        place = Location(file, ("spec", "template", number % 7), Region(number % 900 + 1, 5, number % 900 + 1, 40))
        tenancy = tenants[number % 25]
        occurrences = tuple(
            Occurrence(
                f"{key}-{n}", f'module.tenant["{n}"].azurerm_thing.this', fingerprint(rule.id, f"{key}{n}", ""), tenancy
            )
            for n in range(3 if number % 10 == 0 else 0)
        )
        return Finding(
            rule.id,
            rule.severity,
            verdicts[number % 10],
            key,
            "apps/Deployment",
            f"container 'main-{number % 5}' sets hostPort {number % 65_000}; no host port is allowed here",
            place,
            tag=f"ports[{number % 3}]",
            fingerprint=fingerprint(rule.id, key, str(number)),
            tenancy=tenancy,
            related=(Related("", "var.ports is set here", place),) if number % 4 == 0 else (),
            exemption=exemption if number % 50 == 0 else None,
            occurrences=occurrences,
        )

    asked, codes = tuple(rules), bytes(Verdict.PASS.code for _ in rules)
    return Report(
        tool_version="0.1.0",
        packs=(PackStamp("rules/tenant_isolation", "0.1.0", "sha256:" + "5a" * 32, 40),),
        rules=rules,
        judged=tuple(
            Judged(
                f"aks/apps/Deployment/n/w{n}", "apps/Deployment", Origin("manifests", f"w{n}.yaml"), asked, codes, {}
            )
            for n in range(resources)
        ),
        findings=tuple(finding(number) for number in range(findings)),
        ledger=tuple(LedgerEntry(f"file-{n}.yaml", State.SCANNED, resources=1) for n in range(2_000)),
        today=date(2026, 11, 21),
        elapsed_s=1.0,
    )


def child(name: str, findings: int, resources: int) -> None:
    """Measure one format in this process and print the figures as JSON."""
    report = report_of(findings, resources)
    if name == "floor":
        print(json.dumps({"peak": _peak(), "seconds": 0.0, "size": 0, "gzip": 0, "equal": True}))
        return
    from scanner.formats import format_named
    from scanner.formats.interface import Presentation

    digests = []
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "report")
        started = time.process_time()
        for turn in range(2):
            digest = sha256()
            with open(path, "w", encoding="utf-8", newline="\n") as stream:
                for piece in format_named(name).render(report, Presentation()):
                    stream.write(piece)
                    digest.update(piece.encode("utf-8", "backslashreplace"))
            digests.append(digest.digest())
            if turn == 0:
                seconds, peak = time.process_time() - started, _peak()
        packed = 0
        with open(path, "rb") as source, gzip.open(f"{path}.gz", "wb") as target:
            while block := source.read(1 << 20):
                target.write(block)
        packed = os.path.getsize(f"{path}.gz")
        figures = {"peak": peak, "seconds": seconds, "size": os.path.getsize(path), "gzip": packed}
        print(json.dumps({**figures, "equal": digests[0] == digests[1]}))


def _peak() -> float:
    """Return the peak memory of this process in MiB."""
    try:
        with open("/proc/self/status", encoding="ascii") as stream:
            # beside it ru_maxrss counts what the parent had when it made this process
            return next(int(line.split()[1]) for line in stream if line.startswith("VmHWM:")) / 1024
    except (OSError, StopIteration):
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / 1024 / (1024 if sys.platform == "darwin" else 1)


def main() -> int:
    """Run every format in a process of its own and print a table; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--findings", type=int, default=30_000)
    parser.add_argument("--resources", type=int, default=6_000)
    parser.add_argument("--format", action="append", choices=FORMATS)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.child:
        child(chosen.child, chosen.findings, chosen.resources)
        return 0
    print(f"{chosen.findings:,} findings, {chosen.resources:,} resources")
    print(f"{'format':<16}  {'CPU s':>6}  {'peak MiB':>8}  {'MB':>7}  {'gzip MB':>7}  twice equal")
    failed = []
    for name in ("floor", *(chosen.format or FORMATS)):
        command = [sys.executable, "-m", "benchmarks.reports", "--child", name]
        command += ["--findings", str(chosen.findings), "--resources", str(chosen.resources)]
        figures = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        megabytes, packed = figures["size"] / 1e6, figures["gzip"] / 1e6
        equal = "yes" if figures["equal"] else "NO"
        line = f"{figures['seconds']:6.2f}  {figures['peak']:8.1f}  {megabytes:7.2f}  {packed:7.2f}"
        print(f"{name:<16}  {line}  {equal}", flush=True)
        if figures["peak"] > MOST_MIB or not figures["equal"] or (name == "sarif" and packed > MOST_GZIP_MB):
            failed.append(name)
    if failed:
        print(f"beyond the limits: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
