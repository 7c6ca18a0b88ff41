"""A PostgreSQL server for one run, in a folder of its own."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_SETTINGS = {
    "shared_buffers": "2GB", "work_mem": "64MB", "maintenance_work_mem": "512MB", "effective_cache_size": "8GB",
    "max_wal_size": "8GB", "random_page_cost": "1.1", "jit": "off", "listen_addresses": "",
}  # fmt: skip


@dataclass(frozen=True)
class Server:
    """A running server, reached through a socket in its folder."""

    bin: Path
    folder: Path

    def url(self, database: str) -> str:
        """The address of a database for SQLAlchemy."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def create(self, database: str) -> None:
        """Make a database."""
        subprocess.run([self.bin / "createdb", "-h", self.folder, "-U", "postgres", database], check=True)


@contextmanager
def postgres(folder: Path) -> Iterator[Server]:
    """Start a server, and stop it. It refuses to run as root, so that root runs it as the user postgres."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    bin_folder = found[-1] if found else Path(shutil.which("initdb") or "initdb").parent
    folder.mkdir(parents=True)
    as_user = {}
    if os.geteuid() == 0:
        account = pwd.getpwnam("postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)
        for parent in folder.parents:
            if not parent.stat().st_mode & 1:
                parent.chmod(parent.stat().st_mode | 0o011)
        as_user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "cwd": folder, **as_user}
    data = folder / "data"
    subprocess.run([bin_folder / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"], **quiet)  # noqa: PLW1510
    settings = " ".join(f"-c {name}={value!r}" for name, value in _SETTINGS.items()) + f" -k {folder}"
    subprocess.run([bin_folder / "pg_ctl", "-D", data, "-o", settings, "-l", folder / "log", "-w", "start"], **quiet)  # noqa: PLW1510
    try:
        yield Server(bin_folder, folder)
    finally:
        subprocess.run([bin_folder / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"], **quiet)  # noqa: PLW1510
