"""Keeps the relays of this process going: starts what is wanted, ends what nobody looks at."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from datasources.video.contract import Relay
from datasources.video.relay.held import Held
from datasources.video.relay.place import Place, Slots
from datasources.video.relay.process import DOWN

TICK_SECONDS = 0.1
ASKED_AT_ONCE = 16


class Keeper:
    """The one thread that starts processes: the kernel ends them with it."""

    def __init__(self, slots: Slots, clock: Callable[[], float]) -> None:
        self._slots, self._clock = slots, clock
        self._held: dict[str, Held] = {}
        self._pool = ThreadPoolExecutor(ASKED_AT_ONCE, thread_name_prefix="relays-asking")
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
                held = self._held[place.name] = Held(place, asked, relay, self._slots, self._pool)
            if held is not None:
                self._run()

    def close(self) -> None:
        """End everything."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
        self._pool.shutdown(wait=False)

    def _run(self) -> None:
        """Wake the thread; where it has fallen (a full disk), another takes its place and starts what ended with it."""
        self._wake.set()
        if self._thread is None or not self._thread.is_alive():
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
            except Exception as error:  # noqa: BLE001  whatever is wrong with one camera, the others go on
                held.failed((DOWN, f"cannot be relayed here ({type(error).__name__}); it is tried again"), now)
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
