"""Memory of the webhook over many reviews, no two of the same object, over TLS: exit code 1 where it grows.

    python -m benchmarks.webhook_memory [--reviews 100000]

Deployments, Pods (every second one is denied) and Ingresses, over eight connections, each of which is made anew now
and then. The first tenth is for warming up; from then on it may grow by 5 MB.
"""

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

from tests.points.admission.serving.running import Connection, Webhook, webhook
from tests.points.admission.test_memory import one

CONNECTIONS, RENEWED_AFTER = 8, 5_000
GROWTH_MB = 5.0


def main() -> int:
    """Ask, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reviews", type=int, default=100_000)
    reviews: int = parser.parse_args().reviews
    with tempfile.TemporaryDirectory() as folder:
        running = webhook(Path(folder), "--drain", "0")
        try:
            grown = asyncio.run(_ask(running, reviews))
        finally:
            running.end()
    print(f"grown by {grown:.1f} MB after warming up; {GROWTH_MB:.0f} are permitted")
    return 1 if grown > GROWTH_MB else 0


async def _ask(running: Webhook, reviews: int) -> float:
    """Send reviews and return by how many MB the process has grown since a tenth of them."""
    tls, part, number = running.tls(), reviews // 10, 0
    began, warm = time.monotonic(), 0.0

    async def over_one(until: int) -> None:
        nonlocal number
        connection, asked = Connection(running.port, tls), 0
        while number < until:
            number += 1
            asked += 1
            code, _ = await connection.ask(one(number))
            assert code == 200
            if asked % RENEWED_AFTER == 0:
                connection.close()
        connection.close()

    for tenth in range(1, 11):
        await asyncio.gather(*(over_one(tenth * part) for _ in range(CONNECTIONS)))
        resident_mb = running.resident_kb() / 1024
        warm = warm or resident_mb
        print(f"{number:>9} reviews  {resident_mb:7.1f} MB  {number / (time.monotonic() - began):6.0f}/s", flush=True)
    return resident_mb - warm


if __name__ == "__main__":
    raise SystemExit(main())
