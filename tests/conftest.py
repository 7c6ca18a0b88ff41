"""What every test may ask for: real data, real servers (tests/servers/), and a house that is shut to the network."""

import os
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = ["127.0.0.1", "::1"]
SERVERS = {  # fixture → marker of the tests that use it
    "chromium": "browser",
    "mapproxy": "mapproxy",
    "mosquitto_server": "mosquitto",
    "onvif_camera": "onvif",
    "postgres_server": "postgres",
    "pygeoapi": "pygeoapi",
    "redis_server": "redis",
    "rtsp_server": "rtsp",
}
# their tests may open sockets, to this machine only
ON_LOOPBACK = {*SERVERS, "store_url", "tables_url", "app_server", "http_server"}

pytest_plugins = [
    "tests.servers.app", "tests.servers.browser", "tests.servers.http", "tests.servers.mapproxy",
    "tests.servers.mosquitto",
    "tests.servers.onvif", "tests.servers.postgres", "tests.servers.pygeoapi", "tests.servers.redis", "tests.servers.rtsp",
    "tests.servers.stores", "tests.servers.tables",
]  # fmt: skip

hypothesis.settings.register_profile("house", deadline=None, print_blob=True)
hypothesis.settings.register_profile("ci", deadline=None, print_blob=True, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") == "true" else "house")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by the servers they use, open loopback for them, and run the browser's last (see `chromium`)."""
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        for fixture, marker in SERVERS.items():
            if fixture in asked:
                item.add_marker(marker)
        if (asked & ON_LOOPBACK or named(item)) and not item.get_closest_marker("allow_hosts"):
            item.add_marker(pytest.mark.allow_hosts(LOOPBACK))
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


def named(item: pytest.Item) -> bool:
    """Whether the test names one of our servers by its marker."""
    return any(item.get_closest_marker(marker) for marker in SERVERS.values())


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """The developer's own GRIDHALL_ settings do not reach a test."""
    for name in os.environ:
        if name.startswith("GRIDHALL_") and name != "GRIDHALL_SHARED_DATA":
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with real city data: GRIDHALL_SHARED_DATA or ../shared/data beside the house; skips without it."""
    folder = Path(os.environ.get("GRIDHALL_SHARED_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"no real data: {folder} is missing")
    return folder
