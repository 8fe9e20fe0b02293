"""What is reviewed leaves nothing behind, whatever is found and however much of it there is."""

import gc
from pathlib import Path
from typing import Any

import pytest

from tests.points.admission.reviews import body, containers, deployment, pod, review, reviewer

pytestmark = pytest.mark.slow
WARM, MORE = 6_000, 10_000
GROWTH_MB = 2.0
"""A review that left 200 bytes would be found."""


def one(number: int) -> bytes:
    """The review of an object that is like no other."""
    image = f"r.example.net/i@sha256:{number:064x}"
    name, home = f"w{number}", f"ns{number % 500}"
    kinds: tuple[dict[str, Any], ...] = (
        deployment(name, home, containers=containers(image=image)),
        pod(name, home, containers=containers(image=image)),
        pod(name, home, containers=containers(image=image, privileged=True)),
        {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "Ingress",
            "metadata": {"name": name, "namespace": home},
            "spec": {"rules": [{"host": f"h{number}.example.net"}]},
        },
    )
    return body(review(kinds[number % len(kinds)]))


def resident_mb() -> float:
    """Memory of this process."""
    text = Path("/proc/self/status").read_text()
    return int(next(line for line in text.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="the memory of a process is read from /proc")
def test_memory_is_flat() -> None:
    asked = reviewer()
    try:
        for number in range(WARM):
            asked.review(one(number))
        gc.collect()
        warm = resident_mb()
        for number in range(WARM, WARM + MORE):
            asked.review(one(number))
        gc.collect()
        assert resident_mb() - warm < GROWTH_MB
    finally:
        asked.close()
