"""How a process learns that something was committed: the database says so, Redis may say it sooner."""

import threading
from collections.abc import Callable
from typing import Any, Protocol

import redis
import sqlalchemy as sa
import structlog

CHANNEL = "gridhall"
SQLITE_POLL_SECONDS = 0.1
SLOW_SECONDS = 5.0
"""Even a database that rings is asked now and then: a lost connection must not mean a silent page."""

log = structlog.get_logger()


class Hints(Protocol):
    """A quicker hint between processes; never the truth."""

    def ring(self) -> None:
        """Tell the other processes to look."""

    def listen(self, wake: Callable[[], None], stop: threading.Event) -> None:
        """Call `wake` for every ring until `stop` is set."""


class NoHints:
    """One process, or a database that rings by itself."""

    def ring(self) -> None:
        """Nobody to tell."""

    def listen(self, wake: Callable[[], None], stop: threading.Event) -> None:
        """Nothing to hear."""


class RedisHints:
    """Rings through Redis; a Redis that is away costs nothing but speed."""

    def __init__(self, url: str) -> None:
        self._client = redis.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=5)

    def ring(self) -> None:
        """Publish a ring; a failure is logged, because the database tells the same a little later."""
        try:
            self._client.publish(CHANNEL, b"1")
        except redis.RedisError as error:
            log.warning("redis hint not sent", error=type(error).__name__)

    def trouble(self) -> str | None:
        """Why Redis does not answer, or None when it does."""
        try:
            self._client.ping()
        except redis.RedisError as error:
            return str(error).splitlines()[0].rstrip(".")
        return None

    def listen(self, wake: Callable[[], None], stop: threading.Event) -> None:
        """Wait for rings; reconnects for ever with a pause."""
        while not stop.is_set():
            try:
                with self._client.pubsub() as heard:  # type: ignore[no-untyped-call]
                    heard.subscribe(CHANNEL)
                    while not stop.is_set():
                        message = heard.get_message(ignore_subscribe_messages=True, timeout=1.0)
                        if message is not None:
                            wake()
            except redis.RedisError as error:
                log.warning("redis hints interrupted", error=type(error).__name__)
                stop.wait(SLOW_SECONDS)


def ring(connection: sa.Connection) -> None:
    """Say in this transaction that it changed something a screen may show; heard when it commits."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_notify(%s, '')", (CHANNEL,))


def watch(engine: sa.Engine, changed: Callable[[], None], wake: threading.Event, stop: threading.Event) -> None:
    """Call `changed` after every commit (several at once may be one call) until `stop`; survives a lost database."""
    waiting = _postgres if engine.dialect.name == "postgresql" else _sqlite
    while not stop.is_set():
        try:
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                waiting(connection.connection.dbapi_connection, changed, wake, stop)
        except sa.exc.DBAPIError as error:
            log.warning("doorbell lost the database", error=type(error.orig).__name__)
            stop.wait(1.0)
        except Exception as error:  # noqa: BLE001  raw driver errors of two drivers; the bell must go on
            log.warning("doorbell lost the database", error=type(error).__name__)
            stop.wait(1.0)


def _sqlite(driver: Any, changed: Callable[[], None], wake: threading.Event, stop: threading.Event) -> None:
    seen = None
    while not stop.is_set():
        version = driver.execute("PRAGMA data_version").fetchone()[0]
        if version != seen:
            seen = version
            changed()
        wake.wait(SQLITE_POLL_SECONDS)
        wake.clear()


def _postgres(driver: Any, changed: Callable[[], None], wake: threading.Event, stop: threading.Event) -> None:
    driver.execute(f"LISTEN {CHANNEL}")
    changed()
    while not stop.is_set():
        heard = list(driver.notifies(timeout=0.5, stop_after=1))
        if heard or wake.is_set():
            wake.clear()
            changed()
