"""What every answer says to the browser: whom it may ask, who may frame it, what it may keep."""

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Send

from domain.ways import lies_below

PLAIN_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Of an HTML page that names none itself: plain documents, whose scripts and styles are our own files."""
NOTHING_POLICY = "default-src 'none'; frame-ancestors 'none'"
"""Of everything else: it is no page, and opened as one it may do nothing."""

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=(), payment=(), usb=()",
    "X-Frame-Options": "SAMEORIGIN",
}
SECURE_SECONDS = 31_536_000
NAMELESS = ("/track", "/rate", "/report", "/p")
"""Addresses that hold a code: they are told to nobody."""


def guarded(send: Send, path: str, *, secure: bool) -> Send:
    """A send that adds them to an answer for `path`. secure: the site is reached by HTTPS alone."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            is_page = headers.get("content-type", "").startswith("text/html")
            headers.setdefault("Content-Security-Policy", PLAIN_POLICY if is_page else NOTHING_POLICY)
            nameless = any(lies_below(path, way) for way in NAMELESS)
            headers.setdefault("Referrer-Policy", "no-referrer" if nameless else "same-origin")
            if is_page or message["status"] in {401, 403}:
                headers.setdefault("Cache-Control", "no-store")
            for name, value in ALWAYS.items():
                headers.setdefault(name, value)
            if secure:
                headers.setdefault("Strict-Transport-Security", f"max-age={SECURE_SECONDS}")
        await send(message)

    return sending
