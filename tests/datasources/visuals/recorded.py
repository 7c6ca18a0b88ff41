"""Answers that a real server gave, kept as files beside a sources.toml that says what was asked, and of which server.

To take them anew: python -m tests.datasources.visuals.recorded FOLDER http://127.0.0.1:PORT
"""

import sys
import tomllib
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from tests.datasources.sources import Situation
from tests.datasources.video.answers import Answering, answering

HERE = Path(__file__).parent
BASE = "http://map.test"
"""What stands in the answers instead of the address at which the server ran."""

Answers = dict[str, httpx.Response]


def answers(name: str) -> Answers:
    """The answers of a connector by the names of their files, each with what was asked as its request."""
    folder = HERE / name / "recorded"
    told = tomllib.loads((folder / "sources.toml").read_text())["answers"]
    return {
        file: httpx.Response(
            said.get("status", 200), headers={"Content-Type": said["type"]}, content=(folder / file).read_bytes(),
            request=httpx.Request("GET", BASE + said["asked"]),
        )
        for file, said in told.items()
    }  # fmt: skip


def replay(found: Answers) -> Answering:
    """The answer whose question is this one, whatever the order of its parameters (blank ones do not count); 404 for any other question."""

    def answer(request: httpx.Request) -> httpx.Response:
        asked = _asked(str(request.url))
        return next((each for each in found.values() if _asked(str(each.request.url)) == asked), httpx.Response(404))

    return answer


def world(folder: Path, options: dict, answer: Answering, **said) -> Situation:
    """A situation in which every question finds `answer`."""
    return Situation(options, folder, arrange=answering(answer), **said)


def heard(name: str, made: Situation) -> Situation:
    """The same world, for who has read it before: it offers nothing new."""
    from datasources.registry import connector_class  # noqa: PLC0415 (situations are listed before connectors are loaded)
    from tests.datasources.test_contract import read  # noqa: PLC0415

    with pytest.MonkeyPatch.context() as patch:
        made.arrange(patch)
        return replace(made, cursor=read(connector_class(name), made)[-1].cursor)


def always(response: httpx.Response) -> Answering:
    """The same answer to every question."""
    return lambda _request: response


def cut(_request: httpx.Request) -> httpx.Response:
    """A connection that breaks off."""
    raise httpx.ReadError("the connection was cut")


def _asked(url: str) -> tuple[str, frozenset]:
    parts = urlsplit(url)
    return parts.path, frozenset(parse_qsl(parts.query))


def take(folder: Path, url: str) -> None:
    """Ask a running server what sources.toml says, and keep its answers; prints what differs from what was said."""
    for file, said in tomllib.loads((folder / "sources.toml").read_text())["answers"].items():
        found = httpx.get(url + said["asked"])
        (folder / file).write_bytes(found.content.replace(url.encode(), BASE.encode()))
        if (found.status_code, found.headers["Content-Type"]) != (said.get("status", 200), said["type"]):
            print(file, found.status_code, found.headers["Content-Type"])  # noqa: T201


if __name__ == "__main__":
    take(Path(sys.argv[1]), sys.argv[2])
