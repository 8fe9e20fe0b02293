"""Measures Terraform from file to verdict: whole runs, and what evaluation and rules cost beside the parse.

    python -m benchmarks.terraform                      two synthetic landing zones and the corpus
    python -m benchmarks.terraform --only small --peer checkov

Machines are noisy: compare ratios within one run, never figures between runs.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.generate_terraform import write
from benchmarks.run import CORPUS, ROOT, _peer, best, bulkhead, measure, show

SIZES = {"small": 10_000, "large": 100_000}


def stages(top: str) -> dict[str, float]:
    """Return the CPU seconds of parsing all Terraform below ``top``, and of everything after it, in this process."""
    import gc

    from scanner.engine.selection import select
    from scanner.engine.workers import Workshop, judge_pages
    from scanner.packs.loader import builtin_packs
    from scanner.sources.terraform.roots import tree_of
    from scanner.sources.terraform.source import TerraformSource
    from scanner.sources.walk import walk

    gc.set_threshold(100_000, 20, 50)  # as the command line has it
    packs = builtin_packs()
    selection = select([rule for pack in packs for rule in pack.rules], point="gate", estate=False)
    source = TerraformSource([found for found in walk([top], top).files if found.name.endswith(".tf")], base=top)
    pages = list(source.pages())  # finding the roots parses every module
    tree = tree_of(source.settings)
    started = time.process_time()
    fresh = type(tree)(source.settings.top, source.settings.base)
    for folder in sorted({os.path.dirname(page_file) for page_file in _files(top)}):
        fresh.module(folder)
    parsed = time.process_time()
    resources = sum(len(one.judged) for one in judge_pages(pages, Workshop(selection, packs), jobs=1))
    return {"parse_s": parsed - started, "rest_s": time.process_time() - parsed, "resources": resources}


def _files(top: str) -> list[str]:
    return [str(path) for path in Path(top).rglob("*.tf") if path.is_file()]


def report_stages(path: Path) -> None:
    """Print the ratio of evaluation and rules to the parse, taken in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.terraform", "--stages", str(path)]
    cost = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
    ratio = cost["rest_s"] / cost["parse_s"]
    print(f"  parse {cost['parse_s']:.2f} s, evaluation and rules {cost['rest_s']:.2f} s: {ratio:.2f} x the parse")


def landing_zone(name: str, peer: str) -> None:
    """Measure a synthetic landing zone of 30 nested module calls."""
    with tempfile.TemporaryDirectory(prefix="bulkhead-bench-") as folder:
        path = Path(folder)
        print(f"{name}: {write(path, SIZES[name])} lines, 30 zones that call a module for each of two tenants")
        cost = best(bulkhead("scan", str(path), "--report", "json=-", "--jobs", "1"), 3)
        show("bulkhead, 1 job", cost)
        report_stages(path)
        if peer and (found := _peer(peer)):
            show(peer, measure([found, "-d", str(path), "--framework", "terraform", "--compact", "--quiet"]))


def corpus() -> None:
    """Measure the corpus of real configurations."""
    path = CORPUS / "terraform"
    print(f"corpus: {path}")
    if not path.is_dir():
        print("  skipped: the corpus is not here; name it in BULKHEAD_CORPUS")
        return
    report_stages(path)


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=[*SIZES, "corpus"])
    parser.add_argument("--peer", default="checkov", help="an installed peer to run beside; empty for none")
    parser.add_argument("--stages", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.stages:
        print(json.dumps(stages(os.path.abspath(arguments.stages))))
        return
    for name in SIZES:
        if arguments.only in (None, name):
            landing_zone(name, arguments.peer if name == "small" else "")
    if arguments.only in (None, "corpus"):
        corpus()


if __name__ == "__main__":
    main()
