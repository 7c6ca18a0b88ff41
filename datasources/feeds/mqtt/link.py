"""The way to the broker: connections to addresses that were looked at, and whom we trust."""

import socket
import ssl
from pathlib import Path

from paho.mqtt.client import Client

from datasources.errors import BadDataError
from datasources.feeds.mqtt.options import MqttOptions
from datasources.feeds.mqtt.words import plain
from datasources.outgoing.hosts import addresses

CONNECT_SECONDS = 5.0


class BrokerClient(Client):
    """Connects to an address that was looked at (datasources.outgoing); TLS still holds the name to the certificate."""

    def _create_socket_connection(self) -> socket.socket:
        last: OSError = OSError("no address")
        for address in addresses(self._host, self._port):
            try:
                return socket.create_connection((address, self._port), timeout=CONNECT_SECONDS)
            except OSError as error:
                last = error
        raise last

    def _ssl_wrap_socket(self, tcp_sock: socket.socket) -> ssl.SSLSocket:
        """The library's own leaves the socket open when the other side is not to be trusted."""
        return self._ssl_context.wrap_socket(tcp_sock, server_hostname=self._host)  # type: ignore[union-attr]


def trust(options: MqttOptions, folder: Path) -> ssl.SSLContext:
    """What the broker must show, and what we show it. Raises BadDataError for files that cannot be read."""
    try:
        context = ssl.create_default_context(cafile=str(folder / options.ca) if options.ca else None)
        if options.certificate:
            context.load_cert_chain(folder / options.certificate, folder / options.key if options.key else None)
    except (OSError, ValueError) as error:
        raise BadDataError(
            f"a certificate cannot be read ({plain(error)}); correct options.ca, certificate or key"
        ) from error
    return context
