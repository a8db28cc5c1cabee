"""Which IP addresses lie in the public Internet, however an address is written or carried."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

IpAddress = IPv4Address | IPv6Address

# What Python calls global, and what nobody has a server at, or only the machine's own provider.
_NOT_PUBLIC = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",
            "168.63.129.16/32",  # Azure's own service inside every virtual machine
            "192.0.0.0/24",  # protocol assignments; Oracle's metadata
            "192.88.99.0/24",  # relays of 6to4, which are gone
        ),
    )
)
_UNICAST = ip_network("2000::/3")  # all that was ever given out of IPv6
_NAT64 = ip_network("64:ff9b::/96")


def is_public(address: IpAddress) -> bool:
    """Return whether the address, and one of IPv4 that it carries, lies in the public Internet."""
    if isinstance(address, IPv4Address):
        refused = address.is_multicast or any(address in network for network in _NOT_PUBLIC)
        return address.is_global and not refused
    if carried := _carried(address):
        return all(is_public(each) for each in carried)
    return address.is_global and not address.is_multicast and address in _UNICAST


def literal_address(host: str) -> IpAddress | None:
    """Return the address that a host is a literal of, in the one usual form; None for a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def _carried(address: IPv6Address) -> tuple[IPv4Address, ...]:
    """Return the addresses of IPv4 that a mapped, 6to4, Teredo or NAT64 address leads to."""
    if address.ipv4_mapped:
        return (address.ipv4_mapped,)
    if address.sixtofour:
        return (address.sixtofour,)
    if address.teredo:
        return address.teredo
    if address in _NAT64:
        return (IPv4Address(int(address) & 0xFFFF_FFFF),)
    return ()
