"""The heat map against plain sums: the kernel, the scale, the contours and their edges."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from components.heat import FEWEST, OPACITY, REACH, SHARES, Field, coarser, field_of, heat_picture, level_of, smoothed
from components.theme import DARK, rgb
from geo.bins import HALF_WIDTH, RADIUS_M, Bins
from geo.panes import Pane
from geo.tiles import lonlat_to_pixels, metres_per_pixel

BOUNDS = (114.0, 30.5, 114.03, 30.52)


def brute(counts: np.ndarray) -> np.ndarray:
    """The kernel from its definition: three uniform sums one after another, every case spread on its own."""
    box = np.ones(2 * HALF_WIDTH + 1) / (2 * HALF_WIDTH + 1)
    line = np.convolve(np.convolve(box, box), box)
    kernel, found = np.outer(line, line), np.zeros(np.array(counts.shape) + 2 * REACH)
    for row, column in zip(*np.nonzero(counts), strict=True):
        found[row : row + len(line), column : column + len(line)] += counts[row, column] * kernel
    return found


def some_counts(bins: Bins, seed: int = 1, n: int = 400) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.bincount(rng.integers(0, len(bins), n // 2).repeat(2), minlength=len(bins))


@settings(max_examples=30)
@given(st.integers(1, 30), st.integers(1, 30), st.lists(st.integers(0, 10_000), max_size=20), st.randoms())
def test_smoothing_spreads_every_case_by_the_kernel_and_loses_none(rows, columns, numbers, random):
    counts = np.zeros((rows, columns), dtype=np.int64)
    for n in numbers:
        counts[random.randrange(rows), random.randrange(columns)] += n
    found = smoothed(counts)
    assert found == pytest.approx(brute(counts), abs=1e-9)
    assert found.sum() == pytest.approx(counts.sum())


@given(st.integers(1, 20), st.integers(1, 20), st.integers(0, 3), st.integers(0, 2**32))
def test_wider_squares_hold_the_sum_of_the_narrow_ones(rows, columns, level, seed):
    counts = np.random.default_rng(seed).integers(0, 9, (rows, columns))
    wide, step = coarser(counts, level), 1 << level
    assert wide.sum() == counts.sum()
    assert (
        wide[0, 0] == counts[:step, :step].sum()
        and wide[-1, -1] == counts[(rows - 1) // step * step :, (columns - 1) // step * step :].sum()
    )


def test_the_radius_is_150_m_on_streets_and_doubles_until_it_can_be_seen():
    bins = Bins.over(BOUNDS)
    for zoom in range(10, 20):
        ground = metres_per_pixel(30.5, zoom)
        radius = RADIUS_M * 2 ** level_of(bins, ground)
        assert radius / ground >= 12 and (radius == RADIUS_M or radius / 2 / ground < 12)
    assert level_of(bins, metres_per_pixel(30.5, 14)) == 0


def test_the_scale_is_set_by_the_densest_place_of_the_whole_site():
    bins = Bins.over(BOUNDS)
    counts = some_counts(bins)
    field = field_of(counts, bins, 0)
    top = brute(counts.reshape(bins.rows, bins.columns)).max() / (bins.side_m / 1000) ** 2
    assert field.limits == pytest.approx([share * top for share in SHARES])
    assert field.density.max() == pytest.approx(top, rel=1e-6)


def test_a_lonely_case_is_no_hot_spot():
    bins = Bins.over(BOUNDS)
    field = field_of(np.bincount([500], minlength=len(bins)), bins, 0)
    assert (field.density.max() >= np.array(field.limits)).sum() == (np.array(SHARES) <= 1 / FEWEST).sum()
    assert (field_of(np.zeros(len(bins), np.int64), bins, 0).density == 0).all()


def pane_over(bins: Bins, zoom: int, width: int, height: int, left: int = 0) -> Pane:
    x, y = lonlat_to_pixels(114.015, 30.51, zoom)
    return Pane(zoom, int(x) - width // 2 + left, int(y) - height // 2, width, height)


def everywhere(bins: Bins) -> shapely.Geometry:
    return shapely.box(bins.left - 1e-4, bins.top - 1e-4, bins.left + 1e-3, bins.top + 1e-3)


def test_each_pixel_has_the_colour_of_the_density_at_its_place():
    bins = Bins.over(BOUNDS)
    field, pane = field_of(some_counts(bins, 3, 200), bins, 0), pane_over(bins, 16, 300, 200)
    picture = np.asarray(heat_picture(field, pane, DARK, everywhere(bins)))
    x = ((pane.left + np.arange(300) + 0.5) / pane.world_px - field.left) / field.side - 0.5
    y = ((pane.top + np.arange(200) + 0.5) / pane.world_px - field.top) / field.side - 0.5
    rows, columns = np.arange(field.density.shape[0]), np.arange(field.density.shape[1])
    across = np.array([np.interp(x, columns, line) for line in field.density])
    density = np.array([np.interp(y, rows, across[:, i]) for i in range(300)]).T
    step = np.searchsorted(field.limits, density, side="right")
    colours = np.array([(0, 0, 0, 0), *((*rgb(c), round(255 * OPACITY)) for c in DARK.ramp)])
    sure = np.min([np.abs(density - limit) / limit for limit in field.limits], axis=0) > 0.12
    expected, found = colours[step[sure]], picture[sure]
    assert sure.mean() > 0.3 and len(np.unique(step[sure])) >= 4
    drawn = expected[:, 3] > 0
    assert (found[~drawn, 3] == 0).mean() > 0.98
    assert (np.abs(found[drawn].astype(int) - expected[drawn]).max(axis=1) <= 2).mean() > 0.95


@pytest.mark.parametrize("zoom", [12, 14, 15, 18])
@pytest.mark.parametrize("scale", [1, 2])
def test_two_neighbouring_tiles_are_the_two_halves_of_one_picture(zoom, scale):
    bins = Bins.over(BOUNDS)
    field = field_of(some_counts(bins, 9, 2_000), bins, level_of(bins, metres_per_pixel(30.5, zoom)))
    outline = shapely.box(bins.left, bins.top, bins.left + bins.columns * bins.side, bins.top + bins.rows * bins.side)

    def drawn(width: int, left: int) -> np.ndarray:
        pane = pane_over(bins, zoom, 512, 256)
        part = Pane(zoom, pane.left + left, pane.top, width, 256)
        return np.asarray(heat_picture(field, part, DARK, outline, scale)).astype(int)

    whole, halves = drawn(512, 0), np.concatenate([drawn(256, 0), drawn(256, 256)], axis=1)
    assert whole[..., 3].any()
    assert (np.abs(whole - halves).max(axis=2) > 8).sum() <= 2  # a sample may fall on a limit exactly


def test_nothing_is_drawn_outside_the_outline():
    bins = Bins.over(BOUNDS)
    field, pane = field_of(np.full(len(bins), 3), bins, 0), pane_over(bins, 16, 256, 256)
    left = shapely.box(bins.left, bins.top, (pane.left + 100) / pane.world_px, bins.top + 1)
    alpha = np.asarray(heat_picture(field, pane, DARK, left))[..., 3]
    assert (alpha[:, 102:] == 0).all() and (alpha[:, :98] > 200).all()


def test_a_tile_beyond_the_site_is_empty():
    bins = Bins.over(BOUNDS)
    field: Field = field_of(some_counts(bins), bins, 0)
    assert not np.asarray(heat_picture(field, Pane(15, 0, 0), DARK, everywhere(bins)))[..., 3].any()
