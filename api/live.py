"""The doorbell: GET /live (server-sent events) tells topics and versions, never data."""

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Callable

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

BEAT_SECONDS = 15.0
COALESCE_SECONDS = 1.0

router = APIRouter()


class Bell:
    """Hands the newest versions to every open stream; many rings within a second are one."""

    def __init__(self, versions: Callable[[], dict[str, str]]) -> None:
        self._versions = versions
        self._loop: asyncio.AbstractEventLoop | None = None
        self._streams: set[asyncio.Event] = set()
        self._due: asyncio.TimerHandle | None = None
        self._last = 0.0
        self.current: dict[str, str] = {}
        self.closed = threading.Event()

    def start(self) -> None:
        """Begin on the running loop."""
        self._loop = asyncio.get_running_loop()

    def changed(self) -> None:
        """Something was committed (called from the watching thread)."""
        versions = self._versions()
        if versions != self.current and self._loop is not None and not self._loop.is_closed():
            self.current = versions
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._ring)

    def _ring(self) -> None:
        if self._due is not None or self._loop is None:
            return
        wait = max(0.0, self._last + COALESCE_SECONDS - self._loop.time())
        self._due = self._loop.call_later(wait, self._wake)

    def _wake(self) -> None:
        self._due = None
        self._last = self._loop.time() if self._loop else 0.0
        for stream in self._streams:
            stream.set()

    def close(self) -> None:
        """End every stream, so that none holds the shutdown; from any thread, and from a signal."""
        self.closed.set()
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._end)

    def _end(self) -> None:
        for stream in self._streams:
            stream.set()

    async def stream(self) -> AsyncIterator[bytes]:
        """The events of one page: the versions at once, again after each change, and a heartbeat between."""
        woken = asyncio.Event()
        self._streams.add(woken)
        try:
            yield b"retry: 2000\n\n" + _event("versions", self.current)
            while not self.closed.is_set():
                try:
                    await asyncio.wait_for(woken.wait(), BEAT_SECONDS)
                except TimeoutError:
                    yield _event("beat", {})
                    continue
                woken.clear()
                if not self.closed.is_set():
                    yield _event("versions", self.current)
        finally:
            self._streams.discard(woken)


def _event(name: str, data: dict[str, str]) -> bytes:
    return b"event: " + name.encode() + b"\ndata: " + orjson.dumps(data) + b"\n\n"


@router.get("/live")
async def live(request: Request) -> StreamingResponse:
    """Server-sent events: `versions` {topic: version} on connecting and after each change, `beat` while quiet."""
    bell: Bell = request.app.state.bell
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(bell.stream(), media_type="text/event-stream", headers=headers)
