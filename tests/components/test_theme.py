"""The tokens are the numbers of the visual design, and their contrasts are what it says."""

import re
from itertools import pairwise

import numpy as np
import pytest

from components.theme import (
    BUILDING_SHARE,
    DARK,
    FONT_STACK,
    HALO_SHARE,
    LIGHT,
    MOTION_MS,
    THEMES,
    TYPE,
    Theme,
    rgb,
    stylesheet,
)

# As the tables of the design say: token, dark, ratio on bg, light, ratio on bg.
TOKENS = """
line        #26343C 1.5  #DFE5E7 -
line_strong #5B6C75 3.5  #B9C4C8 -
text_1      #EEF3F4 17.0 #0F1C22 15.9
text_2      #A9B8BF 9.3  #465860 6.8
text_3      #8A9BA3 6.6  #5F7079 4.7
accent      #6CCFC9 10.3 #0B6B78 5.7
good        #5FD08B 9.9  #17784A 5.0
bad         #FF8D7E 8.5  #BF2B1E 5.4
stale       #E9D48A 12.9 #7A5C00 5.7
"""
GROUNDS = {"dark": ("#0B1115", "#121B20"), "light": ("#F3F5F6", "#FFFFFF")}
ALARMS = """
red    octagon  I   #FF5A4A 6.2  #C9261B 5.6
orange triangle II  #FF9838 8.9  #D9650A 5.3
yellow diamond  III #F4D13D 12.7 #F0C21A 11.3
blue   circle   IV  #62A8FF 7.8  #1F63C6 5.7
"""
RAMPS = {
    "dark": "#1D3A45 #265866 #2D7984 #3C9B9C #59BEAF #8ADFBF",
    "light": "#DAF2E6 #A0D7C8 #65B9B2 #2E999F #0F7787 #0F5569",
}
NO_DATA = {"dark": ("#46555D", "#141C21"), "light": ("#A3B0B5", "#EDF0F0")}
TYPES = """
clock 128 - -
kpi 112 2 -
title-alarm 68 1.5 24
title 34 1.5 24
block 30 0.875 16
body 28 0.875 16
table 28 0.8125 16
data 24 0.75 14
"""


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = np.array(rgb(colour)) / 255
    return float(np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def oklab(colour: str) -> np.ndarray:
    """OKLab after Björn Ottosson's definition."""
    parts = np.array(rgb(colour)) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    cones = np.array([
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]) @ linear  # fmt: skip
    lab = np.array([
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]) @ np.cbrt(cones)  # fmt: skip
    return np.asarray(lab)


def rows(table: str) -> list[list[str]]:
    return [line.split() for line in table.strip().splitlines()]


@pytest.mark.parametrize(("name", "dark", "on_dark", "light", "on_light"), rows(TOKENS))
def test_a_token_has_the_colour_and_the_contrast_of_the_table(name, dark, on_dark, light, on_light):
    for theme, colour, ratio in ((DARK, dark, on_dark), (LIGHT, light, on_light)):
        assert getattr(theme, name) == colour
        if ratio != "-":
            assert contrast(colour, theme.bg) == pytest.approx(float(ratio), abs=0.06)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_grounds_ramps_and_the_class_without_data_are_those_of_the_design(theme: Theme):
    assert (theme.bg, theme.surface) == GROUNDS[theme.name]
    assert theme.ramp == tuple(RAMPS[theme.name].split())
    assert (theme.no_data, theme.no_data_ground) == NO_DATA[theme.name]
    assert contrast(theme.on_take_over, theme.take_over) == pytest.approx(6.6, abs=0.06)
    assert theme.take_over == "#B3241A"


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_body_text_reads_on_cards_too(theme: Theme):
    for colour in (theme.text_1, theme.text_2, theme.text_3, theme.accent, theme.good, theme.bad, theme.stale):
        assert contrast(colour, theme.surface) >= 4.7
    assert contrast(theme.on_accent, theme.accent) >= 4.5


@pytest.mark.parametrize(("name", "shape", "level", "dark", "in_dark", "light", "in_light"), rows(ALARMS))
def test_an_alarm_has_the_shape_the_colours_and_the_contrast_of_the_table(
    name, shape, level, dark, in_dark, light, in_light
):
    for theme, colour, ratio in ((DARK, dark, in_dark), (LIGHT, light, in_light)):
        alarm = next(alarm for alarm in theme.alarms if alarm.name == name)
        assert (alarm.shape, alarm.level, alarm.colour) == (shape, level, colour)
        assert contrast(alarm.ink, alarm.colour) == pytest.approx(float(ratio), abs=0.06)
    assert [alarm.outline for alarm in LIGHT.alarms] == [None, None, "#7A5C00", None]


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_the_steps_of_a_ramp_are_equally_far_apart_in_lightness_and_never_alike(theme: Theme):
    colours = [oklab(colour) for colour in theme.ramp]
    steps = [float(abs(b[0] - a[0])) for a, b in pairwise(colours)]
    assert steps == pytest.approx([0.102] * 5, abs=0.005)
    assert all(np.linalg.norm(b - a) * 100 >= 9 for a, b in pairwise(colours))


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_the_base_map_is_quieter_than_any_class_and_its_outline_is_not(theme: Theme):
    spread = [contrast(c, theme.map.land) for c in (theme.map.building, theme.map.green, theme.map.water)]
    assert max(spread) < 1.6
    assert contrast(theme.map.outline, theme.map.land) > 12
    assert contrast(theme.map.outline, theme.ramp[0]) > 3


def test_sizes_of_text_are_those_of_the_table():
    for role, *sizes in rows(TYPES):
        wanted = tuple(None if s == "-" else float(s) for s in sizes)
        assert (TYPE[role].wall_px, TYPE[role].desk_rem, TYPE[role].phone_px) == wanted
    assert min(s.wall_px for s in TYPE.values() if s.wall_px) == 24
    assert min(s.desk_rem for s in TYPE.values() if s.desk_rem) == 0.75
    assert (HALO_SHARE, BUILDING_SHARE, MOTION_MS["flight"]) == (0.26, 0.26, 1_200)


def test_the_stylesheet_has_every_colour_of_both_themes_under_the_same_names():
    _shared, dark, light = stylesheet().split("}\n")[:3]
    names = [re.findall(r"(--gh-[\w-]+): ", block) for block in (dark, light)]
    assert names[0] == names[1] and len(names[0]) == len(set(names[0]))
    for theme, block in ((DARK, dark), (LIGHT, light)):
        colours = [theme.bg, theme.surface, *theme.ramp, *(a.colour for a in theme.alarms), theme.map.water]
        assert all(colour in block for colour in colours)
    assert "--gh-accent: #6CCFC9;" in dark and "--gh-accent: #0B6B78;" in light


def test_the_stylesheet_closes_what_it_opens_and_names_the_fonts():
    text = stylesheet()
    assert text.count("{") == text.count("}") == 3
    assert f"--gh-font: {FONT_STACK};" in text
    assert "--gh-wall-kpi: 112px;" in text and "--gh-desk-table: 0.8125rem;" in text and "None" not in text
