"""The key figures: each is defined here once, and wall, desk, list, export and print read the same row.

Rules: domain handbook section 3 (the outcome table) and the 三率 formula of a district's 12345 code for satisfaction.
Texts are message ids; the catalogue has the Chinese.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

SATISFACTION_WEIGHT_BASICALLY = 0.9
"""满意率 = (满意 + 0.9 × 基本满意) ÷ 已评; a place may count another part of 基本满意 (`weigh`)."""

SECONDS_A_DAY = 86_400


def N_(text: str) -> str:  # noqa: N802  the usual name of gettext's marker
    """Mark a text for translation where it is defined, to be translated where it is shown."""
    return text


@dataclass(frozen=True)
class Kpi:
    """One key figure.

    numerator and denominator are weighted sums of measures (domain.contributions.MEASURES); no denominator means a
    count. stock: the level at the end of the period (everything since the first day) instead of the flow within it.
    kind: only cases of this kind. given: what fills in the {names} of the formula. listing: which rows are behind it (store.cases.LISTINGS), as many as `counted` says.
    better: whether more or less of it is good, or None when a rise is neither (more reports is better detection).
    """

    name: str
    label: str
    unit: str
    listing: str
    numerator: Mapping[str, float]
    denominator: Mapping[str, float] | None = None
    stock: bool = False
    kind: str | None = None
    better: str | None = None
    digits: int = 0
    formula: str = ""
    scope: str = ""
    excluded: str = ""
    given: Mapping[str, object] = field(default_factory=dict)

    @property
    def counted(self) -> Mapping[str, float]:
        """The measures that count the rows behind this figure."""
        return self.denominator_rows if self.denominator else self.numerator

    @property
    def denominator_rows(self) -> Mapping[str, float]:
        """The denominator as a number of rows."""
        return dict.fromkeys(self.denominator or {}, 1)

    @property
    def measures(self) -> tuple[str, ...]:
        """Every measure it needs."""
        return tuple(dict.fromkeys((*self.numerator, *(self.denominator or {}))))

    def value(self, totals: Mapping[str, float]) -> float | None:
        """The figure from the totals of its measures; None when there is nothing to divide by."""
        top = sum(weight * totals[name] for name, weight in self.numerator.items())
        if self.denominator is None:
            return top
        bottom = sum(weight * totals[name] for name, weight in self.denominator.items())
        return top / bottom if bottom else None

    def rows(self, totals: Mapping[str, float]) -> int:
        """How many cases are behind the figure."""
        return int(sum(weight * totals[name] for name, weight in self.counted.items()))


_NOT_COUNTED = N_("Void, merged and test cases; detections that nobody has confirmed")

KPIS: dict[str, Kpi] = {
    kpi.name: kpi
    for kpi in (
        Kpi(
            "on_time_rate", N_("On-time handling rate"), "percent", "due",
            {"on_time": 100}, {"on_time": 1, "overdue_in": 1}, better="up", digits=1,
            formula=N_("Ended by their deadline ÷ due"),
            scope=N_("Cases whose deadline falls in the period and that have ended or are past it"),
            excluded=_NOT_COUNTED,
        ),
        Kpi(
            "overdue", N_("Overdue and open"), "cases", "overdue",
            {"overdue_in": 1, "overdue_out": -1}, stock=True, better="down",
            formula=N_("Open cases past their deadline at the end of the period"),
            scope=N_("Every case with a deadline up to the last day of the period"), excluded=_NOT_COUNTED,
        ),
        Kpi(
            "response", N_("Mean response"), "days", "responded",
            {"response_seconds": 1}, {"responded": SECONDS_A_DAY}, better="down", digits=2,
            formula=N_("Mean of first human response − report, in elapsed days"),
            scope=N_("Cases reported in the period that have a response"),
            excluded=N_("Cases without a response yet; automatic receipts; void, merged and test cases"),
        ),
        Kpi(
            "satisfaction", N_("Satisfaction"), "percent", "rated",
            {"satisfied": 100, "basically": 100 * SATISFACTION_WEIGHT_BASICALLY}, {"rated": 1}, better="up", digits=1,
            formula=N_("(Satisfied + {weight} × basically satisfied) ÷ rated"),
            given={"weight": SATISFACTION_WEIGHT_BASICALLY},
            scope=N_("Cases closed in the period, by their last valid rating"),
            excluded=N_("Cases not rated; void, merged and test cases"),
        ),
        Kpi(
            "reported", N_("Problems reported"), "cases", "reported", {"reported": 1}, kind="problem",
            formula=N_("Distinct problems reported in the period"),
            scope=N_("By time of report; refused cases count here"), excluded=_NOT_COUNTED,
        ),
        Kpi(
            "hazards", N_("Hazards found"), "cases", "reported", {"reported": 1}, kind="hazard",
            formula=N_("Distinct confirmed hazards found in the period"),
            scope=N_("From patrols, reports and confirmed sensor alarms"),
            excluded=N_("False alarms and detections that nobody has confirmed; void, merged and test cases"),
        ),
        Kpi(
            "cases", N_("All cases reported"), "cases", "reported", {"reported": 1},
            formula=N_("Problems and hazards reported in the period"),
            scope=N_("By time of report; refused cases count here"), excluded=_NOT_COUNTED,
        ),
        Kpi(
            "open", N_("Open cases"), "cases", "open", {"reported": 1, "ended": -1}, stock=True, better="down",
            formula=N_("Reported − ended, up to the end of the period"),
            scope=N_("Every case reported up to the last day of the period"), excluded=_NOT_COUNTED,
        ),
        Kpi(
            "closed", N_("Closed"), "cases", "closed", {"closed": 1}, better="up",
            formula=N_("Cases closed in the period"),
            scope=N_("By time of closing; self-handled cases count here"), excluded=_NOT_COUNTED,
        ),
        Kpi(
            "online_rate", N_("Handled online"), "percent", "online_known",
            {"online": 100}, {"online_known": 1}, kind="problem", better="up", digits=1,
            formula=N_("Handled wholly online ÷ problems reported"),
            scope=N_("Problems reported in the period of which it is known"), excluded=_NOT_COUNTED,
        ),
    )
}  # fmt: skip

CARDS = ("on_time_rate", "overdue", "response", "satisfaction", "reported", "hazards")
"""The cards of the first page, in order."""

MAP_MEASURES = ("reported", "open", "overdue", "hazards", "satisfaction", "response", "on_time_rate")
"""What the grids can be coloured by."""


def weigh(basically: float) -> None:
    """Let 基本满意 count so much of 满意 in this process (0–1); said once when it starts, as the language is."""
    KPIS["satisfaction"] = replace(
        KPIS["satisfaction"],
        numerator={"satisfied": 100, "basically": 100 * basically},
        given={"weight": f"{basically:g}"},
    )
