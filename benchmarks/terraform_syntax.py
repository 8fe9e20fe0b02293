"""Measures the Terraform parser alone: lines per second of CPU over a folder of real configuration.

    python -m benchmarks.terraform_syntax                 the corpus
    python -m benchmarks.terraform_syntax path/to/folder

Files are read before the clock starts. Machines are noisy: the best of several passes is printed, beside the median.
A scan keeps all trees until it ends, so a last line says what that costs under the collector's settings of a scan.
"""

import argparse
import gc
import statistics
import sys
import time
from pathlib import Path
from typing import NamedTuple

from benchmarks.run import CORPUS
from scanner.sources.terraform.syntax import Parsed, parse_file, parse_json, parse_variables_json

NATIVE = (".tf", ".tofu", ".tfvars")


class Text(NamedTuple):
    """One file that was read."""

    name: str
    text: str

    def parse(self) -> Parsed:
        """Parse it as its name says."""
        if self.name.endswith(".tfvars.json"):
            return parse_variables_json(self.text)
        return parse_json(self.text) if self.name.endswith(".json") else parse_file(self.text)


def read(folder: Path) -> list[Text]:
    """Return all Terraform files below ``folder`` that are UTF-8."""
    texts = []
    for path in sorted(folder.rglob("*.*")):
        if path.is_file() and path.name.endswith((*NATIVE, ".tf.json", ".tfvars.json", ".tofu.json")):
            try:
                texts.append(Text(path.name, path.read_bytes().decode()))
            except UnicodeDecodeError:
                continue
    return texts


def passes(texts: list[Text], times: int) -> list[float]:
    """Return the CPU seconds of each of ``times`` passes over all ``texts``."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        for text in texts:
            text.parse()
        taken.append(time.process_time() - start)
    return taken


def kept(texts: list[Text], times: int) -> float:
    """Return the CPU seconds of the best pass that keeps every tree, with the thresholds the command line sets."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 20, 50)
    taken = []
    for _ in range(times):
        start = time.process_time()
        trees = [text.parse() for text in texts]
        taken.append(time.process_time() - start)
        del trees
        gc.collect()
    gc.set_threshold(*before)
    return min(taken)


def main() -> int:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=CORPUS / "terraform")
    parser.add_argument("--times", type=int, default=5, help="number of passes (default 5)")
    arguments = parser.parse_args()
    if not arguments.folder.is_dir():
        print(f"skipped: {arguments.folder} is not here; name the corpus in BULKHEAD_CORPUS")
        return 0
    texts = read(arguments.folder)
    lines = sum(text.text.count("\n") for text in texts)
    size = sum(len(text.text) for text in texts)
    faulty = sum(bool(text.parse().problems) for text in texts)
    taken = passes(texts, arguments.times)
    print(f"{arguments.folder}: {len(texts)} files, {lines} lines, {size / 1e6:.2f} MB, {faulty} files with faults")
    rows = {"best": min(taken), "median": statistics.median(taken), "kept": kept(texts, arguments.times)}
    for name, seconds in rows.items():
        print(f"  {name:<7} {seconds:6.3f} s   {lines / seconds:9,.0f} lines/s   {size / seconds / 1e6:5.1f} MB/s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
