"""Appending to the audit record. Rows go in unlinked; sealing is another's work."""

from collections.abc import Mapping
from typing import Any

import orjson
import sqlalchemy as sa

from domain.actor import Actor
from store.schema_trust import audit


def append(
    connection: sa.Connection,
    actor: Actor,
    action: str,
    subject: str,
    *,
    now: int,
    result: str = "done",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Put on record in the caller's transaction what `actor` did (result: done | refused) to `subject`.

    The detail holds ids and words, never personal data or free text: it cannot be erased later.
    """
    row = {
        "at": now, "actor": actor.login, "role": actor.role, "via": actor.via, "action": action, "subject": subject,
        "result": result, "detail": orjson.dumps(dict(detail or {}), option=orjson.OPT_SORT_KEYS).decode(),
    }  # fmt: skip
    connection.execute(sa.insert(audit).values(row))
