"""[security]: who may sign in and for how long."""

from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

from config_errors import hint, problem
from config_sources import Duration, Frozen, seconds_of
from domain.actor import ADMINISTRATORS, ROLES

SHORTEST_SECRET = 32


def _long_enough(secret: SecretStr) -> SecretStr:
    if 0 < len(secret.get_secret_value()) < SHORTEST_SECRET:
        raise problem(f"is too short to be one; take {SHORTEST_SECRET} random characters or more")
    return secret


def _role(name: str) -> str:
    if name not in ROLES:
        raise problem(f"there is no role '{name}'" + hint(name, ROLES))
    return name


class Security(Frozen):
    """[security]: who may sign in and for how long. An empty secret is made once and kept under var.

    attempts, lock: so many failures lock an account for so long. idle, longest: a session ends after so long without a
    key or a touch, and after so long in any case. two_factor: roles that sign in with a code as well.
    """

    secret: Annotated[SecretStr, AfterValidator(_long_enough)] = SecretStr("")
    attempts: int = Field(5, ge=1)
    lock: Duration = "30m"
    idle: Duration = "30m"
    longest: Duration = "12h"
    two_factor: tuple[Annotated[str, AfterValidator(_role)], ...] = tuple(sorted(ADMINISTRATORS))
    allow_demo_accounts: bool = False

    @property
    def lock_seconds(self) -> int:
        """How long an account stays locked."""
        return seconds_of(self.lock)

    @property
    def idle_seconds(self) -> int:
        """How long a session lives without its owner."""
        return seconds_of(self.idle)

    @property
    def longest_seconds(self) -> int:
        """How long a session lives at most."""
        return seconds_of(self.longest)
