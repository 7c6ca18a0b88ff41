"""The rows in quarantine taken again from a page: by whoever works on services, for a while, on record."""

import time

from actions.replay import replay
from actions.sources import require_may
from actions.take import Feed
from datasources.mapping import Mapping
from domain.actor import Actor
from store import audit
from store.engine import write

LONGEST_SECONDS = 20.0
"""A person waits no longer; what is left by then waits for the next press."""


def take_again(feed: Feed, mapping: Mapping, actor: Actor, name: str, *, now: int) -> dict[str, int]:
    """Replay what a source has in quarantine: read, kept, unchanged, quarantined. Raises Refused, BadDataError."""
    require_may(actor)
    until = time.monotonic() + LONGEST_SECONDS
    done = replay(feed, mapping, lambda: time.monotonic() > until)
    with write(feed.site.engine) as connection:
        audit.append(connection, actor, "source.replay", f"source:{name}", now=now, detail=done)
    return done
