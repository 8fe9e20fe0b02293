"""What a configuration may say of rendering; light, so that whoever hands it on imports nothing that renders."""

from collections.abc import Mapping
from typing import NamedTuple


class ReleaseChoice(NamedTuple):
    """One release that the configuration names; paths are absolute or relative to the base."""

    chart: str
    """Folder of the chart."""
    name: str = ""
    """Empty for the name of the folder."""
    namespace: str = ""
    values: tuple[str, ...] = ()
    """Values files, the weakest first."""
    cluster: str = ""
    """Empty for that of the folder."""


class RenderedChoices(NamedTuple):
    """How charts and overlays are rendered; paths are absolute or relative to the base."""

    releases: tuple[ReleaseChoice, ...] = ()
    """Releases of charts; a chart that none names is rendered once with its own values."""
    kube_version: str = ""
    """What templates take for the version of the cluster; empty for what the installed Helm knows last."""
    api_versions: tuple[str, ...] = ()
    """APIs that templates may ask for beside the built-in ones."""
    tests: bool = True
    """Whether test hooks of charts are rendered."""
    gitops: bool = True
    """Whether objects of Flux and Argo CD are resolved."""
    helm_charts: bool = False
    """Whether ``helmCharts`` of kustomizations are rendered, from charts that the tree holds."""
    alone: frozenset[str] = frozenset()
    """Names of ``Chart.yaml`` and kustomization files that are rendered for themselves too, whatever deploys them."""
    clusters: Mapping[str, str] = {}
    """Cluster → folder that holds what is deployed to it."""
    default_cluster: str = ""
    inline_exemptions: bool = True
