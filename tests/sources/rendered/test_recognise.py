from pathlib import Path

import pytest

from scanner.sources.rendered.recognise import is_rendered
from scanner.sources.walk import walk

from .trees import write


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a/Chart.yaml", "name: a\n", True),
        ("a/kustomization.yml", "resources: []\n", True),
        ("a/app.yaml", "apiVersion: argoproj.io/v1alpha1\nkind: Application\n", True),
        ("a/app.yaml", "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n", True),
        ("a/pod.yaml", "apiVersion: v1\nkind: Pod\n", False),
        ("a/x.json", '{"apiVersion": "argoproj.io/v1alpha1"}', False),
    ],
)
def test_what_is_rendered(tmp_path: Path, name: str, text: str, expected: bool) -> None:
    files = walk([str(write(tmp_path, {name: text}))], str(tmp_path)).files
    assert is_rendered(files) is expected
