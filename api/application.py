"""The one ASGI application: machine routes here, Dash (Flask) below, the gate around both."""

import signal
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import FrameType
from typing import Any

from a2wsgi import WSGIMiddleware
from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp

from api import (
    accounts,
    doors,
    exports,
    geometry,
    health,
    live,
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
        exports,
        health,
        photos,
        moves,
        public,
        tracking,
        open311,
        reveal,
