"""The heat map counts what the figures count, follows every write, and shows nobody more than they may see."""

import io
import random
from collections.abc import Iterator
from itertools import product
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
import sqlalchemy as sa
from PIL import Image

from domain.cases import PLACINGS
from domain.measures import KPIS
from domain.scope import Scope
from geo.bins import Bins
from geo.tiles import lonlat_to_pixels
from store import schema
from store.engine import write
from store.heatfeed import GAP_SECONDS, HeatFeed
from store.listings import count
from tests.tiletown import BOUNDS, NOW, SOUTH, STEP, WEST, Town, case_rows, open_town, some_cases, square
from views.basemap import BaseMap
from views.figures import figure, off_map
from views.heat import FIGURES, HeatMap
from views.outlines import Outlines
from views.query import parse_query

SITE = Scope.site("viewer")
FILTERS: list[dict[str, Any]] = [
    {}, {"kind": "hazard"}, {"category": "noise"}, {"category": ["litter", "parking"], "source": "two"},
    {"area": "A"}, {"area": "B2", "kind": "problem"}, {"source": "none"}, {"category": "nothing"}, {"area": "nowhere"},
]  # fmt: skip
SCOPES = [SITE, Scope(frozenset({"A1", "B"}), "viewer"), Scope.nothing()]


@pytest.fixture
def town(tmp_path) -> Iterator[Town]:
    town = open_town(tmp_path)
    yield town
    town.close()


@pytest.fixture
def heat(town: Town) -> HeatMap:
    return HeatMap(town.reader, Outlines(town.engine), town.house.clock)


def asked(town: Town, **query):
    moment = town.reader.moment()
    return moment, parse_query(urlencode(query, doseq=True), moment)


def numbers(heat: HeatMap, town: Town, scope: Scope, **query) -> tuple[int, dict[str, int]]:
    moment, parsed = asked(town, **query)
    info = heat.info(moment, scope, parsed, 15)
    return info["shown"], info["off_map"]


def picture(heat: HeatMap, town: Town, scope: Scope, **query) -> np.ndarray:
    """The tile of zoom 13 that holds the middle of the site, as RGBA."""
    moment, parsed = asked(town, **query)
    x, y = lonlat_to_pixels((BOUNDS[0] + BOUNDS[2]) / 2, (BOUNDS[1] + BOUNDS[3]) / 2, 13, tile_size=1)
    body, _version = heat.tile(moment, scope, parsed, "dark", 13, int(x), int(y), 1)
    return np.asarray(Image.open(io.BytesIO(body)))


def equal_to_the_figures(heat: HeatMap, town: Town) -> None:
    """Shown + off the map = the figure = the rows of its list, for every choice."""
    every = list(product(FIGURES, ("7d", "30d"), FILTERS, SCOPES))
    for measure, period, chosen, scope in random.Random(len(every)).sample(every, 40):
        query: dict[str, Any] = {"measure": measure, "period": period, **chosen}
        moment, parsed = asked(town, **query)
        shown, off = numbers(heat, town, scope, **query)
        kpi = KPIS[measure]
        assert shown + sum(off.values()) == figure(town.reader, moment, scope, parsed.chosen, measure).rows, query
        assert off == off_map(moment, scope, parsed.chosen, kpi)
        with town.engine.connect() as connection:
            assert count(connection, moment.wanted(scope, parsed.chosen, kpi)) == shown + sum(off.values())


def test_the_points_of_every_choice_are_as_many_as_its_figure_and_its_list_say(town, heat):
    rng = np.random.default_rng(1)
    town.take(some_cases(rng, 600))
    town.take(some_cases(rng, 300, first=10_000), source=2)
    equal_to_the_figures(heat, town)
    assert numbers(heat, town, SITE, period="30d")[0] > 100


@pytest.fixture
def each_store(tmp_path, tables_url) -> Iterator[Town]:
    town = open_town(tmp_path, tables_url)
    yield town
    town.close()


def test_the_points_follow_every_write_on_both_stores(each_store, tmp_path):
    rng, town = np.random.default_rng(2), each_store
    heat = HeatMap(town.reader, Outlines(town.engine), town.house.clock)
    equal_to_the_figures(heat, town)
    for first in (0, 100, 50, 0):  # new ones, then corrections too: moved, ended, reopened, void
        town.take(some_cases(rng, 150, first=first))
        equal_to_the_figures(heat, town)
    town.draw("road", square(1), "main")
    assert BaseMap(town.engine, heat.outlines, tmp_path / "tiles", town.house.clock).info()["features"] == {"road": 1}


def test_cases_marked_overdue_are_seen_though_no_step_tells(town, heat):
    ids, places = [f"d{i}" for i in range(40)], (np.full(40, WEST + STEP / 2), np.full(40, SOUTH + STEP / 2))
    due = np.full(40, NOW + 1_000.0)
    town.take(case_rows(40, external_id=ids, due_at=due, longitude=places[0], latitude=places[1]))
    assert numbers(heat, town, SITE, measure="overdue")[0] == 0
    town.now[0] = NOW + 2_000
    assert town.mark() == 40
    assert numbers(heat, town, SITE, measure="overdue")[0] == 40
    equal_to_the_figures(heat, town)


def test_steps_that_commit_late_are_found_by_their_missing_numbers(town):
    town.take(some_cases(np.random.default_rng(3), 20))
    feed = HeatFeed(town.engine, town.reader.areas, town.reader.zone, Bins.over(BOUNDS), town.house.clock)
    feed.fill()
    held, cases, steps = feed.points.totals.reported, schema.cases, schema.case_steps

    def step(number: int, case_id: int) -> None:
        row = {"id": number, "case_id": case_id, "at": NOW, "known_at": NOW, "move": "update", "actor": "source"}
        with write(town.engine) as connection:
            connection.execute(sa.update(cases).where(cases.c.id == case_id).values(status="void"))
            connection.execute(sa.insert(steps), row | {"status": "void"})

    with town.engine.connect() as connection:
        first, second = connection.execute(
            sa.select(cases.c.id).where(cases.c.status.not_in(["void", "merged"])).limit(2)
        ).scalars()
        last = connection.execute(sa.select(sa.func.max(steps.c.id))).scalar_one()
    for number, case_id, left in ((last + 3, first, held - 1), (last + 2, second, held - 2)):
        step(number, case_id)
        feed.follow()
        assert feed.points.totals.reported == left
    town.now[0] += GAP_SECONDS + 1
    feed.follow()
    assert not len(feed._gaps)


def test_a_read_that_breaks_off_is_begun_anew(town, heat, monkeypatch):
    numbers(heat, town, SITE)
    town.take(some_cases(np.random.default_rng(9), 50))
    with monkeypatch.context() as broken:
        broken.setattr(HeatFeed, "_read_again", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            numbers(heat, town, SITE)
    equal_to_the_figures(heat, town)


def test_more_changes_than_are_worth_following_are_read_as_a_whole(town, heat, monkeypatch):
    monkeypatch.setattr("store.heatfeed.MOST_CHANGES", 10)
    numbers(heat, town, SITE)
    town.take(some_cases(np.random.default_rng(8), 100))
    equal_to_the_figures(heat, town)


def test_what_no_step_tells_is_mended_by_comparing_with_the_counts(town, heat):
    town.take(some_cases(np.random.default_rng(4), 50))
    numbers(heat, town, SITE)
    heat._feed._seen = 10**9  # as if the steps of the next write had been missed
    town.take(some_cases(np.random.default_rng(5), 50, first=500))
    equal_to_the_figures(heat, town)


def test_cases_of_a_foreign_area_change_no_tile(town, heat):
    rng = np.random.default_rng(6)
    mine = Scope(frozenset({"A"}), "viewer")
    town.take(some_cases(rng, 200))
    before = picture(heat, town, mine, period="30d")
    more = some_cases(rng, 300, first=5_000)
    town.take(more[(more["longitude"] > WEST + 2 * STEP) | more["area_code"].isin(["B2"])])
    assert (picture(heat, town, mine, period="30d") == before).all()
    assert before[..., 3].any()
    assert (picture(heat, town, SITE, period="30d") != before).any()
    assert not picture(heat, town, Scope.nothing(), period="30d")[..., 3].any()


def test_the_heat_of_an_area_stays_within_its_outline(town, heat):
    town.take(case_rows(30, external_id=[f"e{i}" for i in range(30)], longitude=np.full(30, WEST + 2 * STEP - 1e-5),
                        latitude=np.full(30, SOUTH + STEP / 2)))  # fmt: skip
    whole, part = picture(heat, town, SITE)[..., 3], picture(heat, town, SITE, area="A")[..., 3]
    edge = int(lonlat_to_pixels(WEST + 2 * STEP, SOUTH, 13)[0] % 256)
    assert whole[:, edge + 3 : edge + 8].any() and not part[:, edge + 2 :].any() and part.any()


def test_the_legend_says_radius_limits_and_figure(town, heat):
    town.take(some_cases(np.random.default_rng(7), 100))
    moment, parsed = asked(town, measure="satisfaction")
    near, far = (heat.info(moment, SITE, parsed, zoom) for zoom in (15, 12))
    assert (near["figure"], near["radius_m"]) == ("reported", 150)
    assert far["radius_m"] > 150 and len(near["limits_per_km2"]) == 6
    assert near["limits_per_km2"] == sorted(near["limits_per_km2"])
    assert near["off_map_total"] == sum(near["off_map"].values()) and set(near["off_map"]) == set(PLACINGS[1:])
    assert heat.info(moment, Scope.nothing(), parsed, 15)["radius_m"] is None


def test_an_empty_store_has_an_empty_heat_map(town, heat):
    assert numbers(heat, town, SITE) == (0, {"no_place": 0, "outside": 0, "pin": 0})
    assert not picture(heat, town, SITE)[..., 3].any()


def test_counts_that_are_wrong_do_not_make_every_write_read_everything(town, heat, monkeypatch):
    town.take(some_cases(np.random.default_rng(10), 60))
    with write(town.engine) as connection:
        connection.execute(sa.delete(schema.count_batch))
    filled: list[int] = []
    whole = HeatFeed.fill

    def fill(feed: HeatFeed) -> None:
        filled.append(1)
        whole(feed)

    monkeypatch.setattr(HeatFeed, "fill", fill)
    for first in (100, 200, 300):
        town.take(some_cases(np.random.default_rng(first), 5, first=first))
        numbers(heat, town, SITE)
    assert len(filled) == 2
