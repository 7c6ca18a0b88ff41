"""What the actions on accounts work with."""

import hashlib
from dataclasses import dataclass

import sqlalchemy as sa
from argon2 import PasswordHasher

from config_security import Security
from domain.sessions import Span

HASHER = PasswordHasher()
"""argon2id with the library's parameters (RFC 9106, low memory): 64 MiB, 3 passes."""


@dataclass(frozen=True)
class People:
    """The store, the secret of the installation, its rules, and the codes of areas that an account may be bound to."""

    engine: sa.Engine
    secret: bytes
    rules: Security
    areas: frozenset[str] = frozenset()

    @property
    def span(self) -> Span:
        """How long a session lives."""
        return Span(self.rules.idle_seconds, self.rules.longest_seconds)


def digest(token: str) -> str:
    """A cookie or key as it is kept; they are random enough (256 bits) to need no salt."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
