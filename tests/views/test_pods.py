import pytest

from scanner.views.pods import containers, pod, pod_path
from tests.views.objects import resource

LISTS = "containers: [{name: web}, 7, {image: x}], initContainers: [{name: set-up}], ephemeralContainers: [{name: see}]"
POD = f"spec: {{{LISTS}}}"


def test_a_pod_is_its_own() -> None:
    view = pod(resource(f"{{apiVersion: v1, kind: Pod, metadata: {{name: web}}, {POD}}}"))
    assert view is not None
    assert (view.metadata, view.at) == ({"name": "web"}, ())


def test_containers_of_all_lists_know_their_place() -> None:
    job = f"{{apiVersion: batch/v1, kind: CronJob, spec: {{jobTemplate: {{spec: {{template: {{{POD}}}}}}}}}}}"
    at = ("spec", "jobTemplate", "spec", "template", "spec")
    assert [(view.name, view.kind, view.at) for view in containers(resource(job))] == [
        ("web", "container", (*at, "containers", 0)),
        ("", "container", (*at, "containers", 2)),
        ("set-up", "init", (*at, "initContainers", 0)),
        ("see", "ephemeral", (*at, "ephemeralContainers", 0)),
    ]


@pytest.mark.parametrize("spec", ["7", "{}", "{template: 7}", "{template: {spec: 7}}"])
def test_a_template_that_is_none_has_no_containers(spec: str) -> None:
    workload = resource(f"{{apiVersion: apps/v1, kind: Deployment, spec: {spec}}}")
    assert pod(workload) is None
    assert containers(workload) == ()


def test_other_types_have_no_pod() -> None:
    assert pod_path("core/Service") is None
    assert containers(resource("{apiVersion: v1, kind: Service, spec: {containers: [{name: a}]}}")) == ()
