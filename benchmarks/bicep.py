"""Measures Bicep: lines parsed each second on the corpus, and one file of 2,000 lines with ten modules, cold.

    python -m benchmarks.bicep
    python -m benchmarks.bicep --only parse

The cold figure is that of a process of its own, start of the interpreter and imports included. Machines are noisy:
compare ratios.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CORPUS = Path(os.environ.get("BULKHEAD_CORPUS", ROOT.parent / "shared" / "corpus")) / "bicep"
MODULES = 10
LINES = 2_000

_ACCOUNT = """@description('Settings of account {n}')
param settings{n} object = {{
  kind: 'StorageV2'
  tier: env == 'prod' ? 'Standard_ZRS' : 'Standard_LRS'
}}
resource account{n} 'Microsoft.Storage/storageAccounts@2023-01-01' = if (env != 'none{n}') {{
  name: toLower('st${{env}}${{uniqueString(resourceGroup().id)}}{n}')
  location: location
  kind: settings{n}.kind
  sku: {{ name: settings{n}.?tier ?? 'Standard_LRS' }}
  tags: union(tags, {{ number: '{n}' }})
  properties: {{
    minimumTlsVersion: 'TLS1_2'
    allowBlobPublicAccess: false
    networkAcls: {{
      defaultAction: 'Deny'
      ipRules: [for address in addresses: {{ value: address, action: 'Allow' }}]
    }}
  }}
  resource blobs 'blobServices' = {{ name: 'default' }}
}}
"""
_HEAD = """param env string = 'prod'
param location string = 'westeurope'
param addresses array = ['10.0.0.1', '10.0.0.2', '10.0.0.3']
var tags = { owner: 'platform', env: env }
"""
_CALL = """module part{n} 'modules/part{n}.bicep' = {{
  name: 'part{n}'
  params: {{ env: env, addresses: addresses }}
}}
output ids{n} array = part{n}.outputs.ids
"""
_COLD = """
import gc
gc.set_threshold(100_000, 20, 50)  # as the command line does
from scanner.sources.bicep.page import BicepPage, BicepSettings
content = BicepPage('main.bicep', BicepSettings('run', {folder!r}, {folder!r})).read()
assert len(content.resources) == {resources}, len(content.resources)
assert not any(entry.incomplete for entry in content.entries), content.entries
"""


def parse() -> None:
    """Print the speed of the parser over all files of the corpus, best of five."""
    from scanner.sources.bicep.syntax.parser import parse, parse_parameters

    readers: dict[str, Callable[[str], object]] = {".bicep": parse, ".bicepparam": parse_parameters}
    texts = [
        (readers[path.suffix], path.read_text(encoding="utf-8-sig"))
        for path in sorted(CORPUS.rglob("*.bicep*"))
        if path.suffix in readers
    ]
    lines = sum(text.count("\n") for _, text in texts)
    best = min(_timed(lambda: [read(text) for read, text in texts]) for _ in range(5))
    size = sum(len(text) for _, text in texts) / 1e6
    read = f"{len(texts)} files, {lines:,} lines, {size:.1f} MB"
    print(f"parse: {read}: {lines / best:,.0f} lines/s, {size / best:.1f} MB/s")


def _timed(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


def cold() -> None:
    """Print what one file of 2,000 lines with ten modules takes in a process of its own, best of five."""
    with tempfile.TemporaryDirectory() as folder:
        resources = generate(Path(folder))
        code = _COLD.format(folder=folder, resources=resources)
        best = min(_process(code) for _ in range(5))
        idle = min(_process("import scanner") for _ in range(5))
        what = f"{LINES:,} lines and {MODULES} modules, {resources} resources"
        print(f"cold: {what}: {best:.3f} s CPU, {idle:.3f} s of it start-up")


def generate(folder: Path) -> int:
    """Write the file and its modules; return how many resources they deploy."""
    per_account = _ACCOUNT.count("\n")
    number = (LINES - _HEAD.count("\n") - MODULES * _CALL.count("\n")) // per_account
    parts = "".join(_ACCOUNT.format(n=n) for n in range(number))
    calls = "".join(_CALL.format(n=n) for n in range(MODULES))
    (folder / "main.bicep").write_text(_HEAD + parts + calls, encoding="utf-8")
    (folder / "modules").mkdir()
    ids = "output ids array = [account0.id, account1.id]\n"
    for n in range(MODULES):
        text = _HEAD + _ACCOUNT.format(n=0) + _ACCOUNT.format(n=1) + ids
        text = text.replace("'st${", f"'p{n}${{")
        (folder / "modules" / f"part{n}.bicep").write_text(text, encoding="utf-8")
    return 2 * (number + 2 * MODULES)


def _process(code: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)  # our own code
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print every figure, or the one that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    figures = {"parse": parse, "cold": cold}
    parser.add_argument("--only", choices=sorted(figures))
    only = parser.parse_args().only
    for name, figure in figures.items():
        if only in (None, name):
            figure()


if __name__ == "__main__":
    main()
