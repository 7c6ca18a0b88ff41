"""What the town's own system shows of its cases at a moment: raw rows with its own column names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from demo.arrays import Floats, Objects, Plan
from demo.calendar import UTC_OFFSET
from demo.lives import chosen, due_at, stage_at, status_at, until

STATUS_WORDS = {
    "reported": "待受理",
    "registered": "待派遣",
    "dispatched": "待签收",
    "accepted": "已签收",
    "handling": "处置中",
    "suspended": "挂账",
    "verifying": "待核查",
    "closed": "已结案",
    "self_handled": "自处置办结",
    "refused": "不予受理",
    "void": "作废",
    "merged": "已并案",
}
KIND_WORDS = {"problem": "问题", "hazard": "隐患"}
ONLINE_WORDS = {True: "是", False: "否", None: ""}
LEVEL_WORDS = {"satisfied": "满意", "basically": "基本满意", "dissatisfied": "不满意"}


def case_rows(plan: Plan, since: float, now: float) -> pd.DataFrame:
    """Cases that appeared or changed in (since, now], each once in its state at `now`.

    Columns 案号 工单号 类型 小类 标题 描述 来源 处置单位 状态 所属区域 线上办理 (text, "" = none), 上报时间
    首次响应时间 处置期限 结案时间 更新时间 (ISO 8601 with +08:00, "" = none), 经度 纬度 (WGS-84, NaN = no place).
    """
    stage, updated = stage_at(plan, now)
    fresh = (stage >= 0) & (updated > since)
    plan, stage, updated = chosen(plan, fresh), stage[fresh], updated[fresh]
    return pd.DataFrame(
        {
            "案号": plan["id"],
            "工单号": _text(plan["order_no"]),
            "类型": _words(plan["kind"], KIND_WORDS),
            "小类": plan["category"],
            "标题": plan["title"],
            "描述": plan["text"],
            "来源": plan["channel"],
            "处置单位": plan["department"],
            "状态": _words(status_at(plan, stage), STATUS_WORDS),
            "上报时间": iso(plan["reported"]),
            "首次响应时间": iso(until(plan["accepted"], now)),
            "处置期限": iso(due_at(plan, now)),
            "结案时间": iso(until(plan["ended"], now)),
            "更新时间": iso(updated),
            "线上办理": _words(plan["online"], ONLINE_WORDS),
            "所属区域": _text(plan["area_code"]),
            "经度": plan["lon"],
            "纬度": plan["lat"],
        }
    )


def rating_rows(plan: Plan, since: float, now: float) -> pd.DataFrame:
    """Ratings given in (since, now]: columns 评价编号 案号 评价结果 评价时间. The last one of a case counts."""
    first = _ratings(plan, "rated", "first_level", "01", since, now)
    again = _ratings(plan, "rated_again", "level", "02", since, now)
    return pd.concat([first, again], ignore_index=True) if len(again) else first


def _ratings(plan: Plan, moment: str, level: str, suffix: str, since: float, now: float) -> pd.DataFrame:
    given = chosen(plan, (plan[moment] > since) & (plan[moment] <= now))
    return pd.DataFrame(
        {
            "评价编号": given["id"] + suffix if len(given["id"]) else given["id"],
            "案号": given["id"],
            "评价结果": _words(given[level], LEVEL_WORDS),
            "评价时间": iso(given[moment]),
        }
    )


def iso(moments: Floats) -> Objects:
    """Epoch seconds as local ISO text with its zone, "" for NaN."""
    there = ~np.isnan(moments)
    found = np.full(len(moments), "", dtype=object)
    local = (moments[there] + UTC_OFFSET).astype("int64").astype("datetime64[s]")
    found[there] = [f"{text}+08:00" for text in np.datetime_as_string(local)]
    return found


def _text(column: Objects) -> Objects:
    return np.array(["" if cell is None else cell for cell in column], dtype=object)


def _words(column: Objects, words: Mapping[Any, str]) -> Objects:
    return np.array([words[cell] for cell in column], dtype=object)
