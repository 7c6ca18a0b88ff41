"""Scripts and styles, compressed once: the bytes of each are packed when first asked for, kept, and sent as they are."""

import asyncio
import gzip
import hashlib
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import brotli
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PREFIXES = ("/_dash-component-suites/", "/assets/")
PACKED = re.compile(r"^(text/|application/(javascript|json|manifest))|image/svg")
FINGERPRINT = re.compile(r"\.v[\w]+m\d+\.|^m=\d+")
"""Dash puts version and time of change into the name of a script, and the time of change of an asset into its query."""

FOR_EVER, FOR_A_DAY = "public, max-age=31536000, immutable", "public, max-age=86400"
SMALLEST = 600
BROTLI_QUALITY, GZIP_LEVEL = 9, 9


@dataclass
class Packed:
    """A file as it is sent: by encoding ("" as it is, "gzip", "br"), with its type and tag."""

    media_type: str
    tag: str
    bodies: dict[str, bytes] = field(default_factory=dict)


class Static:
    """Answers for files of the pages from memory; asks the application below once for each."""

    def __init__(self, app: ASGIApp, folder: Path) -> None:
        """folder: where packed files outlive the process (var/static)."""
        self._app, self._folder = app, folder
        self._known: dict[str, Packed] = {}
        self._busy: dict[str, asyncio.Lock] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a file here, pass everything else on."""
        if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(PREFIXES):
            await self._app(scope, receive, send)
            return
        key = f"{scope['path']}?{scope['query_string'].decode('latin-1')}"
        async with self._busy.setdefault(key, asyncio.Lock()):
            if key not in self._known:
                status, headers, body = await self._ask(scope, receive)
                if status != 200:
                    await Response(body, status, dict(headers))(scope, receive, send)
                    return
                self._known[key] = await run_in_threadpool(self._pack, headers.get("content-type", ""), body)
        await _answer(self._known[key], scope, key)(scope, receive, send)

    async def _ask(self, scope: Scope, receive: Receive) -> tuple[int, Headers, bytes]:
        """The answer of the application below, whole; no client's conditions or encodings reach it."""
        plain = {
            **scope,
            "headers": [h for h in scope["headers"] if h[0] not in {b"accept-encoding", b"if-none-match"}],
        }
        parts: list[bytes] = []
        status, headers = 500, Headers()

        async def take(message: Message) -> None:
            nonlocal status, headers
            if message["type"] == "http.response.start":
                status, headers = message["status"], Headers(raw=message["headers"])
            else:
                parts.append(message.get("body", b""))

        await self._app(plain, receive, take)
        return status, headers, b"".join(parts)

    def _pack(self, media_type: str, body: bytes) -> Packed:
        digest = hashlib.blake2b(body, digest_size=12).hexdigest()
        found = Packed(media_type, f'"{digest}"', {"": body})
        if len(body) >= SMALLEST and PACKED.search(media_type):
            found.bodies["br"] = self._kept(f"{digest}.br", lambda: brotli.compress(body, quality=BROTLI_QUALITY))
            found.bodies["gzip"] = self._kept(f"{digest}.gz", lambda: gzip.compress(body, GZIP_LEVEL, mtime=0))
        return found

    def _kept(self, name: str, make: Callable[[], bytes]) -> bytes:
        path = self._folder / name
        if path.is_file():
            return path.read_bytes()
        body = make()
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(f"{path.suffix}.{os.getpid()}")
            part.write_bytes(body)
            part.replace(path)
        except OSError:  # a full or read-only disk costs packing anew, nothing more
            return body
        return body


def _answer(packed: Packed, scope: Scope, key: str) -> Response:
    asked = Headers(scope=scope)
    headers = {
        "ETag": packed.tag, "Vary": "Accept-Encoding", "Content-Type": packed.media_type,
        "Cache-Control": FOR_EVER if FINGERPRINT.search(scope["path"]) or FINGERPRINT.search(key.partition("?")[2]) else FOR_A_DAY,
    }  # fmt: skip
    if asked.get("if-none-match") == packed.tag:
        return Response(status_code=304, headers=headers)
    accepted = {part.split(";")[0].strip() for part in asked.get("accept-encoding", "").split(",")}
    encoding = next((e for e in ("br", "gzip") if e in accepted and e in packed.bodies), "")
    if encoding:
        headers["Content-Encoding"] = encoding
    return Response(packed.bodies[encoding], headers=headers)
