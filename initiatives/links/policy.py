"""Which addresses of the network may be asked: addresses of the web come from strangers."""

from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

IPAddress = IPv4Address | IPv6Address
# Whether this address may be spoken to, at this port.
Policy = Callable[[IPAddress, int], bool]

PORTS = {80, 443}
# All that IANA gives to networks of the world; what is not of it is here, local, or an IPv4 address in disguise
# (::ffff:0:0/96, ::/96, NAT64).
GLOBAL_UNICAST = IPv6Network("2000::/3")
# What is not of the world, in networks none of which holds another: https://www.iana.org/assignments/
# iana-ipv4-special-registry and iana-ipv6-special-registry (of 2025), as Python 3.13 reads them; the is_global of
# each Python follows the registry of its own time. Theirs are exceptions inside 192.0.0.0/24 and 2001::/23, for
# relays and identifiers: no web server is there.
SPECIAL = (
    IPv4Network("0.0.0.0/8"),  # this network
    IPv4Network("10.0.0.0/8"),  # private
    IPv4Network("100.64.0.0/10"),  # shared by the customers of a provider
    IPv4Network("127.0.0.0/8"),  # this machine
    IPv4Network("169.254.0.0/16"),  # this link
    IPv4Network("172.16.0.0/12"),  # private
    IPv4Network("192.0.0.0/24"),  # protocols
    IPv4Network("192.0.2.0/24"),  # documentation
    IPv4Network("192.88.99.0/24"),  # relays of 6to4, given up by RFC 7526: of the registry alone
    IPv4Network("192.168.0.0/16"),  # private
    IPv4Network("198.18.0.0/15"),  # measurements
    IPv4Network("198.51.100.0/24"),  # documentation
    IPv4Network("203.0.113.0/24"),  # documentation
    IPv4Network("224.0.0.0/4"),  # multicast
    IPv4Network("240.0.0.0/4"),  # reserved
    IPv6Network("2001::/23"),  # protocols, Teredo among them, which carries IPv4
    IPv6Network("2001:db8::/32"),  # documentation
    IPv6Network("2002::/16"),  # 6to4, which carries IPv4
    IPv6Network("3fff::/20"),  # documentation, RFC 9637
)


def is_public(address: IPAddress, port: int) -> bool:
    """The policy of the site: web servers of the Internet, and nothing that is ours or our neighbours'."""
    if port not in PORTS or (address.version == 6 and address not in GLOBAL_UNICAST):
        return False
    return not any(address in network for network in SPECIAL)


def as_address(host: str) -> IPAddress:
    """IP address that a resolver gave, without the name of an interface."""
    return ip_address(host.partition("%")[0])
