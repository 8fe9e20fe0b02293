"""What readers see of drift: a diff in the terminal, both sides in HTML, a list for a ticket, no secret anywhere."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from scanner.cli import cli

pytest.importorskip("orjson", reason="the extra [kubernetes] is not installed")

MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 2
  template:
    spec:
      containers:
        - name: web
          image: registry.example.net/web:1
          env: [{name: DB_PASSWORD, value: hunter2-declared}]
          args: ["<b>a</b>"]
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "declared").mkdir()
    (tmp_path / "declared" / "shop.yaml").write_text(MANIFEST)
    container = {
        "name": "web",
        "image": "registry.example.net/web:1",
        "env": [{"name": "DB_PASSWORD", "value": "hunter2-live"}],
        "args": ["<i>b</i>"],
    }
    owner = {"manager": "kubectl", "operation": "Update", "subresource": "scale", "time": "2026-11-20T08:00:00Z",
             "fieldsV1": {"f:spec": {"f:replicas": {}}}}  # fmt: skip
    live = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "shop", "managedFields": [owner]},
        "spec": {"replicas": 7, "template": {"spec": {"containers": [container], "hostNetwork": True}}},
    }
    (tmp_path / "dump.json").write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": [live]}))
    return tmp_path


def report(here: Path, format_: str) -> str:
    file = here / "report.out"
    CliRunner().invoke(cli, ["drift", "declared", "--against", "dump.json", "--report", f"{format_}={file}"])
    text = file.read_text()
    if format_ != "html":  # the page shows the declaring lines, as it does for every finding
        assert "hunter2" not in text
    assert "hunter2-live" not in text
    return text


def test_the_terminal_has_a_diff_and_the_command(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = CliRunner().invoke(cli, ["drift", "declared", "--against", "dump.json"])
    lines = [line.strip() for line in result.output.splitlines()]
    at = lines.index("- 2")
    assert lines[at + 1] == "+ 7"
    assert "fix: Look with `kubectl diff -f declared/shop.yaml`, then `kubectl apply -f" in result.output
    assert "hunter2-live" not in result.output
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    painted = CliRunner().invoke(cli, ["drift", "declared", "--against", "dump.json"], color=True).output
    assert "\x1b[1;31m- 2\x1b[0m" in painted
    assert "\x1b[1;32m+ 7\x1b[0m" in painted


def test_the_page_has_both_sides_beside_each_other(here: Path) -> None:
    page = report(here, "html")
    assert '<div class="declared"><h5>declared</h5><pre>2</pre></div>' in page
    assert '<div class="live"><h5>live</h5><pre>7</pre></div>' in page
    assert "<dt>Cause</dt><dd>written by kubectl (scale), not after 2026-11-20T08:00:00Z</dd>" in page
    assert "<code>kubectl apply -f declared/shop.yaml</code>" in page
    assert "&lt;i&gt;b&lt;/i&gt;" in page
    assert "<i>b</i>" not in page


def test_a_ticket_has_both_sides_and_what_to_do(here: Path) -> None:
    text = report(here, "markdown")
    assert "What drifted: 4 places" in text
    assert "- **Deployment shop/web** `spec.replicas`\n  - declared: `2`\n  - live: `7`\n" in text
    assert "  - cause: written by kubectl (scale), not after 2026-11-20T08" in text
    assert "  - fix: Look with `kubectl diff -f declared/shop.yaml`" in text


def test_json_has_all_of_it(here: Path) -> None:
    found = {one["tag"]: one["difference"] for one in json.loads(report(here, "json"))["findings"]}
    replicas = found["spec.replicas"]
    assert (replicas["declared"], replicas["live"]) == ("2", "7")
    secret = found["spec.template.spec.containers[name=web].env[name=DB_PASSWORD].value"]
    assert (secret["declared"], secret["live"]) == ("(not shown)", "(not shown)")
