"""The clouds that Azure Resource Manager answers in, and nothing else: a token is for one host and goes to no other.

Source: "Azure national clouds" of the Azure documentation, and ``azure.mgmt.core.tools.get_arm_endpoints``.
"""

from typing import NamedTuple
from urllib.parse import urlsplit


class Cloud(NamedTuple):
    """Where to sign in, and whom to ask."""

    name: str
    authority: str
    """Host that issues tokens."""
    endpoint: str
    """Address of the resource manager, without a trailing slash."""
    audience: str
    """Scope that tokens are asked for."""
    is_real: bool = True
    """Whether tokens of real people may be sent there."""

    @property
    def host(self) -> str:
        """Host and port of the resource manager, in lower case."""
        return urlsplit(self.endpoint).netloc.lower()


def _cloud(name: str, authority: str, host: str) -> Cloud:
    return Cloud(name, authority, f"https://{host}", f"https://{host}/.default")


PUBLIC = _cloud("public", "login.microsoftonline.com", "management.azure.com")
CLOUDS = {
    cloud.name: cloud
    for cloud in (
        PUBLIC,
        _cloud("china", "login.chinacloudapi.cn", "management.chinacloudapi.cn"),
        _cloud("usgovernment", "login.microsoftonline.us", "management.usgovcloudapi.net"),
    )
}
"""Clouds by the name that a user gives."""


def imitation(endpoint: str) -> Cloud:
    """Return a cloud at an address of one's own, for tests; only a credential that says it is fake is sent there."""
    return Cloud("imitation", "", endpoint.rstrip("/"), f"{endpoint.rstrip('/')}/.default", is_real=False)
