"""A kept connection waits for nothing, whoever opened the socket that listens."""

import http.client
import socket
import threading
from contextlib import closing

import pytest
import uvicorn

from api.prompt import Prompt


async def app(scope, receive, send):
    connection = TAKEN[-1]
    body = str(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]})
    await send({"type": "http.response.body", "body": body})


TAKEN: list[socket.socket] = []


class Watched(Prompt):
    def connection_made(self, transport):
        super().connection_made(transport)
        TAKEN.append(transport.get_extra_info("socket"))


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_connection_of_a_socket_that_was_opened_before_has_no_delay():
    server = uvicorn.Server(uvicorn.Config(app, http=Watched, lifespan="off", log_level="error"))
    with socket.socket() as listening:  # as uvicorn opens it for several processes: asyncio does not know it for TCP
        listening.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            while not server.started:
                thread.join(0.01)
            with closing(http.client.HTTPConnection("127.0.0.1", listening.getsockname()[1], timeout=20)) as client:
                client.request("GET", "/")
                assert client.getresponse().read() == b"1"
        finally:
            server.should_exit = True
            thread.join()
