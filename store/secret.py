"""The secret of an installation: from its settings, or made once and kept in a file that only its owner reads."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from store.engine import StoreError

FILE = "secret.key"
LENGTH = 32


def read_secret(given: str, folder: Path) -> bytes:
    """The secret that is given, or else that of the folder, made on first use. Raises StoreError, never with the secret."""
    if given:
        return given.encode()
    path = folder / FILE
    try:
        if not path.exists():
            _make(path)
        found = path.read_bytes()
    except OSError as error:
        message = f"the secret {path} cannot be read: {error.strerror}; give the user of this program permission"
        raise StoreError(message) from error
    if len(found) < LENGTH:
        raise StoreError(
            f"the secret {path} is damaged; restore it from a backup, or remove it: everyone signs in anew"
        )
    return found


def _make(path: Path) -> None:
    """Write it whole before it has its name, so that of two processes both read the same one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{FILE}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(secrets.token_bytes(LENGTH))
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(part, path)
    part.unlink()
