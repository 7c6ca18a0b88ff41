"""Processes: the server with its child the worker, the worker itself, and one fetch at a terminal."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import structlog
import uvicorn
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy.exc import DBAPIError

import logs
from actions.erase_contacts import erase_contacts, remove_loose
from actions.fold_readings import fold_readings
from actions.fold_responses import fold_responses, months_of_responses
from actions.keep_time import keep_time
from actions.mark_overdue import mark_overdue
from actions.recalendar import recalendar
from actions.receive import forget_deliveries
from actions.seal_audit import seal_audit
from actions.take import Feed
from api.prompt import Prompt
from config import ConfigError
from datasources.errors import AuthenticationError, BadDataError, SourceError
from datasources.poller import Poller, run_once
from datasources.poller import Progress as Going
from store.counts.seal import seal_when_due
from store.engine import StoreError, said, write
from store.heartbeat import worker_seen
from store.locks import worker_lock
from wiring import House

MINUTE = 60
GRACE_SECONDS = 5

log = structlog.get_logger()


def require_port(host: str, port: int) -> None:
    """Find out before any work is done that the address can be listened on. Raises ConfigError."""
    try:
        with socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET):
            pass
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise ConfigError(
            f"cannot listen on {host}:{port}: {why}; end what is there, or name another --port"
        ) from error


def serve(opened: House, *, host: str, port: int, workers: int, worker: bool) -> int:
    """Serve on one port until stopped. The worker is a child, so that an import never slows a screen."""
    child = _start_worker() if worker else None
    sys.stdout.write(f"GridHall: http://{host}:{port}\n")
    sys.stdout.flush()
    try:
        uvicorn.run(
            "app:create_app", factory=True, host=host, port=port, workers=workers, log_level="warning", http=Prompt,
            log_config=logs.STANDARD, access_log=False,
            timeout_keep_alive=75, timeout_graceful_shutdown=GRACE_SECONDS, proxy_headers=False, server_header=False,
        )  # fmt: skip
    finally:
        if child is not None:
            child.terminate()
            child.wait(timeout=30)
        opened.engine.dispose()
    return 0


def _start_worker() -> subprocess.Popen[bytes]:
    app = Path(__file__).parent / "app.py"
    return subprocess.Popen(  # noqa: S603  our own program
        [sys.executable, str(app), "worker"], env={**os.environ, "GRIDHALL_PARENT": str(os.getpid())}
    )


def run_worker(opened: House) -> int:
    """The schedule: one worker a store; a second one waits for its turn."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    _end_with_parent(stop)
    with worker_lock(opened.engine, opened.settings.var, stop) as ours:
        if not ours:
            return 0
        every_minute = threading.Thread(target=_each_minute, args=(opened, stop), name="schedule")
        every_minute.start()
        jobs = list(opened.jobs())
        feeds = {job.source.name: feed for job, feed in jobs}
        poller = Poller(
            [job for job, _feed in jobs], clock=opened.clock, stop=stop,
            report=lambda going: _put_on_record(feeds[going.source], going),
        )  # fmt: skip
        poller.run()
        stop.wait()
        every_minute.join()
    return 0


def _put_on_record(feed: Feed, going: Going) -> None:
    """A database that is away for a while ends no feed: what could not be written is closed by the next fetch."""
    try:
        feed.report(going)
    except DBAPIError as error:
        log.warning("progress not written", source=going.source, error=type(error.orig).__name__)


def _end_with_parent(stop: threading.Event) -> None:
    """A worker that a server started ends when that server is gone, however it went."""
    parent = int(os.environ.get("GRIDHALL_PARENT", "0"))

    def watch() -> None:
        while not stop.wait(1.0):
            if os.getppid() != parent:
                stop.set()

    if parent:
        threading.Thread(target=watch, name="parent", daemon=True).start()


def _each_minute(opened: House, stop: threading.Event) -> None:
    while True:
        for task in (_heartbeat, _recalendar, _overdue, _keep_time, _forget, _fold, _fold_readings, _seal, _seal_audit):
            try:
                task(opened)
            except Exception:
                log.exception("a task of the schedule failed; it is tried again in a minute", task=task.__name__)
        if stop.wait(MINUTE - time.time() % MINUTE):
            return


def _heartbeat(opened: House) -> None:
    with write(opened.engine) as connection:
        worker_seen(connection, opened.clock())


def _recalendar(opened: House) -> None:
    recalendar(opened.work, now=opened.clock())


def _overdue(opened: House) -> None:
    if mark_overdue(opened.site, now=opened.clock()):
        opened.hints.ring()


def _keep_time(opened: House) -> None:
    keep_time(opened.work, now=opened.clock())


def _forget(opened: House) -> None:
    erase_contacts(opened.work, opened.settings.public, now=opened.clock())
    remove_loose(opened.work, now=opened.clock())
    forget_deliveries(opened.engine, opened.hooks.values(), now=opened.clock())


def _fold(opened: House) -> None:
    fold_responses(opened.site, opened.counts, months_of_responses(opened.site, opened.counts))


def _fold_readings(opened: House) -> None:
    fold_readings(opened.site)


def _seal(opened: House) -> None:
    seal_when_due(opened.engine, opened.counts_folder, now=opened.clock())


def _seal_audit(opened: House) -> None:
    seal_audit(opened.engine, opened.secret, opened.heads_file, now=opened.clock())


def fetch_all(opened: House, names: tuple[str, ...], *, as_json: bool) -> int:
    """Read sources from the start, one after another, with progress; 2 when one of them failed."""
    failed = 0
    for job, feed in list(opened.jobs(names)):
        feed.from_start()
        with _progress(job.source.name, shown=not as_json and sys.stderr.isatty()) as show:

            def report(going: Going, feed: Feed = feed, show: Callable[[Going], None] = show) -> None:
                feed.report(going)
                show(going)

            try:
                tally = run_once(
                    job.source, job.connector, job.mapping, feed, cursor=None, clock=opened.clock, report=report
                )
            except SourceError as error:
                feed.failed(_state(error), str(error))
                sys.stderr.write(f"gridhall: {job.source.name}: {error}\n")
                failed = 2
                continue
            except DBAPIError as error:
                told = said(error, opened.engine.url)
                with suppress(DBAPIError):  # it may be gone; the next fetch closes the run then
                    feed.failed("down", str(told))
                raise StoreError(f"{job.source.name}: {told}") from error
        reasons = dict(feed.reasons)
        feed.succeeded()
        line = {
            "source": tally.source, "read": tally.read, "kept": tally.kept, "unchanged": tally.unchanged,
            "quarantined": tally.quarantined, "empty": tally.empty, "reasons": reasons,
            "seconds": round(tally.seconds, 3),
        }  # fmt: skip
        text = json.dumps(line) if as_json else "  ".join(f"{k}={v}" for k, v in line.items())
        sys.stdout.write(text + "\n")
    mark_overdue(opened.site, now=opened.clock())
    fold_responses(opened.site, opened.counts, months_of_responses(opened.site, opened.counts))
    seal_when_due(opened.engine, opened.counts_folder, now=opened.clock())
    return failed


def _state(error: SourceError) -> str:
    return "refused" if isinstance(error, AuthenticationError) else "bad" if isinstance(error, BadDataError) else "down"


@contextmanager
def _progress(name: str, *, shown: bool) -> Iterator[Callable[[Going], None]]:
    """A line at the terminal: rows, rate, remaining."""
    columns = (
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[rows]:,} rows"),
        TextColumn("{task.fields[rate]:,.0f}/s"), TimeRemainingColumn(),
    )  # fmt: skip
    if not shown:
        yield lambda _going: None
        return
    from rich.console import Console  # noqa: PLC0415

    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(name, total=None, rows=0, rate=0.0)
        yield lambda going: bar.update(
            task, completed=going.done, total=going.total or None, rows=going.tally.read, rate=going.rate
        )
