"""What a camera of 云浦街道 sees, as it moves: a graph of filters for ffmpeg, of the same scene as its pictures."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from demo.cameras import CARS, HORIZON, ROAD, SIZE, Scene, houses, sky_of, traffic

RATE = 10
BY_CLOCK = "setpts=RTCTIME/(1000000*TB)"
"""A picture's time becomes epoch seconds while clock and cars are drawn."""
STRIPS = 54
"""The road is a trapezium in the picture; here it is laid in strips."""


def film(scene: Scene) -> str:
    """The scene by the clock of the machine, 640 × 360 at ten pictures a second, for ffmpeg's lavfi input. It has no end.

    What stands still is drawn once, under the sky of the scene's moment; the cars are where `picture` has them at the time.
    """
    width, height = SIZE
    sky = sky_of(scene.moment)
    still = [f"color=c={_hex(sky)}:s={width}x{height}:r={RATE}", *(_box(*each) for each in _ground(scene, sky))]
    moving = [*_cars(scene), *_words(scene)]
    return ",".join([*still, "trim=end_frame=1", "loop=-1:1", BY_CLOCK, *moving, f"setpts=N/({RATE}*TB)"])


def _ground(scene: Scene, sky: tuple[int, ...]) -> Iterator[tuple[tuple[float, ...], tuple[int, ...]]]:
    width, height = SIZE
    yield from houses(scene.code, dark=sum(sky) < 240)
    yield (0, HORIZON, width, height), tuple(int(part * 0.42) + 26 for part in sky)
    tops = np.linspace(HORIZON, height, STRIPS + 1)
    for top, below in pairwise(tops):
        half = width * np.interp(below, (HORIZON, height), (0.06, 0.6))
        yield (width / 2 - half, top, width / 2 + half, below), ROAD


def _cars(scene: Scene) -> Iterator[str]:
    width, height = SIZE
    for (start, pace, side), colour in zip(traffic(scene.code), CARS, strict=True):
        way = f"mod({start!r}+{pace!r}*t,1)"
        near = f"pow({way if side > 0 else f'1-{way}'},2)"
        x = f"{width / 2}+{side * width}*(0.03+0.28*{near})-text_w/2"
        y = f"{HORIZON}+{height - HORIZON}*{near}-text_h"
        yield _text(scene.font, "■", x=x, y=y, fontsize=f"10+{near}*100", fontcolor=_hex(colour))


def _words(scene: Scene) -> Iterator[str]:
    shift = scene.moment.utcoffset()
    seconds = int(shift.total_seconds()) if shift else 0
    clock = rf"%{{pts\:gmtime\:{seconds}\:%Y-%m-%d %H\\\:%M\\\:%S}}"
    outlined = {"fontsize": 20, "fontcolor": "white", "borderw": 2, "bordercolor": "black", "y": 10}
    yield _text(scene.font, clock, x=14, **outlined)
    yield _text(scene.font, scene.name, x=f"{SIZE[0] - 14}-text_w", **outlined)


def _text(font: str, text: str, **how: object) -> str:
    told = {"fontfile": font, "text": text, **how}
    return "drawtext=" + ":".join(f"{name}='{value}'" for name, value in told.items())


def _box(box: tuple[float, ...], colour: tuple[int, ...]) -> str:
    left, top, right, below = (round(side) for side in box)
    return f"drawbox={left}:{top}:{right - left + 1}:{below - top + 1}:{_hex(colour)}:fill"


def _hex(colour: tuple[int, ...]) -> str:
    return "0x" + "".join(f"{part:02x}" for part in colour)
