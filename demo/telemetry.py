"""What the sensors report: every value follows from the seed, the device and the moment alone."""

from __future__ import annotations

import numpy as np
import pandas as pd

from demo.arrays import Flags, Floats, Ints
from demo.calendar import DAY, HOUR, UTC_OFFSET
from demo.devices import KINDS, Kind, Measure, devices
from demo.known import iso

SILENT_DAYS, LOST = 0.03, 0.01
"""Share of the days on which a device is not heard, and of the reports that get lost."""
INCIDENT_SECONDS = 5_400
COLUMNS = ("设备号", "指标", "数值", "单位", "时间")
_PHASE, _SILENT, _LOST, _BASE, _NOISE, _TURN, _INCIDENT, _BEGIN, _AGE = range(9)


def reading_rows(seed: int, since: int, until: int) -> pd.DataFrame:
    """Readings observed in (since, until], in the order of time: COLUMNS, 时间 as ISO 8601 with +08:00."""
    first, frames = 0, []
    for kind in KINDS:
        frames += _reported(kind, first, seed, since, until)
        first += kind.count
    found = pd.concat(frames, ignore_index=True).sort_values(["at", "设备号"], kind="stable", ignore_index=True)
    return found.assign(时间=iso(found["at"].to_numpy(float)))[list(COLUMNS)]


def _reported(kind: Kind, first: int, seed: int, since: int, until: int) -> list[pd.DataFrame]:
    """A frame a measure, with the moment as "at"."""
    every, device = kind.minutes * 60, np.arange(first, first + kind.count)
    slots = np.arange(since // every - 1, until // every + 1)
    number, slot = (each.ravel() for each in np.meshgrid(device, slots, indexing="ij"))
    at = slot * every + (drawn(seed, number, _PHASE) * every).astype(np.int64)
    day = (at + UTC_OFFSET) // DAY
    heard = (drawn(seed, number, day, _SILENT) >= SILENT_DAYS) & (drawn(seed, number, slot, _LOST) >= LOST)
    within = (at > since) & (at <= until) & heard
    number, at = number[within], at[within]
    names, incident = devices()["设备号"].to_numpy()[number], _incident(kind, seed, number, at)
    return [
        pd.DataFrame(
            {"设备号": names, "指标": measure.name, "数值": value(measure, seed, number, at, incident), "单位": measure.unit, "at": at}
        )
        for measure in kind.measures
    ]  # fmt: skip


def value(measure: Measure, seed: int, number: Ints, at: Ints, incident: Flags) -> Floats:
    """What a measure shows."""
    own = sum(map(ord, measure.name))
    hour = (at + UTC_OFFSET) % DAY / HOUR
    shown = measure.base + measure.devices * _normal(seed, number, own, _BASE)
    shown += measure.swing * np.cos((hour - measure.peak_hour) / 24 * 2 * np.pi)
    shown += measure.noise * _normal(seed, number, at, own, _NOISE) + measure.jump * incident
    if measure.falls:
        lasting = (measure.base - 15) / measure.falls
        shown -= measure.falls * ((at / DAY + drawn(seed, number, own, _AGE) * lasting) % lasting)
    bounded: Floats = np.clip(shown, measure.least, measure.most)
    return np.round(bounded, measure.digits)


def _incident(kind: Kind, seed: int, number: Ints, at: Ints) -> Flags:
    """Whether something happens there at that moment: never more than once a device and day."""
    day = (at + UTC_OFFSET) // DAY
    begins = drawn(seed, number, day, _BEGIN) * (DAY - INCIDENT_SECONDS)
    elapsed = (at + UTC_OFFSET) % DAY - begins
    found: Flags = (
        (drawn(seed, number, day, _INCIDENT) < kind.incidents) & (elapsed >= 0) & (elapsed < INCIDENT_SECONDS)
    )
    return found


def _normal(seed: int, *keys: Ints | int) -> Floats:
    radius = np.sqrt(-2 * np.log(1 - drawn(seed, *keys)))
    found: Floats = radius * np.cos(2 * np.pi * drawn(seed, *keys, _TURN))
    return found


def drawn(seed: int, *keys: Ints | int) -> Floats:
    """A number in [0, 1) for each combination of keys: SplitMix64 (Steele, Lea and Flood, 2014) as a hash."""
    state = np.full(1, seed, dtype=np.uint64)
    for key in keys:
        state = (state ^ np.asarray(key).astype(np.uint64)) + np.uint64(0x9E3779B97F4A7C15)
        state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        state ^= state >> np.uint64(31)
    return (state >> np.uint64(11)).astype(np.float64) / (1 << 53)
