"""[watch]: what services promise, and after how long a silent worker is an outage."""

from pydantic import Field

from config_sources import Frozen


class Watch(Frozen):
    """[watch]: target: per cent of the time of 30 days in which a service is as fresh as it promises.

    worker_minutes: after how many minutes without a word of the worker this installation is not ready.
    """

    target: float = Field(default=99.0, gt=0, lt=100)
    worker_minutes: int = Field(default=5, ge=1, le=1440)
