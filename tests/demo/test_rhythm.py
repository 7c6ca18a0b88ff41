"""The town lives plausibly: volumes, hours, weeks, seasons, hot spots, lives and ratings."""

import geopandas as gpd
import pandas as pd
import pytest

from demo.map import town_map
from tests.demo.conftest import NOW, ZONE

ENDED = {"已结案", "自处置办结", "不予受理", "作废", "已并案"}


@pytest.fixture(scope="module")
def live(cases: pd.DataFrame) -> pd.DataFrame:
    """The 400 full days, with local day, month and hour."""
    today = pd.Timestamp(NOW, unit="s", tz=ZONE).normalize()
    frame = cases[(cases["上报时间"] > "2025-01-01T00:00+08:00") & (cases["上报时间"] < today)].copy()
    local = frame["上报时间"].dt.tz_convert(ZONE)
    return frame.assign(
        day=local.dt.normalize(), month=local.dt.month, hour=local.dt.hour, weekday=local.dt.day_of_week
    )


@pytest.fixture(scope="module")
def grids(live: pd.DataFrame):
    """The grid of every case that has a place, NaN outside."""
    placed = live[live["经度"].notna()]
    points = gpd.GeoDataFrame(index=placed.index, geometry=gpd.points_from_xy(placed["经度"], placed["纬度"]), crs=4326)
    return points.sjoin(town_map().areas["grid"][["code", "geometry"]], how="left", predicate="within")["code"]


def test_400_full_days_have_about_110_to_130_cases_each(live: pd.DataFrame):
    daily = live.groupby("day").size()
    assert len(daily) == 400
    assert 115 < daily.mean() < 125
    assert daily.between(100, 140).all()
    assert daily.between(108, 132).mean() > 0.9


def test_people_report_by_day_with_a_morning_and_an_evening_peak(live: pd.DataFrame):
    hours = live.groupby("hour").size().reindex(range(24), fill_value=0)
    assert hours[:6].sum() < 0.04 * hours.sum()
    assert hours[8:11].mean() > 1.3 * hours[12:14].mean()
    assert hours[16:19].mean() > 1.15 * hours[12:14].mean()


def test_weekends_are_quieter(live: pd.DataFrame):
    weekday = live.groupby("weekday").size() / live.groupby("weekday")["day"].nunique()
    assert weekday[5:].mean() < 0.97 * weekday[:5].mean()


@pytest.mark.parametrize(
    ("category", "high", "low"),
    [
        ("蚊虫滋生", 7, 1),
        ("路面积水", 6, 1),
        ("落叶堆积", 11, 5),
        ("路面湿滑", 1, 7),
        ("燃气隐患", 1, 7),
        ("流动摊贩", 7, 1),
    ],
)
def test_categories_have_their_season(live: pd.DataFrame, category: str, high: int, low: int):
    monthly = live[live["小类"] == category].groupby("month").size()
    assert monthly.get(high, 0) > 3 * monthly.get(low, 0)


def test_there_are_20_to_30_categories_with_one_kind_and_department_each(live: pd.DataFrame):
    assert 20 <= live["小类"].nunique() <= 30
    assert len(live[["小类", "类型", "处置单位"]].drop_duplicates()) == live["小类"].nunique()
    assert set(live["来源"]) == {"居民扫码", "网格员", "12345热线", "传感器", "视频巡查"}
    assert ((live["工单号"] != "") == (live["来源"] == "12345热线")).all()


@pytest.mark.parametrize(
    ("grid", "category"),
    [("429099001001008", "暴露垃圾"), ("429099001004012", "非机动车乱停放"), ("429099001008007", "店外经营")],
)
def test_hot_spots_lead_their_community_by_their_category(
    live: pd.DataFrame, grids: pd.Series, grid: str, category: str
):
    counts = grids.value_counts()
    community = counts[counts.index.str.startswith(grid[:12])]
    assert community.idxmax() == grid
    assert counts[grid] > 2.5 * counts.median()
    assert live.loc[grids[grids == grid].index, "小类"].value_counts().idxmax() == category


def test_every_community_and_nearly_every_grid_has_cases(grids: pd.Series):
    assert grids.dropna().str[:12].nunique() == 8
    silent = set(town_map().areas["grid"]["code"]) - set(grids.dropna())
    assert len(silent) == 2


def test_some_cases_have_no_place_and_a_few_lie_outside(live: pd.DataFrame, grids: pd.Series):
    nowhere = live["经度"].isna()
    assert 0.02 < nowhere.mean() < 0.04
    assert ((live["所属区域"] != "") == nowhere).all()
    assert set(live["所属区域"].str.len()) == {0, 12, 15}
    assert 0.003 < grids.isna().mean() < 0.01


def test_numbers_are_unique_and_carry_the_local_date(cases: pd.DataFrame):
    assert cases["案号"].is_unique
    assert (cases["案号"].str.len() == 19).all()
    assert (cases["案号"].str[6:14] == cases["上报时间"].dt.tz_convert(ZONE).dt.strftime("%Y%m%d")).all()


def test_lives_run_in_order(live: pd.DataFrame):
    there = live["首次响应时间"].notna() & live["结案时间"].notna()
    assert (live["上报时间"] <= live["更新时间"]).all()
    assert (live["首次响应时间"] > live["上报时间"])[there].all()
    assert (live["结案时间"] >= live["首次响应时间"])[there].all()
    assert (live["结案时间"].notna() == live["状态"].isin(ENDED)).all()
    assert (live["更新时间"] == live["结案时间"])[live["状态"].isin(ENDED)].all()


def test_most_cases_end_well_and_a_few_otherwise(live: pd.DataFrame):
    share = live["状态"].value_counts(normalize=True)
    assert 0.88 < share["已结案"] < 0.94
    for status, low, high in [
        ("不予受理", 0.008, 0.02),
        ("作废", 0.003, 0.01),
        ("已并案", 0.008, 0.016),
        ("自处置办结", 0.04, 0.08),
    ]:
        assert low < share[status] < high
    closed = live[live["状态"] == "已结案"]
    assert 0.955 < (closed["结案时间"] <= closed["处置期限"]).mean() < 0.975
    assert (live["状态"] == "挂账").sum() > 0


def test_a_handful_is_open_and_overdue_now(cases: pd.DataFrame):
    open_now = cases[~cases["状态"].isin(ENDED)]
    overdue = open_now["处置期限"] < pd.Timestamp(NOW, unit="s", tz=ZONE)
    assert 40 < len(open_now) < 160
    assert overdue.sum() < 12


def test_about_60_percent_are_rated_and_satisfaction_is_94(cases: pd.DataFrame, ratings: pd.DataFrame):
    recent = cases[(cases["状态"] == "已结案") & (cases["上报时间"] > "2025-01-01T00:00+08:00")]
    last = ratings.sort_values("评价时间").drop_duplicates("案号", keep="last").set_index("案号")["评价结果"]
    level = recent["案号"].map(last)
    assert 0.57 < level.notna().mean() < 0.63
    score = level.dropna().map({"满意": 1.0, "基本满意": 0.9, "不满意": 0.0})
    assert 0.93 < score.mean() < 0.955


def test_every_rating_speaks_of_a_closed_case_and_comes_after_it(cases: pd.DataFrame, ratings: pd.DataFrame):
    both = ratings.merge(cases[["案号", "状态", "结案时间"]], on="案号", how="left")
    assert ratings["评价编号"].is_unique
    assert (both["状态"] == "已结案").all()
    assert (both["评价时间"] > both["结案时间"]).all()
    assert 0 < ratings["案号"].duplicated().sum() < 0.03 * len(ratings)
