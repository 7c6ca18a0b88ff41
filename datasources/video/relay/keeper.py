"""Keeps the relays of this process going: starts what is wanted, starts again what died, ends what nobody looks at."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from datasources.video.contract import Relay
from datasources.video.relay.place import STILL, Place, Slots
from datasources.video.relay.process import DOWN, Process

TICK_SECONDS = 0.1
PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Seconds before it is started again, after one failure, two, …; from the first again once it ran HEALTHY_SECONDS."""
HEALTHY_SECONDS, MUTE_SECONDS = 30.0, 30.0
TOO_MANY = "is not relayed: {most} cameras are already, which is as many as [video] most_relays allows; close one"
MUTE = (DOWN, "sends no picture; it is tried again")

log = structlog.get_logger()


@dataclass
class Held:
    """A camera that this process relays. asked: as its connector said; relay: with the address that was looked at."""

    place: Place
    asked: Relay
    relay: Relay
    slots: Slots
    process: Process | None = None
    free: Callable[[], None] = field(default=lambda: None)
    failures: int = 0
    again: float = 0.0

    def tick(self, now: float) -> None:
        """Start it, look whether it goes on, or start it again."""
        if self.process is None:
            if now >= self.again:
                self._start(now)
        elif self.process.ended():
            self.failed(self.process.trouble(), now)
        else:
            self._watch(self.process, now)

    def _start(self, now: float) -> None:
        free = self.slots.take()
        if free is None:
            self.place.trouble = (DOWN, TOO_MANY.format(most=self.slots.most))
            self.again = now + PAUSES[0]
            return
        self.free = free
        self.process = Process(self.relay, self.place.media, now)

    def _watch(self, process: Process, now: float) -> None:
        age = self.place.age(STILL, now)
        running = now - process.started
        if age is not None and age < running:
            if self.place.trouble is not None:
                self.place.trouble = None
                if self.failures:
                    log.info("camera plays again", camera=self.place.key)
            if running > HEALTHY_SECONDS:
                self.failures = 0
        if running > MUTE_SECONDS and (age is None or age > MUTE_SECONDS):
            self.failed(MUTE, now)

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


class Keeper:
    """The one thread that starts processes: the kernel ends them with it."""

    def __init__(self, slots: Slots, clock: Callable[[], float]) -> None:
        self._slots, self._clock = slots, clock
        self._held: dict[str, Held] = {}
        self._lock, self._wake, self._stop = threading.Lock(), threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def holds(self, place: Place, relay: Relay) -> bool:
        """Whether this process relays the camera already, in this way and without trouble."""
        with self._lock:
            held = self._held.get(place.name)
            return held is not None and held.asked == relay and not held.failures

    def hold(self, place: Place, asked: Relay, relay: Relay) -> None:
        """Somebody looks: relay the camera, unless another process does."""
        with self._lock:
            place.want(self._clock())
            held = self._held.get(place.name)
            if held is not None:
                held.asked, held.relay = asked, relay
            elif not self._stop.is_set() and place.lock.take():
                place.clear()
                self._held[place.name] = Held(place, asked, relay, self._slots)
                self._wake.set()
                self._run()

    def close(self) -> None:
        """End everything."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._keep, name="relays", daemon=True)
            self._thread.start()

    def _keep(self) -> None:
        while not self._stop.is_set():
            self._wake.wait()
            for held in list(self._held.values()):
                self._tick(held)
            if not self._stop.wait(TICK_SECONDS) and not self._held:
                self._rest()
        for held in self._held.values():
            if held.process is not None:
                held.process.tell()
        for held in list(self._held.values()):
            self._drop(held)

    def _tick(self, held: Held) -> None:
        now = self._clock()
        if held.place.wanted(now):
            try:
                held.tick(now)
            except OSError as error:  # a full disk, no process left: one camera's failure, and the others go on
                held.failed((DOWN, f"cannot be relayed: {error.strerror}; it is tried again"), now)
            return
        held.end()
        with self._lock:
            if not held.place.wanted(self._clock()):
                self._drop(held)

    def _drop(self, held: Held) -> None:
        held.end()
        held.place.clear()
        held.place.lock.free()
        self._held.pop(held.place.name, None)

    def _rest(self) -> None:
        with self._lock:
            if not self._held and not self._stop.is_set():
                self._wake.clear()
