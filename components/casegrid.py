"""The grid of cases: its columns, its rows as texts, its words. What the browser does with them is in assets/grid.js."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import dash_ag_grid as dag

from components.case_badge import tone
from components.caselines import KIND_WORDS, LEVEL_WORDS, STATUS_WORDS, moment_text, place_text
from components.deadline import standing
from components.words import _
from domain.cases import KINDS, LEVELS
from domain.measures import N_

PAGE = 50
"""Rows a request."""
ROW_PX, HEAD_PX = 35, 34

_COLUMNS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("external_id", N_("Case no."), {"width": 178, "cellRenderer": "CaseLink", "pinned": "left"}),
    ("category", N_("Matter"), {"width": 132, "cellClass": "gh-cell-strong"}),
    ("title", N_("Description"), {"flex": 2, "minWidth": 180, "sortable": False}),
    ("status", N_("State"), {"width": 104, "cellRenderer": "CaseState"}),
    ("due_at", N_("Time limit"), {"width": 136, "cellRenderer": "CaseDeadline", "type": "rightAligned"}),
    ("area", N_("Place"), {"flex": 1, "minWidth": 140}),
    ("kind", N_("Kind"), {"width": 78}),
    ("channel", N_("Channel"), {"width": 110}),
    ("department", N_("Department"), {"width": 120}),
    ("reported_at", N_("Reported at"), {"width": 146}),
    ("closed_at", N_("Closed at"), {"width": 146}),
    ("level", N_("Rating"), {"width": 96}),
    ("source", N_("Source"), {"width": 120}),
)
"""Column (its id is the name it is sorted by: store.listings.SORTS), heading, and how AG Grid shows it."""

_CARD = {"colId": "card", "cellRenderer": "CaseCard", "hide": True, "flex": 1, "sortable": False}
"""All of a case in one cell: what a phone shows instead of columns."""

WORDS = {
    "noRowsToShow": N_("No cases"),
    "loadingOoo": N_("Reading"),
    "loadingError": N_("Could not be read"),
    "ariaSortableColumn": N_("Press Enter to sort"),
    "ariaRowSelect": N_("Press Space to select this row"),
    "ariaLabelLoading": N_("Reading"),
    "ariaLabelLoadingError": N_("Could not be read"),
    "ariaPinnedColumns": N_("pinned"),
    "ariaIndeterminate": N_("indeterminate"),
    "sortAscending": N_("Ascending"),
    "sortDescending": N_("Descending"),
    "ariaLabelColumnMenu": N_("Column menu"),
}
"""Texts of AG Grid that this grid can show or speak."""


def case_row(case: Mapping[str, Any], zone: ZoneInfo, now: int, place: str | None = None) -> dict[str, Any]:
    """A case as the grid takes it: texts, and what the browser needs to draw them. place: its area in full words."""
    named = case if place is None else {**case, "area_name": place}
    stands = standing(case, now)
    return {
        "id": case["id"],
        **{name: case[name] or "" for name in ("external_id", "category", "title", "channel", "department", "source")},
        "kind": _(KIND_WORDS[KINDS[case["kind"]]]),
        "status": _(STATUS_WORDS[case["status"]]),
        "status_tone": tone(case["status"]),
        "area": place_text(named),
        "due_at": stands.text,
        "due_tone": stands.tone,
        "due_title": moment_text(case["due_at"], zone),
        "reported_at": moment_text(case["reported_at"], zone, "%Y-%m-%d %H:%M"),
        "closed_at": moment_text(case["closed_at"], zone, "%Y-%m-%d %H:%M"),
        "level": "" if case["level"] is None else _(LEVEL_WORDS[LEVELS[case["level"]]]),
    }


def case_grid(sort: str, *, descending: bool) -> dag.AgGrid:
    """The grid, sorted as the address says. Rows come by request, a page at a time."""
    return dag.AgGrid(
        id="cases-grid",
        rowModelType="infinite",
        columnDefs=[_column(*each, sort, descending=descending) for each in _COLUMNS] + [_CARD],
        defaultColDef={"sortable": True, "resizable": True, "suppressMovable": True, "suppressHeaderMenuButton": True,
                       "sortingOrder": ["desc", "asc"]},
        eventListeners={
            "rowClicked": ["openCase(params)"],
            "cellKeyDown": ["openCase(params)"],
            "sortChanged": ["keepSort(params)"],
            "gridSizeChanged": ["fitCases(params)"],
            "firstDataRendered": ["fitCases(params)"],
        },
        dashGridOptions={
            "theme": {"function": "gridTheme(themeQuartz)"},
            "localeText": {key: _(text) for key, text in WORDS.items()},
            "cacheBlockSize": PAGE, "maxBlocksInCache": 20, "infiniteInitialRowCount": 1, "rowBuffer": 10,
            "maxConcurrentDatasourceRequests": 1,  # the component remembers one request at a time
            "rowHeight": ROW_PX, "headerHeight": HEAD_PX, "animateRows": False, "suppressCellFocus": False,
            "enableCellTextSelection": True, "suppressMultiSort": True, "tooltipShowDelay": 400,
        },
        className="gh-grid",
        style={"height": "100%"},
    )  # fmt: skip


def _column(name: str, label: str, more: dict[str, Any], sort: str, *, descending: bool) -> dict[str, Any]:
    sorted_by = {"sort": "desc" if descending else "asc"} if name == sort else {}
    return {"field": name, "colId": name, "headerName": _(label), "tooltipField": name, **more, **sorted_by}
