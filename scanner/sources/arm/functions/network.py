"""Functions of address ranges."""

from typing import TYPE_CHECKING, Any, Final

from scanner.sources.arm.functions.function import Function, want_int, want_text
from scanner.sources.arm.values import EvaluationError

if TYPE_CHECKING:
    from ipaddress import IPv4Network, IPv6Network


def _network(name: str, text: Any) -> "IPv4Network | IPv6Network":
    from ipaddress import ip_network

    try:
        return ip_network(want_text(name, text), strict=False)
    except ValueError:
        raise EvaluationError(f"{name}() cannot read the address range '{str(text)[:60]}'", by_value=True) from None


def parse_cidr(text: Any) -> dict[str, Any]:
    """Return ``network``, ``netmask``, ``broadcast`` (IPv4), ``firstUsable``, ``lastUsable`` and ``cidr``."""
    network = _network("parseCidr", text)
    first, last = int(network.network_address), int(network.broadcast_address)
    inner = 1 if network.version == 4 and last - first > 1 else 0
    result: dict[str, Any] = {"network": str(network.network_address), "netmask": str(network.netmask)}
    if network.version == 4:
        result["broadcast"] = str(network.broadcast_address)
    result["firstUsable"] = str(network.network_address + inner)
    result["lastUsable"] = str(network.broadcast_address - inner)
    result["cidr"] = network.prefixlen
    return result


def cidr_subnet(text: Any, prefix: Any, index: Any) -> str:
    """Return the part of a range with that number, each part being of the size ``prefix``."""
    network = _network("cidrSubnet", text)
    prefix, index = want_int("cidrSubnet", prefix), want_int("cidrSubnet", index)
    bits = network.max_prefixlen
    if not network.prefixlen <= prefix <= bits or not 0 <= index < 2 ** (prefix - network.prefixlen):
        raise EvaluationError(f"cidrSubnet(): {network} has no part {index} of size /{prefix}", by_value=True)
    return f"{network.network_address + (index << (bits - prefix))}/{prefix}"


def cidr_host(text: Any, index: Any) -> str:
    """Return the address of a host in a range; 0 is the first that can be used."""
    network = _network("cidrHost", text)
    index = want_int("cidrHost", index)
    first = int(network.network_address) + (1 if network.prefixlen < network.max_prefixlen - 1 else 0)
    if index < 0 or first + index > int(network.broadcast_address):
        raise EvaluationError(f"cidrHost(): {network} has no host {index}", by_value=True)
    return str(network.network_address + (first + index - int(network.network_address)))


TABLE: Final = {
    "cidrhost": Function(cidr_host, 2, 2),
    "cidrsubnet": Function(cidr_subnet, 3, 3),
    "parsecidr": Function(parse_cidr, 1, 1),
}
