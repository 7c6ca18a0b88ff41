"""[security]: who may sign in and for how long."""

from typing import Annotated

from pydantic import AfterValidator, SecretStr

from config_errors import problem
from config_sources import Frozen

SHORTEST_SECRET = 32


def _long_enough(secret: SecretStr) -> SecretStr:
    if 0 < len(secret.get_secret_value()) < SHORTEST_SECRET:
        raise problem(f"is too short to be one; take {SHORTEST_SECRET} random characters or more")
    return secret


class Security(Frozen):
    """[security]: who may sign in and for how long. An empty secret is made once and kept under var."""

    secret: Annotated[SecretStr, AfterValidator(_long_enough)] = SecretStr("")
