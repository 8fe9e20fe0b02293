"""What it costs to read and evaluate ARM templates: MB/s on one core, cold memos, beside the floor of reading JSON.

    python -m benchmarks.arm FOLDER [--profile]

The floor is what the standard library takes for the same bytes. Time is CPU time of this process; the best of several
rounds counts, since other work on the machine only ever adds to it.
"""

import argparse
import gc
import json
import time
from collections.abc import Callable
from pathlib import Path

from scanner.documents import DEFAULT_LIMITS, Problem
from scanner.sources.arm import closures
from scanner.sources.arm.evaluation import evaluate
from scanner.sources.arm.file import TEMPLATE, is_arm_json, kind_of, read_file
from scanner.sources.arm.links import TreeLinks
from scanner.sources.arm.template import lower

ROUNDS = 7


def main() -> None:
    """Print the figures of a folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--profile", action="store_true", help="print where the time of one round goes")
    arguments = parser.parse_args()
    files = templates(arguments.folder)
    size = sum(len(data) for _, data in files)
    gc.set_threshold(100_000, 20, 50)  # as the command line sets it
    if arguments.profile:
        profile(lambda: run(files, arguments.folder))
        return
    objects = run(files, arguments.folder)
    floor = best(lambda: [read_floor(data) for _, data in files])
    reading = best(lambda: [read_file(data, name, DEFAULT_LIMITS) for name, data in files])
    everything = best(lambda: run(files, arguments.folder))
    megabytes = size / 1e6
    print(f"{len(files)} templates, {megabytes:.1f} MB, {objects} resources")
    for label, seconds in (("json.loads", floor), ("reading", reading), ("reading and evaluation", everything)):
        print(f"{label:24} {seconds * 1000:8.0f} ms {megabytes / seconds:8.1f} MB/s {seconds / floor:6.1f} x floor")


def templates(folder: Path) -> list[tuple[str, bytes]]:
    """Return name and content of every template below ``folder``."""
    found = []
    for path in sorted(folder.rglob("*.json")):
        data = path.read_bytes()
        if is_arm_json(data):
            file = read_file(data, path.name, DEFAULT_LIMITS)
            if not isinstance(file, Problem) and kind_of(file.value)[0] == TEMPLATE:
                found.append((str(path.relative_to(folder)), data))
    return found


def run(files: list[tuple[str, bytes]], folder: Path) -> int:
    """Read and evaluate all; return how many resources they deploy."""
    closures._MEMO.clear()
    count = 0
    root = str(folder.resolve())
    for name, data in files:
        file = read_file(data, name, DEFAULT_LIMITS)
        assert not isinstance(file, Problem)
        evaluated = evaluate(lower(file, TreeLinks(root, root, DEFAULT_LIMITS)))
        count += len(evaluated.objects)
        evaluated.release()
    return count


def read_floor(data: bytes) -> None:
    """Read ``data`` as the standard library does."""
    try:
        json.loads(data)
    except ValueError:
        return


def best(work: Callable[[], object]) -> float:
    """Return the CPU seconds of the best round."""
    times = []
    for _ in range(ROUNDS):
        gc.collect()
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def profile(work: Callable[[], object]) -> None:
    """Print the functions that take the most time."""
    import cProfile
    import pstats

    profiler = cProfile.Profile()
    profiler.runcall(work)
    pstats.Stats(profiler).sort_stats("tottime").print_stats(30)


if __name__ == "__main__":
    main()
