"""A refusal as the sentence that people read."""

from components.words import _
from domain.refusal import Refused

HTTP = {
    "absent": 404, "forbidden": 403, "stale": 409, "illegal": 409, "missing": 422, "invalid": 422, "limit": 429,
}  # fmt: skip
"""Kind of a refusal → status of the answer."""


def sentence(refused: Refused) -> str:
    """What was refused and what to do, in the language of this process; names of fields are translated too."""
    return _(refused.message, **{k: _(v) if isinstance(v, str) else v for k, v in refused.values.items()})
