"""Keys and marks from the one secret of an installation: whoever lacks it can neither make nor guess them."""

import hashlib


def key(secret: bytes, purpose: str) -> bytes:
    """32 bytes for one purpose; the key of one says nothing about that of another."""
    return hashlib.blake2b(purpose.encode(), key=hashlib.sha256(secret).digest(), digest_size=32).digest()


def mac(secret: bytes, purpose: str, text: str) -> str:
    """64 hexadecimal characters that stand for a text (keyed BLAKE2b); the same for the same secret, purpose and text."""
    words = text.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(words, key=key(secret, purpose), digest_size=32).hexdigest()
