"""Where a request comes from. What a forwarding header says counts only from proxies that the site trusts."""

from collections.abc import Sequence
from ipaddress import ip_address, ip_network


def client_address(peer: str, forwarded: str, trusted: Sequence[str]) -> str:
    """The client's address: the peer's, or the last address of X-Forwarded-For that no trusted proxy wrote for itself.

    trusted: addresses and networks of [site] trusted_proxies.
    """
    hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
    address = peer
    while hops and _is_trusted(address, trusted):
        address = hops.pop()
    return address if _is_address(address) else peer


def _is_trusted(address: str, trusted: Sequence[str]) -> bool:
    return _is_address(address) and any(ip_address(address) in ip_network(each, strict=False) for each in trusted)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def is_this_machine(name: str) -> bool:
    """Whether an address or host name is this machine's own."""
    return name == "localhost" or (_is_address(name) and ip_address(name).is_loopback)


def without_port(host: str) -> str:
    """The name in a Host header."""
    if host.startswith("["):
        return host[1 : host.find("]")]
    return host.rsplit(":", 1)[0] if host.count(":") == 1 else host
