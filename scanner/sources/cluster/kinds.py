"""A kind of object as a cluster serves it: what it is called in URLs, in types and in the ledger."""

from typing import NamedTuple


class Kind(NamedTuple):
    """One listable kind in one served version."""

    group: str
    """Empty for the core group."""
    version: str
    plural: str
    """Its name in URLs: ``deployments``."""
    kind: str
    namespaced: bool = True

    @property
    def type(self) -> str:
        """The type of its Resources: ``apps/Deployment``, ``core/Pod``."""
        return f"{self.group or 'core'}/{self.kind}"

    @property
    def label(self) -> str:
        """How the ledger names it: ``apps/v1 deployments``, ``v1 pods``."""
        return f"{self.group}/{self.version} {self.plural}" if self.group else f"{self.version} {self.plural}"

    def path(self, namespace: str = "") -> str:
        """Return the path of its list: of one namespace, or of the whole cluster."""
        root = f"/apis/{self.group}/{self.version}" if self.group else f"/api/{self.version}"
        return f"{root}/namespaces/{namespace}/{self.plural}" if namespace else f"{root}/{self.plural}"


NAMESPACES = Kind("", "v1", "namespaces", "Namespace", namespaced=False)
SECRET = "core/Secret"  # noqa: S105 - the name of a type
