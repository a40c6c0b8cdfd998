"""The network that a request comes from: what one subscriber, or one office, is given."""

from ipaddress import ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

# Bits of an address, by the version of IP.
PREFIXES = {4: 24, 6: 56}


def network(request: HttpRequest) -> str:
    """As the proxy in front tells the address of the visitor; PermissionDenied where it does not."""
    address = ip_address(get_adapter().get_client_ip(request))
    return str(ip_network((address, PREFIXES[address.version]), strict=False))
