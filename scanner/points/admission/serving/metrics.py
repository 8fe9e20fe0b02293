"""Metrics in Prometheus' text format (version 0.0.4).

A small module instead of ``prometheus-client``: the path of a review needs one addition per metric and no lock, tests
need no registry of the process to reset, and admission depends on one package less.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

CONTENT_TYPE = b"text/plain; version=0.0.4; charset=utf-8"
BUCKETS_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds; the API server waits 10 by default and 30 at most."""

Labels = tuple[str, ...]


class Counter:
    """A number that grows, for each combination of label values."""

    kind = "counter"

    def __init__(self, name: str, help_: str, labels: Sequence[str] = ()) -> None:
        self.name = name
        self.help = help_
        self._labels = tuple(labels)
        self._values: dict[Labels, float] = {} if labels else {(): 0.0}

    def add(self, *labels: str, amount: float = 1.0) -> None:
        """Add ``amount`` for these label values."""
        self._values[labels] = self._values.get(labels, 0.0) + amount

    def value(self, *labels: str) -> float:
        """Return the number for these label values."""
        return self._values.get(labels, 0.0)

    def lines(self) -> Iterator[str]:
        """Yield the samples."""
        for values, number in sorted(self._values.items()):
            yield f"{self.name}{_braces(self._labels, values)} {_number(number)}"


class Histogram:
    """How often something took how long, for each value of one label."""

    kind = "histogram"

    def __init__(self, name: str, help_: str, label: str, buckets: Sequence[float] = BUCKETS_S) -> None:
        self.name = name
        self.help = help_
        self._label = label
        self._buckets = tuple(buckets)
        self._counts: dict[str, list[int]] = {}
        self._sums: dict[str, float] = {}

    def observe(self, label: str, value: float) -> None:
        """Count ``value``."""
        counts = self._counts.get(label)
        if counts is None:
            counts = self._counts[label] = [0] * (len(self._buckets) + 1)
            self._sums[label] = 0.0
        counts[bisect_left(self._buckets, value)] += 1
        self._sums[label] += value

    def lines(self) -> Iterator[str]:
        """Yield the samples; buckets are cumulative."""
        for label, counts in sorted(self._counts.items()):
            total = 0
            for bound, count in zip((*self._buckets, None), counts, strict=True):
                total += count
                shown = "+Inf" if bound is None else _number(bound)
                yield f"{self.name}_bucket{_braces((self._label, 'le'), (label, shown))} {total}"
            yield f"{self.name}_sum{_braces((self._label,), (label,))} {_number(self._sums[label])}"
            yield f"{self.name}_count{_braces((self._label,), (label,))} {total}"


class Gauge:
    """A number that is looked up when it is asked for."""

    kind = "gauge"

    def __init__(
        self, name: str, help_: str, read: Callable[[], Mapping[Labels, float]], labels: Sequence[str] = ()
    ) -> None:
        self.name = name
        self.help = help_
        self._labels = tuple(labels)
        self._read = read

    def lines(self) -> Iterator[str]:
        """Yield the samples of this moment."""
        for values, number in sorted(self._read().items()):
            yield f"{self.name}{_braces(self._labels, values)} {_number(number)}"


Metric = Counter | Histogram | Gauge


def exposition(metrics: Iterable[Metric]) -> bytes:
    """Return all metrics as Prometheus reads them."""
    lines: list[str] = []
    for metric in metrics:
        lines += [f"# HELP {metric.name} {metric.help}", f"# TYPE {metric.name} {metric.kind}", *metric.lines()]
    return ("\n".join(lines) + "\n").encode()


def _braces(names: Sequence[str], values: Sequence[str]) -> str:
    if not names:
        return ""
    pairs = (f'{name}="{_escaped(value)}"' for name, value in zip(names, values, strict=True))
    return "{" + ",".join(pairs) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
