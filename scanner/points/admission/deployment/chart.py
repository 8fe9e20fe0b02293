"""The same manifests as a Helm chart: rendered with marks in the place of what a chart leaves open.

So the chart cannot say anything that ``bulkhead deploy webhook`` does not say; a test has Helm render it and compares.
"""

from collections.abc import Mapping, Sequence

from scanner import __version__
from scanner.engine.selection import Selection
from scanner.points.admission.deployment.render import render
from scanner.points.admission.deployment.settings import CERT_MANAGER, Settings

NAME = "bulkhead-webhook"
_REPLICAS = 7_777_777
_MARKS: Mapping[str, str] = {
    "zz-image": "{{ .Values.image }}",
    "zz-namespace": "{{ .Release.Namespace }}",
    "zz-name": "{{ .Release.Name }}",
    "zz-cluster": "{{ .Values.cluster }}",
    "zz-cpu": "{{ .Values.cpu | quote }}",
    "zz-memory": "{{ .Values.memory | quote }}",
    "zz-monitoring": "{{ .Values.monitoring }}",
    str(_REPLICAS): "{{ .Values.replicas }}",
}
"""What stands in the manifests → what stands in the chart."""
_CONFIG_LINE, _ESTATE_LINE = "  bulkhead.yaml: zz-config\n", "  estate.yaml: zz-estate\n"

_VALUES = """# Values of the chart. What is not here is as 'bulkhead deploy webhook' renders it.
# Image with its digest: registry.example.net/bulkhead@sha256:…
image: ""
# The cluster, as the estate names it.
cluster: ""
replicas: 3
cpu: "1"
memory: 512Mi
# Namespace of Prometheus.
monitoring: monitoring
# Texts of bulkhead.yaml and of estate.yaml: --set-file config=bulkhead.yaml --set-file estate=estate.yaml
config: "{}"
estate: ""
"""


def chart(hooks: Mapping[str, Selection], looked_up: Sequence[str]) -> Mapping[str, str]:
    """Return path in the chart → text, for the rules of ``hooks``; see :func:`render`."""
    settings = Settings(
        image="zz-image",
        cluster="zz-cluster",
        namespace="zz-namespace",
        name="zz-name",
        replicas=_REPLICAS,
        certificates=CERT_MANAGER,
        config={"bulkhead.yaml": "zz-config"},
        estate={"estate.yaml": "zz-estate"},
        monitoring="zz-monitoring",
        cpu="zz-cpu",
        memory="zz-memory",
    )
    files = render(settings, hooks, looked_up)
    templates = {f"templates/{name}": _template(text) for name, text in files.items() if name != "00-namespace.yaml"}
    return {"Chart.yaml": _about(), "values.yaml": _VALUES, **templates}


def _template(text: str) -> str:
    for mark, value in _MARKS.items():
        text = text.replace(mark, value)
    text = text.replace(_CONFIG_LINE, "  bulkhead.yaml: {{ .Values.config | toJson }}\n")
    text = text.replace(
        _ESTATE_LINE, '  estate.yaml: {{ required "estate: --set-file estate=F" .Values.estate | toJson }}\n'
    )
    lines = []
    for line in text.splitlines(keepends=True):
        if line.strip().startswith("bulkhead/configuration: "):  # a change of the texts replaces the Pods
            start = line[: line.index("bulkhead/")]
            line = f'{start}bulkhead/configuration: {{{{ printf "%s%s" .Values.config .Values.estate | sha256sum }}}}\n'
        lines.append(line)
    return "".join(lines)


def _about() -> str:
    return (
        f"apiVersion: v2\nname: {NAME}\ndescription: Bulkhead's admission webhook; generated, see docs/admission.md.\n"
        f"type: application\nversion: {__version__}\nappVersion: {__version__}\n"
    )
