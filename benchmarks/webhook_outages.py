"""Many requests to a real API server while the webhook that it asks and its certificates are replaced: none may fail.

    python -m benchmarks.webhook_outages [--requests 20000] [--clients 8]

Two replicas stand behind one address, as behind a Service. They are replaced one after the other again and again, and
in between every certificate is renewed. Needs etcd and kube-apiserver: tests/tools/oracles.sh kube builds them.
"""

import argparse
import tempfile
import time
from pathlib import Path

from tests.points.admission.real.outages import Made, two_replicas, under_load

BETWEEN_S = 2.0


def main() -> int:
    """Run and print; 1 where a request failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--clients", type=int, default=8)
    options = parser.parse_args()
    rolled = renewed = 0
    with tempfile.TemporaryDirectory() as folder, two_replicas(Path(folder)) as replicas:

        def meanwhile(made: Made) -> None:
            nonlocal rolled, renewed
            while made.requests < options.requests:
                replicas.renew(30 + renewed)
                renewed += 1
                time.sleep(BETWEEN_S)
                replicas.replace()
                rolled += 1

        began = time.monotonic()
        made = under_load(replicas.kube, meanwhile, options.clients)
        took_s = time.monotonic() - began
    print(f"{made.requests} requests of {options.clients} clients in {took_s:.0f} s ({made.requests / took_s:.0f}/s)")
    print(f"{made.let_through} let through, {made.denied} denied, {len(made.failures)} failed")
    print(f"{rolled} rolling restarts of two replicas, {renewed} renewals of both certificates")
    for failure in made.failures[:10]:
        print(f"  {failure}")
    return 1 if made.failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
