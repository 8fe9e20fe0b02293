"""Replicas and certificates are replaced while an API server asks, and every request gets its answer."""

import time
from pathlib import Path

import pytest

from tests.points.admission.real.outages import Made, two_replicas, under_load

pytestmark = pytest.mark.slow


def test_no_request_fails_while_replicas_and_certificates_are_replaced(tmp_path: Path) -> None:
    pytest.importorskip("kubernetes", reason="the extra [kubernetes] is not installed")
    with two_replicas(tmp_path) as replicas:
        before = {one.process.pid for one in replicas.running}

        def meanwhile(made: Made) -> None:
            replicas.replace()
            for days in (40, 50):
                replicas.renew(days)
                time.sleep(0.6)

        made = under_load(replicas.kube, meanwhile)
        assert made.failures == []
        assert made.let_through > 500
        assert made.denied > 50
        assert not before & {one.process.pid for one in replicas.running}
        for one in replicas.running:
            renewed = [line for line in one.lines if line["event"] == "certificate" and line["outcome"] == "renewed"]
            assert len(renewed) == 2
