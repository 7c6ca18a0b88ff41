"""What a broker lost of what it held for us."""

from datasources.contract import Cursor, Gap
from datasources.feeds.mqtt.session import Session


def lost_session(session: Session, cursor: Cursor | None, seen: int, now: int) -> Gap | None:
    """What it lost, if it no longer knows a session that there was; seen: when we heard it last, epoch seconds."""
    if session.present or cursor is None:
        return None
    why = f"the broker {session.place} had lost our session: what was sent meanwhile did not reach us"
    return Gap(min(max(seen, int(cursor.get("seen", 0))), now), now, why)


def older_state(session: Session, known: int, now: int) -> Gap | None:
    """What it lost, if it no longer has the mark that we left (both are times, epoch seconds)."""
    found = session.mark.found
    if found >= known:
        return None
    why = f"the broker {session.place} went back to an older state: what it had taken since and not handed on is lost"
    return Gap(min(found or known, now), now, why)
