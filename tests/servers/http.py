"""A web server that does as it is told: answers by script, cuts, drips, keeps silent, dies and comes back."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson
import pytest

LONGEST_SECONDS = 30.0
"""No answer is held longer than this, whatever a test forgets."""


@dataclass(frozen=True)
class Asked:
    """A request as it came: headers by their small names."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Reply:
    """An answer. cut: this many bytes of the body, then the connection ends; silent: no byte at all.

    drip: seconds between two bytes (a slow host); open_ended: no Content-Length, the closed connection ends the body.
    """

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    silent: bool = False
    drip: float = 0.0
    open_ended: bool = False

    @classmethod
    def json(cls, value: Any, status: int = 200, **headers: str) -> "Reply":
        """A value as JSON; headers with _ for -."""
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        return cls(orjson.dumps(value), status, {"Content-Type": "application/json", **named})


Answering = Callable[[Asked], Reply]


@dataclass
class HttpServer:
    """Answers by `answer`; `faults` come first, one a request. asked: every request, oldest first."""

    answer: Answering = lambda _asked: Reply(status=404)
    faults: list[Reply] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    port: int = 0
    host: str = "127.0.0.1"
    _server: "_Listening | None" = None
    _over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """http://127.0.0.1:PORT."""
        return f"http://{self.host}:{self.port}"

    def start(self) -> None:
        """Listen; the port stays the same when it comes back."""
        self._over = threading.Event()
        self._server = _Listening((self.host, self.port), _handler(self))
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """Die: nothing listens, and what was being answered breaks off."""
        self._over.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.end_all()
            self._server.server_close()
            self._server = None

    def serve(self, request: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        length = int(request.headers.get("content-length") or 0)
        parts = urlsplit(request.path)
        headers = {name.lower(): value for name, value in request.headers.items()}
        asked = Asked(request.command, parts.path, dict(parse_qsl(parts.query)), headers, request.rfile.read(length))
        self.asked.append(asked)
        reply = self.faults.pop(0) if self.faults else self.answer(asked)
        if reply.silent:
            self._over.wait(LONGEST_SECONDS)
            request.close_connection = True
            return
        self._send(request, reply)

    def _send(self, request: BaseHTTPRequestHandler, reply: Reply) -> None:
        request.send_response(reply.status)
        for name, value in reply.headers.items():
            request.send_header(name, value)
        if not reply.open_ended:
            request.send_header("Content-Length", str(len(reply.body)))
        request.end_headers()
        body = reply.body if reply.cut is None else reply.body[: reply.cut]
        for piece in (body[at : at + 1] for at in range(len(body))) if reply.drip else (body,):
            request.wfile.write(piece)
            if reply.drip and self._over.wait(reply.drip):
                break
        request.close_connection = request.close_connection or reply.open_ended or reply.cut is not None


class _Listening(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._open: set[Any] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def end_all(self) -> None:
        """Cut every connection that stands."""
        for each in list(self._open):
            with contextlib.suppress(OSError):
                each.shutdown(2)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what these tests are about."""


def _handler(server: HttpServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = LONGEST_SECONDS
        disable_nagle_algorithm = True  # else a kept connection waits 40 ms for every body

        def do_GET(self) -> None:
            server.serve(self)

        do_POST = do_GET  # noqa: N815 (the same)

        def log_message(self, *_said: Any) -> None:
            """Quietly."""

    return Handler


@contextlib.contextmanager
def running_http(answer: Answering | None = None) -> Iterator[HttpServer]:
    """A server of its own."""
    server = HttpServer(answer) if answer else HttpServer()
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def http_server() -> Iterator[HttpServer]:
    """A server that answers 404 until the test says otherwise."""
    with running_http() as server:
        yield server
