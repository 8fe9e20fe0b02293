"""Documents: YAML and JSON text as plain values, with the position of every value on demand.

Knows nothing of Kubernetes, of Resources or of files; it is given bytes and returns a :class:`Stream`. The dialect of
YAML is the one the Kubernetes API server reads (go-yaml v2 through ``sigs.k8s.io/yaml``), since any other judges
another object than the cluster stores.
"""

from scanner.documents.document import Document, Stream
from scanner.documents.json_stream import read_json
from scanner.documents.problem import DEFAULT_LIMITS, Limits, Problem
from scanner.documents.yaml_stream import read_yaml

__all__ = ["DEFAULT_LIMITS", "Document", "Limits", "Problem", "Stream", "read_json", "read_yaml"]
