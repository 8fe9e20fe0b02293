"""A run pays only for what it uses: which modules may be imported by what."""

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    "asyncio",
    "attr",
    "concurrent.futures",
    "email",
    "http",
    "importlib.metadata",
    "jsonschema",
    "logging",
    "multiprocessing",
    "opa_client",
    "requests",
    "rich",
    "sarif_om",
    "socket",
    "sqlite3",
    "ssl",
    "subprocess",
    "unittest",
    "xml",
}
"""Modules that a plain scan of one file has no use for."""

MANIFEST = """apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {containers: [{name: web, image: "web:1.0", securityContext: {privileged: true}}]}
"""


def imported(*arguments: str) -> set[str]:
    """Names of the modules that a run of the command line has imported when it ends."""
    script = (
        "import sys\n"
        "from scanner.cli import main\n"
        "sys.argv = ['bulkhead', *sys.argv[1:]]\n"
        "try:\n    main()\n"
        "except SystemExit:\n    pass\n"
        "print('\\n'.join(sorted(sys.modules)), file=sys.stderr)\n"
    )
    run = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True)
    return set(run.stderr.split())


@pytest.fixture
def one_file(tmp_path: Path) -> str:
    path = tmp_path / "one.yaml"
    path.write_text(MANIFEST, "utf-8")
    return str(path)


def test_the_version_needs_no_parser_no_rule_and_no_engine() -> None:
    modules = imported("--version")
    assert {"click", "scanner.cli"} <= modules
    assert {name for name in modules if name.startswith("scanner.")} == {"scanner.cli"}
    assert not modules & (HEAVY | {"yaml", "dataclasses", "json"})


def test_one_file_needs_nothing_heavy(one_file: str) -> None:
    imported("scan", one_file)  # builds the index
    modules = imported("scan", one_file)
    assert "scanner.scan" in modules
    assert not modules & HEAVY


def test_only_the_format_that_is_asked_for_is_imported(one_file: str) -> None:
    modules = imported("scan", one_file, "--report", "json=-")
    assert not {name for name in modules if name.startswith("scanner.formats.") and "sarif" in name}
    assert "sarif_om" not in modules


def test_a_check_is_loaded_when_a_resource_of_its_type_appears(one_file: str) -> None:
    modules = imported("scan", one_file)
    assert not {name for name in modules if name.startswith("_bulkhead_rules.")}, "a Pod is no Namespace"
