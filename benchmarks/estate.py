"""A whole estate under audit: many subscriptions and clusters, made of the example estate, on one machine and on Dask.

    python -m benchmarks.estate --resources 1000000 --objects 50000 --executor local=2
    python -m benchmarks.estate --resources 1000000 --objects 50000 --executor dask=local:2

Every page of a subscription is a copy of what Azure would answer of the example estate's production, so what refers to
something finds it; a second copy in the same subscription is in resource groups of other names. The cluster's objects
are copies under other names. A page is made where it is read: neither disk nor network is measured. Copies differ in
names only, which is what large estates look like, and what makes answers that are given again count.
"""

import argparse
import json
import os
import re
import resource as usage
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from scanner.audit.conclusion import conclude
from scanner.audit.executors.choose import parse_executor
from scanner.audit.judging import Judging, places_in
from scanner.audit.run import Named, Run
from scanner.audit.work_folder import working
from scanner.engine.programs import Context
from scanner.engine.selection import select
from scanner.engine.workers import Workshop
from scanner.estate import Estate, load_estate
from scanner.packs.loader import builtin_packs
from scanner.report import Report
from scanner.scan import Options, Standards
from scanner.sources.azure.live_page import LivePage
from scanner.sources.cluster.kinds import NAMESPACES
from scanner.sources.cluster.live_page import LivePage as ObjectsPage
from scanner.sources.cluster.objects import Place
from scanner.sources.interface import Page, PageContent, Source
from scanner.sources.repository import RepositorySource

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "fixtures" / "erp-hosting"
CLUSTER = "aks-prd-weu-01"
EXAMPLE_SUBSCRIPTION = b"00000000-0000-0000-0000-000000000102"
DEDICATED_SUBSCRIPTION = b"00000000-0000-0000-0000-000000000103"
OBJECTS = 500
"""Objects of a page."""
_PRINCIPAL = re.compile(rb'(?<="principalId": ")(?=[0-9a-f]{8}-[0-9a-f]{4}-5)[0-9a-f]{8}')
"""Begin of the object id of an identity that the example estate creates: every subscription has its own."""
_GROUP = re.compile(rb'(?<=/resourceGroups/rg-)|(?<="name": "rg-)')
"""Where the name of a resource group goes on after its first letters."""
_IN_PRINCIPAL, _IN_GROUP = b"\0p", b"\0g"
_NOT_KNOWN = re.compile(r"\{[^{}]*\}")


@cache
def lines() -> tuple[bytes, ...]:
    """Return what Azure would answer of the example estate's production, one row a line.

    Tenants with a contract for it are in a subscription of their own there; here they are in that of the others.
    """
    found = []
    for line in (EXAMPLE / "azure" / "inventory.json").read_bytes().strip().splitlines():
        if line.startswith(b'{"id": "/subscriptions/' + DEDICATED_SUBSCRIPTION + b"/resourceGroups/rg-erp-"):
            found.append(line.replace(DEDICATED_SUBSCRIPTION, EXAMPLE_SUBSCRIPTION))
        elif line.startswith(b'{"id": "/subscriptions/' + EXAMPLE_SUBSCRIPTION):
            found.append(line)
    return tuple(found)


@cache
def rows() -> bytes:
    """Return the rows of one answer, with marks where copies differ: they cost little to replace."""
    return _PRINCIPAL.sub(_IN_PRINCIPAL, _GROUP.sub(_IN_GROUP, b",".join(lines())))


def row_count() -> int:
    """How many rows a subscription has."""
    return len(lines())


class Rows(Page):
    """Rows of one subscription: a copy of the example's production."""

    def __init__(self, number: int, subscriptions: int) -> None:
        self._number = number
        self._copy, self._subscription = divmod(number, subscriptions)

    @property
    def name(self) -> str:
        """Its number."""
        return f"azure/resources/{self._number}"

    @property
    def size_bytes(self) -> int:
        """What a page of Resource Graph weighs: a task is one page."""
        return 800_000

    def read(self) -> PageContent:
        """Make the rows, and read them as Azure's answer."""
        group = b"%d-" % self._copy if self._copy else b""
        data = rows().replace(EXAMPLE_SUBSCRIPTION, subscription(self._subscription).encode())
        data = data.replace(_IN_GROUP, group).replace(_IN_PRINCIPAL, b"%08x" % self._number)
        counts = b'"totalRecords":%d,"count":%d,"resultTruncated":"false"' % (row_count(), row_count())
        return LivePage(self.name, (b'{%s,"data":[%s]}' % (counts, data),)).read()


def subscription(number: int) -> str:
    """Return the id of a subscription."""
    return f"00000000-0000-4000-8001-{number:012x}"


class Objects(Page):
    """One page of objects of the production cluster."""

    def __init__(self, number: int) -> None:
        self._number = number

    @property
    def name(self) -> str:
        """Its number."""
        return f"cluster {CLUSTER}: objects/{self._number}"

    @property
    def size_bytes(self) -> int:
        """What a page of the API weighs: a task is one page."""
        return 800_000

    def read(self) -> PageContent:
        """Make the objects, and read them as the API's answer."""
        made = objects()
        first = self._number * OBJECTS
        items = [
            made[number % len(made)].replace(b'"name": "', b'"name": "n%d-' % number, 1)
            for number in range(first, first + OBJECTS)
        ]
        data = b'{"kind":"List","apiVersion":"v1","items":[%s]}' % b",".join(items)
        return ObjectsPage(Place(CLUSTER, self.name, self.name), NAMESPACES, data).read()


@cache
def objects() -> tuple[bytes, ...]:
    """Return the objects of the example's production cluster that a namespace holds, its names first."""
    found = []
    for path in sorted((EXAMPLE / "clusters" / CLUSTER).rglob("*.yaml")):
        for one in yaml.safe_load_all(path.read_bytes()):
            if one and "namespace" in one.get("metadata", {}):
                named = {"metadata": {"name": one["metadata"].pop("name"), **one.pop("metadata")}, **one}
                found.append(json.dumps(named, default=str).encode())
    return tuple(found)


class Synthetic(Source):
    """Pages that are made where they are read."""

    kind = "synthetic"

    def __init__(self, pages: list[Page]) -> None:
        self._pages = pages

    def pages(self) -> Iterator[Page]:
        """Yield them."""
        return iter(self._pages)

    def places(self) -> Iterator[Page]:
        """Yield none: tags say whose everything is."""
        return iter(())


def declared(subscriptions: int) -> Estate:
    """Return the example estate with so many subscriptions more."""
    data = yaml.safe_load((EXAMPLE / "estate.yaml").read_bytes())
    for number in range(subscriptions):
        one = {"id": subscription(number), "name": f"sub-{number}", "environments": ["production", "shared"]}
        data["subscriptions"].append({**one, "hosting": ["multi-tenant"], "hubVnet": "vnet-hub-prd-weu"})
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        yaml.safe_dump(data, file)
        file.flush()
        return load_estate(file.name)


def run(arguments: argparse.Namespace) -> None:
    """Audit once and print what it took."""
    azure = [Rows(number, arguments.subscriptions) for number in range(arguments.resources // row_count())]
    cluster = [Objects(number) for number in range(arguments.objects // OBJECTS)]
    sources = (Named(f"cluster {CLUSTER}", Synthetic(cluster)), Named("azure", Synthetic(azure)))
    now = datetime(2026, 11, 21, 6, tzinfo=UTC)
    estate, packs = declared(arguments.subscriptions), builtin_packs()
    selection = select([rule for pack in packs for rule in pack.rules], point="audit", estate=True, placed=True)
    workshop = Workshop(selection, packs, data=Context(None, estate, now).data())
    namespaces = RepositorySource([str(EXAMPLE / "clusters")], base=str(ROOT), default_cluster=CLUSTER)
    with tempfile.TemporaryDirectory() as folder, working(folder, "benchmark", "") as work:
        started = time.perf_counter()
        judging = Judging(workshop, estate, places_in(namespaces.pages()), work.path, now)
        audit = Run(sources, work)
        with parse_executor(arguments.executor).open(judging) as crew:
            audit.read(crew)
            read = time.perf_counter()
            audit.look(crew, selection)
            workers = Workers.of(_below(os.getpid()))
        looked = time.perf_counter()
        options = Options(point="audit", today=now.date(), now=now)
        report = conclude(work, workshop, Standards(estate, (), options), (), started)
        _tell(report, arguments.executor, (started, read, looked, time.perf_counter()), (workers, _size_mb(folder)))


def _tell(report: Report, executor: str, times: tuple[float, ...], sizes: "tuple[Workers, float]") -> None:
    started, read, looked, ended = times
    workers, disk_mb = sizes
    own = usage.getrusage(usage.RUSAGE_SELF)
    print(
        f"{executor}: {report.resources:,} resources, {report.counts().findings:,} findings, "
        f"{report.resources / (looked - started):,.0f} resources/s "
        f"(first phase {read - started:.1f} s, second {looked - read:.1f} s, report {ended - looked:.1f} s), "
        f"CPU of the driver {own.ru_utime + own.ru_stime:.1f} s, of the workers {workers.cpu_s:.1f} s, "
        f"peak {own.ru_maxrss / 1024:.0f} MB and {workers.peak_mb:.0f} MB of the largest worker, "
        f"work file {disk_mb:.0f} MB"
    )


class Workers(NamedTuple):
    """What the processes below this one have taken; zeros where the system does not tell."""

    peak_mb: float
    """Of the largest."""
    cpu_s: float

    @classmethod
    def of(cls, processes: Iterable[int]) -> "Workers":
        """Ask the system."""
        peak_mb = cpu_s = 0.0
        for process in processes:
            lines = Path(f"/proc/{process}/status").read_text().splitlines()
            peak_mb = max(peak_mb, *(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            cpu_s += sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")
        return cls(peak_mb, cpu_s)


def _below(process: int) -> Iterator[int]:
    """Yield the processes that ``process`` has started, and those that these have."""
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            yield child
            yield from _below(child)


def _size_mb(folder: str) -> float:
    return sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file()) / 1e6


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--resources", type=int, default=100_000)
    parser.add_argument("--objects", type=int, default=5_000)
    parser.add_argument("--subscriptions", type=int, default=2_000, help="that the estate declares")
    parser.add_argument("--executor", default="local=2")
    run(parser.parse_args())


if __name__ == "__main__":
    main()
