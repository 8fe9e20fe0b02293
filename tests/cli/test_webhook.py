"""`bulkhead webhook review`, as a user meets it."""

import json
from pathlib import Path

import pytest

from tests.cli.running import bulkhead
from tests.conftest import ROOT
from tests.points.admission.reviews import PRIVILEGED, deployment, review

ESTATE = ("--config", str(ROOT / "fixtures/erp-hosting/bulkhead.yaml"), "--cluster", "aks-prd-weu-01")
DUMP = ("--inventory", str(ROOT / "fixtures/erp-hosting/clusters/aks-prd-weu-01"))
TODAY = ("--today", "2026-11-21")


def written(folder: Path, found: object) -> str:
    path = folder / "review.json"
    path.write_text(json.dumps(found), "utf-8")
    return str(path)


def test_a_denial_is_explained(tmp_path: Path) -> None:
    pods = deployment(namespace="erp-aldersyde-prd", containers=PRIVILEGED)
    run = bulkhead("webhook", "review", written(tmp_path, review(pods)), *ESTATE, *DUMP, *TODAY)
    assert (run.code, run.stderr) == (1, "")
    assert run.stdout.partition("\n\n1")[0] + "\n" == (
        "Deployment erp-aldersyde-prd/web: CREATE by jane\n"
        "DENIED  decision d5bd42119e83a38d\n"
        "Whose it is: t01 aldersyde, production (label)\n"
        "\n"
        "  deny   ISO-029  critical  fail\n"
        "         container 'web' is privileged; privileged must be false or absent\n"
        "         fix: Remove `privileged`, and add the one capability the program needs.\n"
        "         fingerprint 0805ceaeba6b\n"
        "  deny   ISO-030  high  fail\n"
        "         allowPrivilegeEscalation of container 'web' is true; it must be false\n"
        "         fix: Set `allowPrivilegeEscalation: false` for each container.\n"
        "         fingerprint d9a3a00bc4d9\n"
    )
    _, _, verdicts = run.stdout.partition("rules apply:\n")
    assert verdicts.splitlines()[0] == "  fail    ISO-029 ISO-030"
    assert verdicts.splitlines()[-1].startswith("  pass    ")


def test_standard_input_and_the_answer_as_json() -> None:
    run = bulkhead("webhook", "review", "-", "--format", "json", stdin=json.dumps(review(deployment())))
    assert run.code == 0
    assert json.loads(run.stdout)["response"]["allowed"] is True


def test_a_deletion_needs_no_rule(tmp_path: Path) -> None:
    path = written(tmp_path, review(None, deployment(), operation="DELETE"))
    run = bulkhead("webhook", "review", path)
    assert (run.code, run.stderr) == (0, "")
    assert run.stdout.endswith("No rule was asked: a deletion always passes.\n")


QUOTA = {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "Ingress",
    "metadata": {"name": "w", "namespace": "shop"},
    "spec": {"rules": [{"host": "w.example.net"}], "tls": [{"hosts": ["w.example.net"]}]},
}


def test_without_an_inventory_what_needs_one_is_an_error_that_says_so(tmp_path: Path) -> None:
    run = bulkhead("webhook", "review", written(tmp_path, review(QUOTA)))
    assert run.code == 1
    assert "ISO-010  critical  error" in run.stdout
    assert "name a cluster (--context) or a dump (--inventory)" in run.stdout
    warned = bulkhead("webhook", "review", written(tmp_path, review(QUOTA)), "--incomplete", "warn")
    assert warned.code == 3, "it goes through, and is not said to be right"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the body is no valid JSON"),
        ("{", "the body is no valid JSON"),
        ("[]", "the body is no JSON object"),
        ("{}", "apiVersion is missing and kind is missing"),
        ('{"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview"}', "it holds no request"),
        (
            json.dumps(review(deployment(), operation="PATCH")),
            "operation 'PATCH' is not known",
        ),
        (json.dumps(review(deployment(), kind=None)), "kind is missing"),
        (json.dumps(review(deployment(), uid=7)), "uid is a int"),
    ],
)
def test_what_is_no_review_is_a_clear_error(text: str, said: str) -> None:
    run = bulkhead("webhook", "review", "-", stdin=text)
    assert run.code == 2
    assert said in run.stderr
    assert "help: " in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("absent.json",), "cannot read review absent.json: no such file"),
        (("-", "--inventory", "absent"), "cannot read inventory absent: there is no such file or folder"),
        (("-", "--rule", "NOPE-1"), "there is no such rule"),
        (("-", *ESTATE[:2], "--cluster", "elsewhere"), "the estate does not declare it"),
    ],
)
def test_what_is_not_there_is_a_clear_error(arguments: tuple[str, ...], said: str) -> None:
    run = bulkhead("webhook", "review", *arguments, stdin=json.dumps(review(deployment())))
    assert run.code == 2
    assert said in run.stderr
    assert "Traceback" not in run.stderr


def test_a_dump_that_cannot_be_read_in_full_is_told_and_not_trusted(tmp_path: Path) -> None:
    dump = tmp_path / "dump"
    dump.mkdir()
    (dump / "ingresses.json").write_text('{"apiVersion": "v1", "kind": "List", "items": [{"apiV', "utf-8")
    run = bulkhead("webhook", "review", written(tmp_path, review(QUOTA)), "--inventory", str(dump))
    assert run.code == 1
    assert "note: " in run.stderr
    assert "ISO-010  critical  error" in run.stdout
