"""The paper's table, computed from the raw rows by pandas alone."""

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.map import town_map
from tests.demo.conftest import epoch, read

MONTHS = pd.period_range("2022-08", "2023-01", freq="M")
COMMUNITY = "429099001001"
PROBLEMS = [22, 28, 26, 39, 45, 58]
HAZARDS = [35, 39, 42, 52, 57, 49]
RESPONSE_DAYS = [3, 5, 4.5, 0.5, 28_500 / 86_400, 0.25]
SATISFACTION = [67.0, 68.5, 72.6, 89.2, 93.2, 94.6]
RATED = [20, 27, 23, 39, 44, 48]
DAY = 86_400


def table(cases: pd.DataFrame, ratings: pd.DataFrame) -> pd.DataFrame:
    """The monthly figures of one community, straight from the definitions of the paper's table."""
    local = {name: pd.to_datetime(cases[name].replace("", None), utc=True).dt.tz_convert("Asia/Shanghai")
             for name in ("上报时间", "首次响应时间", "结案时间")}  # fmt: skip
    month = local["上报时间"].dt.strftime("%Y-%m")
    problem = cases["类型"] == "问题"
    days = (local["首次响应时间"] - local["上报时间"]).dt.total_seconds() / DAY
    last = ratings.sort_values("评价时间").drop_duplicates("案号", keep="last").set_index("案号")["评价结果"]
    level = cases["案号"].map(last)
    closed = local["结案时间"].dt.strftime("%Y-%m")[level.notna()]
    score = level.map({"满意": 1.0, "基本满意": 0.9, "不满意": 0.0})[level.notna()]
    return pd.DataFrame(
        {
            "reported": month[problem].value_counts(),
            "hazards": month[~problem].value_counts(),
            "days": days.groupby(month).mean(),
            "median": days.groupby(month).median(),
            "different": days.groupby(month).nunique(),
            "satisfaction": score.groupby(closed).mean() * 100,
            "rated": score.groupby(closed).size(),
        }
    )


@pytest.fixture(scope="module")
def own_cases(cases: pd.DataFrame):
    """The cases of the community by place, as a map would count them."""
    shape = town_map().areas["community"].set_index("code").geometry[COMMUNITY]
    inside = gpd.GeoSeries.from_xy(cases["经度"], cases["纬度"], crs=4326).within(shape)
    return cases[inside | cases["所属区域"].str.startswith(COMMUNITY)]


def test_the_table_is_the_papers_to_the_printed_digit(own_cases: pd.DataFrame, ratings: pd.DataFrame):
    found = table(own_cases, ratings).loc[[str(month) for month in MONTHS]]
    assert found["reported"].tolist() == PROBLEMS
    assert found["hazards"].tolist() == HAZARDS
    assert found["days"].tolist() == pytest.approx(RESPONSE_DAYS, abs=1e-12)
    assert found["satisfaction"].round(1).tolist() == SATISFACTION
    assert found["rated"].tolist() == RATED
    assert found["satisfaction"][3:].mean() == pytest.approx(92.33, abs=0.005)


def test_single_answers_vary_and_the_median_is_not_the_mean(own_cases: pd.DataFrame, ratings: pd.DataFrame):
    found = table(own_cases, ratings).loc[[str(month) for month in MONTHS]]
    assert (found["different"] > 0.9 * found["reported"]).all()
    assert ((found["median"] - found["days"]).abs() > 0.03 * found["days"]).all()


def test_one_of_the_142_problems_since_the_launch_was_not_handled_online(own_cases: pd.DataFrame):
    since = own_cases[
        (own_cases["上报时间"] >= "2022-11-01T00:00+08:00") & (own_cases["上报时间"] < "2023-02-01T00:00+08:00")
    ]
    assert since["线上办理"].value_counts().to_dict() == {"是": 141, "否": 1, "": 158}
    assert set(since[since["线上办理"] != ""]["类型"]) == {"问题"}


def test_nothing_else_of_the_town_is_that_old_and_every_case_of_it_is_closed(cases: pd.DataFrame):
    old = cases[cases["上报时间"] < "2023-02-01T00:00+08:00"]
    assert len(old) == sum(PROBLEMS) + sum(HAZARDS)
    assert set(old["状态"]) == {"已结案"}
    problems = old[old["类型"] == "问题"]
    assert problems["结案时间"].max() < pd.Timestamp("2023-02-01", tz="Asia/Shanghai")
    assert (problems["首次响应时间"] > problems["上报时间"]).all()
    assert (problems["结案时间"] > problems["首次响应时间"]).all()


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**31))
def test_the_totals_hold_for_every_seed(seed: int):
    now = epoch("2023-02-20 12:00")
    found = table(read(now, what="case", seed=seed), read(now, what="rating", seed=seed))
    assert found["reported"].tolist() == PROBLEMS
    assert found["hazards"].tolist() == HAZARDS
    assert found["days"].tolist() == pytest.approx(RESPONSE_DAYS, abs=1e-12)
    assert found["satisfaction"].round(1).tolist() == SATISFACTION
    assert found["rated"].tolist() == RATED


def test_without_the_paper_the_old_months_are_empty():
    assert read(what="case", paper=False, days=3)["上报时间"].min() > "2026-11-20"
