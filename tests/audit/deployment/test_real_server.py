"""A real API server takes what is rendered, and its identity may list what the Rules need and nothing else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.audit.deployment.test_deployment import HERE, INDEXED, SOME, deploy
from tests.tools.kube import Kube, running_kube

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def kube(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kube]:
    with running_kube(tmp_path_factory.mktemp("kube") / "run") as running:
        yield running


@pytest.mark.parametrize(
    "arguments", [HERE, (*HERE, "--client-id", "i"), INDEXED], ids=["sqlite", "workload identity", "indexed"]
)
def test_the_server_takes_every_object_and_knows_every_field(
    kube: Kube, arguments: tuple[str, ...], tmp_path: Path
) -> None:
    deploy(*SOME, *arguments, "--output", str(tmp_path))
    kube.kubectl("apply", "-f", str(tmp_path / "00-namespace.yaml"))
    told = kube.kubectl("apply", "--dry-run=server", "--validate=strict", "-f", str(tmp_path))
    objects = [one for path in tmp_path.iterdir() for one in yaml.safe_load_all(path.read_text("utf-8")) if one]
    assert told.count("(server dry run)") == len(objects) >= 7


def test_the_identity_may_list_what_rules_need_and_nothing_else(kube: Kube) -> None:
    kube.kubectl("apply", "-f", "-", stdin=deploy(*SOME, *HERE))

    def may(verb: str, resource: str, group: str = "") -> bool:
        asked = {"verb": verb, "resource": resource, "group": group}
        spec = {"user": "system:serviceaccount:velero:bulkhead-audit", "resourceAttributes": asked}
        review = {"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview", "spec": spec}
        answer = kube.request("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", review)
        return bool(answer["status"]["allowed"])

    listed = [("namespaces", ""), ("pods", ""), ("deployments", "apps"), ("roles", "rbac.authorization.k8s.io")]
    assert all(may("list", resource, group) for resource, group in listed)
    assert not any(may(verb, "pods") for verb in ("get", "watch", "create", "delete", "patch"))
    assert not any(may("list", resource) for resource in ("secrets", "events", "endpoints"))
