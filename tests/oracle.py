"""What every figure should be, by plain Python over single cases: written from counts.md, not from the code."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

EPOCH = date(1970, 1, 1)


def local_day(epoch: int, zone: str) -> int:
    """Days since 1970 of an instant on the wall clock of a zone."""
    return (datetime.fromtimestamp(epoch, ZoneInfo(zone)).date() - EPOCH).days


def counts_for(case: Mapping[str, Any], zone: str) -> Counter[tuple[str, int]]:
    """(measure, day) → n of one case. Levels: 0 satisfied, 1 basically, 2 dissatisfied, None; times: None or epoch."""
    found: Counter[tuple[str, int]] = Counter()
    if case["status"] in {"void", "merged", "detected"}:
        return found
    reported = local_day(case["reported_at"], zone)
    found["reported", reported] += 1
    if case["first_response_at"] is not None and case["first_response_at"] >= case["reported_at"]:
        found["responded", reported] += 1
        found["response_seconds", reported] += int(case["first_response_at"] - case["reported_at"])
    if case["online"] is not None:
        found["online_known", reported] += 1
        found["online", reported] += bool(case["online"])
    due = None if case["due_at"] is None else local_day(case["due_at"], zone)
    ended = None
    if case["status"] in {"closed", "refused", "self_handled"} and case["closed_at"] is not None:
        ended = local_day(case["closed_at"], zone)
        found["ended", max(ended, reported)] += 1  # a case cannot end before it was reported
        if due is not None and case["closed_at"] <= case["due_at"]:
            found["on_time", due] += 1
        if case["status"] != "refused":
            found["closed", ended] += 1
            if case["level"] is not None:
                found["rated", ended] += 1
                found["satisfied", ended] += case["level"] == 0
                found["basically", ended] += case["level"] == 1
    if case["overdue"] and due is not None:
        found["overdue_in", due] += 1
        if ended is not None:
            found["overdue_out", ended] += 1
    return Counter({key: n for key, n in found.items() if n})


def sums(cases: Iterable[Mapping[str, Any]], zone: str, by: Iterable[str] = ()) -> Counter[tuple[Any, ...]]:
    """(measure, day, *values of the columns `by`) → n over all cases, zeros left out."""
    columns = tuple(by)
    total: Counter[tuple[Any, ...]] = Counter()
    for case in cases:
        place = tuple(case[name] for name in columns)
        for key, n in counts_for(case, zone).items():
            total[(*key, *place)] += n
    return Counter({key: n for key, n in total.items() if n})
