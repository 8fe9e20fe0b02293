"""Dumps of the example estate's clusters, and audits of them inside this process."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from scanner.audit.executors.interface import Craft, Crew, Result, Task
from scanner.points.audit import conduct
from scanner.points.request import NO_FLAGS
from scanner.report import Report
from tests.conftest import ROOT

CLUSTERS = ("aks-npd-weu-01", "aks-prd-weu-01")
ESTATE = ROOT / "fixtures" / "erp-hosting" / "estate.yaml"


def write_dumps(estate: str, folder: Path) -> dict[str, Path]:
    """Write what each cluster of an example estate holds, one file for each kind as kubectl does; cluster → folder."""
    dumps = {}
    for cluster in CLUSTERS:
        kinds: dict[str, list[Any]] = {}
        for path in sorted((ROOT / "fixtures" / estate / "clusters" / cluster).rglob("*.yaml")):
            for one in yaml.safe_load_all(path.read_bytes()):
                if one:
                    kinds.setdefault(one["kind"], []).append(one)
        dumps[cluster] = folder / cluster
        dumps[cluster].mkdir(parents=True)
        for kind, items in kinds.items():
            listed = {"apiVersion": "v1", "kind": "List", "items": items}
            (dumps[cluster] / f"{kind.lower()}.json").write_text(json.dumps(listed, default=str), "utf-8")
    return dumps


class CutOffError(Exception):
    """What ends a run in its middle."""


class Inline(Crew[Any, Any]):
    """Answers in this process; is cut off where the tasks that it may answer are used up."""

    def __init__(self, craft: Craft[Any, Any], tasks: int) -> None:
        self._answer = craft.ready()
        self._left = tasks

    def run(self, tasks: Iterable[Task[Any]]) -> Iterator[Result[Any]]:
        """See :meth:`Crew.run`."""
        for task in tasks:
            if not self._left:
                raise CutOffError
            self._left -= 1
            yield Result(task.key, tuple(self._answer(item) for item in task.items))

    def close(self) -> None:
        """Nothing runs."""


@contextmanager
def inline(patch: pytest.MonkeyPatch, tasks: int = -1) -> Iterator[None]:
    """Judge in this process, one page a task; ``tasks`` may be answered, any number if negative."""

    class Choice:
        def open(self, craft: Craft[Any, Any]) -> Inline:
            return Inline(craft, tasks)

    with patch.context() as changed:
        changed.setattr(conduct, "parse_executor", lambda text: Choice())
        changed.setattr("scanner.audit.run.BATCH_PAGES", 1)
        yield


def flags(dumps: dict[str, Path], work: Path, **others: Any) -> dict[str, Any]:
    """Return the flags of an audit of ``dumps`` that writes no report."""
    return {
        **NO_FLAGS,
        "estate": str(ESTATE),
        "dumps": tuple(f"{name}={path}" for name, path in dumps.items()),
        "contexts": (),
        "exports": (),
        "azure": False,
        "azure_cloud": "public",
        "live": False,
        "only_scopes": (),
        "executor": "",
        "work": str(work),
        "resume": False,
        "resume_if_any": False,
        "store": "none",
        "dashboards": (),
        "metrics": "",
        "today": "2026-11-21T06:00:00Z",
        "reports": (f"json={work}.json",),
        **others,
    }


def audit(given: dict[str, Any], watch: Callable[[str, int], None] | None = None) -> Report:
    """Run an audit."""
    from scanner.audit.run import nobody

    return conduct.audit(given, watch or nobody)
