"""What [sources.options] may say to feeds.mqtt."""

import re
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from config_errors import problem
from config_sources import Duration, Frozen, seconds_of

PORTS = {"mqtt": 1883, "mqtts": 8883}
NAME = re.compile(r"\{([^{}/+#]+)\}")


class MqttOptions(Frozen):
    """url: mqtt://host:port, or mqtts:// for TLS. client: the name by which the broker keeps our messages.

    topics: templates; {name} stands for one level and becomes a column, + and # are MQTT's own wildcards.
    payload: json, or text where each message is one plain value. items: dotted path to the list within a JSON message.
    session: how long the broker keeps messages while we are away (MQTT 5). ca, certificate, key: files in PEM.
    mark: a topic of our own, on which the broker keeps a mark by which we see that it went back to an older state.
    """

    url: str
    client: str = Field(min_length=1, max_length=200)
    topics: tuple[str, ...] = Field(min_length=1)
    user: str | None = None
    password: str | None = None
    hosts: tuple[str, ...] = ()
    payload: Literal["json", "text"] = "json"
    items: str | None = None
    version: Literal["5", "3.1.1"] = "5"
    session: Duration = "7d"
    mark: str | None = Field(default=None, pattern=r"^[^+#\x00]+$")
    ca: str | None = None
    certificate: str | None = None
    key: str | None = None
    page_rows: int = Field(default=2_000, ge=1, le=10_000)

    @field_validator("url")
    @classmethod
    def _broker(cls, url: str) -> str:
        try:
            parts = urlsplit(url)
            fits = parts.scheme in PORTS and parts.hostname and (parts.port or True) and not parts.username
        except ValueError:
            fits = False
        if not fits:
            raise problem(
                "write it like mqtt://host:1883 or mqtts://host:8883; user and password are options of their own"
            )
        return url

    @field_validator("topics")
    @classmethod
    def _templates(cls, topics: tuple[str, ...]) -> tuple[str, ...]:
        for topic in topics:
            levels = NAME.sub("+", topic).split("/")
            if not topic or "#" in levels[:-1] or any(len(each) > 1 and set("+#{}") & set(each) for each in levels):
                raise problem(
                    f"'{topic}' is no topic; write levels between slashes, {{name}} or + for one of them, # for the rest"
                )
        return topics

    @property
    def is_secure(self) -> bool:
        """Whether the way to the broker is TLS."""
        return self.url.startswith("mqtts")

    @property
    def broker(self) -> tuple[str, int]:
        """Host and port."""
        parts = urlsplit(self.url)
        return str(parts.hostname), parts.port or PORTS[parts.scheme]

    @property
    def session_seconds(self) -> int:
        """How long the broker keeps messages while we are away."""
        return seconds_of(self.session)
