"""Connectors to video platforms as tests make them, and the cameras that their usual mapping gives."""

from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from datasources.mapping import Mapping
from datasources.registry import completed, connector_class
from tests.datasources.sources import NOW, case_source
from tests.datasources.video.answers import Answering, asked


def connector(name: str, options: dict[str, Any], clock: Any = None) -> Any:
    """A connector with options."""
    return connector_class(name)(options, folder=None, zone=ZoneInfo("Asia/Shanghai"), clock=clock or (lambda: NOW))


def cameras(name: str, options: dict[str, Any], answer: Answering, cursor: Any = None, **settings: Any) -> pd.DataFrame:
    """What the usual mapping makes of the list that `answer` gives."""
    source = completed(case_source(connector=name, record="camera", options=options, **settings))
    with asked(answer):
        pages = list(connector(name, options).pages(cursor))
    batches = [Mapping(source).apply(page, NOW) for page in pages]
    assert all(batch.rejected.empty for batch in batches)
    return pd.concat([batch.frame for batch in batches], ignore_index=True) if batches else pd.DataFrame()


def last_cursor(name: str, options: dict[str, Any], answer: Answering) -> Any:
    """Up to where a whole read goes."""
    with asked(answer):
        return list(connector(name, options).pages(None))[-1].cursor
