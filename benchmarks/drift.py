"""Drift over a large estate: many declared Resources against the same live ones with noise, and some changed by hand.

    python -m benchmarks.drift                      20,000 Resources, 500 of them changed
    python -m benchmarks.drift --number 100000      five times that

The estate is the example one, copied under other names until there are enough. What control planes do to what they are
given is applied to all (tests/drift/noise.py). Prints what was found of what was done, the time of comparing, and the
memory of the process. Targets: 100 % found, nothing else; 100,000 in 60 s and 600 MB.
"""

import argparse
import os
import random
import resource as process
import time
from collections.abc import Iterator
from pathlib import Path

from scanner.drift import DriftClass, detect
from scanner.drift.matching import identity, is_comparable
from scanner.model.resource import Resource
from scanner.points.inputs import load_inputs, source_of
from scanner.points.request import Request
from tests.drift.noise import copied, live_of, real, struck

ESTATE = Path(__file__).resolve().parent.parent / "fixtures" / "erp-hosting"
HARD = (DriftClass.CHANGED, DriftClass.MISSING, DriftClass.UNMANAGED, DriftClass.ORPHANED)


def declared_once() -> list[Resource]:
    """Return what the example estate declares, each thing once."""
    here = Path.cwd()
    os.chdir(ESTATE)
    try:
        request = Request.of({"paths": ("clusters", "terraform")})
        pages = source_of(request, load_inputs(request).estate).pages()
        return real([one for page in pages for one in page.read().resources if is_comparable(one)])
    finally:
        os.chdir(here)


def main() -> None:
    """Print one line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--number", type=int, default=20_000)
    parser.add_argument("--changed", type=int, default=500)
    arguments = parser.parse_args()
    chance = random.Random(9)
    declared = list(copied(declared_once(), arguments.number))
    victims = set(chance.sample(range(len(declared)), arguments.changed))
    done: set[str] = set()
    making = 0.0

    def live() -> Iterator[Resource]:
        nonlocal making
        for index, one in enumerate(declared):
            started = time.process_time()
            hit = struck(one, one, chance) if index in victims else None
            if hit is not None:
                done.add(identity(one))
            made = hit[1] if hit is not None else live_of(one, chance)
            making += time.process_time() - started
            yield made

    started = time.process_time()
    found = [drift for drift in detect(declared, live()) if drift.class_ in HARD]
    elapsed = time.process_time() - started - making
    names = {identity(drift.resource) for drift in found}
    peak = process.getrusage(process.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{len(declared):,} resources: {len(done & names)} of {len(done)} changes found, {len(names - done)} others; "
        f"{elapsed:.1f} s of CPU ({len(declared) / elapsed:,.0f}/s), {peak:,.0f} MB"
    )


if __name__ == "__main__":
    main()
