"""Which hosts may be reached, and at which addresses."""

import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from datasources.errors import BadDataError, TemporaryError

PORTS = {
    "http": 80,
    "https": 443,
    "ws": 80,
    "wss": 443,
    "rtsp": 554,
    "rtsps": 322,
    "rtmp": 1935,
    "mqtt": 1883,
    "mqtts": 8883,
}
Authority = tuple[str, int]


class NotNamedError(BadDataError):
    """An address that the settings do not name, or that nobody may be sent to."""


def authority(url: str) -> Authority:
    """Host in small letters and port of a URL. Raises NotNamedError for what is no URL with a host."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or PORTS.get(parts.scheme)
    except ValueError:
        host, port = None, None
    if not host or port is None:
        raise NotNamedError("an address is no URL with a host; write it like http://host:port/path")
    return host.rstrip("."), port


def named(urls: Iterable[str]) -> frozenset[Authority]:
    """The authorities of settings: URLs, or "host:port"."""
    return frozenset(authority(url if "://" in url else f"http://{url}") for url in urls)


def require_named(url: str, known: frozenset[Authority]) -> None:
    """Raises NotNamedError for a URL whose host and port the settings do not name."""
    host, port = authority(url)
    if (host, port) not in known:
        raise NotNamedError(
            f"the source leads to {host}:{port}, which the settings do not name; add it to options.hosts if it is meant"
        )


def addresses(host: str, port: int) -> list[str]:
    """Where a host may be reached, in the resolver's order; link-local, multicast and unspecified addresses are left out.

    Raises TemporaryError where the name is not known, NotNamedError where no address may be used.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise TemporaryError(f"{host}: the name is not known here; check options.url and the name server") from error
    usable = [str(each[4][0]) for each in found if is_usable(str(each[4][0]))]
    if not usable:
        raise NotNamedError(f"{host} lies at a link-local address, where nothing is fetched from; correct options.url")
    return usable


def is_usable(text: str) -> bool:
    """Whether an address may be connected to: not link-local, multicast or unspecified, however it is wrapped."""
    return not any(
        each.is_link_local or each.is_multicast or each.is_unspecified
        for each in _unwrapped(ip_address(text.partition("%")[0]))
    )


def _unwrapped(address: IPv4Address | IPv6Address) -> list[IPv4Address | IPv6Address]:
    if isinstance(address, IPv4Address):
        return [address]
    inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in NAT64:
        inner.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return [address, *(each for each in inner if each is not None)]


class _Nat64:
    """The prefix 64:ff9b::/96 (RFC 6052): the last 32 bits are an IPv4 address."""

    def __contains__(self, address: IPv6Address) -> bool:
        return int(address) >> 32 == 0x0064_FF9B << 64


NAT64 = _Nat64()
