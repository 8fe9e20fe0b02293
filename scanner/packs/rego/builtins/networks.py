"""Address ranges: what `net.cidr_*` of the engine leaves out. Host bits below a prefix are ignored, as in OPA."""

import ipaddress
from collections.abc import Iterator
from typing import NamedTuple

from scanner.packs.rego.builtins.operands import is_set, string

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def intersects(one: object, other: object) -> bool:
    """`net.cidr_intersects`: whether two ranges share an address."""
    first, second = _network(string(one, 1)), _network(string(other, 2))
    return first.version == second.version and first.overlaps(second)


def contains_matches(ranges: object, others: object) -> frozenset[tuple[object, object]]:
    """`net.cidr_contains_matches`: the pairs of keys where a range of the first contains one of the second.

    The key is the string itself, the index in an array, the member of a set, or the key of an object. A member may be
    an array that starts with the range.
    """
    return frozenset(
        (outer_key, inner_key)
        for outer_key, outer in _members(ranges, 1)
        for inner_key, inner in _members(others, 2)
        if _contains(outer, inner)
    )


def is_valid(text: object) -> bool:
    """`net.cidr_is_valid`: whether a value is a text that stands for a range."""
    try:
        _network(string(text, 1))
    except ValueError:
        return False
    return True


def merge(ranges: object) -> frozenset[str]:
    """`net.cidr_merge`: the fewest ranges that hold the same addresses; one that meets no other stays as it was."""
    if not isinstance(ranges, list):
        raise ValueError("operand must be an array")  # noqa: TRY004 (the policy's error, in OPA's words)
    merged: set[str] = set()
    spans = [_span(each) for each in ranges]
    for version in (4, 6):
        merged.update(_merged([span for span in spans if span.first.version == version]))
    return frozenset(merged)


class _Span(NamedTuple):
    """Addresses in a row."""

    last: Address
    first: Address
    text: str
    """As given, or empty for what was merged."""


def _merged(spans: list[_Span]) -> Iterator[str]:
    pending = sorted(spans)
    while pending:
        span = pending.pop()
        while pending and int(span.first) - 1 <= int(pending[-1].last):
            other = pending.pop()
            span = _Span(span.last, min(span.first, other.first), "")
        if span.text:
            yield span.text
        else:
            yield from map(str, ipaddress.summarize_address_range(span.first, span.last))


def _span(member: object) -> _Span:
    if not isinstance(member, str):
        raise ValueError("element must be string")  # noqa: TRY004
    if "/" in member:
        network = _network(member)
        return _Span(network.broadcast_address, network.network_address, str(network))
    try:
        address = ipaddress.ip_address(member)
    except ValueError:
        raise ValueError(f"invalid CIDR address: {member}") from None
    if address.version == 6:
        raise ValueError("IPv6 invalid: needs prefix length")
    # A bare address stands for the network of its class, as ever before CIDR.
    first = int(member.partition(".")[0])
    text = f"{member}/{8 if first < 128 else 16 if first < 192 else 24}"
    network = _network(text)
    return _Span(network.broadcast_address, network.network_address, text)


def _members(value: object, position: int) -> Iterator[tuple[object, str]]:
    """Yield key and range of each member of an operand."""
    if isinstance(value, str):
        yield value, value
    elif isinstance(value, dict):
        yield from ((key, _range(each, position)) for key, each in value.items())
    elif is_set(value):
        yield from ((_hashable(each), _range(each, position)) for each in value)  # type: ignore[attr-defined]
    elif isinstance(value, list):
        yield from ((index, _range(each, position)) for index, each in enumerate(value))


def _range(member: object, position: int) -> str:
    first = member[0] if isinstance(member, list) and member and not is_set(member) else member
    if not isinstance(first, str):
        raise ValueError(f"operand {position}: element must be string or non-empty array")  # noqa: TRY004
    return first


def _hashable(value: object) -> object:
    """Return an array as tuple, which the engine takes back for the same array."""
    return tuple(_hashable(each) for each in value) if isinstance(value, list) else value


def _contains(outer: str, inner: str) -> bool:
    container = _network(outer)
    content = ipaddress.ip_network(inner) if "/" not in inner else _network(inner)
    return container.version == content.version and content.subnet_of(container)  # type: ignore[arg-type]


def _network(text: str) -> Network:
    if "/" not in text:
        raise ValueError(f"invalid CIDR address: {text}")
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise ValueError(f"invalid CIDR address: {text}") from None
