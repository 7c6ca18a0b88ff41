"""A demo town whose clock the tests set."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from datasources.contract import Cursor
from datasources.feeds.demo.connector import DemoConnector

ZONE = ZoneInfo("Asia/Shanghai")


def epoch(text: str) -> int:
    return int(pd.Timestamp(text, tz=ZONE).timestamp())


NOW = epoch("2026-11-24 14:05:38")


def connector(now: int, **options) -> DemoConnector:
    return DemoConnector(options, folder=Path(), zone=ZONE, clock=lambda: now)


def read(now: int = NOW, cursor: Cursor | None = None, **options) -> pd.DataFrame:
    """The rows of all pages, one below the other; an empty frame when there is no page."""
    pages = [page.frame for page in connector(now, **options).pages(cursor)]
    return pd.concat(pages, ignore_index=True) if pages else pd.DataFrame()


@pytest.fixture(scope="session")
def cases() -> pd.DataFrame:
    """All cases known at NOW, times parsed."""
    frame = read(what="case")
    for name in ("上报时间", "首次响应时间", "处置期限", "结案时间", "更新时间"):
        frame[name] = pd.to_datetime(frame[name].replace("", None), format="ISO8601")
    return frame


@pytest.fixture(scope="session")
def ratings() -> pd.DataFrame:
    """All ratings known at NOW, times parsed."""
    frame = read(what="rating")
    frame["评价时间"] = pd.to_datetime(frame["评价时间"], format="ISO8601")
    return frame
