"""Constructed: SOAP answers as the ONVIF core (5.8, 8.1–8.3) and media (5.2–5.15) specifications write them."""

from pathlib import Path

import httpx

from datasources.errors import AuthenticationError, BadDataError
from tests.datasources.sources import Situation
from tests.datasources.video.answers import answering
from tests.datasources.video.onvif.device import PASSWORD, USER, Device, town


def device(name: str, /, **said) -> dict:
    return {"id": name, "url": f"http://{name}.test/onvif/device_service", "user": USER, "password": PASSWORD, **said}


OPTIONS = {
    "devices": [
        device("north", name="North gate", longitude=114.3, latitude=30.6, direction=90, ptz_type="fixed"),
        device("recorder"),
        device("south"),
    ]
}
NORTH, RECORDER = "north.test", "recorder.test"


def devices() -> tuple[Device, Device]:
    return Device(NORTH), Device(RECORDER, sources={"A": "V1", "A2": "V1", "B": "V2"})


def made(folder: Path, answer, options=OPTIONS, **said) -> Situation:
    return Situation(options, folder, arrange=answering(answer), **said)


def one(**said) -> dict:
    return {"devices": [device("north", **said)]}


SITUATIONS = {
    "normal": lambda folder: made(folder, town(*devices())),
    "empty": lambda folder: Situation(
        OPTIONS, folder, arrange=answering(town(*devices())), cursor=_read(folder)
    ),
    "partial": lambda folder: made(
        folder, town(Device(NORTH), Device(RECORDER, said={"GetProfiles": httpx.Response(200, text="<html>")})), raises=BadDataError
    ),
    "malformed": lambda folder: made(
        folder, lambda _: httpx.Response(200, content=b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), one(user="", password=""),
        raises=BadDataError,
    ),
    "refused": lambda folder: made(folder, town(Device(NORTH)), one(password="wrong"), raises=AuthenticationError),
}  # fmt: skip


def _read(folder: Path):
    """What a whole read before left behind: nothing has changed since."""
    import pytest  # noqa: PLC0415

    from datasources.registry import connector_class  # noqa: PLC0415
    from tests.datasources.test_contract import read  # noqa: PLC0415

    whole = made(folder, town(*devices()))
    with pytest.MonkeyPatch.context() as patch:
        whole.arrange(patch)
        return read(connector_class("video.onvif"), whole)[-1].cursor
