"""Which hosts may be reached, and at which addresses."""

import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

import httpx

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

ENDS_IN_IPV4 = tuple(IPv6Network(text) for text in ("64:ff9b::/96", "64:ff9b:1::/48", "::/96"))
"""Prefixes whose last 32 bits are an IPv4 address: NAT64 (RFC 6052, RFC 8215) and IPv4-compatible (RFC 4291)."""

METADATA = frozenset(ip_address(text) for text in ("100.100.100.200", "fd00:ec2::254"))
"""Where clouds tell a machine its secrets, beside the link-local 169.254.169.254."""


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
    return _ascii(host.rstrip(".")), port


def _ascii(host: str) -> str:
    """A host as it is asked for: names in other letters as punycode."""
    try:
        return host if host.isascii() else httpx.URL(f"http://{host}").raw_host.decode("ascii")
    except httpx.InvalidURL as error:
        raise NotNamedError("an address names a host that cannot be; correct options.url") from error


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
        each.is_link_local or each.is_multicast or each.is_unspecified or each in METADATA
        for each in _unwrapped(ip_address(text.partition("%")[0]))
    )


def _unwrapped(address: IPv4Address | IPv6Address) -> list[IPv4Address | IPv6Address]:
    if isinstance(address, IPv4Address):
        return [address]
    inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if any(address in net for net in ENDS_IN_IPV4):
        inner.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return [address, *(each for each in inner if each is not None)]
