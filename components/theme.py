"""The tokens: every colour, size and distance of the product, in both themes, for screens, charts, maps and print.

The numbers are the tables of the visual design; the tests hold them against each other and compute the contrasts.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields

from domain.measures import N_

FONTS = ("Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "sans-serif")
FONT_STACK = ",".join(f'"{name}"' if " " in name else name for name in FONTS)
WEIGHT_REGULAR, WEIGHT_BOLD = 400, 700

SPACE_PX = 4
"""Every distance is a multiple of this step."""
WALL_GUTTER_PX, DESK_GUTTER_PX, PHONE_GUTTER_PX = 40, 16, 20
WALL_HEADER_PX = 88
PHONE_TARGET_PX = 44
RADIUS_PX = {"wall": 0, "control": 6, "card": 8, "phone": 8}
MOTION_MS = {"row": 200, "band": 250, "flight": 1200}

HALO_SHARE = 0.26
"""Width of a label's halo in the ground colour, as a share of its font size."""
BUILDING_SHARE = 0.26
"""Opacity of buildings above coloured cells."""


@dataclass(frozen=True)
class Size:
    """A role of text: px on a wall of 1080 lines, rem on a desk, px on a phone; None where it does not occur."""

    wall_px: int | None
    desk_rem: float | None
    phone_px: int | None


TYPE: dict[str, Size] = {
    "clock": Size(128, None, None),
    "kpi": Size(112, 2, None),
    "title-alarm": Size(68, 1.5, 24),
    "title": Size(34, 1.5, 24),
    "block": Size(30, 0.875, 16),
    "body": Size(28, 0.875, 16),
    "table": Size(28, 0.8125, 16),
    "data": Size(24, 0.75, 14),
}
"""data (data lines, axes) is the smallest text there is."""


@dataclass(frozen=True)
class Alarm:
    """A level of alarm. Shape and character say the same as the colour; icons under 24 px drop the character."""

    name: str
    level: str
    sign: str
    shape: str
    colour: str
    ink: str
    outline: str | None = None


@dataclass(frozen=True)
class MapColours:
    """The base map: quiet enough that the lowest class of the ramp and a hairline still read on it."""

    land: str
    green: str
    building: str
    water: str
    shore: str
    road_main: str
    road_second: str
    road_minor: str
    casing: str
    building_over: str
    contour: str
    outline: str


@dataclass(frozen=True)
class Theme:
    """One theme. ramp: choropleth and heat, low to high. alarms: I to IV."""

    name: str
    bg: str
    surface: str
    line: str
    line_strong: str
    text_1: str
    text_2: str
    text_3: str
    accent: str
    on_accent: str
    good: str
    bad: str
    stale: str
    take_over: str
    on_take_over: str
    no_data: str
    no_data_ground: str
    ramp: tuple[str, ...]
    alarms: tuple[Alarm, ...]
    map: MapColours


INK, WHITE = "#0B1115", "#FFFFFF"
"""What is written inside an alarm's shape."""

_ALARMS = (
    ("red", "I", N_("Red"), "octagon"),
    ("orange", "II", N_("Orange"), "triangle"),
    ("yellow", "III", N_("Yellow"), "diamond"),
    ("blue", "IV", N_("Blue"), "circle"),
)


def _alarms(*colours: tuple[str, str, str | None]) -> tuple[Alarm, ...]:
    return tuple(Alarm(*row, *colour) for row, colour in zip(_ALARMS, colours, strict=True))


DARK = Theme(
    name="dark", bg="#0B1115", surface="#121B20", line="#26343C", line_strong="#5B6C75",
    text_1="#EEF3F4", text_2="#A9B8BF", text_3="#8A9BA3", accent="#6CCFC9", on_accent="#0B1115",
    good="#5FD08B", bad="#FF8D7E", stale="#E9D48A", take_over="#B3241A", on_take_over="#FFFFFF",
    no_data="#46555D", no_data_ground="#141C21",
    ramp=("#1D3A45", "#265866", "#2D7984", "#3C9B9C", "#59BEAF", "#8ADFBF"),
    alarms=_alarms(
        ("#FF5A4A", INK, None), ("#FF9838", INK, None), ("#F4D13D", INK, None), ("#62A8FF", INK, None),
    ),
    map=MapColours(
        land="#0B1115", green="#0E1B1A", building="#121A1F", water="#0A1C27", shore="#1B4256",
        road_main="#202E36", road_second="#18232A", road_minor="#121B20", casing="#0B1115",
        building_over="#0B1115", contour="#0B1115", outline="#EEF3F4",
    ),
)  # fmt: skip

LIGHT = Theme(
    name="light", bg="#F3F5F6", surface="#FFFFFF", line="#DFE5E7", line_strong="#B9C4C8",
    text_1="#0F1C22", text_2="#465860", text_3="#5F7079", accent="#0B6B78", on_accent="#FFFFFF",
    good="#17784A", bad="#BF2B1E", stale="#7A5C00", take_over="#B3241A", on_take_over="#FFFFFF",
    no_data="#A3B0B5", no_data_ground="#EDF0F0",
    ramp=("#DAF2E6", "#A0D7C8", "#65B9B2", "#2E999F", "#0F7787", "#0F5569"),
    alarms=_alarms(
        ("#C9261B", WHITE, None), ("#D9650A", INK, None), ("#F0C21A", INK, "#7A5C00"),
        ("#1F63C6", WHITE, None),
    ),
    map=MapColours(
        land="#F1F4F4", green="#DFEADF", building="#E3E8E9", water="#CFE0E8", shore="#A9C4D0",
        road_main="#FFFFFF", road_second="#FFFFFF", road_minor="#FFFFFF", casing="#DFE5E7",
        building_over="#FFFFFF", contour="#F1F4F4", outline="#0F1C22",
    ),
)  # fmt: skip

THEMES: dict[str, Theme] = {theme.name: theme for theme in (DARK, LIGHT)}


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue, 0 to 255, of a colour written #RRGGBB."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def stylesheet() -> str:
    """Every token as a CSS custom property: the shared ones and the dark theme at the root, light where it is chosen.

    Names: --gh-bg, --gh-line-strong, --gh-text-1, --gh-ramp-1…6, --gh-alarm-red(-ink|-outline), --gh-map-water,
    --gh-wall-kpi, --gh-desk-kpi, --gh-phone-body, --gh-space-1…10, --gh-radius-card, --gh-motion-row.
    """
    return "".join(
        _rule(selector, pairs)
        for selector, pairs in (
            (":root", _shared()),
            (':root,[data-mantine-color-scheme="dark"]', [("color-scheme", "dark"), *_coloured(DARK)]),
            ('[data-mantine-color-scheme="light"]', [("color-scheme", "light"), *_coloured(LIGHT)]),
        )
    )


def preferred_stylesheet() -> str:
    """The same tokens for plain documents: dark or light as the reader's own system prefers."""
    dark = _rule(":root", [*_shared(), ("color-scheme", "dark"), *_coloured(DARK)])
    light = _rule(":root", [("color-scheme", "light"), *_coloured(LIGHT)])
    return f"{dark}@media (prefers-color-scheme: light) {{\n{light}}}\n"


def _rule(selector: str, pairs: Iterator[tuple[str, str]] | list[tuple[str, str]]) -> str:
    lines = "".join(f"  {name}: {value};\n" for name, value in pairs)
    return f"{selector} {{\n{lines}}}\n"


def _shared() -> Iterator[tuple[str, str]]:
    yield "--gh-font", FONT_STACK
    yield from ((f"--gh-space-{n}", f"{n * SPACE_PX}px") for n in range(1, 11))
    yield from ((f"--gh-radius-{name}", f"{px}px") for name, px in RADIUS_PX.items())
    yield from ((f"--gh-motion-{name}", f"{ms}ms") for name, ms in MOTION_MS.items())
    for role, size in TYPE.items():
        units = (("wall", size.wall_px, "px"), ("desk", size.desk_rem, "rem"), ("phone", size.phone_px, "px"))
        yield from ((f"--gh-{where}-{role}", f"{n}{unit}") for where, n, unit in units if n is not None)


def _coloured(theme: Theme) -> Iterator[tuple[str, str]]:
    for field in fields(theme):
        value = getattr(theme, field.name)
        if isinstance(value, str) and field.name != "name":
            yield f"--gh-{field.name.replace('_', '-')}", value
    yield from ((f"--gh-ramp-{n}", colour) for n, colour in enumerate(theme.ramp, start=1))
    for alarm in theme.alarms:
        yield f"--gh-alarm-{alarm.name}", alarm.colour
        yield f"--gh-alarm-{alarm.name}-ink", alarm.ink
        yield f"--gh-alarm-{alarm.name}-outline", alarm.outline or alarm.colour
    yield from ((f"--gh-map-{f.name.replace('_', '-')}", getattr(theme.map, f.name)) for f in fields(theme.map))
