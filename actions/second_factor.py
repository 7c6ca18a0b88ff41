"""The second factor: six figures every 30 s (RFC 6238), each good once."""

import base64
import hmac

import pyotp
from cryptography.fernet import Fernet, InvalidToken

from domain import secrets

STEP_SECONDS = 30
LEEWAY = (0, -1, 1)
"""A code of the step before or after is good too: clocks differ."""


def new_secret() -> str:
    """A secret for an authenticator, as its owner may type it."""
    return pyotp.random_base32()


def seal(secret: bytes, totp: str) -> str:
    """A secret as it is kept."""
    return _box(secret).encrypt(totp.encode()).decode()


def unseal(secret: bytes, sealed: str) -> str | None:
    """A secret as it was; None when it was sealed with the secret of another installation."""
    try:
        return _box(secret).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _box(secret: bytes) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(secrets.key(secret, "second factor")))


def address(totp: str, login: str, site: str) -> str:
    """What an authenticator reads from a QR code."""
    return pyotp.TOTP(totp).provisioning_uri(name=login, issuer_name=site)


def step_of(totp: str, code: str, *, used: int, now: int) -> int | None:
    """The number of the step whose code this is, when it is one around `now` that comes after the `used` one."""
    code = "".join(code.split())
    for leeway in LEEWAY:
        step = now // STEP_SECONDS + leeway
        right = pyotp.TOTP(totp).at(step * STEP_SECONDS)
        if step > used and hmac.compare_digest(right.encode(), code.encode("utf-8", "surrogatepass")):
            return step
    return None
