"""What a process holds of the counts: the segments of a checkpoint and, in memory, the batches that came after it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import sqlalchemy as sa

from domain.contributions import Deltas
from store.areas import AreaIndex
from store.counts.building import built
from store.counts.cells import LAYERS
from store.counts.folders import PORTION, attach
from store.counts.packing import unpack
from store.counts.segments import Segment
from store.schema import checkpoints, count_batch

FRESH = 8_192
"""Entries that are re-sorted with each new batch; more than these join the others that are in memory."""

_UNSEALED = count_batch.c.sealed_in.is_(None)
_IDS_AT_ONCE = 1_000
_VERSION = sa.select(
    sa.select(sa.func.coalesce(sa.func.max(checkpoints.c.id), 0)).scalar_subquery(),
    sa.func.count(),
    sa.func.coalesce(sa.func.max(count_batch.c.id), 0),
).where(_UNSEALED)


@dataclass(frozen=True)
class Tail:
    """state: checkpoint, number and greatest id of unsealed batches. ids: the batches in it. Never changes."""

    state: tuple[int, int, int]
    ids: frozenset[int]
    base: tuple[Segment, ...]
    gathered: Segment | None
    fresh: Deltas
    areas: AreaIndex

    @property
    def version(self) -> str:
        """The state as a short text."""
        return ".".join(map(str, self.state))

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """Everything, as segments to be added up."""
        fresh = (built([self.fresh], self.areas, LAYERS[-1:]),) if len(self.fresh) else ()
        return self.base + ((self.gathered,) if self.gathered else ()) + fresh


def advanced(tail: Tail | None, connection: sa.Connection, folder: Path, areas: AreaIndex) -> Tail:
    """The tail as this connection's snapshot has it, from an earlier or a later one where that saves reading.

    Batches commit out of the order of their ids, so that which ones are known is a set, not a greatest id.
    """
    g, count, greatest = connection.execute(_VERSION).one()
    if tail and tail.state == (g, count, greatest):
        return tail
    ids = frozenset(connection.execute(sa.select(count_batch.c.id).where(_UNSEALED)).scalars())
    if tail is None or tail.state[0] != g or not tail.ids <= ids:
        tail = Tail((g, 0, 0), frozenset(), attach(connection, folder, areas), None, Deltas.joined(()), areas)
    gathered, fresh = _taken(tail, _payloads(connection, tail.ids, ids))
    return Tail((g, count, greatest), ids, tail.base, gathered, fresh, areas)


def _taken(tail: Tail, payloads: Iterator[bytes]) -> tuple[Segment | None, Deltas]:
    gathered, parts, entries = tail.gathered, [tail.fresh], len(tail.fresh)
    for payload in payloads:
        parts.append(unpack(bytes(payload)))
        entries += len(parts[-1])
        if entries > PORTION:
            gathered, parts, entries = _gathered(gathered, parts, tail.areas), [], 0
    fresh = Deltas.joined(parts).summed()
    if len(fresh) > max(FRESH, len(gathered) // 8 if gathered else 0):
        return _gathered(gathered, [fresh], tail.areas), Deltas.joined(())
    return gathered, fresh


def _gathered(gathered: Segment | None, parts: list[Deltas], areas: AreaIndex) -> Segment:
    loose = Deltas.joined(parts).summed()
    return built([gathered, loose] if gathered else [loose], areas)


def _payloads(connection: sa.Connection, known: frozenset[int], ids: frozenset[int]) -> Iterator[bytes]:
    query = sa.select(count_batch.c.payload)
    if not known:
        options = {"stream_results": True, "yield_per": 200}
        yield from connection.execute(query.where(_UNSEALED), execution_options=options).scalars()
        return
    missing = sorted(ids - known)
    for at in range(0, len(missing), _IDS_AT_ONCE):
        yield from connection.execute(query.where(count_batch.c.id.in_(missing[at : at + _IDS_AT_ONCE]))).scalars()
