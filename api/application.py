"""The one ASGI application: machine routes here, Dash (Flask) below, the gate around both."""

import asyncio
import signal
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from types import FrameType
from typing import Any

from a2wsgi import WSGIMiddleware
from fastapi import FastAPI
from sqlalchemy.exc import DBAPIError
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp

from api import (
    accounts,
    audit,
    doors,
    exports,
    geometry,
    health,
    hooks,
    layers,
    live,
    metrics,
    moves,
    open311,
    own_account,
    photos,
    places,
    public,
    reveal,
    tiles,
    tracking,
    values,
    vendor,
    video,
)  # fmt: skip
from api.access_log import Logged
from api.callers import Callers
from api.gate import Gate
from api.live import Bell
from api.static import Static
from store.doorbell import watch
from views.versions import versions
from wiring import House

ROUTERS = tuple(
    module.router
    for module in (
        doors,
        own_account,
        accounts,
        live,
        values,
        geometry,
        tiles,
        layers,
        exports,
        health,
        metrics,
        hooks,
        photos,
        vendor,
        video,
        moves,
        public,
        tracking,
        places,
        open311,
        reveal,
        audit,
    )
)
"""What machines and plain documents call; everything else is a page."""

THREADS = 32
SMALLEST_PACKED, PACKED_LEVEL = 1_000, 5
"""Answers of fewer bytes go as they are. Streams, pictures and what Static packed are left alone."""


def _end_streams_first(bell: Bell) -> None:
    """Close the doorbell as soon as this process is told to stop: a server waits for open streams before it shuts down."""

    def closing(next_handler: Callable[[int, FrameType | None], Any]) -> Callable[[int, FrameType | None], None]:
        def handle(number: int, frame: FrameType | None) -> None:
            bell.close()
            next_handler(number, frame)

        return handle

    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            known = signal.getsignal(number)
            if callable(known):
                signal.signal(number, closing(known))


def build_application(opened: House, pages: object) -> ASGIApp:
    """The application for an opened house; `pages` is the WSGI application of the screens."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        bell = Bell(lambda: {**versions(opened.reader), "build": opened.build})
        wake, stop = threading.Event(), threading.Event()
        app.state.bell = bell
        bell.start()
        with suppress(DBAPIError):  # a database that is away for a moment holds up no start: the watch goes on asking
            await asyncio.to_thread(bell.changed)
        _end_streams_first(bell)
        threads = [
            threading.Thread(
                target=watch, args=(opened.engine, bell.changed, wake, stop), name="doorbell", daemon=True
            ),
            threading.Thread(target=opened.hints.listen, args=(wake.set, stop), name="hints", daemon=True),
        ]
        for thread in threads:
            thread.start()
        yield
        stop.set()
        wake.set()
        bell.close()
        await asyncio.to_thread(opened.close)

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.house = opened
    app.state.started_at = opened.clock()
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/", WSGIMiddleware(pages, workers=THREADS))  # type: ignore[arg-type]
    packed = GZipMiddleware(app, minimum_size=SMALLEST_PACKED, compresslevel=PACKED_LEVEL)
    static = Static(packed, opened.settings.var / "static")
    return Logged(Gate(static, Callers(opened.people, opened.clock), opened.settings.site))
