"""Arithmetic on IP networks in CIDR notation."""

from typing import NamedTuple

from scanner.sources.terraform.functions.function import Function, FunctionError, Unevaluated
from scanner.sources.terraform.values import numbers
from scanner.sources.terraform.values.types import NUMBER, STRING
from scanner.sources.terraform.values.value import ListValue


class _Network(NamedTuple):
    address: int
    """First address of the network."""
    length: int
    """Bits of the prefix."""
    bits: int
    """32 or 128."""


def _parse(text: str) -> _Network:
    written, slash, length = text.partition("/")
    if not slash or not (length.isascii() and length.isdigit()) or len(length) > 6:
        raise FunctionError(f"invalid CIDR expression: invalid CIDR address: {text}", 0)
    address, bits = _parse_v6(written) if ":" in written else (_parse_v4(written), 32)
    if address is None or int(length) > bits:
        raise FunctionError(f"invalid CIDR expression: invalid CIDR address: {text}", 0)
    if bits == 128 and address >> 32 == 0xFFFF:
        raise Unevaluated("an IPv4 address in IPv6 notation is not evaluated")
    host_bits = bits - int(length)
    return _Network(address >> host_bits << host_bits, int(length), bits)


def _parse_v4(text: str) -> int | None:
    """Read a dotted address; leading zeros are decimal, as they were before Go refused them."""
    parts = text.split(".")
    if len(parts) != 4 or any(not (part.isascii() and part.isdigit()) or len(part) > 10 for part in parts):
        return None
    numbers_read = [int(part) for part in parts]
    if any(part > 255 for part in numbers_read):
        return None
    return int.from_bytes(bytes(numbers_read), "big")


def _parse_v6(text: str) -> tuple[int | None, int]:
    from ipaddress import AddressValueError, IPv6Address

    if "%" in text:
        return None, 128
    try:
        return int(IPv6Address(text)), 128
    except AddressValueError:
        return None, 128


def _text(address: int, bits: int) -> str:
    if bits == 32:
        return ".".join(map(str, address.to_bytes(4, "big")))
    from ipaddress import IPv6Address

    return str(IPv6Address(address))


def _host(prefix: str, number: "numbers.Number") -> str:
    if type(number) is not int:
        raise FunctionError("a whole number is required", 1)
    network = _parse(prefix)
    size = 1 << (network.bits - network.length)
    if not -size <= number < size:
        raise FunctionError(f"prefix of {network.length} does not accommodate a host numbered {number}")
    return _text(network.address + number % size, network.bits)


def _mask(prefix: str) -> str:
    network = _parse(prefix)
    if network.bits != 32:
        raise FunctionError("IPv6 addresses cannot have a netmask", 0)
    return _text((0xFFFFFFFF << (32 - network.length)) & 0xFFFFFFFF, 32)


def _subnet(prefix: str, new_bits: "numbers.Number", number: "numbers.Number") -> str:
    extra = numbers.to_int(new_bits)
    if type(number) is not int:
        raise FunctionError("a whole number is required", 2)
    network = _parse(prefix)
    length = network.length + extra
    if length > network.bits or length < 0:
        raise FunctionError(f"insufficient address space to extend prefix of {network.length} by {extra}")
    if abs(number) >= 1 << (extra if 0 <= extra < 64 else 64):
        raise FunctionError(f"prefix extension of {extra} does not accommodate a subnet numbered {number}")
    # A negative number gives no subnet of the prefix, but that is what Terraform answers.
    address = abs(network.address | number << (network.bits - length))
    if address >> network.bits:
        raise FunctionError(f"prefix extension of {extra} does not accommodate a subnet numbered {number}")
    return f"{_text(address, network.bits)}/{length}"


def _subnets(prefix: str, *new_bits: "numbers.Number") -> ListValue:
    network = _parse(prefix)
    lengths = [numbers.to_int(item) for item in new_bits]
    end = network.address + (1 << (network.bits - network.length))
    found: list[str] = []
    following = network.address
    for place, extra in enumerate(lengths):
        length = network.length + extra
        if extra < 1:
            raise FunctionError("must extend prefix by at least one bit", place + 1)
        if extra > 32:
            raise FunctionError("may not extend prefix by more than 32 bits", place + 1)
        if length > network.bits:
            raise FunctionError(f"would extend prefix to {length} bits, which is too long", place + 1)
        size = 1 << (network.bits - length)
        address = -(-following // size) * size
        if address + size > end:
            raise FunctionError(
                f"not enough remaining address space for a subnet with a prefix of {length} bits", place + 1
            )
        found.append(f"{_text(address, network.bits)}/{length}")
        following = address + size
    return ListValue(found, STRING)


FUNCTIONS = {
    "cidrhost": Function(_host, STRING, NUMBER),
    "cidrnetmask": Function(_mask, STRING),
    "cidrsubnet": Function(_subnet, STRING, NUMBER, NUMBER),
    "cidrsubnets": Function(_subnets, STRING, rest=NUMBER),
}
