"""Real Chromium through Playwright, watched: a page that asks for anything beyond 127.0.0.1 fails its test."""

import contextlib
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from playwright.sync_api import Error as NavigatedError

from tests.accounts import COOKIES
from tests.servers.processes import not_here

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
LOCAL_SCHEMES = {"data", "blob", "about"}
LOCAL_HOSTS = {"127.0.0.1"}
WAIT_SECONDS, LIMIT_SECONDS = 0.05, 40.0


@dataclass
class Watch:
    """Requests that left the machine's loopback address."""

    foreign: list[str] = field(default_factory=list)

    def look(self, url: str) -> None:
        """Note a request when it is not to 127.0.0.1."""
        parts = urlsplit(url)
        if parts.scheme not in LOCAL_SCHEMES and parts.hostname not in LOCAL_HOSTS:
            self.foreign.append(url)

    def attach(self, context: BrowserContext) -> None:
        """Look at every request and web socket of a context, in all its pages."""
        context.on("request", lambda request: self.look(request.url))
        context.on("page", lambda page: page.on("websocket", lambda socket: self.look(socket.url)))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium a run; skips (fails under CI=true) where it is missing.

    Playwright keeps an event loop running in this thread, in which asyncio.run() fails: tests/conftest.py runs browser
    tests last.
    """
    program = shutil.which("chromium")
    if program is None:
        not_here("no browser: chromium is not installed")
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def browser_watch() -> Watch:
    """What the test's pages asked for beyond 127.0.0.1; a test of a leak may read and clear it."""
    return Watch()


@pytest.fixture
def browser_context(chromium: Browser, browser_watch: Watch) -> Iterator[BrowserContext]:
    """A fresh context (no cache, no cookie but that of the test servers' viewer, zh-CN, Asia/Shanghai, 1440 × 900), watched to its end."""
    context = chromium.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1440, "height": 900})
    context.set_default_timeout(LIMIT_SECONDS * 1_000)
    context.add_cookies(COOKIES)
    browser_watch.attach(context)
    yield context
    context.close()
    if browser_watch.foreign:
        pytest.fail("the page asked beyond 127.0.0.1: " + ", ".join(browser_watch.foreign), pytrace=False)


@pytest.fixture
def page(browser_context: BrowserContext) -> Page:
    """One page of the watched context."""
    return browser_context.new_page()


def until(page: Page, expression: str, arg: object = None, seconds: float = LIMIT_SECONDS) -> None:
    """Wait until a JavaScript expression (or function of `arg`) is true.

    Playwright's own wait_for_function evaluates text within the page, which our Content-Security-Policy forbids.
    """
    comes_true(page, lambda: page.evaluate(expression, arg), expression, seconds)


def comes_true(page: Page, fact: Callable[[], Any], said: str, seconds: float = LIMIT_SECONDS) -> None:
    """Wait until a fact outside the page, or of it, is true."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(NavigatedError):
            if fact():
                return
        page.wait_for_timeout(WAIT_SECONDS * 1_000)
    pytest.fail(f"after {seconds:g} s still not true: {said}")


def violations(page: Page) -> list[dict[str, Any]]:
    """What axe finds by all its rules; what passes is not described node by node, which on a long list takes most of the time."""
    found: list[dict[str, Any]] = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return found
