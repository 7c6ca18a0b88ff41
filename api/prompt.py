"""Connections that send what they have at once.

Where several processes share a listening socket, asyncio takes its connections for no TCP and leaves Nagle's algorithm on:
every answer on a kept connection then waits for the client's delayed acknowledgement, about 40 ms.
"""

import asyncio
import socket

from uvicorn.protocols.http.h11_impl import H11Protocol


class Prompt(H11Protocol):
    """HTTP/1.1 without that wait."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client has come."""
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().connection_made(transport)
