"""What an entry of a stream says: its fields as columns, or the rows of a JSON body in one of them."""

from datetime import UTC, datetime

from datasources.bodies import Gathered, UnreadableBodyError, rows_of_json
from datasources.contract import FEATURE_ID
from datasources.feeds.redis_stream.options import RedisStreamOptions
from datasources.feeds.redis_stream.stream import order

ADDED_AT = "@added_at"
NOT_TEXT = "it is not UTF-8 text; mend what sends it"
LAST_SECOND = 253_402_300_799
"""The end of 9999: whoever adds an entry may give it any id."""

Fields = dict[bytes, bytes]


def add(gathered: Gathered, entry: str, fields: Fields, options: RedisStreamOptions) -> None:
    """Add an entry's rows, each with the entry's id and the time it was added; or why it has none."""
    at = datetime.fromtimestamp(min(order(entry)[0] // 1_000, LAST_SECOND), UTC).isoformat()
    body = (
        fields.get(options.field.encode(), b"")
        if options.field
        else b" ".join(b"=".join(each) for each in fields.items())
    )
    try:
        rows = rows_of_json(body, options.items) if options.field else [_texts(fields)]
    except UnreadableBodyError as error:
        gathered.refuse(body, f"the entry {entry} cannot be read: {error}")
        return
    gathered.add(body, ({**row, FEATURE_ID: entry, ADDED_AT: at} for row in rows))


def _texts(fields: Fields) -> dict[str, str]:
    try:
        return {name.decode(): cell.decode() for name, cell in fields.items()}
    except UnicodeDecodeError as error:
        raise UnreadableBodyError(NOT_TEXT) from error
