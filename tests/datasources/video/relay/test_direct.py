"""A camera that leads elsewhere is not followed."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from datasources.errors import BadDataError, TemporaryError
from datasources.video.relay import Relays
from tests.datasources.video.relay.watching import rtsp, until

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


@contextmanager
def speaking(answer) -> Iterator[tuple[str, list[str]]]:
    """A server that answers each request by `answer(method, number of connection)`; its address, what it was asked."""
    asked: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def talk(client: socket.socket, number: int) -> None:
            with client:
                while said := client.recv(4096).decode():
                    asked.append(said.splitlines()[0])
                    cseq = next(line for line in said.splitlines() if line.lower().startswith("cseq"))
                    client.sendall(f"RTSP/1.0 {answer(said.split()[0], number)}\r\n{cseq}\r\n\r\n".encode())

        def serve() -> None:
            number = 0
            while True:
                try:
                    client, _ = server.accept()
                except OSError:
                    return
                number += 1
                threading.Thread(target=talk, args=(client, number), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield f"rtsp://127.0.0.1:{server.getsockname()[1]}/gate", asked
        server.shutdown(socket.SHUT_RDWR)


def refusal(relays: Relays, url: str) -> BadDataError | None:
    try:
        relays.playlist("town/gate", rtsp(url))
    except BadDataError as error:
        return error
    except TemporaryError:
        return None
    return None


@pytest.mark.parametrize("method", ["OPTIONS", "DESCRIBE"])
def test_a_redirection_is_refused_before_ffmpeg_sees_it(method, tmp_path):
    relays = Relays(tmp_path, most=1)
    with speaking(lambda *_: "200 OK") as (elsewhere, asked):
        moved = f"302 Moved\r\nLocation: {elsewhere}"
        with speaking(lambda what, _number: moved if what == method else "200 OK") as (url, _):
            assert "leads to another address" in str(until(lambda: refusal(relays, url)))
        assert not asked
    relays.close()


def test_one_that_redirects_ffmpeg_alone_is_found(tmp_path):
    relays = Relays(tmp_path, most=1)
    with speaking(lambda *_: "404 Not Found") as (elsewhere, _):
        moved = f"302 Moved\r\nLocation: {elsewhere}"
        with speaking(lambda _what, number: "200 OK" if number == 1 else moved) as (url, _):
            assert "leads to another address" in str(until(lambda: refusal(relays, url)))
    relays.close()
