"""What a stream no longer holds for us, by the server's own counts (those of Redis 7)."""

from datasources.feeds.redis_stream.stream import Standing, order


def missed(now: Standing, known: int | None) -> tuple[int, int | None]:
    """How many entries nobody can give us any more that were not told of yet, and what is known from now on.

    known: how many the server counts as unread although they were told of (Redis 7.0 never takes them off, a later one
    may once the group reads on); None before the first look at a group.
    """
    gone = _gone(now)
    if gone is None or known is None:
        return 0, known if gone is None else gone
    if gone >= known:
        return gone - known, gone
    return (0 if now.given == now.newest else gone), gone


def _gone(now: Standing) -> int | None:
    """Entries that are unread and not there; None where there is no telling: the group stands in the midst of the rest."""
    if now.unread is None:
        return None
    if now.given == now.newest:
        return now.unread
    if now.first is None or order(now.first) > order(now.given):
        return now.unread - now.length
    return None
