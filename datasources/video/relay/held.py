"""One camera that this process relays: started when it is wanted, started again when it dies."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import structlog

from datasources.video.contract import Relay
from datasources.video.relay.direct import trouble_at
from datasources.video.relay.place import STILL, Place, Slots
from datasources.video.relay.process import DOWN, FULL, Process

PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Seconds before it is started again, after one failure, two, …; from the first again once it ran HEALTHY_SECONDS."""
HEALTHY_SECONDS, MUTE_SECONDS = 30.0, 30.0
TOO_MANY = "is not relayed: {most} cameras are already, which is as many as [video] most_relays allows; close one"
NO_PICTURE = (DOWN, "sends no picture; it is tried again")

log = structlog.get_logger()


@dataclass
class Held:
    """A camera that this process relays. asked: as its connector said; relay: with the address that was looked at."""

    place: Place
    asked: Relay
    relay: Relay
    slots: Slots
    pool: ThreadPoolExecutor
    process: Process | None = None
    asking: "Future[tuple[str, str] | None] | None" = None
    free: Callable[[], None] = field(default=lambda: None)
    failures: int = 0
    again: float = 0.0

    def tick(self, now: float) -> None:
        """Start it, look whether it goes on, or start it again."""
        if self.process is None:
            if now >= self.again and self._answers(now):
                self._start(now)
        elif self.process.ended():
            self.failed(self.process.trouble(), now)
        else:
            self._watch(self.process, now)

    def _answers(self, now: float) -> bool:
        """Whether the camera was asked, in a thread of its own, and may be relayed."""
        if self.asking is None:
            self.asking = self.pool.submit(trouble_at, self.relay)
        if not self.asking.done():
            return False
        trouble, self.asking = self.asking.result(), None
        if trouble is not None:
            self.failed(trouble, now)
        return trouble is None

    def _start(self, now: float) -> None:
        free = self.slots.take()
        if free is None:
            self.place.trouble = (FULL, TOO_MANY.format(most=self.slots.most))
            self.again = now + PAUSES[0]
            return
        self.free = free
        self.process = Process(self.relay, self.place.media, now)

    def _watch(self, process: Process, now: float) -> None:
        age = self.place.age(STILL, now)
        running = now - process.started
        if age is not None and age < running:
            if self.place.trouble is not None:
                if self.failures:
                    log.info("camera plays again", camera=self.place.key)
                self.place.trouble = None
            if running > HEALTHY_SECONDS:
                self.failures = 0
        if running > MUTE_SECONDS and (age is None or age > MUTE_SECONDS):
            self.failed(NO_PICTURE, now)

    def failed(self, trouble: tuple[str, str], now: float) -> None:
        """End it, to be started again after a pause that grows."""
        if not self.failures:
            log.warning("camera does not play", camera=self.place.key, error=trouble[1])
        self.place.trouble = trouble
        self.again = now + PAUSES[min(self.failures, len(PAUSES) - 1)]
        self.failures += 1
        self.end()

    def end(self) -> None:
        """End its process, if there is one."""
        if self.process is not None:
            self.process.end()
            self.process = None
        self.free()
        self.free = lambda: None
