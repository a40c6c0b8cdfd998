"""Which addresses of the network may be asked: addresses of the web come from strangers."""

from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

IPAddress = IPv4Address | IPv6Address
# Whether this address may be spoken to, at this port.
Policy = Callable[[IPAddress, int], bool]

PORTS = {80, 443}
# All that IANA gives to networks of the world; what is not of it is here, local, or an IPv4 address in disguise
# (::ffff:0:0/96, ::/96, NAT64), as are Teredo and 6to4, which are of it.
GLOBAL_UNICAST = IPv6Network("2000::/3")


def is_public(address: IPAddress, port: int) -> bool:
    """The policy of the site: web servers of the Internet, and nothing that is ours or our neighbours'."""
    if port not in PORTS or not address.is_global or address.is_multicast:
        return False
    if isinstance(address, IPv6Address):
        return address in GLOBAL_UNICAST and not address.sixtofour and not address.teredo
    return True


def as_address(host: str) -> IPAddress:
    """That which a resolver gave, without the name of an interface."""
    return ip_address(host.partition("%")[0])
