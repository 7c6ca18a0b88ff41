"""What [sources.options] may say to feeds.webhook."""

from typing import Literal

from pydantic import Field, SecretStr, field_validator

from config_errors import problem
from config_sources import Duration, Frozen, seconds_of

SHORTEST_SECRET = 16


class WebhookOptions(Frozen):
    """secret: what senders sign with. payload: json, or text where each delivery is one plain value.

    items: dotted path to the list within a JSON body. keep: how long a delivery is kept after it was taken.
    """

    secret: SecretStr
    payload: Literal["json", "text"] = "json"
    items: str | None = None
    keep: Duration = "30d"
    page_rows: int = Field(default=500, ge=1, le=5_000)

    @field_validator("secret")
    @classmethod
    def _long_enough(cls, secret: SecretStr) -> SecretStr:
        if len(secret.get_secret_value()) < SHORTEST_SECRET:
            raise problem(
                f"is too short to be one; take {SHORTEST_SECRET} random characters or more, from ${{ENV:NAME}}"
            )
        return secret

    @property
    def keep_seconds(self) -> int:
        """How long a delivery is kept after it was taken."""
        return seconds_of(self.keep)
