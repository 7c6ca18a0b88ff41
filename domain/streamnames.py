"""What the pieces of a stream are called in front of a browser: the address behind it, sealed (AES-SIV, RFC 5297).

The same address has the same name in every process of an installation, for one camera; nobody without its secret can read
a name or make one up.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from domain.secrets import key

PURPOSE = "pieces of a stream"
ENDINGS = frozenset({".m3u8", ".ts", ".m4s", ".mp4", ".aac", ".vtt", ".key", ".m4a", ".m4v"})
"""Players look at the ending of a name."""


def sealed(secret: bytes, camera_id: int, url: str) -> str:
    """The name of a piece of a camera's stream: letters, digits, - and _, and an ending that says what it is."""
    ending = PurePosixPath(urlsplit(url).path).suffix.lower()
    closed = AESSIV(key(secret, PURPOSE)).encrypt(url.encode(), [str(camera_id).encode()])
    return urlsafe_b64encode(closed).decode().rstrip("=") + (ending if ending in ENDINGS else "")


def opened(secret: bytes, camera_id: int, name: str) -> str | None:
    """The address behind a name; None for a name that we did not give to this camera."""
    text = name.partition(".")[0]
    try:
        closed = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        return AESSIV(key(secret, PURPOSE)).decrypt(closed, [str(camera_id).encode()]).decode()
    except (ValueError, InvalidTag):
        return None
