"""One real API server for all tests of a run that need one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sources.cluster.fake_cluster import FakeCluster, fake_cluster
from tests.tools.kube import Kube, running_kube


@pytest.fixture(scope="session")
def kube(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kube]:
    """A real API server; tests share it, so each has namespaces of its own."""
    pytest.importorskip("kubernetes", reason="the extra [kubernetes] is not installed")
    pytest.importorskip("orjson", reason="the extra [kubernetes] is not installed")
    with running_kube(tmp_path_factory.mktemp("kube") / "run", "--runtime-config=api/all=true") as running:
        yield running


@pytest.fixture
def fake(tmp_path: Path) -> Iterator[FakeCluster]:
    """An API server that answers what the test wants."""
    pytest.importorskip("kubernetes", reason="the extra [kubernetes] is not installed")
    pytest.importorskip("orjson", reason="the extra [kubernetes] is not installed")
    with fake_cluster(tmp_path) as running:
        yield running
