"""The film of a demo camera shows what its picture shows."""

import io
import subprocess
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from imageio_ffmpeg import get_ffmpeg_exe
from PIL import Image
from pylopdf_fonts_zh_cn import sans_path

from demo.cameras import CARS, HORIZON, Scene, cameras, picture
from demo.film import film

MOMENT = datetime(2026, 11, 24, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def scene(number: int = 3) -> Scene:
    row = cameras().iloc[number]
    return Scene(row["编码"], row["名称"], MOMENT, str(sans_path()))


@pytest.fixture(scope="module")
def frame() -> np.ndarray:
    words = ["-f", "lavfi", "-i", film(scene()), "-frames:v", "1", "-f", "image2pipe", "-c:v", "png", "pipe:1"]
    done = subprocess.run(
        [get_ffmpeg_exe(), "-nostdin", "-loglevel", "error", "-protocol_whitelist", "none", *words],
        capture_output=True, check=True, timeout=60,
    )  # fmt: skip
    return np.asarray(Image.open(io.BytesIO(done.stdout)).convert("RGB"), dtype=int)


def test_what_stands_still_is_the_same(frame):
    still = np.asarray(picture(scene()), dtype=int)
    assert frame.shape == still.shape
    houses = np.s_[40:HORIZON]
    assert (np.abs(frame[houses] - still[houses]).max(axis=2) < 12).mean() > 0.95


def test_clock_and_name_are_written(frame):
    for side in (np.s_[8:36, 10:210], np.s_[8:36, -280:-10]):
        assert (frame[side].min(axis=2) > 230).mean() > 0.05


def test_cars_are_on_the_road(frame):
    found = [np.abs(frame[HORIZON:] - np.array(colour)).max(axis=2) < 16 for colour in CARS]
    assert sum(mask.any() for mask in found) >= 3
