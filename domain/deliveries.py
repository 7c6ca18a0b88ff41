"""What is pushed to /hooks: how a delivery proves who sent it and when."""

import hashlib
import hmac

WINDOW_SECONDS = 300
"""How far a sender's clock may be from ours."""

LONGEST_STAMP = 12


def signed(stamp: str, body: bytes) -> bytes:
    """What is signed: the time as it was sent, a full stop, the body as it was sent."""
    return stamp.encode("ascii", "replace") + b"." + body


def signature(secret: bytes, stamp: str, body: bytes) -> str:
    """HMAC-SHA256 (RFC 2104) of what is signed, in small hexadecimal digits."""
    return hmac.new(secret, signed(stamp, body), hashlib.sha256).hexdigest()


def proves(secret: bytes, stamp: str, body: bytes, given: str) -> bool:
    """Whether a signature is right; takes as long for a wrong one."""
    return hmac.compare_digest(signature(secret, stamp, body).encode(), given.encode("utf-8", "replace"))


def digest(stamp: str, body: bytes) -> str:
    """What a replay is known by: SHA-256 of what is signed."""
    return hashlib.sha256(signed(stamp, body)).hexdigest()


def is_fresh(stamp: str, now: int) -> bool:
    """Whether a time (epoch seconds in digits) is near enough to now."""
    is_number = stamp.isascii() and stamp.isdigit() and len(stamp) <= LONGEST_STAMP
    return is_number and abs(int(stamp) - now) <= WINDOW_SECONDS
