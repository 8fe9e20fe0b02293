"""Runs ``helm template`` on the copy of a chart and reads its messages. Knows nothing of Resources."""

import json
import os
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from scanner.model.path import Path
from scanner.sources.rendered.charts import Chart, Staged, Template, find_template
from scanner.sources.rendered.objects import NO_NAMESPACE
from scanner.sources.rendered.tools import Scratch, Tool, run

if TYPE_CHECKING:
    from scanner.sources.rendered.post_renderers import PostRenderer

MAX_FAULTS = 8
"""Templates that are left out of a rendering, one after the other, so that the rest is judged."""

_PLACE = re.compile(r"(?P<file>[\w.+@-]+(?:/[\w.+@ -]+)+):(?P<line>\d+)(?::(?P<column>\d+))?")
_FILE = re.compile(r"(?:parse error (?:on|at|in)|error on|executing) \(?\"?(?P<file>[\w.+@-]+(?:/[\w.+@ -]+)+?\.\w+)")
_NOISE = re.compile(r"^(?:WARNING|Warning|walk\.go|coalesce\.go|level=|time=|I\d{4}|W\d{4})")
_HINT = "Use --debug flag to render out invalid YAML"
_RANDOM = re.compile(
    rb"\{\{[^}]*\b(?:rand(?:Alpha|AlphaNum|Ascii|Numeric|Bytes|Int)|gen(?:CA|CAWithKey|SelfSignedCert|SelfSignedCertWithKey|SignedCert"
    rb"|SignedCertWithKey|PrivateKey)|uuidv4|now|htpasswd|bcrypt|encryptAES|shuffle)\b"
)


class Values(NamedTuple):
    """Values of a release, as they are written somewhere."""

    path: str
    """Absolute path of the file they stand in."""
    data: Mapping[str, Any] | None = None
    """What they are; None for all that the file holds."""
    document: int = 0
    base: Path = ()
    """Where in the document they stand."""


class Release(NamedTuple):
    """One installation of a chart; picklable."""

    chart: str
    """Absolute path of its folder."""
    name: str
    namespace: str = ""
    """Empty where it is not known."""
    cluster: str = ""
    values: tuple[Values, ...] = ()
    """The weakest first; those of the chart itself are weaker still."""
    parameters: tuple[tuple[str, str, bool], ...] = ()
    """Name, value, and whether the value is text whatever it looks like; stronger than all values."""
    declared: tuple[str, int, Path] | None = None
    """File, document and path that say that it is installed; None where the configuration does, or nothing."""
    shared: bool = False
    """Whether the chart has other releases."""
    includes_crds: bool = True
    number: int = 1
    """Tells those apart that are declared several times under one name."""
    also: tuple[str, ...] = ()
    """Absolute paths of further files that have a say in it, such as those a generator takes parameters from."""
    post: "tuple[PostRenderer, ...]" = ()
    """What is done to it after Helm."""


class Capabilities(NamedTuple):
    """What templates are told of the cluster."""

    kube_version: str = ""
    """Empty for what the installed Helm takes for current."""
    api_versions: tuple[str, ...] = ()
    tests: bool = True
    """Whether test hooks are rendered, which only ``helm test`` runs."""


class Fault(NamedTuple):
    """What Helm objects to."""

    reason: str
    template: Template | None = None
    """The one that cannot be rendered, where the message names it."""
    file: str = ""
    """Absolute path of the file to look at; may be a helper that the template uses."""
    line: int | None = None
    column: int | None = None


class Rendering(NamedTuple):
    """What came of it."""

    text: str
    """Empty where nothing could be rendered."""
    faults: tuple[Fault, ...]
    noise: str
    """The first line that Helm wrote beside it."""
    arguments: tuple[str, ...]
    """How to render it again."""


def render(tool: Tool, release: Release, staged: Staged, capabilities: Capabilities, scratch: Scratch) -> Rendering:
    """Return the rendering of a staged chart; templates that cannot be rendered are removed from the copy."""
    arguments = _arguments(release, staged, capabilities, scratch)
    faults: list[Fault] = []
    while True:
        ran = run(tool, arguments, scratch)
        if not ran.fault:
            return Rendering(ran.output.decode("utf-8", "replace"), tuple(faults), _noise(ran.errors), tuple(arguments))
        fault = read_message(ran.errors, ran.fault, staged.chart)
        faults.append(fault)
        copy = _copy(fault)
        if not copy or len(faults) == MAX_FAULTS:
            return Rendering("", tuple(faults), "", tuple(arguments))
        os.remove(copy)


def read_message(errors: str, ended: str, chart: Chart) -> Fault:
    """Return what Helm says with the place it names; of a chain of templates the last place is the one to look at."""
    said = [line for line in errors.splitlines() if line.strip() and not _NOISE.match(line)]
    start = next((number for number, line in enumerate(said) if line.startswith("Error:")), 0)
    message = " ".join(line.strip() for line in said[start:]).removeprefix("Error:").replace(_HINT, "").strip()
    if not message or "stopped after" in ended or "wrote more than" in ended:
        return Fault(f"cannot render the chart: {ended}")
    if "out of memory" in message or "goroutine " in message:
        return Fault("cannot render the chart: helm ran out of memory")
    places = [(match, find_template(chart, match["file"])) for match in _PLACE.finditer(message)]
    known = [(match, template) for match, template in places if template is not None]
    reason = f"cannot render the chart: {_short(message)}"
    if known:
        match, last = known[-1]
        assert last is not None
        column = match["column"]
        return Fault(reason, known[0][1], last.path, int(match["line"]), int(column) + 1 if column else None)
    named = _FILE.search(message)
    template = find_template(chart, named["file"]) if named else None
    return Fault(reason, template, template.path if template else "")


def is_random(folder: str) -> bool:
    """Whether a template of a copied chart, or one in an archive, may use a function that differs each time."""
    for above, _, names in os.walk(folder):
        for name in names:
            if name.endswith(".tgz"):
                return True
            if f"{os.sep}templates" in above:
                with open(os.path.join(above, name), "rb") as stream:
                    if _RANDOM.search(stream.read()):
                        return True
    return False


def _arguments(release: Release, staged: Staged, capabilities: Capabilities, scratch: Scratch) -> list[str]:
    arguments = ["template", "--namespace", release.namespace or NO_NAMESPACE]
    arguments += ["--include-crds"] * release.includes_crds
    arguments += ["--skip-tests"] * (not capabilities.tests)
    arguments += ["--skip-schema-validation"] * staged.has_foreign_schema
    if capabilities.kube_version:
        arguments += ["--kube-version", capabilities.kube_version]
    for version in capabilities.api_versions:
        arguments += ["--api-versions", version]
    for number, values in enumerate(release.values):
        arguments += ["--values", _written(values, os.path.join(scratch.folder("values"), f"{number}.yaml"))]
    for name, value, is_text in release.parameters:
        arguments += ["--set-string" if is_text else "--set", f"{name}={value.replace(',', chr(92) + ',')}"]
    # the name may come from the tree: behind the dashes it cannot be an option
    return [*arguments, "--", release.name, staged.path]


def _written(values: Values, path: str) -> str:
    if values.data is None:
        import shutil

        shutil.copyfile(values.path, path)
    else:
        with open(path, "w", encoding="utf-8") as stream:
            json.dump(values.data, stream, default=str)
    return path


def _copy(fault: Fault) -> str:
    """Return the copy of the template that stands in the way, ``""`` where it cannot be left out."""
    template = fault.template
    if template is None or template.chart.archived or not template.inside.startswith("templates/"):
        return ""
    path = os.path.join(template.chart.copy, template.inside)
    is_helper = os.path.basename(path).startswith("_")
    return path if os.path.isfile(path) and not is_helper else ""


def _noise(errors: str) -> str:
    return next((_short(line) for line in errors.splitlines() if line.strip()), "")


def _short(message: str) -> str:
    message = re.sub(r"\s+", " ", message)
    message = re.sub(r"/[^\s:\"']*bulkhead-render-[^/\s:\"']+/(?:chart|values)?/?", "", message)
    return message if len(message) <= 400 else message[:397] + "..."
